"""What the shop has of its products, with the moment at which it was told; and which of them a message means."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from anshin.commerce.models import OrderLine, Stock
from anshin.commerce.queries.naming import MOST_LOOKED_AT, SaidWords
from anshin.commerce.queries.products import products_like
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop

FRESH_FOR: Final = timedelta(hours=26)
"""Stock told longer ago is not present any more; a shop that gives a list once a day may be two hours late."""
MOST_MEANT: Final = 6
_MOST_NAMED: Final = 200
"""Products that fit by name, of which the variant then chooses."""
_NAMES: Final = ("product__sku", "product__name", "product__name_en")


@dataclass(frozen=True, slots=True)
class StockFact:
    """How much of a product there is. `next_on`: when more is expected, None when nobody said."""

    product_id: int
    sku: str
    name: str
    name_en: str
    variant: str
    quantity: int
    next_on: date | None
    told_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may still be called the present stock."""
        return now - self.told_at <= FRESH_FOR


_COLUMNS = (
    "product_id",
    "product__sku",
    "product__name",
    "product__name_en",
    "product__variant",
    "quantity",
    "next_on",
    "told_at",
)


def stock_meant(shop: Shop, text: str, order_ids: Collection[int]) -> list[StockFact]:
    """The stock of what a message names by number or name, else of what was ordered; at most MOST_MEANT.

    At most two queries. Names are sought among MOST_LOOKED_AT products. The variant that is named, too, comes first.
    """
    said = SaidWords(text)
    rows = Stock.objects.filter(shop=shop).order_by("product_id").values_list("product_id", *_NAMES)[:MOST_LOOKED_AT]
    named = [product_id for product_id, sku, *names in rows if _is_said(sku, names, said)]
    facts = sorted(_of(shop, named[:_MOST_NAMED], most=_MOST_NAMED), key=lambda each: each.product_id)
    found = [(each, _variant_said(each, said)) for each in facts]
    if found:
        if any(score for _each, score in found):
            found = [(each, score) for each, score in found if score or not each.variant]
        return [each for each, _score in sorted(found, key=lambda pair: -pair[1])][:MOST_MEANT]
    lines = OrderLine.objects.filter(shop=shop, order_id__in=order_ids, product__isnull=False) if order_ids else None
    return _of(shop, lines.values_list("product_id", flat=True)) if lines is not None else []


def stock_like(shop: Shop, asked: str) -> list[StockFact]:
    """The stock of products whose name or number holds every word asked for. Two queries."""
    found = products_like(shop, asked)
    return _of(shop, [product.pk for product in found], most=len(found)) if found else []


def stock_page(shop: Shop, *, cursor: str = "", size: int = 50) -> Page[Stock]:
    """One page of everything that was told, with the products: one query. Raises BadCursor."""
    found = Stock.objects.filter(shop=shop).select_related("product")
    return page_of(found, order=("product_id",), size=size, cursor=cursor)


def stock_told_at(shop: Shop) -> datetime | None:
    """When a list was last taken in. One query."""
    return Stock.objects.filter(shop=shop).order_by("-told_at").values_list("told_at", flat=True).first()


def _of(shop: Shop, product_ids: Iterable[int], *, most: int = MOST_MEANT) -> list[StockFact]:
    rows = Stock.objects.filter(shop=shop, product__in=product_ids).order_by("product__name", "product_id")
    return [_fact(row) for row in rows.values_list(*_COLUMNS)[:most]]


def _fact(row: tuple[object, ...]) -> StockFact:
    return StockFact(*row)  # type: ignore[arg-type]


def _is_said(sku: str, names: Iterable[str], said: SaidWords) -> bool:
    """By its number, or by half of one of its names."""
    return said.has_number(sku) or any(map(said.name_half, names))


def _variant_said(each: StockFact, said: SaidWords) -> int:
    """How many words of the variant stand there; its number counts as all of them."""
    if said.has_number(each.sku):
        return 99
    return sum(1 for word in each.variant.replace("　", " ").replace("・", " ").split() if said.has_word(word))
