"""What the owner sees of the jobs and may do with them; and what is deleted by itself."""

from datetime import timedelta

import pytest
from django.utils import translation

from anshin.plumbing import clock
from anshin.plumbing.jobs import actions, jobs, queries
from anshin.plumbing.jobs.claim import claim_next
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.terms import State
from tests.plumbing.jobs import sample_tasks as samples

pytestmark = pytest.mark.django_db


def stuck(now, *, shop_id=None, unique_key=""):
    job = enqueue(samples.fail_for_good, "no", now=now, shop_id=shop_id, unique_key=unique_key)
    run_due_jobs(now, raise_stuck=False)
    return job


def state(job):
    job.refresh_from_db()
    return job.state


def test_counts_name_every_state(now):
    stuck(now)
    enqueue(samples.note, "a", now=now)
    assert queries.counts(None) == {
        State.WAITING: 1,
        State.RUNNING: 0,
        State.STUCK: 1,
        State.DONE: 0,
        State.DROPPED: 0,
    }


def test_counts_and_lists_of_a_shop_leave_out_the_others(now):
    mine, other, shopless = stuck(now, shop_id=1), stuck(now, shop_id=2), stuck(now)
    assert queries.counts(1)[State.STUCK] == 1
    assert queries.listed(1, State.STUCK).jobs == [mine]
    assert queries.listed(None, State.STUCK).jobs == [shopless, other, mine]


def test_list_goes_on_where_the_page_before_ended(now):
    made = [enqueue(samples.note, number, now=now) for number in range(5)]
    first = queries.listed(None, State.WAITING, rows=2)
    second = queries.listed(None, State.WAITING, rows=2, after=first.after)
    third = queries.listed(None, State.WAITING, rows=2, after=second.after)
    assert first.jobs + second.jobs + third.jobs == made[::-1]
    assert (len(third.jobs), third.after) == (1, None)


def test_counts_and_list_cost_one_query_each(now, django_assert_num_queries):
    stuck(now)
    with django_assert_num_queries(2):
        queries.counts(None)
        queries.listed(None, State.STUCK)


def test_reason_is_in_the_readers_language_when_it_is_ours(now):
    job = stuck(now)
    job.refresh_from_db()
    assert queries.reason(job) == "no"
    job.last_error_code = "unknown_task"
    with translation.override("en"):
        assert queries.reason(job).startswith("This version of Anshin does not know")
    assert queries.reason(enqueue(samples.note, now=now)) == ""


def test_retry_gives_a_stuck_job_all_its_attempts_again(now):
    job = stuck(now)
    later = now + timedelta(hours=1)
    assert actions.retry(None, [job.pk], now=later) == 1
    assert (state(job), job.attempts, job.deaths, job.run_at, job.finished_at) == ("waiting", 0, 0, later, None)
    assert actions.retry(None, [job.pk], now=later) == 0


def test_retry_brings_a_waiting_retry_forward(now):
    job = enqueue(samples.come_back_later, 600, now=now)
    run_due_jobs(now)
    assert actions.retry(None, [job.pk], now=now) == 1
    job.refresh_from_db()
    assert job.run_at == now


def test_retry_drops_a_stuck_job_whose_key_waits_anew(now):
    old = stuck(now, unique_key="k")
    new = enqueue(samples.note, "a", now=now, unique_key="k")
    assert actions.retry(None, [old.pk], now=now) == 1
    assert (state(old), state(new)) == ("dropped", "waiting")


def test_all_stuck_jobs_of_a_shop_are_retried_and_no_others(now):
    mine, other = stuck(now, shop_id=1), stuck(now, shop_id=2)
    assert actions.retry_all_stuck(1, now=now) == 1
    assert (state(mine), state(other)) == ("waiting", "stuck")


def test_jobs_of_another_shop_are_neither_retried_nor_dropped(now):
    job = stuck(now, shop_id=2)
    assert actions.retry(1, [job.pk], now=now) == 0
    assert actions.drop(1, [job.pk], now=now) == 0
    assert state(job) == "stuck"


def test_dropped_job_never_runs(now):
    waiting, failed = enqueue(samples.note, "a", now=now, run_at=now + timedelta(1)), stuck(now)
    assert actions.drop(None, [waiting.pk, failed.pk], now=now) == 2
    assert (state(waiting), state(failed)) == ("dropped", "dropped")
    assert run_due_jobs(now + timedelta(2)) == []


def test_running_and_done_jobs_are_not_dropped(now):
    done = enqueue(samples.note, "a", now=now)
    run_due_jobs(now)
    running = enqueue(samples.note, "b", now=now)
    claim_next(token="t", now=now)
    assert actions.drop(None, [done.pk, running.pk], now=now) == 0
    assert (state(done), state(running)) == ("done", "running")


def test_done_jobs_are_deleted_after_three_days_and_stuck_ones_never(now, monkeypatch):
    kept = stuck(now)
    enqueue(samples.note, "a", now=now)
    run_due_jobs(now)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=3))
    jobs.prune.call()
    assert Job.objects.count() == 2
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=4))
    jobs.prune.call()
    assert list(Job.objects.all()) == [kept]


def test_dropped_jobs_are_deleted_after_thirty_days(now, monkeypatch):
    job = stuck(now)
    actions.drop(None, [job.pk], now=now)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=29))
    jobs.prune.call()
    assert Job.objects.count() == 1
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=31))
    jobs.prune.call()
    assert Job.objects.count() == 0


def test_pruning_goes_on_in_portions(now, monkeypatch):
    monkeypatch.setattr(jobs, "PORTION", 2)
    for number in range(5):
        enqueue(samples.note, number, now=now)
    run_due_jobs(now)
    assert jobs.delete_finished(State.DONE, before=now + timedelta(1)) == 5
