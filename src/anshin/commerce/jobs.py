"""Background work of the commerce room: ids in, one action out."""

from anshin.commerce.actions import take_in_file
from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task


@task(queue_name="import")
def run_order_import(import_id: int) -> None:
    """Take in what is left of an order file."""
    take_in_file(import_id=import_id, clock=clock.now)
