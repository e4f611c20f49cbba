"""Claims, leases and their ends."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from anshin.plumbing.jobs import claim as claims
from anshin.plumbing.jobs.claim import claim_next
from anshin.plumbing.jobs.errors import LeaseLost
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.rules import Verdict
from anshin.plumbing.jobs.terms import State
from tests.plumbing.jobs.sample_tasks import note, note_first, note_in_mail_out

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def claimed(now, count=1, **options):
    found = (claim_next(token=f"t{number}", now=now, **options) for number in range(count))
    return [claim.args[0] if claim else None for claim in found]


def test_higher_priority_goes_first_then_the_longest_due(now):
    enqueue(note, "late", now=now)
    enqueue(note, "early", now=now, run_at=now - SECOND)
    enqueue(note_first, "important", now=now)
    assert claimed(now, 4) == ["important", "early", "late", None]


def test_job_is_not_claimed_before_its_time(now):
    enqueue(note, "a", now=now, run_at=now + SECOND)
    assert claimed(now) == [None]
    assert claims.next_run_at() == now + SECOND
    assert claimed(now + SECOND) == ["a"]


def test_claim_takes_only_the_named_queues(now):
    enqueue(note_in_mail_out, "mail", now=now)
    enqueue(note, "other", now=now)
    assert claimed(now, queues=["mail_out"], count=2) == ["mail", None]


def test_claim_marks_the_row_with_run_and_lease(now):
    enqueue(note, "a", now=now)
    claim = claim_next(token="me:1", now=now, lease=timedelta(seconds=20))
    job = Job.objects.get()
    assert (job.state, job.attempts, job.claimed_by, job.started_at) == ("running", 1, "me:1", now)
    assert job.lease_until == now + timedelta(seconds=20)
    assert (claim.job_id, claim.attempt, claim.args, claim.kwargs) == (job.pk, 1, ["a"], {})


def test_limited_queue_runs_no_more_than_allowed_at_once(now):
    for word in ("a", "b"):
        enqueue(note_in_mail_out, word, now=now)
    enqueue(note, "free", now=now)
    assert claimed(now, 4, at_once={"mail_out": 1}) == ["a", "free", None, None]


def test_limited_queue_goes_on_when_a_run_has_ended(now):
    for word in ("a", "b"):
        enqueue(note_in_mail_out, word, now=now)
    first = claim_next(token="t", now=now, at_once={"mail_out": 1})
    claims.settle(first, Verdict(State.DONE), now=now)
    assert claimed(now, at_once={"mail_out": 1}) == ["b"]


def test_expired_lease_makes_the_job_claimable_again(now):
    enqueue(note, "a", now=now)
    claim_next(token="dead", now=now)
    assert claims.take_back_expired(now=now + claims.LEASE) == 0
    late = now + claims.LEASE + SECOND
    assert claims.take_back_expired(now=late) == 1
    assert claimed(late) == ["a"]
    job = Job.objects.get()
    assert (job.attempts, job.deaths, job.last_error_code) == (2, 1, "worker_died")


def test_renewed_lease_is_not_taken_back(now):
    enqueue(note, "a", now=now)
    claim_next(token="alive", now=now)
    late = now + claims.LEASE + SECOND
    assert claims.renew(["alive"], now=late) == 1
    assert claims.take_back_expired(now=late) == 0


def test_job_that_kills_three_workers_is_stuck(now):
    enqueue(note, "a", now=now)
    for number in range(3):
        assert claim_next(token=f"dead{number}", now=now)
        now += claims.LEASE + SECOND
        claims.take_back_expired(now=now)
    job = Job.objects.get()
    assert (job.state, job.deaths, job.last_error_code) == ("stuck", 3, "worker_died")
    assert claimed(now) == [None]


def test_run_that_lost_its_lease_cannot_settle_the_job(now):
    enqueue(note, "a", now=now)
    old = claim_next(token="old", now=now)
    late = now + claims.LEASE + SECOND
    claims.take_back_expired(now=late)
    new = claim_next(token="new", now=late)
    with pytest.raises(LeaseLost):
        claims.settle(old, Verdict(State.DONE), now=late)
    assert Job.objects.get().state == "running"
    claims.settle(new, Verdict(State.DONE), now=late)
    assert Job.objects.get().state == "done"


def test_released_job_is_claimable_at_once_without_blame(now):
    enqueue(note, "a", now=now)
    claim_next(token="me", now=now)
    assert claims.release(["me"], now=now) == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, job.deaths, job.lease_until) == ("waiting", 0, 0, None)


def test_retry_gives_way_to_a_waiting_job_of_the_same_key(now):
    first = enqueue(note, "a", unique_key="k", now=now)
    claim = claim_next(token="t", now=now)
    second = enqueue(note, "b", unique_key="k", now=now)
    claims.settle(claim, Verdict(State.WAITING, now + SECOND, "x", "y"), now=now)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("dropped", "waiting")
    assert claimed(now, 2) == ["b", None]


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_database_refuses_two_live_jobs_of_one_key(state, now):
    lease = now if state == "running" else None
    row = {"task": "t", "queue": "q", "run_at": now, "enqueued_at": now, "lease_until": lease}
    Job.objects.create(unique_key="k", state=state, **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(unique_key="k", state=state, **row)
    assert Job.objects.count() == 1


def test_database_refuses_a_running_job_without_a_lease(now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(task="t", queue="q", run_at=now, enqueued_at=now, state="running")
    assert Job.objects.count() == 0


def test_claiming_costs_one_query_without_limits(now, django_assert_num_queries):
    enqueue(note, "a", now=now)
    with django_assert_num_queries(1):
        claim_next(token="t", now=now)
