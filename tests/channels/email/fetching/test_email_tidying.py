"""What becomes of mail in the mailbox afterwards, in a real Dovecot: nothing, unless the owner asks."""

from datetime import timedelta

import pytest
from django.urls import reverse
from imapclient import IMAPClient

from anshin.channels.email import jobs
from anshin.channels.email.actions import MailboxSettings, save_mailbox
from anshin.channels.email.fetching import tidying
from anshin.channels.email.fetching.inboxes import fetch
from anshin.channels.email.forms import initial_of
from anshin.channels.email.models import Arrival, Mailbox, Tidying
from anshin.channels.email.reading.taking_in import take_in
from anshin.channels.email.terms import Afterwards, Fate, Security, Trouble
from anshin.plumbing.files.store import path_of
from anshin.plumbing.jobs.models import Job
from tests.channels.email.outside.dovecot_server import PASSWORD, USER
from tests.channels.email.outside.letters import mail

pytestmark = [pytest.mark.django_db, pytest.mark.dovecot]
FOLDER = "対応済み"


@pytest.fixture
def asks(imap_mailbox, now):
    """The owner saves the mailbox with a wish."""

    def ask(afterwards, folder="", at=now):
        box = Mailbox.objects.get()
        stated = {name: getattr(box, name) for name in ("address", "imap_host", "imap_port", "imap_user")}
        wish = {"afterwards": afterwards, "afterwards_folder": folder, "imap_security": Security.PLAIN}
        save_mailbox(shop=box.shop, settings=MailboxSettings(**stated | wish), by=None, now=at, mailbox=box)

    return ask


@pytest.fixture
def come(dovecot, now):
    """Mails arrive and are on the desk."""

    def arrive(*raws, at=now + timedelta(minutes=1)):
        for raw in raws:
            dovecot.put(raw)
        fetch(Mailbox.objects.get(), now=at)
        for arrival in Arrival.objects.filter(fate=Fate.STORED):
            take_in(arrival.pk, now=at)

    return arrive


def on_server(dovecot, folder="INBOX"):
    """Flags of each mail in a folder, as the server tells."""
    with IMAPClient("127.0.0.1", dovecot.plain_port, ssl=False) as client:
        client.login(USER, PASSWORD)
        if not client.folder_exists(folder):
            return None
        client.select_folder(folder, readonly=True)
        return [sorted(flags) for _uid, flags in sorted(client.get_flags(client.search()).items())]


def seen(*flags):
    return [[flag for flag in each if flag != b"\\Recent"] for each in flags]


def tidy(now):
    return tidying.tidy(Mailbox.objects.get().pk, now=now)


def test_nothing_is_done_unless_the_owner_asks(come, dovecot, asks, now):
    asks(Afterwards.LEAVE)
    come(mail())

    assert tidying.due(now=now) == []
    assert tidy(now) == 0
    assert not Tidying.objects.exists()
    assert dovecot.flags() == [""]


def test_mail_on_the_desk_is_marked_as_read(come, dovecot, asks, now):
    asks(Afterwards.READ)
    come(mail("一", message_id="<1@x.jp>"), mail("二", message_id="<2@x.jp>"))

    assert tidy(now) == 2

    assert seen(*on_server(dovecot)) == [[b"\\Seen"], [b"\\Seen"]]
    assert list(Arrival.objects.values_list("tidied_at", flat=True)) == [now, now]
    assert tidying.due(now=now) == []


def test_mail_is_moved_to_a_folder_that_is_made_where_it_is_missing(come, dovecot, asks, now):
    asks(Afterwards.MOVE, FOLDER)
    come(mail())

    assert tidy(now) == 1

    assert on_server(dovecot) == []
    assert len(on_server(dovecot, FOLDER)) == 1


def test_mail_is_deleted_and_only_that(come, dovecot, asks, now):
    asks(Afterwards.DELETE)
    come(mail("一", message_id="<1@x.jp>"))
    dovecot.put(mail("まだ受信していない", message_id="<2@x.jp>"))
    with IMAPClient("127.0.0.1", dovecot.plain_port, ssl=False) as client:
        client.login(USER, PASSWORD)
        client.select_folder("INBOX")
        client.add_flags(client.search(["SUBJECT", "配送".encode()], "UTF-8")[-1:], [b"\\Deleted"])  # somebody else's

    assert tidy(now) == 1

    assert seen(*on_server(dovecot)) == [[b"\\Deleted"]]


@pytest.mark.parametrize("afterwards", [Afterwards.READ, Afterwards.MOVE, Afterwards.DELETE])
def test_killed_before_the_mark_it_is_done_again_without_harm(come, dovecot, asks, now, afterwards):
    asks(afterwards, FOLDER)
    come(mail("一", message_id="<1@x.jp>"))
    tidy(now)
    Arrival.objects.update(tidied_at=None)

    assert tidy(now) == 1

    assert len(on_server(dovecot)) == (1 if afterwards == Afterwards.READ else 0)
    assert (len(on_server(dovecot, FOLDER) or [])) == (1 if afterwards == Afterwards.MOVE else 0)
    assert Arrival.objects.get().tidied_at == now


def test_moved_mail_is_on_the_desk_once_and_the_next_mail_comes_in(come, dovecot, asks, now):
    asks(Afterwards.MOVE, FOLDER)
    come(mail("一", message_id="<1@x.jp>"))
    tidy(now)
    come(mail("二", message_id="<2@x.jp>"))
    assert list(Arrival.objects.order_by("id").values_list("dedupe_key", "fate")) == [
        ("1@x.jp", Fate.TAKEN_IN),
        ("2@x.jp", Fate.TAKEN_IN),
    ]


def test_what_has_not_found_its_place_stays_untouched(dovecot, asks, come, now):
    asks(Afterwards.DELETE)
    come(b"\r\n")
    dovecot.put(mail("まだ読んでいない"))
    fetch(Mailbox.objects.get(), now=now + timedelta(minutes=1))
    assert set(Arrival.objects.values_list("fate", flat=True)) == {Fate.QUARANTINED, Fate.STORED}

    assert tidy(now) == 0

    assert len(on_server(dovecot)) == 2


def test_mail_from_before_the_wish_stays_untouched(dovecot, asks, come, now):
    come(mail("前", message_id="<1@x.jp>"), at=now)
    asks(Afterwards.DELETE, at=now + timedelta(minutes=1))
    come(mail("後", message_id="<2@x.jp>"), at=now + timedelta(minutes=2))

    assert tidy(now) == 1

    assert len(on_server(dovecot)) == 1
    assert Arrival.objects.get(tidied_at__isnull=True).dedupe_key == "1@x.jp"


def test_nothing_is_deleted_whose_copy_here_is_damaged(dovecot, asks, come, now):
    asks(Afterwards.DELETE)
    come(mail("一", message_id="<1@x.jp>"), mail("二", message_id="<2@x.jp>"))
    damaged = Arrival.objects.get(dedupe_key="1@x.jp")
    content = bytearray(path_of(damaged.sha256).read_bytes())
    content[-3] ^= 1
    path_of(damaged.sha256).write_bytes(bytes(content))

    assert tidy(now) == 1

    assert len(on_server(dovecot)) == 1
    damaged.refresh_from_db()
    assert damaged.tidied_at is None
    assert Tidying.objects.get().error_code == Trouble.STORAGE


def test_after_a_change_of_numbers_nothing_is_touched_until_the_mailbox_was_read_anew(dovecot, asks, come, now):
    asks(Afterwards.DELETE)
    come(mail("一", message_id="<1@x.jp>"), mail("二", message_id="<2@x.jp>"))
    dovecot.stop()
    dovecot.number_anew()
    dovecot.start()

    assert tidy(now) == 0
    assert len(on_server(dovecot)) == 2

    come(at=now + timedelta(minutes=2))
    assert tidy(now) == 2
    assert on_server(dovecot) == []


def test_a_folder_that_the_server_refuses_is_told_and_tried_later(dovecot, asks, come, now, client, owner):
    asks(Afterwards.MOVE, "INBOX/../outside")
    come(mail())

    assert tidy(now) == 0

    row = Tidying.objects.get()
    assert (row.error_code, row.tried_at) == (Trouble.CANNOT_TIDY, now)
    assert tidying.due(now=now + timedelta(minutes=14)) == []
    assert tidying.due(now=now + timedelta(minutes=15)) == [row.mailbox]
    assert len(on_server(dovecot)) == 1
    assert Mailbox.objects.get().last_error_code == ""  # fetching goes on
    client.force_login(owner.person, backend="anshin.staff.sign_in.StaffBackend")
    client.cookies["anshin_language"] = "en"
    page = client.get(reverse("email:mailboxes", args=["komorebi"])).content.decode()
    assert "Mail stays in the mailbox as it is, though you want something else." in page


def test_a_server_that_cannot_delete_single_mails_deletes_none(dovecot, asks, come, now, monkeypatch):
    asks(Afterwards.DELETE)
    come(mail())
    monkeypatch.setattr(IMAPClient, "has_capability", lambda _client, name: name != "UIDPLUS")

    assert tidy(now) == 0

    assert (Tidying.objects.get().error_code, Tidying.objects.get().error_words) == (Trouble.CANNOT_TIDY, "UIDPLUS")
    assert seen(*on_server(dovecot)) == [[]]


def test_the_timetable_finds_the_work_and_the_job_does_it(dovecot, asks, come, now, monkeypatch):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)
    asks(Afterwards.READ)
    come(mail())
    Job.objects.all().delete()

    for _minute in range(2):
        jobs.tidy_mailboxes.call()

    job = Job.objects.get()
    assert (job.task, job.args) == ("anshin.channels.email.jobs.tidy_mailbox", [Mailbox.objects.get().pk])
    jobs.tidy_mailbox.call(*job.args)
    assert seen(*on_server(dovecot)) == [[b"\\Seen"]]


def test_the_form_remembers_the_wish_and_wants_a_folder(asks, client, owner, shop):
    asks(Afterwards.MOVE, FOLDER)
    box = Mailbox.objects.get()
    assert {name: initial_of(box)[name] for name in ("afterwards", "afterwards_folder")} == {
        "afterwards": "move",
        "afterwards_folder": FOLDER,
    }
    client.force_login(owner.person, backend="anshin.staff.sign_in.StaffBackend")
    form = {
        **{name: value or "" for name, value in initial_of(box).items() if not isinstance(value, bool)},
        "afterwards_folder": " ",
    }
    answer = client.post(reverse("email:mailbox", args=["komorebi", box.pk]), form)
    assert answer.status_code == 422
    assert Tidying.objects.get().folder == FOLDER
