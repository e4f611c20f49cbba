"""Whatever a command refuses, it says in the language of the terminal what is wrong and what to do."""

from __future__ import annotations

import argparse
import importlib

import pytest
from django.db import OperationalError

from anshin.channels.email.arriving.portions import Portions

pytestmark = pytest.mark.django_db
LANGUAGES = {"ja": "ja_JP.UTF-8", "en": "en_US.UTF-8"}


@pytest.fixture
def said(monkeypatch, capsys):
    """said("import-mail PATH --shop x", "ja") is what the command says when it ends with 2."""

    def refused(line: str, language: str) -> str:
        for name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("LANG", LANGUAGES[language])
        name, *words = line.split()
        module = importlib.import_module(f"anshin.project.cli.{name.replace('-', '_')}")
        parser = argparse.ArgumentParser()
        module.add_arguments(parser)
        assert module.run(parser.parse_args(words)) == 2
        return capsys.readouterr().err.strip()

    return refused


@pytest.mark.parametrize(
    "line",
    [
        "import-mail {} --shop none",
        "import-orders {} --shop none",
        "import-cases {} --shop none",
        "export {}/out.zip --shop none",
        "reindex --shop none",
    ],
)
def test_an_unknown_shop_is_refused_with_those_there_are(shop, other_shop, tmp_path, said, line):
    asked = line.format(tmp_path)
    assert said(asked, "en") == "There is no shop with the short name none. There are: komorebi, shiosai"
    assert said(asked, "ja") == ("短い名前が none の店舗はありません。次の中から指定してください: komorebi, shiosai")


def test_without_any_shop_it_says_how_to_make_one(tmp_path, said):
    assert said(f"export {tmp_path}/out.zip --shop none", "en") == "There is no shop yet. Make one: ./anshin setup"
    assert "./anshin setup" in said(f"export {tmp_path}/out.zip --shop none", "ja")


@pytest.mark.parametrize(
    ("line", "english", "japanese"),
    [
        ("import-mail {}/none --shop komorebi", "There is nothing at {}/none.", "{}/none には何もありません。"),
        ("import-orders {}/none --shop komorebi", "{}/none cannot be read: ", "{}/none を読み込めません"),
        ("classify {}/none", "{}/none cannot be read: ", "{}/none を読み込めません"),
        ("import-cases {}/bad.jsonl --shop komorebi", "{}/bad.jsonl is neither", "{}/bad.jsonl は、UTF-8 の"),
        (
            "export {}/none/out.zip --shop komorebi",
            "{}/none/out.zip cannot be written: ",
            "{}/none/out.zip に書き込めま",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_what_to_do(shop, tmp_path, said, line, english, japanese):
    (tmp_path / "bad.jsonl").write_bytes(b"\xff\xfe\x00\xd8")
    asked = line.format(tmp_path)
    assert said(asked, "en").startswith(english.format(tmp_path))
    assert said(asked, "ja").startswith(japanese.format(tmp_path))
    assert said(asked, "ja").endswith("ください。")


def test_a_database_that_goes_away_stops_an_import_of_mails_with_a_sentence(shop, tmp_path, said, monkeypatch):
    from anshin.channels.email.actions import MailboxSettings, save_mailbox
    from tests.conftest import NOW

    save_mailbox(shop=shop, settings=MailboxSettings(address="support@komorebi.example"), by=None, now=NOW)
    mail = tmp_path / "one.eml"
    mail.write_bytes(b"From: a@mail.example\r\nSubject: x\r\n\r\ny\r\n")

    def gone(*_args: object) -> None:
        raise OperationalError("server closed the connection.")

    monkeypatch.setattr(Portions, "finish", gone)
    asked = f"import-mail {mail} --shop komorebi"
    assert said(asked, "en") == (
        f"Stopped before {mail}: server closed the connection. Run the same command again when this is mended."
    )
    assert said(asked, "ja").startswith(f"{mail} の手前で止まりました: server closed the connection.")
