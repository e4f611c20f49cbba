"""Background work of the replies room."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.replies.actions import promises, settling


@task(queue_name="upkeep")
def settle_uses() -> None:
    """Count what became of replies written with macros a week ago."""
    settling.settle_uses(now=clock.now())


@task(queue_name="upkeep")
def watch_promises() -> None:
    """Remind of promises whose day has come, and put what is late on top of the inbox."""
    promises.watch_promises(now=clock.now())
