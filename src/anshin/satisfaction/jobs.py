"""Background work of the satisfaction room: ids in, one action out."""

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.satisfaction import actions
from anshin.shops.queries import all_shops


@task(queue_name="mail_out")
def ask(case_id: int, shop_id: int) -> None:
    """Ask one customer how it was."""
    actions.ask(shop=all_shops().get(pk=shop_id), case_id=case_id, now=clock.now())
