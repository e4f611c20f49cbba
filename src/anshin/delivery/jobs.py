"""Background work of the delivery room: ids in, one action out."""

from datetime import timedelta

from anshin.delivery.actions import remove_old_packing_files, take_in_packing_file
from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task

KEPT_FOR = timedelta(days=30)


@task(queue_name="import")
def run_packing_import(import_id: int) -> None:
    """Take in what is left of a file of packing records."""
    take_in_packing_file(import_id=import_id, clock=clock.now)


@task(queue_name="upkeep")
def remove_packing_files() -> None:
    """Let go of files of packing records that were imported a month ago."""
    now = clock.now()
    remove_old_packing_files(before=now - KEPT_FOR, now=now)
