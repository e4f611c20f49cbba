"""Listening: a mail that arrives wakes the fetching job; one process listens, and stops when asked."""

import threading
from datetime import timedelta

import pytest

from anshin.channels.email import jobs
from anshin.channels.email.fetching import watching
from anshin.channels.email.fetching.watching import Listener, Watchers, claim, listenable, release
from anshin.channels.email.models import Arrival, Mailbox
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from tests.channels.email.outside.letters import mail

PATIENCE_SECONDS = 30


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.mark.django_db
def test_only_one_process_listens_to_a_mailbox(mailbox, now, monkeypatch):
    Mailbox.objects.update(imap_host="127.0.0.1")
    assert listenable() == [mailbox.pk]
    assert claim(mailbox.pk)
    assert not claim(mailbox.pk)
    assert listenable() == []

    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now + watching.LEASE + timedelta(seconds=1))
    assert claim(mailbox.pk)
    release(mailbox.pk)
    assert listenable() == [mailbox.pk]


@pytest.mark.django_db
def test_a_mailbox_that_changed_is_listened_to_no_longer(mailbox):
    Mailbox.objects.update(imap_host="a.example")
    mailbox.refresh_from_db()
    assert watching.renew(mailbox)
    Mailbox.objects.update(imap_host="b.example")
    assert not watching.renew(mailbox)


@pytest.mark.django_db
def test_each_minute_every_mailbox_that_is_due_is_fetched_once(mailbox, other_shop, now):
    Mailbox.objects.update(imap_host="127.0.0.1", imap_port=1, imap_security="plain")
    Mailbox.objects.create(shop=other_shop, address="no-imap@tanuki.example", created_at=now)
    Mailbox.objects.create(
        shop=other_shop, address="off@tanuki.example", imap_host="x", is_active=False, created_at=now
    )
    jobs.check_mailboxes.call()
    jobs.check_mailboxes.call()

    assert list(Job.objects.values_list("task", "args")) == [("anshin.channels.email.jobs.fetch_mailbox", [mailbox.pk])]
    run_due_jobs(now)
    mailbox.refresh_from_db()
    assert mailbox.last_error_code == "refused"


@pytest.mark.django_db
def test_a_mailbox_that_is_listened_to_is_polled_less_often(mailbox, now):
    Mailbox.objects.update(
        imap_host="127.0.0.1", watched_until_at=now + timedelta(seconds=60), last_checked_at=now - timedelta(minutes=1)
    )
    jobs.check_mailboxes.call()
    assert not Job.objects.exists()
    Mailbox.objects.update(last_checked_at=now - timedelta(minutes=6))
    jobs.check_mailboxes.call()
    assert Job.objects.count() == 1


@pytest.mark.dovecot
@pytest.mark.django_db(transaction=True)
def test_a_mail_that_arrives_wakes_the_listener(imap_mailbox, dovecot, now, monkeypatch):
    listening, woken, stop = threading.Event(), threading.Event(), threading.Event()
    start_idle = watching.imap.Inbox.start_idle

    def started(inbox):
        start_idle(inbox)
        listening.set()

    monkeypatch.setattr(watching.imap.Inbox, "start_idle", started)
    monkeypatch.setattr(watching, "wake", lambda mailbox: woken.set())
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.1)
    thread = threading.Thread(target=Listener(imap_mailbox.pk, stop).run)
    thread.start()
    try:
        assert listening.wait(PATIENCE_SECONDS)
        woken.clear()
        dovecot.put(mail())
        assert woken.wait(PATIENCE_SECONDS)
    finally:
        stop.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    assert Mailbox.objects.get().watched_until_at is None


@pytest.mark.dovecot
@pytest.mark.django_db(transaction=True)
def test_watchers_start_a_listener_for_each_mailbox_and_stop_in_time(imap_mailbox, dovecot, now, monkeypatch):
    woken = threading.Event()
    monkeypatch.setattr(watching, "wake", lambda mailbox: woken.set())
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.1)
    watchers = Watchers(rest_seconds=0.1)
    watchers.start()
    try:
        assert woken.wait(PATIENCE_SECONDS)
    finally:
        watchers.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("mail-watcher")]


@pytest.mark.dovecot
@pytest.mark.django_db
def test_from_waking_to_case_nothing_but_jobs_is_needed(imap_mailbox, dovecot, now):
    dovecot.put(mail())

    watching.wake(imap_mailbox)
    run_due_jobs(now)

    assert Arrival.objects.get().message.text == "こんにちは。届きません。"
