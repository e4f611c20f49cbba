"""Fetching from a real Dovecot: nothing lost, nothing doubled, nothing touched, troubles in words."""

import errno
from datetime import timedelta

import pytest

from anshin.channels.email.arriving import storing
from anshin.channels.email.fetching import inboxes
from anshin.channels.email.fetching.inboxes import fetch
from anshin.channels.email.models import Arrival
from anshin.channels.email.servers import imap
from anshin.channels.email.terms import Fate, MailTrouble, Security, Trouble
from anshin.plumbing import secrets
from anshin.plumbing.files.store import StorageFull, read_bytes
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from tests.channels.email.outside.dovecot_server import PASSWORD, USER
from tests.channels.email.outside.letters import mail

pytestmark = [pytest.mark.django_db, pytest.mark.dovecot]


def again(mailbox):
    mailbox.refresh_from_db()
    return mailbox


def facts():
    return list(JournalEntry.objects.order_by("id").values_list("event", flat=True))


def test_new_mails_are_kept_with_their_numbers_and_a_job_each(imap_mailbox, dovecot, now):
    first, second = mail("一通目", message_id="<1@example.jp>"), mail("二通目", message_id="<2@example.jp>")
    dovecot.put(first)
    dovecot.put(second)

    fetched = fetch(imap_mailbox, now=now)

    arrivals = list(Arrival.objects.order_by("id"))
    assert (fetched.new_count, fetched.seen_count, fetched.has_more, fetched.trouble) == (2, 2, False, None)
    assert [read_bytes(arrival.raw_blob) for arrival in arrivals] == [first, second]
    assert [(a.uid, a.fate, a.dedupe_key, a.size_bytes) for a in arrivals] == [
        (1, Fate.STORED, "1@example.jp", len(first)),
        (2, Fate.STORED, "2@example.jp", len(second)),
    ]
    assert [job.args for job in Job.objects.filter(task=storing.TAKE_IN).order_by("id")] == [[a.pk] for a in arrivals]
    box = again(imap_mailbox)
    assert (box.last_uid, box.last_checked_at, box.last_arrival_at) == (2, now, now)
    assert dovecot.flags() == ["", ""]


def test_a_second_look_finds_nothing_new(imap_mailbox, dovecot, now):
    dovecot.put(mail())
    fetch(imap_mailbox, now=now)

    fetched = fetch(again(imap_mailbox), now=now)

    assert (fetched.new_count, fetched.seen_count) == (0, 0)
    assert Arrival.objects.count() == 1


def test_a_mail_without_message_id_is_mail_too(imap_mailbox, dovecot, now):
    dovecot.put(mail("番号なし", message_id=None))

    fetch(imap_mailbox, now=now)

    arrival = Arrival.objects.get()
    assert arrival.dedupe_key == f"sha256:{arrival.sha256}"


def test_a_second_copy_has_its_own_line_as_duplicate(imap_mailbox, dovecot, now):
    dovecot.put(mail(extra="Received: from a\r\n"))
    dovecot.put(mail(extra="Received: from b\r\n"))

    fetched = fetch(imap_mailbox, now=now)

    assert list(Arrival.objects.order_by("uid").values_list("uid", "fate")) == [(1, Fate.STORED), (2, Fate.DUPLICATE)]
    assert fetched.new_count == 2
    assert Job.objects.filter(task=storing.TAKE_IN).count() == 1


def test_two_different_mails_with_one_message_id_are_both_kept(imap_mailbox, dovecot, now):
    dovecot.put(mail("まいにち同じ番号"))
    dovecot.put(mail("でも別の手紙"))
    dovecot.put(mail("まいにち同じ番号", subject="件名だけ違う"))

    fetch(imap_mailbox, now=now)

    keys = list(Arrival.objects.order_by("uid").values_list("dedupe_key", flat=True))
    assert keys[0] == "1@example.jp"
    assert [key.partition("#")[0] for key in keys] == ["1@example.jp"] * 3
    assert len(set(keys)) == 3
    assert set(Arrival.objects.values_list("fate", flat=True)) == {Fate.STORED}


def test_after_a_change_of_uidvalidity_nothing_is_doubled_and_nothing_missed(imap_mailbox, dovecot, now):
    dovecot.put(mail("一", message_id="<1@example.jp>"))
    dovecot.put(mail("二", message_id="<2@example.jp>"))
    dovecot.put(mail("番号なし", message_id=None))
    dovecot.put(mail("消える", message_id="<gone@example.jp>"))
    fetch(imap_mailbox, now=now)
    former = again(imap_mailbox).uidvalidity
    dovecot.stop()
    dovecot.number_anew()
    dovecot.remove("消える".encode())
    dovecot.put(mail("新しい", message_id="<5@example.jp>"))
    dovecot.start()

    fetched = fetch(again(imap_mailbox), now=now + timedelta(minutes=1))

    box = again(imap_mailbox)
    assert box.uidvalidity != former
    assert fetched.new_count == 1
    assert Arrival.objects.count() == 5
    moved = set(Arrival.objects.filter(uidvalidity=box.uidvalidity).values_list("dedupe_key", flat=True))
    assert len(moved) == 4
    assert Arrival.objects.get(uidvalidity=former).dedupe_key == "gone@example.jp"
    assert not Arrival.objects.filter(fate=Fate.DUPLICATE).exists()


def test_known_mails_are_recognised_without_being_fetched_again(imap_mailbox, dovecot, now, monkeypatch):
    for number in range(3):
        dovecot.put(mail(message_id=f"<{number}@example.jp>"))
    fetch(imap_mailbox, now=now)
    dovecot.stop()
    dovecot.number_anew()
    dovecot.start()
    monkeypatch.setattr(imap.Inbox, "raw", lambda self, uid: pytest.fail("fetched again"))

    assert fetch(again(imap_mailbox), now=now).new_count == 0
    assert Arrival.objects.filter(uidvalidity=again(imap_mailbox).uidvalidity).count() == 3


def test_a_long_queue_goes_on_in_the_next_run(imap_mailbox, dovecot, now, monkeypatch):
    monkeypatch.setattr(inboxes, "AT_ONCE", 2)
    for number in range(3):
        dovecot.put(mail(message_id=f"<{number}@example.jp>"))

    assert fetch(imap_mailbox, now=now).has_more
    assert Arrival.objects.count() == 2
    assert not fetch(again(imap_mailbox), now=now).has_more
    assert Arrival.objects.count() == 3


def test_a_mail_too_large_is_kept_as_header_and_the_next_one_whole(imap_mailbox, dovecot, now, monkeypatch):
    monkeypatch.setattr(inboxes.rules, "LARGEST_MAIL_BYTES", 2_000)
    dovecot.put(mail("大" * 1_000, message_id="<big@example.jp>"))
    dovecot.put(mail("小", message_id="<small@example.jp>"))

    fetch(imap_mailbox, now=now)

    big, small = Arrival.objects.order_by("uid")
    assert (big.is_header_only, big.reason_code, big.dedupe_key) == (True, "oversize", "big@example.jp")
    assert big.size_bytes > 3_000
    assert b"Subject:" in read_bytes(big.raw_blob)
    assert "大".encode() not in read_bytes(big.raw_blob)
    assert (small.is_header_only, small.fate) == (False, Fate.STORED)


def test_a_full_disk_stops_fetching_and_loses_nothing(imap_mailbox, dovecot, now, monkeypatch):
    dovecot.put(mail("一", message_id="<1@example.jp>"))
    dovecot.put(mail("二", message_id="<2@example.jp>"))
    keep, calls = storing.keep, []

    def full_at_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise StorageFull
        return keep(*args, **kwargs)

    monkeypatch.setattr(storing, "keep", full_at_second)
    fetched = fetch(imap_mailbox, now=now)
    box = again(imap_mailbox)
    assert fetched.trouble.trouble == Trouble.DISK_FULL
    assert (box.last_uid, box.last_error_code, box.failing_since_at) == (1, "disk_full", now)

    later = now + timedelta(minutes=5)
    assert fetch(box, now=later).new_count == 1
    box = again(imap_mailbox)
    assert (box.last_uid, box.last_error_code, box.failing_since_at) == (2, "", None)
    assert facts() == ["email.mailbox_failing", "email.mailbox_working"]


def test_a_mail_the_server_does_not_hand_out_stands_in_and_the_next_is_fetched(imap_mailbox, dovecot, now, monkeypatch):
    dovecot.put(mail("出ない", message_id="<bad@example.jp>"))
    dovecot.put(mail("出る", message_id="<good@example.jp>"))
    raw = imap.Inbox.raw

    def refuses_first(self, uid):
        if uid == 1:
            raise MailTrouble(Trouble.UNFETCHABLE, "NO cannot")
        return raw(self, uid)

    monkeypatch.setattr(imap.Inbox, "raw", refuses_first)

    fetch(imap_mailbox, now=now)

    assert list(Arrival.objects.order_by("uid").values_list("dedupe_key", "reason_code", "is_header_only")) == [
        ("bad@example.jp", "unfetchable", True),
        ("good@example.jp", "", False),
    ]


def test_a_mail_at_which_the_connection_always_breaks_is_set_aside(imap_mailbox, dovecot, now, monkeypatch):
    dovecot.put(mail("壊れる", message_id="<bad@example.jp>"))

    def breaks(self, uid):
        raise MailTrouble(Trouble.BROKEN, "gone")

    monkeypatch.setattr(imap.Inbox, "raw", breaks)
    for _ in range(inboxes.BREAKS_UNTIL_SET_ASIDE):
        assert fetch(again(imap_mailbox), now=now).trouble.trouble == Trouble.BROKEN
    assert not Arrival.objects.exists()

    fetch(again(imap_mailbox), now=now)

    assert Arrival.objects.get().reason_code == "connection_breaks"
    assert again(imap_mailbox).last_uid == 1


def test_at_the_first_look_only_mail_since_the_wanted_day_is_taken(imap_mailbox, dovecot, now):
    imap_mailbox.take_in_since_on = (now + timedelta(days=400)).date()
    imap_mailbox.save()
    dovecot.put(mail("古い", message_id="<old@example.jp>"))
    assert fetch(imap_mailbox, now=now).new_count == 0
    dovecot.put(mail("新しい", message_id="<new@example.jp>"))

    fetch(again(imap_mailbox), now=now)

    assert list(Arrival.objects.values_list("dedupe_key", flat=True)) == ["new@example.jp"]


def test_wrong_password_is_said_in_words_and_begins_once_in_the_journal(imap_mailbox, dovecot, now):
    imap_mailbox.imap_password_sealed = secrets.seal("wrong")
    imap_mailbox.save()

    fetched = fetch(imap_mailbox, now=now)
    fetch(again(imap_mailbox), now=now + timedelta(minutes=20))

    box = again(imap_mailbox)
    assert (fetched.trouble.trouble, fetched.trouble.permanent) == (Trouble.WRONG_PASSWORD, True)
    assert "AUTHENTICATIONFAILED" in box.last_error_words
    assert (box.last_error_code, box.failing_since_at) == ("wrong_password", now)
    assert facts() == ["email.mailbox_failing"]
    assert not inboxes.is_due(box, now=now + timedelta(minutes=30))
    assert inboxes.is_due(box, now=now + timedelta(minutes=35))


def test_a_server_that_was_killed_is_found_again(imap_mailbox, dovecot, now):
    dovecot.stop()
    dovecot.put(mail())
    gone = fetch(imap_mailbox, now=now)
    assert (gone.trouble.trouble, gone.trouble.permanent) == (Trouble.REFUSED, False)
    assert again(imap_mailbox).failing_since_at == now
    dovecot.start()

    assert fetch(again(imap_mailbox), now=now).new_count == 1
    assert again(imap_mailbox).failing_since_at is None


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_encrypted_fetching_works_when_the_certificate_is_trusted(imap_mailbox, dovecot, now, monkeypatch, security):
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate))
    imap_mailbox.imap_host, imap_mailbox.imap_security = "localhost", security
    imap_mailbox.imap_port = dovecot.tls_port if security == Security.TLS else dovecot.plain_port
    imap_mailbox.save()
    dovecot.put(mail())

    assert fetch(imap_mailbox, now=now).new_count == 1


def test_an_untrusted_certificate_is_refused_in_words(imap_mailbox, dovecot, now):
    imap_mailbox.imap_host, imap_mailbox.imap_port, imap_mailbox.imap_security = "localhost", dovecot.tls_port, "tls"
    imap_mailbox.save()

    fetched = fetch(imap_mailbox, now=now)

    assert (fetched.trouble.trouble, fetched.trouble.permanent) == (Trouble.CERTIFICATE_UNKNOWN, True)
    assert "self-signed" in fetched.trouble.server_words


def test_tls_on_a_plain_port_says_that_the_encryption_does_not_fit(imap_mailbox, dovecot, now):
    imap_mailbox.imap_security = Security.TLS
    imap_mailbox.save()

    assert fetch(imap_mailbox, now=now).trouble.trouble == Trouble.ENCRYPTION


def test_an_unknown_host_is_named(imap_mailbox, dovecot, now, monkeypatch):
    import socket

    def unknown(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "create_connection", unknown)
    imap_mailbox.imap_host = "imap.komorebi.exmaple"

    trouble = fetch(imap_mailbox, now=now).trouble

    assert (trouble.trouble, trouble.server_words, trouble.permanent) == (
        Trouble.UNKNOWN_HOST,
        "imap.komorebi.exmaple",
        True,
    )


def test_a_password_sealed_under_another_secret_asks_to_be_entered_again(imap_mailbox, dovecot, now):
    imap_mailbox.imap_password_sealed = "not-ours"

    assert fetch(imap_mailbox, now=now).trouble.trouble == Trouble.SECRET_CHANGED


def test_any_other_error_of_the_disk_is_noted_too(imap_mailbox, dovecot, now, monkeypatch):
    dovecot.put(mail())

    def broken(*args, **kwargs):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(storing, "keep", broken)

    assert fetch(imap_mailbox, now=now).trouble.trouble == Trouble.BROKEN
    assert again(imap_mailbox).last_uid == 0


def test_the_inbox_is_opened_read_only_with_the_right_user(dovecot):
    from anshin.channels.email.terms import Server

    with imap.opened(Server("127.0.0.1", dovecot.plain_port, Security.PLAIN, USER, PASSWORD)) as inbox:
        assert inbox.uidvalidity > 0
        assert inbox.can_idle()
