"""Comparing a real Dovecot with the ledger: what is missing comes in, and each day has its line."""

from datetime import date, timedelta

import pytest

from anshin.channels.email.arriving.storing import store
from anshin.channels.email.fetching import inboxes
from anshin.channels.email.fetching.inboxes import fetch
from anshin.channels.email.models import Arrival, Comparison, MailDay
from anshin.channels.email.servers import imap
from anshin.channels.email.sheets import comparing, comparisons
from anshin.channels.email.terms import ComparisonState, Fate, Source
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from tests.channels.email.outside.letters import mail

pytestmark = [pytest.mark.django_db, pytest.mark.dovecot]


def again(mailbox):
    mailbox.refresh_from_db()
    return mailbox


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.fixture
def read_mailbox(imap_mailbox, dovecot, now):
    """Three mails on the server, all in the ledger."""
    for number in (1, 2, 3):
        dovecot.put(mail(f"{number}通目", message_id=f"<{number}@example.jp>"), at=now - timedelta(days=3 - number))
    fetch(imap_mailbox, now=now)
    run_due_jobs(now)
    return again(imap_mailbox)


def compared(mailbox, now):
    comparisons.begin(mailbox, now=now)
    comparisons.run(mailbox.pk, now=now)
    return Comparison.objects.get()


def lines(*fields):
    return list(MailDay.objects.order_by("on").values_list("on", *fields))


def test_each_day_on_which_the_server_received_something_gets_a_line(read_mailbox, now):
    done = compared(read_mailbox, now)

    assert (done.state, done.done_count, done.total_count, done.finished_at) == (ComparisonState.DONE, 3, 3, now)
    assert lines("server_count", "ledger_count", "fates", "missing_count") == [
        (date(2026, 11, day), 1, 1, {"taken_in": 1}, 0) for day in (20, 21, 22)
    ]


def test_a_day_is_that_of_the_shops_zone(imap_mailbox, dovecot, now):
    late = now.replace(day=20, hour=15, minute=30)  # half past midnight in Tokyo
    dovecot.put(mail(), at=late)
    fetch(imap_mailbox, now=now)

    compared(again(imap_mailbox), now)

    assert lines("server_count", "ledger_count") == [(date(2026, 11, 21), 1, 1)]


def test_a_mail_that_is_missing_is_brought_in_by_the_ordinary_way(read_mailbox, now):
    Arrival.objects.get(uid=2).delete()

    compared(read_mailbox, now)
    run_due_jobs(now)

    arrival = Arrival.objects.get(uid=2)
    assert (arrival.fate, arrival.dedupe_key, arrival.source) == (Fate.DUPLICATE, "2@example.jp", Source.IMAP)
    assert lines("server_count", "ledger_count", "missing_count", "brought_count") == [
        (date(2026, 11, 20), 1, 1, 0, 0),
        (date(2026, 11, 21), 1, 1, 0, 1),
        (date(2026, 11, 22), 1, 1, 0, 0),
    ]
    fact = JournalEntry.objects.get(event="email.mail_missed")
    assert fact.payload == {"mailbox_id": read_mailbox.pk, "missing_count": 1, "brought_count": 1}


def test_what_was_brought_in_stays_on_the_line_when_compared_again(read_mailbox, now):
    Arrival.objects.get(uid=2).delete()
    compared(read_mailbox, now)

    compared(again(read_mailbox), now + timedelta(hours=1))

    assert MailDay.objects.get(on=date(2026, 11, 21)).brought_count == 1
    assert JournalEntry.objects.filter(event="email.mail_missed").count() == 1
    assert MailDay.objects.count() == 3


def test_more_than_can_be_brought_at_once_comes_with_the_next_comparison(read_mailbox, now, monkeypatch):
    monkeypatch.setattr(comparing, "MOST_BROUGHT", 1)
    Arrival.objects.exclude(uid=3).delete()

    done = compared(read_mailbox, now)

    assert (done.state, Arrival.objects.count()) == (ComparisonState.RUNNING, 2)
    line = MailDay.objects.get(on=date(2026, 11, 21))
    assert (line.missing_count, line.first_missing_uid) == (1, 2)
    run_due_jobs(now)
    assert Comparison.objects.get().state == ComparisonState.DONE
    assert Arrival.objects.count() == 3
    assert not MailDay.objects.filter(missing_count__gt=0).exists()


def test_a_mail_that_has_just_come_is_on_its_way_and_not_missing(read_mailbox, dovecot, now):
    dovecot.put(mail(message_id="<4@example.jp>"), at=now - timedelta(minutes=59))

    compared(read_mailbox, now)

    assert lines("server_count", "missing_count")[-1] == (date(2026, 11, 22), 1, 0)
    assert Arrival.objects.count() == 3


def test_a_mail_that_fetching_never_reached_is_missing_after_an_hour(read_mailbox, dovecot, now):
    dovecot.put(mail(message_id="<4@example.jp>"), at=now - timedelta(minutes=61))

    compared(read_mailbox, now)

    assert lines("server_count", "missing_count", "first_missing_uid")[-1] == (date(2026, 11, 22), 2, 1, 4)
    assert again(read_mailbox).last_uid == 3


def test_a_mail_deleted_on_the_server_is_gone_there_and_kept_here(read_mailbox, dovecot, now):
    dovecot.remove("2通目".encode())

    compared(read_mailbox, now)

    assert lines("server_count", "ledger_count", "gone_count")[1] == (date(2026, 11, 21), 0, 1, 1)
    assert Arrival.objects.count() == 3


def test_an_empty_server_has_lines_for_what_the_ledger_has(read_mailbox, dovecot, now):
    for word in ("1通目", "2通目", "3通目"):
        dovecot.remove(word.encode())

    compared(read_mailbox, now)

    assert [line[1:] for line in lines("server_count", "ledger_count", "gone_count")] == [(0, 1, 1)] * 3


def test_mail_older_than_the_shop_wants_is_not_missing(imap_mailbox, dovecot, now):
    dovecot.put(mail(message_id="<old@example.jp>"), at=now - timedelta(days=30))
    dovecot.put(mail(message_id="<new@example.jp>"), at=now - timedelta(days=1))
    imap_mailbox.take_in_since_on = date(2026, 11, 15)
    imap_mailbox.save()
    fetch(imap_mailbox, now=now)

    compared(again(imap_mailbox), now)

    assert lines("server_count", "ledger_count", "missing_count") == [(date(2026, 11, 21), 1, 1, 0)]


def test_after_a_change_of_uidvalidity_the_mailbox_is_read_first_and_then_compared(read_mailbox, dovecot, now):
    dovecot.stop()
    dovecot.number_anew()
    dovecot.start()

    first = compared(read_mailbox, now)

    assert (first.state, MailDay.objects.count()) == (ComparisonState.READING, 0)
    run_due_jobs(now)
    run_due_jobs(now + comparisons.WHEN_BEHIND)
    assert Comparison.objects.get().state == ComparisonState.DONE
    assert [line[1:] for line in lines("server_count", "ledger_count", "missing_count", "gone_count")] == [
        (1, 1, 0, 0)
    ] * 3


def test_a_mailbox_that_is_still_being_read_for_the_first_time_misses_nothing(imap_mailbox, dovecot, now, monkeypatch):
    monkeypatch.setattr(inboxes, "AT_ONCE", 2)
    for number in range(3):
        dovecot.put(mail(message_id=f"<{number}@example.jp>"), at=now - timedelta(days=9))
    fetch(imap_mailbox, now=now)

    first = compared(again(imap_mailbox), now)

    assert (first.state, MailDay.objects.count()) == (ComparisonState.READING, 0)
    run_due_jobs(now)
    run_due_jobs(now + comparisons.WHEN_BEHIND)
    assert Comparison.objects.get().state == ComparisonState.DONE
    assert [line[1:] for line in lines("server_count", "ledger_count", "missing_count")] == [(3, 3, 0)]


def test_a_comparison_looks_in_portions(read_mailbox, now, monkeypatch):
    monkeypatch.setattr(comparing, "PORTION", 2)
    Arrival.objects.filter(uid=1).delete()
    told = []

    found = comparing.compare(read_mailbox, now=now, told=lambda *counts: told.append(counts))

    assert told == [(2, 3), (3, 3)]
    assert (found.brought_count, found.missing_count) == (1, 0)
    assert MailDay.objects.count() == 3


def test_only_of_what_the_ledger_lacks_the_date_is_asked(read_mailbox, now, monkeypatch):
    asked, dates = [], imap.Inbox.dates

    def noted(inbox, uids):
        asked.extend(uids)
        return dates(inbox, uids)

    monkeypatch.setattr(imap.Inbox, "dates", noted)
    Arrival.objects.get(uid=2).delete()

    compared(read_mailbox, now)

    assert asked == [2]


def test_nothing_on_the_server_is_touched(read_mailbox, dovecot, now):
    Arrival.objects.get(uid=2).delete()
    compared(read_mailbox, now)
    assert dovecot.flags() == ["", "", ""]


def test_a_server_that_is_away_is_said_and_tried_again(read_mailbox, dovecot, now):
    dovecot.stop()

    done = compared(read_mailbox, now)

    assert (done.state, done.trouble_code, done.finished_at) == (ComparisonState.FAILED, "refused", now)
    assert MailDay.objects.count() == 0
    dovecot.start()
    run_due_jobs(now + comparisons.AFTER_FAILURE)
    assert Comparison.objects.get().state == ComparisonState.DONE


def test_a_wrong_password_is_not_tried_again(read_mailbox, now, monkeypatch):
    def refuses(*_args, **_kwargs):
        raise inboxes.MailTrouble(inboxes.Trouble.WRONG_PASSWORD, "no")

    monkeypatch.setattr(imap, "opened", refuses)
    done = compared(read_mailbox, now)
    Job.objects.filter(run_at__lte=now).delete()

    assert (done.trouble_code, done.trouble_words) == ("wrong_password", "no")
    assert not Job.objects.filter(task=comparisons.COMPARE).exists()


def test_a_mailbox_without_a_server_gets_its_lines_from_the_ledger(mailbox, now):
    store(mailbox=mailbox, raw=mail(), source=Source.OUTSIDE, now=now)

    done = compared(mailbox, now)

    assert done.state == ComparisonState.DONE
    assert lines("server_count", "ledger_count", "fates") == [(date(2026, 11, 22), None, 1, {"stored": 1})]


def test_asked_twice_a_mailbox_is_compared_once(read_mailbox, now):
    comparisons.begin(read_mailbox, now=now)
    comparisons.begin(read_mailbox, now=now)
    assert Job.objects.filter(task=comparisons.COMPARE).count() == 1


def test_one_asked_for_now_does_not_wait_for_one_that_is_to_try_again_later(read_mailbox, dovecot, now):
    dovecot.stop()
    compared(read_mailbox, now)
    dovecot.start()

    comparisons.begin(read_mailbox, now=now)
    run_due_jobs(now)

    assert Comparison.objects.get().state == ComparisonState.DONE
