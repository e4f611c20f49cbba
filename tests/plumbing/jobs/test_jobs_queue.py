"""Enqueuing: in the caller's transaction, with plain values, once per key."""

from datetime import timedelta

import pytest
from django.db import transaction
from django_tasks.base import TaskResultStatus

from anshin.plumbing.jobs import registry, wake
from anshin.plumbing.jobs.claim import claim_next
from anshin.plumbing.jobs.errors import UnknownTask
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import enqueue
from tests.plumbing.jobs import sample_tasks
from tests.plumbing.jobs.sample_tasks import note, note_first, note_for_shop

pytestmark = pytest.mark.django_db


class Changed(Exception):
    pass


def test_enqueue_rolls_back_with_the_callers_transaction(now):
    with pytest.raises(Changed), transaction.atomic():
        enqueue(note, "a", now=now)
        assert Job.objects.count() == 1
        raise Changed
    assert Job.objects.count() == 0


def test_workers_are_woken_after_the_commit_only(now, django_capture_on_commit_callbacks):
    before = wake.BELL.rings
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(note, "a", now=now)
        assert wake.BELL.rings == before
    assert wake.BELL.rings == before + 1


def test_row_carries_the_tasks_queue_priority_and_plain_arguments(now):
    job = enqueue(note_first, word="あ", now=now)
    job.refresh_from_db()
    assert (job.queue, job.priority, job.args, job.kwargs) == ("default", 10, [], {"word": "あ"})
    assert (job.state, job.attempts, job.run_at, job.enqueued_at) == ("waiting", 0, now, now)
    assert job.task == "tests.plumbing.jobs.sample_tasks.note_first"


@pytest.mark.parametrize("value", [object(), {1, 2}, timedelta(1)])
def test_enqueue_refuses_what_is_not_a_plain_value(value, now):
    with pytest.raises(TypeError):
        enqueue(note, value, now=now)
    assert Job.objects.count() == 0


def test_enqueue_refuses_arguments_that_do_not_fit_the_function(now):
    with pytest.raises(TypeError):
        enqueue(note_first, now=now)
    assert Job.objects.count() == 0


def test_task_can_be_named_by_its_path(now):
    enqueue("tests.plumbing.jobs.sample_tasks.note", "a", now=now)
    run_due_jobs(now)
    assert sample_tasks.calls == [("a",)]


@pytest.mark.parametrize("path", ["anshin.nowhere.jobs.vanish", "anshin.plumbing.clock.now", "nothing"])
def test_unknown_path_is_refused(path, now):
    with pytest.raises(UnknownTask):
        enqueue(path, now=now)
    assert Job.objects.count() == 0


def test_shop_is_noted_from_a_positional_argument(now):
    assert enqueue(note_for_shop, 7, "a", now=now).shop_id == 7


def test_shop_is_noted_and_handed_to_a_task_that_takes_one(now):
    assert enqueue(note_for_shop, word="a", shop_id=7, now=now).shop_id == 7
    run_due_jobs(now)
    assert sample_tasks.calls == [(7, "a")]


def test_shop_is_only_noted_for_a_task_that_takes_none(now):
    assert enqueue(note_first, "a", shop_id=7, now=now).shop_id == 7
    run_due_jobs(now)
    assert sample_tasks.calls == [("a",)]


def test_same_key_returns_the_waiting_job(now):
    first = enqueue(note, "a", unique_key="k", now=now)
    second = enqueue(note, "b", unique_key="k", now=now)
    assert second.pk == first.pk
    assert Job.objects.count() == 1
    run_due_jobs(now)
    assert sample_tasks.calls == [("a",)]


def test_key_is_free_again_when_the_job_is_done(now):
    enqueue(note, "a", unique_key="k", now=now)
    run_due_jobs(now)
    enqueue(note, "b", unique_key="k", now=now)
    run_due_jobs(now)
    assert sample_tasks.calls == [("a",), ("b",)]


def test_job_enqueued_while_its_key_runs_waits_for_it(now):
    first = enqueue(note, "a", unique_key="k", now=now)
    running = claim_next(token="t1", now=now)
    second = enqueue(note, "b", unique_key="k", now=now)
    assert running.job_id == first.pk != second.pk
    assert claim_next(token="t2", now=now) is None


def test_tasks_api_enqueues_and_finds_the_result_again():
    result = note.using(priority=5).enqueue("a")
    assert result.status == TaskResultStatus.READY
    job = Job.objects.get()
    assert (result.id, job.priority, job.args) == (str(job.pk), 5, ["a"])
    run_due_jobs(job.enqueued_at)
    result.refresh()
    assert result.status == TaskResultStatus.SUCCESSFUL


def test_tasks_api_runs_after_the_given_moment(now):
    later = now + timedelta(hours=1)
    note.using(run_after=later).enqueue("a")
    assert Job.objects.get().run_at == later


def test_registry_lists_every_task_once():
    paths = [task.module_path for task in registry.all_tasks()]
    assert "tests.plumbing.jobs.sample_tasks.note" in paths
    assert paths == sorted(set(paths))
