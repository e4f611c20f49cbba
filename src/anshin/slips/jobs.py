"""Background work of the slips room."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.slips.actions import remove_old_files


@task(queue_name="upkeep")
def remove_slip_files() -> None:
    """Let go of slip files that were written or read a month ago."""
    remove_old_files(now=clock.now())
