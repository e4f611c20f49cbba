"""Takes in a list of stock: every product that stands in it has that much at this moment.

A list is small and says only how things are now, so it is read at once and not kept; the next one takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce import events
from anshin.commerce.models import Product, Stock
from anshin.commerce.ports import IncomingStock, NotAnOrderFile, RowsRefused, stock_files
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

LARGEST_STOCK_BYTES: Final = 20 * 1024 * 1024
MOST_REASONS: Final = 100
_PORTION: Final = 500


class StockRefused(Refused):
    """The list cannot be read; `str(error)` is a sentence for the person who brought it."""


@dataclass(slots=True)
class StockTaken:
    """What a list said. `refused`: (row as a spreadsheet counts it, reason), the first MOST_REASONS."""

    changed: int = 0
    same: int = 0
    rows_refused: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, row: int, reason: str) -> None:
        self.rows_refused += 1
        if len(self.refused) < MOST_REASONS:
            self.refused.append((row, reason))


@transaction.atomic
def take_in_stock(*, shop: Shop, content: bytes, by: Membership | None, now: datetime) -> StockTaken:
    """Everything that can be read, with what cannot: four queries for each 500 rows, all in one transaction.

    A number that no order has told yet becomes a product where the list names it. `by` is None only on the command
    line. Raises NotAllowed, StockRefused.
    """
    if by is not None:
        require(by, Permission.IMPORT)
        if by.shop_id != shop.pk:
            raise StockRefused(_("This list does not belong to the shop."))
    if len(content) > LARGEST_STOCK_BYTES:
        raise StockRefused(
            _("The list is larger than %(mb)s MB. Leave out columns that are not needed.")
            % {"mb": LARGEST_STOCK_BYTES // 1024 // 1024}
        )
    taken, seen = StockTaken(), set[str]()
    try:
        told = _once(stock_files.get().rows(content), seen, taken)
        while portion := list(islice(told, _PORTION)):
            _take_in(shop, portion, taken, now)
    except NotAnOrderFile as error:
        raise StockRefused(str(error)) from error
    if not seen and not taken.rows_refused:
        raise StockRefused(_("The list has headings but no rows below them."))
    fact = events.StockTold(products_changed=taken.changed, products_same=taken.same, rows_refused=taken.rows_refused)
    record(fact, shop_id=shop.pk, by=shops.actor(by) if by else Actor.system("import"), now=now)
    return taken


def _once(rows: Iterator[IncomingStock | RowsRefused], seen: set[str], taken: StockTaken) -> Iterator[IncomingStock]:
    """The rows that can be taken in: readable, and each product once."""
    for row in rows:
        if isinstance(row, RowsRefused):
            taken.refuse(row.rows[0].number, row.reason)
        elif row.sku in seen:
            taken.refuse(
                row.row.number, _("%(sku)s stands in the list twice; the first row counts.") % {"sku": row.sku}
            )
        else:
            seen.add(row.sku)
            yield row


def _take_in(shop: Shop, portion: Sequence[IncomingStock], taken: StockTaken, now: datetime) -> None:
    products = _products(shop, portion)
    former = {row.product_id: row for row in Stock.objects.filter(shop=shop, product__in=products.values())}
    rows = []
    for told in portion:
        product = products.get(told.sku)
        if product is None:
            reason = _("The shop has no product %(sku)s, and the list does not name it.") % {"sku": told.sku}
            taken.refuse(told.row.number, reason)
            continue
        known = former.get(product.pk)
        is_same = known is not None and (known.quantity, known.next_on) == (told.quantity, told.next_on)
        taken.same += is_same
        taken.changed += not is_same
        rows.append(Stock(shop=shop, product=product, quantity=told.quantity, next_on=told.next_on, told_at=now))
    Stock.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["shop", "product"],
        update_fields=["quantity", "next_on", "told_at"],
    )


def _products(shop: Shop, portion: Sequence[IncomingStock]) -> dict[str, Product]:
    """By number; what the shop did not know yet is written down where it has a name."""
    wanted = {told.sku: told for told in portion}
    known = {product.sku: product for product in Product.objects.filter(shop=shop, sku__in=wanted)}
    fresh = [
        Product(shop=shop, sku=told.sku, name=told.name, variant=told.variant)
        for sku, told in wanted.items()
        if sku not in known and told.name
    ]
    if fresh:
        Product.objects.bulk_create(fresh, ignore_conflicts=True)
        known = {product.sku: product for product in Product.objects.filter(shop=shop, sku__in=wanted)}
    return known
