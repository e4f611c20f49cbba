"""import-mail: .eml, folders, mbox and Maildir, found by themselves, and twice the same is once."""

import argparse
import mailbox as stdlib
from datetime import timedelta

import pytest
from django.db import transaction

from anshin.cases.models import Message
from anshin.channels.email.arriving.mail_files import FoundMail, LeftOut, mails_in
from anshin.channels.email.models import Arrival, Mailbox
from anshin.channels.email.reading import taking_in
from anshin.channels.email.terms import Fate
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.project.cli import import_mail
from tests.channels.email.outside.letters import mail


def run(path, *, shop="komorebi", address=""):
    return import_mail.run(argparse.Namespace(path=path, shop=shop, mailbox=address))


def raws(path):
    return [found.raw for found in mails_in(path) if isinstance(found, FoundMail)]


def test_a_single_file_is_a_mail_whatever_its_name(tmp_path):
    file = tmp_path / "mail.txt"
    file.write_bytes(mail())
    assert raws(file) == [mail()]


def test_an_mbox_is_split_and_escaped_lines_are_as_they_were(tmp_path):
    file = tmp_path / "archive"
    first = b"From: a@b.example\nSubject: 1\n\nFrom here on\n>From the heart\nno From inside\n"
    second = b"From: c@d.example\nSubject: 2\n\nhello\n"
    escaped = first.replace(b"\nFrom here", b"\n>From here").replace(b"\n>From the", b"\n>>From the")
    line = b"From a@b.example Sun Nov 22 11:00:00 2026\n"
    file.write_bytes(line + escaped + b"\n" + line + second + b"\n")
    assert raws(file) == [first, second]


def test_a_maildir_is_read_in_both_its_folders(tmp_path):
    box = stdlib.Maildir(tmp_path / "Maildir")
    box.add(mail("一"))
    seen = stdlib.MaildirMessage(mail("二"))
    seen.set_subdir("cur")
    box.add(seen)
    assert len(raws(tmp_path / "Maildir")) == 2


def test_a_folder_may_hold_all_kinds_and_says_what_it_left_out(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.eml").write_bytes(mail("一"))
    (tmp_path / "b.mbox").write_bytes(b"From a@b.example Sun Nov 22 11:00:00 2026\n" + mail("二"))
    (tmp_path / "notes.txt").write_text("not a mail")
    stdlib.Maildir(tmp_path / "Maildir").add(mail("三"))
    found = list(mails_in(tmp_path))
    assert sum(isinstance(each, FoundMail) for each in found) == 3
    assert [each.where for each in found if isinstance(each, LeftOut)] == [str(tmp_path / "notes.txt")]


@pytest.mark.django_db
def test_mails_are_taken_in_at_once_and_known_ones_are_not_doubled(mailbox, tmp_path, capsys):
    (tmp_path / "1.eml").write_bytes(mail("一", message_id="<1@x.jp>"))
    (tmp_path / "2.eml").write_bytes(mail("二", message_id=None))
    assert run(tmp_path) == 0
    assert "2 mails taken in, 0 were known already, 0 files left out." in capsys.readouterr().out

    (tmp_path / "3.eml").write_bytes(mail("三", message_id="<3@x.jp>"))
    assert run(tmp_path) == 0

    assert "1 mails taken in, 2 were known already, 0 files left out." in capsys.readouterr().out
    assert list(Arrival.objects.values_list("fate", flat=True)) == [Fate.TAKEN_IN] * 3
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_a_file_left_out_is_named_and_the_exit_code_says_so(mailbox, tmp_path, capsys):
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    assert run(tmp_path) == 1
    assert "photo.jpg" in capsys.readouterr().out
    assert not Arrival.objects.exists()


@pytest.mark.django_db
def test_an_unknown_address_becomes_a_mailbox_that_is_switched_off(shop, tmp_path):
    (tmp_path / "1.eml").write_bytes(mail())
    assert run(tmp_path, address="Old@Komorebi.example") == 0
    made = Mailbox.objects.get()
    assert (made.address, made.is_active, made.arrivals.count()) == ("old@komorebi.example", False, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shop_slug", "name", "words"),
    [
        ("nobody", "x.eml", "no shop"),
        ("komorebi", "missing", "nothing at"),
        ("komorebi", "x.eml", "no mailbox"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_happens(shop, tmp_path, capsys, shop_slug, name, words):
    (tmp_path / "x.eml").write_bytes(mail())
    assert run(tmp_path / name, shop=shop_slug) == 2
    assert words in capsys.readouterr().err
    assert not Arrival.objects.exists()


class Killed(BaseException):
    """As if the process ended here."""


def killed(*_given, **_named):
    raise Killed


@pytest.fixture
def archive(tmp_path):
    """Seven mails in an mbox: a twin, one that is no mail and one that our code will choke on among them."""
    line = b"From a@b.example Sun Nov 22 11:00:00 2026\n"
    texts = [mail(f"本文{number}", subject=f"件{number}", message_id=f"<{number}@example.jp>") for number in range(4)]
    mails = [
        *texts,
        texts[1],
        b"just words",
        mail("答え", message_id="<9@example.jp>", extra="In-Reply-To: <0@example.jp>\r\n"),
    ]
    file = tmp_path / "archive.mbox"
    file.write_bytes(b"".join(line + raw.replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n\n" for raw in mails))
    return file


def outcome():
    """What an import leaves, without ids and moments."""
    lines = Arrival.objects.order_by("id").values_list("dedupe_key", "fate", "message__text", "message__case__number")
    facts = JournalEntry.objects.filter(event__startswith="case.").order_by("id").values_list("event", "actor_name")
    return list(lines), list(facts)


@pytest.mark.django_db
def test_mails_taken_in_together_are_as_if_taken_in_one_by_one(archive, mailbox, monkeypatch):
    with transaction.atomic():
        run(archive)
        together = outcome()
        transaction.set_rollback(True)

    monkeypatch.setattr("anshin.channels.email.arriving.portions.MOST_MAILS", 1)
    run(archive)

    assert together == outcome()
    assert Message.objects.count() == 6


@pytest.mark.django_db
def test_an_import_killed_after_storing_loses_nothing_and_doubles_nothing(archive, mailbox, monkeypatch, now):
    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(
            "anshin.channels.email.arriving.portions.take_in_together", lambda *_a, **_k: (_ for _ in ()).throw(Killed)
        )
        run(archive)
    assert set(Arrival.objects.values_list("fate", flat=True)) == {Fate.STORED}
    assert not Message.objects.exists()

    run(archive)

    assert Message.objects.count() == Arrival.objects.count() == 6
    assert not Arrival.objects.filter(fate=Fate.STORED).exists()


@pytest.mark.django_db
def test_what_a_killed_import_had_stored_is_taken_in_by_a_job_if_nobody_starts_it_again(
    archive, mailbox, monkeypatch, now
):
    with monkeypatch.context() as dying, pytest.raises(Killed):
        dying.setattr(
            "anshin.channels.email.arriving.portions.take_in_together", lambda *_a, **_k: (_ for _ in ()).throw(Killed)
        )
        run(archive)

    run_due_jobs(clock.now() + timedelta(minutes=11))

    assert Message.objects.count() == 6
    assert not Arrival.objects.filter(fate=Fate.STORED).exists()


@pytest.mark.django_db
def test_one_bad_mail_of_a_portion_is_shown_and_the_others_are_as_ever(archive, mailbox, monkeypatch):
    receive = taking_in.receive_messages

    def chokes(*, shop, messages, now):
        if any(message.text == "本文2" and not message.hold for message in messages):
            Message.objects.all().delete()
            raise ValueError("a defect")
        return receive(shop=shop, messages=messages, now=now)

    def chokes_on_one(*, shop, message, now):
        return chokes(shop=shop, messages=[message], now=now)[0]

    monkeypatch.setattr(taking_in, "receive_messages", chokes)
    monkeypatch.setattr(taking_in, "receive_message", chokes_on_one)

    run(archive)

    fates = dict(Arrival.objects.values_list("dedupe_key", "fate"))
    assert [fates[f"{number}@example.jp"] for number in range(4)] == ["taken_in", "taken_in", "quarantined", "taken_in"]
    assert Message.objects.count() == 6
    assert (
        not Job.objects.filter(state="waiting")
        .exclude(task__in=["anshin.cases.jobs.index", "anshin.cases.jobs.propose_topics"])
        .exists()
    )
