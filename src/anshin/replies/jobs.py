"""Background work of the replies room."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.replies.actions import settling


@task(queue_name="upkeep")
def settle_uses() -> None:
    """Count what became of replies written with macros a week ago."""
    settling.settle_uses(now=clock.now())
