"""The upkeep of the jobs themselves: rows that nobody needs any more are deleted."""

from datetime import datetime, timedelta

from anshin.plumbing import clock
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.registry import task
from anshin.plumbing.jobs.terms import State

KEEP_DONE = timedelta(days=3)
KEEP_DROPPED = timedelta(days=30)
PORTION = 1000


@task(queue_name="upkeep", priority=-10)
def prune() -> None:
    """Delete jobs that were done or dropped long ago. Stuck jobs stay until a person acts."""
    now = clock.now()
    delete_finished(State.DONE, before=now - KEEP_DONE)
    delete_finished(State.DROPPED, before=now - KEEP_DROPPED)


def delete_finished(state: State, *, before: datetime) -> int:
    """Delete jobs in this state that ended before the moment, in portions so that others can write."""
    deleted = 0
    while keys := list(
        Job.objects.filter(state=state, finished_at__lt=before).order_by("id").values_list("pk", flat=True)[:PORTION]
    ):
        deleted += Job.objects.filter(pk__in=keys).delete()[0]
    return deleted
