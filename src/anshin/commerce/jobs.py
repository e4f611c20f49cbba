"""Background work of the commerce room: ids in, one action out."""

from anshin.commerce.actions import follow_notice as follow
from anshin.commerce.actions import forget_notices as forget
from anshin.commerce.actions import purge_accounts, remove_old_files, take_in_file
from anshin.commerce.actions import send_refund as send
from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.shops.queries import all_shops


@task(queue_name="import")
def run_order_import(import_id: int) -> None:
    """Take in what is left of an order file."""
    take_in_file(import_id=import_id, clock=clock.now)


@task(queue_name="upkeep")
def remove_import_files() -> None:
    """Let go of order files that were imported a month ago."""
    remove_old_files(now=clock.now())


@task(leaves_house=True)
def send_refund(refund_id: int, shop_id: int) -> None:
    """Ask the payment provider to pay one refund back, or what has become of it."""
    send(shop_id=shop_id, refund_id=refund_id, clock=clock.now)


@task(queue_name="upkeep")
def purge_bank_accounts() -> None:
    """Forget bank accounts of customers that are not needed any more, in all shops."""
    for shop in all_shops():
        purge_accounts(shop=shop, now=clock.now())


@task()
def follow_notice(notice_id: int, shop_id: int) -> None:
    """Look up at the payment provider what one of its notices is about."""
    follow(shop_id=shop_id, notice_id=notice_id, clock=clock.now)


@task(queue_name="upkeep")
def forget_notices() -> None:
    """Delete notices of payment providers that were read long ago."""
    forget(now=clock.now())
