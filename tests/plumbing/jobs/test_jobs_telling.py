"""Word of jobs for workers elsewhere: after the commit, once it is due, and again when it was lost."""

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from anshin.plumbing.jobs import telling
from anshin.plumbing.jobs.claim import claim_this, settle
from anshin.plumbing.jobs.fakes import RememberingBroker
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.ports import broker
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.rules import Verdict
from anshin.plumbing.jobs.terms import State
from anshin.plumbing.jobs.worker import Worker
from tests.plumbing.jobs import sample_tasks as samples


@pytest.fixture
def heard(shared_database):
    with broker.filled_with(RememberingBroker()) as fake:
        yield fake


def test_a_job_is_told_when_its_transaction_is_committed(heard, now):
    with transaction.atomic():
        job = enqueue(samples.note, "a", now=now)
        assert heard.told == []
    assert heard.told == [job.pk]


def test_a_job_that_was_rolled_back_is_never_told(heard, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(samples.note, "a", now=now)
        raise ZeroDivisionError
    assert (heard.told, Job.objects.count()) == ([], 0)


def test_without_a_broker_nothing_is_marked_as_told(shared_database, now):
    assert enqueue(samples.note, "a", now=now).told_at is None


def test_a_later_job_is_told_when_it_is_due_and_only_once(heard, now):
    job = enqueue(samples.note, "a", now=now, run_at=now + timedelta(seconds=10))
    assert telling.tell_due(now=now + timedelta(seconds=9)) == 0
    assert telling.tell_due(now=now + timedelta(seconds=10)) == 1
    assert telling.tell_due(now=now + timedelta(seconds=11)) == 0
    assert heard.told == [job.pk]


def test_word_that_was_lost_is_given_again_after_half_a_minute(heard, now):
    job = enqueue(samples.note, "a", now=now)
    assert telling.tell_due(now=now + timedelta(seconds=30)) == 0
    assert telling.tell_due(now=now + timedelta(seconds=31)) == 1
    assert heard.told == [job.pk, job.pk]


def test_a_failed_job_is_told_for_its_next_attempt(heard, now):
    job = enqueue(samples.note, "a", now=now)
    claim = claim_this(job.pk, token="t:1", now=now)
    settle(claim, Verdict(State.WAITING, run_at=now + timedelta(seconds=10)), now=now)
    assert telling.tell_due(now=now + timedelta(seconds=9)) == 0
    assert telling.tell_due(now=now + timedelta(seconds=10)) == 1


def test_the_urgent_are_told_first(heard, now):
    with broker.filled_with(None):
        enqueue(samples.note, "a", now=now)
        urgent = enqueue(samples.note_first, "b", now=now)
    telling.tell_due(now=now)
    assert heard.told[0] == urgent.pk
    assert heard.ways == [("default", 10), ("default", 0)]


def test_only_one_worker_at_a_time_leads(heard, now):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one process that works")
    with broker.filled_with(None):
        enqueue(samples.note, "a", now=now)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [telling.LEADER_LOCK])
        try:
            assert (telling.tell_due(now=now), heard.told) == (0, [])
        finally:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    other.close()
    assert telling.tell_due(now=now) == 1


def test_a_number_is_claimed_once_and_only_when_due(shared_database, now):
    job = enqueue(samples.note, "a", now=now, run_at=now + timedelta(seconds=10))
    assert claim_this(job.pk, token="t:1", now=now) is None
    assert claim_this(job.pk, token="t:1", now=now + timedelta(seconds=10)).job_id == job.pk
    assert claim_this(job.pk, token="t:2", now=now + timedelta(seconds=10)) is None
    assert claim_this(job.pk + 1, token="t:2", now=now + timedelta(seconds=10)) is None


def test_a_job_whose_key_or_queue_is_busy_is_not_claimed_by_its_number(shared_database, now):
    first = enqueue(samples.note, "a", now=now, unique_key="k")
    claim_this(first.pk, token="t:1", now=now)
    twin = enqueue(samples.note, "b", now=now, unique_key="k")
    assert claim_this(twin.pk, token="t:2", now=now) is None
    out = [enqueue(samples.note_in_mail_out, word, now=now) for word in "cd"]
    assert claim_this(out[0].pk, token="t:3", now=now, at_once={"mail_out": 1})
    assert claim_this(out[1].pk, token="t:4", now=now, at_once={"mail_out": 1}) is None


def test_whoever_finishes_tells_the_next_of_its_key_and_of_its_queue(heard, now):
    worker = Worker(threads=0, at_once={"mail_out": 1}, now=lambda: now)
    with broker.filled_with(None):
        first = enqueue(samples.note, "a", now=now, unique_key="k")
        claim_this(first.pk, token="t:1", now=now)
        twin = enqueue(samples.note, "b", now=now, unique_key="k")
        Job.objects.filter(pk=first.pk).update(state=State.WAITING, lease_until=None, unique_key="")
        out = [enqueue(samples.note_in_mail_out, word, now=now) for word in "cd"]
        other = enqueue(samples.note, "e", now=now, unique_key="k2")
    assert worker.run_told(other.pk)
    assert worker.run_told(out[0].pk)
    assert heard.told == [out[1].pk]
    assert worker.run_told(twin.pk)
    assert not worker.run_told(twin.pk)
    assert samples.calls == [("e",), ("c",), ("b",)]
