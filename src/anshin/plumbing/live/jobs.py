"""Upkeep of the live pages' tables."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.plumbing.live import actions


@task(queue_name="upkeep")
def prune() -> None:
    """Forget live events and presences older than an hour; safe to run at any time."""
    actions.prune(now=clock.now())
