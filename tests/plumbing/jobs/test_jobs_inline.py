"""Running due jobs inline: order, outcomes, retries."""

from datetime import timedelta

import pytest

from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import StuckJob, run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from tests.plumbing.jobs import sample_tasks as samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def effect_table(db):
    samples.make_effect_table()
    yield
    samples.drop_effect_table()


def run_once(now, **options):
    ran = run_due_jobs(now, **options)
    return [(run.task.rpartition(".")[2], run.state) for run in ran]


def test_due_jobs_run_in_order_until_none_is_due(now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    enqueue(samples.enqueue_another, "b", now=now)
    enqueue(samples.note, "a", now=now)
    enqueue(samples.note, "tomorrow", now=now, run_at=now + timedelta(days=1))
    assert run_once(now) == [("enqueue_another", "done"), ("note", "done"), ("note", "done")]
    assert samples.calls == [("a",), ("b",)]
    assert run_once(now) == []


def test_failed_job_runs_again_after_its_pause_and_is_stuck_at_the_last_attempt(now):
    job = enqueue(samples.fail, "no", now=now)
    assert run_once(now) == [("fail", "waiting")]
    job.refresh_from_db()
    assert job.run_at == now + timedelta(seconds=10)
    assert run_once(now + timedelta(seconds=9)) == []
    assert run_once(now + timedelta(seconds=10)) == [("fail", "waiting")]
    assert run_once(now + timedelta(seconds=30), raise_stuck=False) == [("fail", "stuck")]
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("stuck", 3)
    assert (job.last_error_code, job.last_error_words) == ("ValueError", "no")


def test_stuck_job_raises_with_the_reason(now):
    enqueue(samples.fail_for_good, "壊れています", now=now)
    with pytest.raises(StuckJob, match="PermanentError: 壊れています"):
        run_due_jobs(now)


def test_any_exception_that_calls_itself_permanent_is_stuck_at_once(now):
    job = enqueue(samples.be_refused, now=now)
    run_due_jobs(now, raise_stuck=False)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error_code) == ("stuck", 1, "refused_by_server")
    assert job.last_error_words == "550 相手のサーバーが受け取りを断りました。"


def test_job_comes_back_when_the_outside_asked_it_to(now):
    job = enqueue(samples.come_back_later, 90, now=now)
    run_due_jobs(now)
    job.refresh_from_db()
    assert (job.state, job.run_at) == ("waiting", now + timedelta(seconds=90))


def test_job_that_exits_fails_like_any_other(now):
    job = enqueue(samples.leave_the_process, now=now)
    run_due_jobs(now)
    job.refresh_from_db()
    assert (job.state, job.last_error_code) == ("waiting", "SystemExit")


def test_row_of_a_task_that_no_longer_exists_is_stuck(now):
    job = enqueue(samples.note, "a", now=now)
    Job.objects.update(task="anshin.gone.jobs.vanished")
    run_due_jobs(now, raise_stuck=False)
    job.refresh_from_db()
    assert (job.state, job.last_error_code) == ("stuck", "unknown_task")


def test_rows_of_a_failed_one_transaction_job_are_rolled_back(now):
    enqueue(samples.write_row_then_fail, 1, now=now)
    run_due_jobs(now)
    assert samples.effects() == []
    assert Job.objects.get().state == "waiting"


def test_row_and_done_are_written_together(now):
    enqueue(samples.ask_outside_then_write_row, 1, now=now)
    enqueue(samples.write_row, 2, now=now)
    run_due_jobs(now)
    assert samples.effects() == [1, 2]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_finishing_is_a_plain_transaction_outside_of_a_job():
    samples.ask_outside_then_write_row.call(5)
    assert samples.effects() == [5]


def test_task_with_context_knows_its_attempt(now):
    enqueue(samples.note_attempt, now=now)
    run_due_jobs(now)
    assert samples.calls == [("attempt", 1)]
