"""`anshin receive`: one mail from a mail server's pipe, kept once, with an exit code that the server understands."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys

import pytest
from django.db import OperationalError, connection

from anshin.channels.email import rules
from anshin.channels.email.arriving import receiving
from anshin.channels.email.arriving.storing import TAKE_IN
from anshin.channels.email.models import Alias, Arrival, Mailbox
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Fate, Source
from anshin.plumbing.files.store import StorageFull, read_bytes
from anshin.plumbing.jobs.models import Job
from anshin.project.__main__ import main
from anshin.shops.models import Shop
from tests.channels.email.outside import shared_database
from tests.channels.email.outside.letters import mail

SHOP = "shop@komorebi.example"
START = shared_database.ROOT / "anshin"


class Pipe:
    """Standard input as a mail server fills it."""

    def __init__(self, raw):
        from io import BytesIO

        self.buffer = BytesIO(raw)


@pytest.fixture
def piped(monkeypatch):
    def run(raw, *arguments):
        monkeypatch.setattr("sys.stdin", Pipe(raw))
        return main(["receive", *arguments])

    return run


def nothing_happened():
    return not Arrival.objects.exists() and not Job.objects.exists()


@pytest.mark.django_db
class TestOneMail:
    def test_it_is_kept_as_it_came_with_a_line_and_a_job(self, piped, mailbox):
        assert piped(mail(), SHOP) == 0

        arrival = Arrival.objects.get()
        assert read_bytes(arrival.raw_blob) == mail()
        assert (arrival.mailbox, arrival.source, arrival.fate) == (mailbox, Source.PIPE, Fate.STORED)
        assert (arrival.uid, arrival.size_bytes, arrival.dedupe_key) == (None, len(mail()), "1@example.jp")
        assert [(job.task, job.args) for job in Job.objects.all()] == [(TAKE_IN, [arrival.pk])]

    def test_it_becomes_a_message_of_a_case(self, piped, mailbox, now):
        piped(mail("明日届きますか。"), "--mailbox", SHOP)

        assert take_in(Arrival.objects.get().pk, now=now) == Fate.TAKEN_IN
        assert Arrival.objects.get().message.text == "明日届きますか。"

    def test_the_same_mail_again_is_kept_once(self, piped, mailbox):
        assert [piped(mail(), SHOP) for _time in range(3)] == [0, 0, 0]
        assert (Arrival.objects.count(), Job.objects.count()) == (1, 1)

    def test_another_mail_with_the_same_message_id_is_kept_too(self, piped, mailbox):
        piped(mail("一通目"), SHOP)
        piped(mail("二通目"), SHOP)
        assert set(Arrival.objects.values_list("fate", flat=True)) == {Fate.STORED}
        assert Arrival.objects.count() == 2

    def test_the_line_that_pipes_put_before_the_header_is_not_part_of_it(self, piped, mailbox):
        piped(b"From misaki@example.jp  Sun Nov 22 11:00:00 2026\n" + mail(), SHOP)
        assert read_bytes(Arrival.objects.get().raw_blob) == mail()

    def test_an_empty_one_is_kept_and_shown(self, piped, mailbox, now):
        assert piped(b"", SHOP) == 0
        assert take_in(Arrival.objects.get().pk, now=now) == Fate.QUARANTINED
        assert Arrival.objects.get().reason_code == "empty"

    def test_it_is_kept_for_a_mailbox_that_is_switched_off(self, piped, mailbox):
        Mailbox.objects.update(is_active=False)
        assert piped(mail(), SHOP) == 0
        assert Arrival.objects.count() == 1


@pytest.mark.django_db
class TestForWhom:
    @pytest.fixture
    def several(self, mailbox, shop, other_shop, now):
        returns = Mailbox.objects.create(shop=shop, address="returns@komorebi.example", created_at=now)
        tanuki = Mailbox.objects.create(shop=other_shop, address="info@tanuki.example", created_at=now)
        return mailbox, returns, tanuki

    def kept_for(self):
        return [arrival.mailbox.address for arrival in Arrival.objects.order_by("id")]

    def test_several_mailboxes_and_shops_get_their_own_line_in_their_own_shop(self, piped, several):
        assert piped(mail(), "Returns@Komorebi.example", "info@tanuki.example") == 0

        assert self.kept_for() == ["returns@komorebi.example", "info@tanuki.example"]
        shops = [several[1].shop_id, several[2].shop_id]
        assert list(Arrival.objects.order_by("id").values_list("shop_id", flat=True)) == shops
        assert list(Arrival.objects.order_by("id").values_list("raw_blob__shop_id", flat=True)) == shops

    def test_an_address_with_a_tag_belongs_to_the_mailbox(self, piped, mailbox):
        assert piped(mail(), "shop+case.12@komorebi.example") == 0
        assert self.kept_for() == [SHOP]

    def test_a_second_address_belongs_to_its_mailbox(self, piped, mailbox, now):
        Alias.objects.create(shop=mailbox.shop, mailbox=mailbox, address="order@komorebi.example", created_at=now)
        assert piped(mail(), "Order@komorebi.example") == 0
        assert self.kept_for() == [SHOP]

    @pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Envelope-to", "X-Envelope-To"])
    def test_without_an_address_the_header_says_it(self, piped, several, name):
        line = f"{name}: <returns@komorebi.example>\r\n".encode()
        assert piped(line + b"Received: from a by b\r\n" + mail()) == 0
        assert self.kept_for() == ["returns@komorebi.example"]

    def test_a_recipient_that_the_sender_wrote_below_received_is_not_believed(self, piped, several):
        header = b"Delivered-To: shop@komorebi.example\r\nReceived: from a by b\r\n"
        assert piped(header + b"Delivered-To: info@tanuki.example\r\n" + mail()) == 0
        assert self.kept_for() == [SHOP]

    def test_the_to_line_is_no_proof_of_delivery(self, piped, mailbox, capsys):
        assert piped(mail(to=SHOP)) == os.EX_TEMPFAIL
        assert "Nobody said to whom" in capsys.readouterr().err
        assert nothing_happened()

    def test_an_unknown_address_is_returned_to_the_sender(self, piped, mailbox, capsys):
        assert piped(mail(), "sales@komorebi.example") == os.EX_NOUSER
        said = capsys.readouterr().err
        assert said == "5.1.1 No mailbox here has this address: sales@komorebi.example\n"
        assert nothing_happened()

    def test_an_unknown_domain_is_returned_to_the_sender(self, piped, mailbox):
        assert piped(mail(), "shop@elsewhere.example") == os.EX_NOHOST
        assert nothing_happened()

    def test_another_shops_mailbox_is_unknown_when_one_shop_is_named(self, piped, several):
        assert piped(mail(), "--shop", "komorebi", "info@tanuki.example") == os.EX_NOHOST
        assert nothing_happened()

    def test_one_unknown_address_among_known_ones_stops_nothing(self, piped, mailbox, capsys):
        assert piped(mail(), SHOP, "sales@komorebi.example") == 0
        assert self.kept_for() == [SHOP]
        assert "Kept, but no mailbox here has this address: sales@komorebi.example" in capsys.readouterr().err

    def test_an_address_in_two_shops_needs_the_shop(self, piped, mailbox, other_shop, now, capsys):
        Mailbox.objects.create(shop=other_shop, address=SHOP, created_at=now)

        assert piped(mail(), SHOP) == os.EX_TEMPFAIL
        assert "Say which: --shop SLUG." in capsys.readouterr().err
        assert nothing_happened()

        assert piped(mail(), "--shop", "tanuki", SHOP) == 0
        assert Arrival.objects.get().shop == other_shop


@pytest.mark.django_db
class TestOurFault:
    """What is not the sender's mistake never returns a mail: the server shall try again."""

    @pytest.mark.parametrize("error", [StorageFull(), OSError(5, "Input/output error"), OperationalError("gone")])
    def test_trouble_with_disk_and_database_passes(self, piped, mailbox, monkeypatch, error):
        def fails(**_known):
            raise error

        monkeypatch.setattr(receiving, "store", fails)
        assert piped(mail(), SHOP) == os.EX_TEMPFAIL
        assert nothing_happened()

    def test_so_does_a_shop_that_does_not_exist(self, piped, mailbox):
        assert piped(mail(), "--shop", "komorebbi", SHOP) == os.EX_TEMPFAIL

    def test_so_does_an_installation_without_any_mailbox(self, piped, shop, capsys):
        assert piped(mail(), SHOP) == os.EX_TEMPFAIL
        assert "ANSHIN_DATA" in capsys.readouterr().err

    def test_so_does_a_mistyped_command(self, piped, mailbox):
        assert piped(mail(), "--mailboxes-of-mine", SHOP) == os.EX_TEMPFAIL
        assert nothing_happened()

    def test_a_mail_above_the_limit_is_returned_with_the_limit(self, piped, mailbox, monkeypatch, capsys):
        monkeypatch.setattr(rules, "LARGEST_MAIL_BYTES", len(mail()) - 1)
        assert piped(mail(), SHOP) == os.EX_DATAERR
        assert capsys.readouterr().err.startswith("5.3.4 The mail is larger than")
        assert nothing_happened()


class TestAsAProcess:
    """The command itself, beside this process, on a database that both see."""

    @pytest.fixture
    def folder(self, transactional_db, tmp_path, settings):
        settings.MEDIA_ROOT = tmp_path / "files"
        if connection.vendor == "postgresql":
            yield tmp_path
        else:
            yield from shared_database.sqlite_file(tmp_path)

    @pytest.fixture
    def box(self, folder, now):
        shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=now)
        return Mailbox.objects.create(shop=shop, address=SHOP, created_at=now)

    def run(self, folder, *arguments, **more):
        return subprocess.run(
            [sys.executable, "-m", "anshin.project", "receive", *arguments],
            cwd=shared_database.ROOT,
            env=shared_database.environment(folder, folder / "files") | more,
            input=mail(),
            capture_output=True,
            timeout=60,
            check=False,
        )

    def test_it_keeps_the_mail_and_says_nothing(self, folder, box):
        ended = self.run(folder, SHOP)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
        assert read_bytes(Arrival.objects.get().raw_blob) == mail()

    def test_a_database_that_is_not_there_is_no_reason_to_return_the_mail(self, folder, box):
        ended = self.run(folder, SHOP, DATABASE_URL="postgres://nobody@127.0.0.1:1/none?connect_timeout=1")
        assert ended.returncode == os.EX_TEMPFAIL
        assert ended.stderr.startswith(b"4.3.0 The mail could not be kept: ")

    def test_settings_that_cannot_be_read_are_no_reason_either(self, folder, box):
        ended = self.run(folder, SHOP, ANSHIN_PROXIES="many")
        assert ended.returncode == os.EX_TEMPFAIL

    @pytest.mark.kill
    @pytest.mark.parametrize(("point", "kept"), [("before_the_commit", 0), ("after_the_commit", 1)])
    def test_killed_anywhere_and_delivered_again_it_is_kept_once(self, folder, box, point, kept):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.channels.email.outside.receive_process", point, SHOP],
            cwd=shared_database.ROOT,
            env=shared_database.environment(folder, folder / "files"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        process.stdin.write(mail())
        process.stdin.close()
        assert process.stdout.readline() == b"here\n"
        process.kill()
        process.wait(30)
        process.stdout.close()
        assert (Arrival.objects.count(), Job.objects.count()) == (kept, kept)

        assert self.run(folder, SHOP).returncode == 0

        assert (Arrival.objects.count(), Job.objects.count()) == (1, 1)
        assert read_bytes(Arrival.objects.get().raw_blob) == mail()

    @pytest.mark.parametrize("broken", ["no python", "a python that fails", "a python that is killed"])
    def test_the_command_at_the_root_never_returns_mail_for_a_fault_of_ours(self, tmp_path, broken):
        """Whatever has become of its environment."""
        spec = importlib.util.spec_from_loader("start", importlib.machinery.SourceFileLoader("start", str(START)))
        start = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(start)
        python = tmp_path / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        start.ROOT, start.VENV, start.PYTHON = tmp_path, tmp_path / ".venv", python
        start.prepare = lambda **_known: None
        if broken != "no python":
            python.write_text("#!/bin/sh\n" + ("exit 1\n" if "fails" in broken else "kill -9 $$\n"))
            python.chmod(0o755)
        assert start.receive() == os.EX_TEMPFAIL
