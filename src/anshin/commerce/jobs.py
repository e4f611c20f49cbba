"""Background work of the commerce room: ids in, one action out."""

from anshin.commerce.actions import order_files
from anshin.commerce.models import OrderImport
from anshin.commerce.ports import NotAnOrderFile
from anshin.commerce.terms import ImportState
from anshin.plumbing import clock
from anshin.plumbing.files.store import BlobDamaged
from anshin.plumbing.jobs.registry import task


@task(queue_name="import")
def run_order_import(import_id: int) -> None:
    """Take in what is left of an order file. Killed at any place, it goes on after the last portion that committed."""
    run = OrderImport.objects.select_related("shop", "mapping", "file").get(pk=import_id)
    if run.state != ImportState.RUNNING:
        return
    try:
        for portion in order_files.remaining(run):
            place = run.rows_read
            run = order_files.run_portion(import_id=import_id, items=portion, rows_before=place, now=clock.now())
    except (NotAnOrderFile, BlobDamaged) as error:
        order_files.stop(import_id=import_id, refusal=str(error), now=clock.now())
        return
    order_files.finish(import_id=import_id, now=clock.now())
