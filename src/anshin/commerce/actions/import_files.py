"""Order files after their import: kept for a month for whoever mends refused rows, struck and erased before that.

An order file holds names, addresses and the remarks that buyers wrote, card numbers among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from anshin.commerce.models import ContactPoint, Order, OrderImport, RefusedRow
from anshin.commerce.terms import ImportState
from anshin.plumbing.files import removal
from anshin.plumbing.files.store import BlobDamaged, keep, read_bytes
from anshin.plumbing.mail.file_words import words_in_file

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop

KEPT_FOR: Final = timedelta(days=30)
AT_ONCE: Final = 50
_SHORTEST_SOUGHT: Final = 4
_UNFINISHED = (ImportState.MAPPING, ImportState.READY)


def remove_old_files(*, now: datetime) -> int:
    """Let go of every order file of a month ago, with the rows that were refused, in all shops; how many files.

    An import that nobody started ends with it. One that runs keeps its file.
    """
    count = 0
    while portion := _remove_some(now):
        count += portion
    return count


def import_files(shop: Shop) -> Iterator[OrderImport]:
    """The imports of the shop whose files are still there, the oldest first."""
    yield from OrderImport.objects.filter(shop=shop, file__isnull=False).select_related("file").order_by("id")


def refused_rows_with(shop: Shop, is_in: Callable[[str], object]) -> Iterator[RefusedRow]:
    """The refused rows of the shop in whose cells or reason `is_in` finds something."""
    rows = RefusedRow.objects.filter(order_import__shop=shop).select_related("order_import").order_by("id")
    for row in rows.iterator(chunk_size=500):
        if any(is_in(str(cell)) for cell in [*row.cells, row.reason]):
            yield row


def rewrite_import_file(run: OrderImport, content: bytes, *, now: datetime) -> list[int]:
    """Put this in the file's place; the content (blob id) that was there. Inside a transaction."""
    former, run.file = run.file_id, keep(run.shop_id, content, now=now)
    run.save(update_fields=["file"])
    return [former] if former else []


def rewrite_refused_row(row: RefusedRow, cells: list[str], reason: str) -> None:
    """Put these in the row's place. Inside a transaction."""
    row.cells, row.reason = cells, reason
    row.save(update_fields=["cells", "reason"])


def forget_in_files(*, shop: Shop, customer: Customer) -> list[int]:
    """Let go of the files of ended imports that name this customer, with their refused rows; the contents (blob ids).

    Called while the customer's orders and addresses are still known. Inside a transaction.
    """
    sought = _names_of(shop, customer)
    freed: list[int] = []
    for run in OrderImport.objects.filter(shop=shop, file__isnull=False).exclude(state__in=_UNFINISHED):
        if run.state != ImportState.RUNNING and _names(run, sought):
            freed += _without_file(run)
    return freed


def _remove_some(now: datetime) -> int:
    with removal.without_traces(), transaction.atomic():
        runs = list(_old(now).select_for_update(of=("self",)).select_related("shop").order_by("id")[:AT_ONCE])
        for run in runs:
            freed = _without_file(run)
            removal.let_go(freed, shop_id=run.shop_id, now=now)
    return len(runs)


def _old(now: datetime) -> QuerySet[OrderImport]:
    ended = Q(finished_at__lt=now - KEPT_FOR)
    never_run = Q(finished_at=None, created_at__lt=now - KEPT_FOR) & ~Q(state=ImportState.RUNNING)
    return OrderImport.objects.filter(ended | never_run, file__isnull=False)


def _without_file(run: OrderImport) -> list[int]:
    freed = [run.file_id] if run.file_id else []
    run.file = None
    if run.state in _UNFINISHED:
        run.state = ImportState.REFUSED
        run.refusal = _("This import was not started for a month, so its file was removed. Bring the file again.")
    run.save(update_fields=["file", "state", "refusal"])
    run.refused_rows.all().delete()
    return freed


def _names_of(shop: Shop, customer: Customer) -> tuple[str, ...]:
    orders = Order.objects.filter(shop=shop, customer=customer).values_list("number", "recipient_name")
    contacts = ContactPoint.objects.filter(shop=shop, customer=customer).values_list("value", flat=True)
    said = {customer.name, *contacts, *(word for pair in orders for word in pair)}
    return tuple(word.lower() for word in said if len(word) >= _SHORTEST_SOUGHT)


def _names(run: OrderImport, sought: tuple[str, ...]) -> bool:
    try:
        content = read_bytes(run.file) if run.file else b""
    except BlobDamaged:
        return True
    return any(word in text.lower() for text in words_in_file(content, run.file_name) for word in sought)
