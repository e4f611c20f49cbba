"""The upkeep of the search index."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.jobs.registry import task
from anshin.plumbing.search import purging, renewing

_PORTIONS = 10


@task(queue_name="search", priority=-10)
def purge() -> None:
    """Leave nothing of what was erased in the index's own pages."""
    purging.purge()


@task(queue_name="search", priority=-10)
def renew_shops() -> None:
    """Have the older documents of every shop renewed that lack tokens: after an upgrade, until it is through."""
    for shop_id in renewing.shops_to_renew():
        enqueue(renew, shop_id=shop_id, unique_key=f"search.renew:{shop_id}", now=clock.now())


@task(queue_name="search", priority=-10)
def renew(shop_id: int) -> None:
    """Renew some documents of a shop, and leave the rest to a job after this one, so that others get their turn."""
    for _portion in range(_PORTIONS):
        if not renewing.renew(shop_id):
            return
    enqueue(renew, shop_id=shop_id, unique_key=f"search.renew:{shop_id}", now=clock.now())
