"""Which orders an advisory is about, and how each of their buyers hears of it: judged in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from anshin.commerce import queries as commerce
from anshin.plumbing.one_of import one_of
from anshin.returns import queries as returns
from anshin.safety.rules import lots
from anshin.safety.rules.reaching import Sought
from anshin.safety.terms import Standing

if TYPE_CHECKING:
    from anshin.commerce.models import Order, OrderLine
    from anshin.shops.models import Shop


@dataclass(frozen=True, slots=True)
class Meant:
    """The lines that an advisory is about; conditions on them: the lot is known and meant, and it is not known."""

    shop: Shop
    lines: QuerySet[OrderLine]
    known: Q
    unknown: Q


def affected_orders(meant: Meant) -> QuerySet[Order]:
    """Orders with something affected in them, in no order.

    Beside what `commerce.queries.buyers` adds: `quantity` of affected items, `standing` (terms.Standing),
    `is_lot_unknown` (in only by days, although the advisory names lots), `is_lot_known`, and `rank`, the seconds since
    1970 of the purchase.
    """
    return _judged(meant, commerce.buyers(meant.shop).filter(pk__in=meant.lines.values("order_id")))


def judged_orders(meant: Meant, ids: Collection[int]) -> QuerySet[Order]:
    """The same of the orders with these ids, at the cost of these alone, however often the thing was sold; where
    nothing in an order is affected, its `quantity` is None."""
    return _judged(meant, commerce.buyers(meant.shop).filter(pk__in=ids))


def _judged(meant: Meant, orders: QuerySet[Order]) -> QuerySet[Order]:
    of_order = meant.lines.filter(order=OuterRef("pk"))
    summed = of_order.values("order").annotate(all=Sum("quantity")).values("all")
    kept = of_order.values("order").annotate(kept=Sum(F("quantity") - returns.quantity_back())).values("kept")
    has_it = Case(
        When(Exists(returns.something_back()), then=Subquery(kept, output_field=IntegerField())),
        default=Value(1),
        output_field=IntegerField(),
    )
    return orders.annotate(
        quantity=Subquery(summed, output_field=IntegerField()),
        kept=has_it,
        is_lot_unknown=_has_line(meant, meant.unknown),
        is_lot_known=_has_line(meant, meant.known),
        rank=_Seconds(F("ordered_at")),
    ).annotate(standing=_standing())


def _has_line(meant: Meant, condition: Q) -> Q | Value:
    if not condition:
        return Value(False, output_field=BooleanField())
    return Q(Exists(commerce.lines_of(meant.shop).filter(condition, order=OuterRef("pk"))))


def meant_lines(shop: Shop, sought: Sequence[Sought]) -> Meant:
    """Which lines these are. One query for each product with lots, which asks for its different lots; they are compared
    here, since no database reads them as people do."""
    lines = commerce.lines_of(shop)
    meant, known, unknown = Q(pk__in=[]), Q(), Q()
    for each in sought:
        product = commerce.about_products(each.products, each.skus)
        days = _days(each.sold_from, each.sold_to, ZoneInfo(shop.zone))
        if not each.lots:
            meant |= product & days
            continue
        told = lines.filter(product).exclude(lot="").values_list("lot", flat=True).distinct()
        inside, incomparable = _sorted_lots(told, each.lots)
        is_inside = product & one_of("lot", inside)
        is_open = product & days & (Q(lot="") | one_of("lot", incomparable))
        meant |= is_inside | is_open
        known |= is_inside
        unknown |= is_open
    return Meant(shop, lines.filter(meant), known, unknown)


def _standing() -> Case:
    return Case(
        When(Q(cancelled_at__isnull=False, was_shipped=False), then=Value(Standing.CANCELLED)),
        When(kept__lte=0, then=Value(Standing.RETURNED)),
        When(has_mail=True, then=Value(Standing.BY_MAIL)),
        When(has_phone=True, then=Value(Standing.BY_PHONE)),
        When(has_letter=True, then=Value(Standing.BY_LETTER)),
        default=Value(Standing.UNREACHABLE),
        output_field=CharField(),
    )


def _sorted_lots(told: Iterable[str], ranges: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    inside: list[str] = []
    incomparable: list[str] = []
    for lot in told:
        fits = lots.fits(lot, ranges)
        if fits is None:
            incomparable.append(lot)
        elif fits:
            inside.append(lot)
    return inside, incomparable


def _days(first: date | None, last: date | None, zone: ZoneInfo) -> Q:
    """Both days belong to it, as the shop counts days."""
    days = Q()
    if first:
        days &= Q(order__ordered_at__gte=datetime.combine(first, time(), zone))
    if last:
        days &= Q(order__ordered_at__lt=datetime.combine(last + timedelta(days=1), time(), zone))
    return days


class _Seconds(Func):
    """A moment as whole seconds since 1970, cut off and not rounded, as Python's int does it."""

    output_field = BigIntegerField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "floor(extract(epoch FROM %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **context)
