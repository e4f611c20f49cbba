"""Upkeep of the kept files, called by the timetable."""

from anshin.plumbing import clock
from anshin.plumbing.files import removal, upkeep
from anshin.plumbing.jobs.registry import task


@task(queue_name="upkeep")
def remove_leftovers() -> None:
    """Remove unfinished files and contents that no row refers to, a day later; safe to run at any time."""
    upkeep.remove_leftovers(now=clock.now())


@task(queue_name="upkeep")
def remove_contents(hashes: list[str]) -> None:
    """Remove struck or erased contents from the disk, and the database's log of them; safe to run at any time."""
    removal.remove_contents(hashes)
    removal.empty_the_log()
