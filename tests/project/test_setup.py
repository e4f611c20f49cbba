"""`anshin setup`: from nothing to a shop whose owner can sign in; asked twice, nothing changes; refusals help."""

import argparse
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation

from anshin.channels.email.models import Mailbox
from anshin.channels.email.servers import trying as mail_testing
from anshin.channels.email.servers.trying import Finding
from anshin.plumbing import secrets
from anshin.project import environment, mail_providers
from anshin.project.cli import setup
from anshin.project.cli.wording import owner_language
from anshin.shops.models import Membership, Shop

PASSWORD = "neko-no-te-mo-kariru"
FLAGS = ["--shop-name", "こもれび雑貨店", "--shop", "komorebi", "--owner-name", "安住 千里"]
OWNER = ["--owner-mail", "anju@komorebi.example"]
MAILBOX = ["--mailbox", "shop@komorebi.example", "--imap-host", "imap.mail.example", "--smtp-host", "smtp.mail.example"]


@pytest.fixture(autouse=True)
def bare_terminal(monkeypatch, tmp_path):
    """An English terminal, an empty folder, no answers in the environment, and nobody at the keyboard."""
    for name in list(os.environ):
        if name.startswith(("ANSHIN_SETUP_", "LC_")) or name in {"DATABASE_URL", "ANSHIN_ADDRESS", "ANSHIN_HOSTS"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("ANSHIN_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("builtins.input", nobody)


@pytest.fixture
def tables_ready(db, monkeypatch):
    """The test database stands in for the installation's."""
    monkeypatch.setattr(setup, "_start_django", lambda: None)
    with translation.override("en"):
        yield


@pytest.fixture
def servers(monkeypatch):
    """Mail servers that answer as `servers["works"]` says; what they were asked is kept."""
    told = {"works": True, "asked": []}

    def tried(server, *_):
        told["asked"].append(server)
        return [Finding(told["works"], f"{server.host} was tried.")]

    monkeypatch.setattr(mail_testing, "try_imap", tried)
    monkeypatch.setattr(mail_testing, "try_smtp", tried)
    return told


def nobody(*_):
    raise EOFError


def run(*arguments):
    parser = argparse.ArgumentParser()
    setup.add_arguments(parser)
    return setup.run(parser.parse_args([*arguments]))


def answering(monkeypatch, *answers):
    left = list(answers)
    monkeypatch.setattr("builtins.input", lambda _prompt: left.pop(0))
    monkeypatch.setattr("getpass.getpass", lambda _prompt: left.pop(0))
    return left


def nothing_was_set_up():
    return (Shop.objects.count(), get_user_model().objects.count(), Mailbox.objects.count()) == (0, 0, 0)


def test_without_questions_a_shop_with_its_owner_is_made(tables_ready, monkeypatch, capsys):
    monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD", PASSWORD)
    assert run("--yes", *FLAGS, *OWNER) == 0
    membership = Membership.objects.get()
    assert (membership.role, membership.shop.slug, membership.shop.name) == ("owner", "komorebi", "こもれび雑貨店")
    assert (membership.person.email, membership.person.name) == ("anju@komorebi.example", "安住 千里")
    assert membership.person.check_password(PASSWORD)
    assert "./anshin serve" in capsys.readouterr().out


def test_the_secret_key_is_long_and_readable_by_its_owner_only(tables_ready, monkeypatch, tmp_path):
    monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD", PASSWORD)
    run("--yes", *FLAGS, *OWNER)
    key = tmp_path / "data" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) == 64
    run("--yes")
    assert sorted(each.name for each in (tmp_path / "data").iterdir()) == ["secret.key"]


def test_asked_twice_nothing_changes(tables_ready, servers, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD", PASSWORD)
    monkeypatch.setenv("ANSHIN_SETUP_MAILBOX_PASSWORD", "geheim")
    assert run("--yes", *FLAGS, *OWNER, *MAILBOX, "--address", "https://desk.komorebi.example") == 0
    before = (Shop.objects.values().get(), Membership.objects.values().get(), Mailbox.objects.values().get())
    files = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD", "another-long-password")
    assert run("--yes", *FLAGS, *OWNER, *MAILBOX) == 0
    assert run("--yes") == 0
    assert (Shop.objects.values().get(), Membership.objects.values().get(), Mailbox.objects.values().get()) == before
    assert {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()} == files
    assert get_user_model().objects.get().check_password(PASSWORD)
    assert "Nothing was changed." in capsys.readouterr().out


def test_a_person_answers_question_by_question(tables_ready, servers, monkeypatch):
    left = answering(
        monkeypatch,
        *["", "こもれび雑貨店", "komorebi", "安住 千里", "anju@komorebi.example", "1", PASSWORD],
        *["https://desk.komorebi.example", "shop@komorebi.example", "2", "sv1.xserver.jp", "", "", ""],
        *["geheim", "", "", "", ""],
    )
    assert run() == 0
    assert left == []
    mailbox = Mailbox.objects.get()
    assert (mailbox.imap_host, mailbox.imap_port, mailbox.imap_security) == ("sv1.xserver.jp", 993, "tls")
    assert (mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security) == ("sv1.xserver.jp", 465, "tls")
    assert (mailbox.imap_user, secrets.unseal(mailbox.imap_password_sealed)) == ("shop@komorebi.example", "geheim")
    assert environment.read("ANSHIN_ADDRESS") == "https://desk.komorebi.example"
    assert environment.read("ANSHIN_HOSTS").split(",")[-1] == "desk.komorebi.example"


def test_a_server_that_does_not_answer_can_be_corrected(tables_ready, servers, monkeypatch, capsys):
    monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD", PASSWORD)
    monkeypatch.setenv("ANSHIN_SETUP_MAILBOX_PASSWORD", "wrong")
    servers["works"] = False

    def says_no(prompt):
        if "all the same" in prompt:
            servers["works"] = True
            return "n"
        return "imap.right.example" if prompt.startswith("IMAP server") else ""

    monkeypatch.setattr("builtins.input", says_no)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: "right")
    assert run(*FLAGS, *OWNER, *MAILBOX, "--provider", "other", "--address", "http://localhost:8000") == 0
    mailbox = Mailbox.objects.get()
    assert (mailbox.imap_host, mailbox.smtp_host) == ("imap.right.example", "smtp.mail.example")
    assert secrets.unseal(mailbox.imap_password_sealed) == "right"
    assert "! imap.mail.example was tried." in capsys.readouterr().out


def test_without_questions_mail_that_does_not_work_is_kept_and_told(tables_ready, servers, monkeypatch, capsys):
    monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD", PASSWORD)
    monkeypatch.setenv("ANSHIN_SETUP_MAILBOX_PASSWORD", "geheim")
    servers["works"] = False
    assert run("--yes", *FLAGS, *OWNER, *MAILBOX) == 1
    assert Mailbox.objects.get().address == "shop@komorebi.example"
    assert "Mail does not work yet." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "password", "sentence"),
    [
        ([*FLAGS, *OWNER], "short", "at least 12 characters"),
        ([*FLAGS, *OWNER], "anju@komorebi.example", "too similar"),
        ([*FLAGS, *OWNER], None, "ANSHIN_SETUP_OWNER_PASSWORD"),
        ([*FLAGS[:4], *OWNER], PASSWORD, "--owner-name"),
        ([*FLAGS, "--owner-mail", "anju"], PASSWORD, "This is not a mail address."),
        (["--shop", "Koko!", *FLAGS[:2], *FLAGS[4:], *OWNER], PASSWORD, "small letters, digits and hyphens"),
        ([*FLAGS, *OWNER, "--address", "desk.example"], PASSWORD, "Write the address like"),
        ([*FLAGS, *OWNER, "--database-url", "mysql://x"], PASSWORD, "not an address of a PostgreSQL database"),
        ([*FLAGS, *OWNER, *MAILBOX, "--imap-port", "99999"], PASSWORD, "from 1 to 65535"),
        ([*FLAGS, *OWNER, "--by-code"], PASSWORD, "nobody could sign in"),
    ],
)
def test_what_will_not_do_is_refused_with_words_and_nothing_is_set_up(
    tables_ready, servers, monkeypatch, capsys, arguments, password, sentence
):
    if password:
        monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD", password)
    assert run("--yes", *arguments) == 2
    assert sentence in capsys.readouterr().err
    assert nothing_was_set_up()


def test_a_short_name_of_another_shop_is_refused(tables_ready, shop, owner, monkeypatch, capsys):
    monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD", PASSWORD)
    assert run("--yes", *FLAGS, "--owner-mail", "somebody@else.example") == 2
    assert "The short name “komorebi” is taken" in capsys.readouterr().err
    assert (Shop.objects.count(), Membership.objects.count()) == (1, 1)


def test_a_folder_that_cannot_be_written_is_said(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ANSHIN_DATA", str(tmp_path / "file" / "data"))
    assert run("--yes") == 2
    assert "cannot be written: Not a directory. Change its owner" in capsys.readouterr().err


def test_a_japanese_terminal_is_spoken_to_in_japanese(tables_ready, monkeypatch, capsys):
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert run("--yes", "--shop-name", "こもれび") == 2
    assert "の答えがありません" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lang", "language"), [("C.UTF-8", "ja"), ("", "ja"), ("POSIX", "ja"), ("ja_JP.UTF-8", "ja"), ("en_US.UTF-8", "en")]
)
def test_an_owner_reads_japanese_unless_the_terminal_names_another_language(monkeypatch, lang, language):
    monkeypatch.setenv("LANG", lang)
    assert owner_language() == language


def test_nobody_at_the_terminal_is_told_about_flags(tables_ready, capsys):
    assert run() == 2
    assert "Use --yes" in capsys.readouterr().err


def test_answers_may_lie_in_files(tables_ready, monkeypatch, tmp_path):
    (tmp_path / "password").write_text(PASSWORD + "\n")
    monkeypatch.setenv("ANSHIN_SETUP_OWNER_PASSWORD_FILE", str(tmp_path / "password"))
    assert run("--yes", *FLAGS, *OWNER) == 0
    assert get_user_model().objects.get().check_password(PASSWORD)


def command(tmp_path, *arguments, **variables):
    """`./anshin …` as a process of its own, in production mode, with its data in tmp_path."""
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(setup.__file__).parents[3]),
        "LANG": "C.UTF-8",
        "ANSHIN_DATA": str(tmp_path / "data"),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-P", "-m", "anshin.project", *arguments],
        env=surroundings, capture_output=True, text=True, timeout=300, cwd=tmp_path, check=False,
    )  # fmt: skip


def test_a_real_run_makes_the_tables_and_a_database_out_of_reach_is_said(tmp_path):
    first = command(tmp_path, "setup", "--yes", *FLAGS, *OWNER, ANSHIN_SETUP_OWNER_PASSWORD=PASSWORD)
    assert (first.returncode, "is set up." in first.stdout) == (0, True), first.stderr
    unreachable = "postgres://nobody@127.0.0.1:1/nothing"
    (tmp_path / "other").mkdir()
    second = command(tmp_path / "other", "setup", "--yes", "--database-url", unreachable)
    assert second.returncode == 2
    assert second.stderr.splitlines()[-1].startswith("The database cannot be used: ")
    assert not (tmp_path / "other" / "data" / "settings.env").exists()


def test_the_environment_wins_over_a_file_over_settings_env_over_the_default(monkeypatch, tmp_path):
    (tmp_path / "data").mkdir()
    assert environment.read("PORT" if "PORT" not in os.environ else "ANSHIN_PROXIES") in {"8000", "0"}
    assert environment.keep({"ANSHIN_ADDRESS": "https://kept.example"}) is True
    assert environment.keep({"ANSHIN_ADDRESS": "https://kept.example"}) is False
    assert environment.read("ANSHIN_ADDRESS") == "https://kept.example"
    (tmp_path / "address").write_text("https://file.example\n")
    monkeypatch.setenv("ANSHIN_ADDRESS_FILE", str(tmp_path / "address"))
    assert environment.read("ANSHIN_ADDRESS") == "https://file.example"
    monkeypatch.setenv("ANSHIN_ADDRESS", "https://environment.example")
    assert environment.read("ANSHIN_ADDRESS") == "https://environment.example"


def test_settings_env_is_private_and_passes_over_what_it_does_not_know(tmp_path):
    (tmp_path / "data").mkdir()
    environment.keep({"DATABASE_URL": "postgres://a:b=c@host/name"})
    file = tmp_path / "data" / "settings.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text(file.read_text() + "\n# ANSHIN_MODE=demo\nNOT_OURS=1\nnonsense\n")
    assert environment.from_file() == {"DATABASE_URL": "postgres://a:b=c@host/name"}
    with pytest.raises(ValueError, match="one line"):
        environment.keep({"ANSHIN_ADDRESS": "a\nANSHIN_MODE=demo"})
    with pytest.raises(KeyError):
        environment.keep({"NOT_OURS": "1"})


def test_the_page_about_settings_is_up_to_date():
    page = Path(setup.__file__).parents[4] / "docs" / "operators" / "settings.md"
    assert page.read_text(encoding="utf-8") == environment.settings_page()


@pytest.mark.parametrize(
    ("address", "code", "hosts"),
    [
        ("shop@komorebi.sakura.ne.jp", "sakura", ("komorebi.sakura.ne.jp", "komorebi.sakura.ne.jp")),
        ("shop@gmail.com", "google", ("imap.gmail.com", "smtp.gmail.com")),
        ("shop@komorebi.example", "other", ("imap.komorebi.example", "smtp.komorebi.example")),
        ("shop@notsakura.ne.jp", "other", ("imap.notsakura.ne.jp", "smtp.notsakura.ne.jp")),
    ],
)
def test_servers_are_guessed_from_the_address(address, code, hosts):
    provider = mail_providers.guess(address)
    assert (provider.code, mail_providers.hosts(provider, address)) == (code, hosts)
