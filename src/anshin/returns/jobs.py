"""Background work of the returns room: ids in, one action out."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.returns import actions
from anshin.shops.queries import all_shops


@task(queue_name="default")
def run_bulk(bulk_id: int) -> None:
    """Do for each return of a run what was asked."""
    actions.run_bulk(bulk_id=bulk_id, now=clock.now())


@task(queue_name="default")
def forget_bulk() -> None:
    """Forget printed labels and old runs."""
    actions.forget_bulk(now=clock.now())


@task(queue_name="upkeep")
def remind_of_disputes() -> None:
    """Bring up the cases of disputes whose evidence is due soon, in every shop."""
    for shop in all_shops():
        actions.remind_of_disputes(shop=shop, now=clock.now())


@task(queue_name="upkeep")
def remind_of_parcels() -> None:
    """Remind customers of every shop whose approved returns do not arrive."""
    for shop in all_shops():
        actions.remind_of_parcels(shop=shop, now=clock.now())
