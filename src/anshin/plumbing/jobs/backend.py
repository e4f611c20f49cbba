"""The backend of Django's Tasks API that keeps jobs as rows of our own database."""

from collections.abc import Mapping, Sequence
from typing import Any

from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist

from anshin.plumbing import clock
from anshin.plumbing.jobs import registry
from anshin.plumbing.jobs.terms import State

STATUS = {
    State.WAITING: TaskResultStatus.READY,
    State.RUNNING: TaskResultStatus.RUNNING,
    State.STUCK: TaskResultStatus.FAILED,
    State.DONE: TaskResultStatus.SUCCESSFUL,
    State.DROPPED: TaskResultStatus.FAILED,
}


class JobRows(BaseTaskBackend):
    """Enqueues on the caller's connection, in the caller's transaction. A result carries no return value.

    OPTIONS: {"AT_ONCE": {queue: how many jobs of it may run at the same time, over all workers}}.
    """

    task_class = registry.JobTask
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = True

    @property
    def at_once(self) -> dict[str, int]:
        return dict(self.options.get("AT_ONCE", {}))

    def enqueue(self, task: Task, args: Sequence[Any], kwargs: Mapping[str, Any]) -> TaskResult:
        from anshin.plumbing.jobs import queue

        self.validate_task(task)
        job = queue.enqueue(task, *args, now=clock.now(), **kwargs)
        return result_of(job, backend=self.alias)

    def get_result(self, result_id: str) -> TaskResult:
        """Raises TaskResultDoesNotExist for an unknown or pruned job."""
        from anshin.plumbing.jobs.models import Job

        try:
            job = Job.objects.get(pk=int(result_id))
        except (Job.DoesNotExist, ValueError) as error:
            raise TaskResultDoesNotExist(result_id) from error
        return result_of(job, backend=self.alias)


def limits_of_settings() -> dict[str, int]:
    """How many jobs of a queue may run at the same time, as settings.TASKS says; other queues have no limit."""
    backend = task_backends[DEFAULT_TASK_BACKEND_ALIAS]
    return backend.at_once if isinstance(backend, JobRows) else {}


def result_of(job: Any, *, backend: str = "default") -> TaskResult:
    """A Job row in the words of the Tasks API."""
    return TaskResult(
        task=registry.find(job.task),
        id=str(job.pk),
        status=STATUS[State(job.state)],
        enqueued_at=job.enqueued_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        last_attempted_at=job.started_at,
        args=job.args,
        kwargs=job.kwargs,
        backend=backend,
        errors=[],
        worker_ids=[job.claimed_by] * job.attempts,
    )
