"""Whom an advisory reaches, counted in the database: who bought it, who still has it, and how they hear of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from anshin.commerce import queries as commerce
from anshin.commerce.terms import SalesChannel
from anshin.returns import queries as returns
from anshin.safety.models import AffectedProduct, Edition, ProductMatch
from anshin.safety.rules import lots, reaching
from anshin.safety.rules.reaching import Sought
from anshin.safety.terms import MatchState, Standing

if TYPE_CHECKING:
    from anshin.commerce.models import Order, OrderLine
    from anshin.safety.models import Advisory
    from anshin.shops.models import Shop

MARKETPLACES = (SalesChannel.RAKUTEN, SalesChannel.YAHOO, SalesChannel.AMAZON)


@dataclass(frozen=True, slots=True)
class Group:
    """Orders that are alike, and how many."""

    standing: Standing
    sales_channel: str
    language: str
    is_gift: bool
    is_lot_unknown: bool
    orders: int


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an advisory reaches. `mails`: addresses, however many orders each has. `asks_twice`: the matches reach half
    of the catalogue and nobody has said yes a second time."""

    groups: tuple[Group, ...]
    mails: int
    matched_products: int
    catalogue: int
    asks_twice: bool

    def orders(self, *standings: Standing) -> int:
        """Orders of these standings; of all without any."""
        return self._sum(each for each in self.groups if not standings or each.standing in standings)

    @property
    def told(self) -> int:
        """Orders whose buyers have to be told, on whatever way."""
        return self._sum(each for each in self.groups if each.standing.is_told)

    @property
    def by_standing(self) -> dict[Standing, int]:
        """Every standing with its orders, in the order of terms."""
        return {standing: self.orders(standing) for standing in Standing}

    @property
    def by_language(self) -> dict[str, int]:
        """Language to orders of those to be told, most first."""
        return self._told_by("language")

    @property
    def by_sales_channel(self) -> dict[str, int]:
        """Sales channel to orders of those to be told, most first."""
        return self._told_by("sales_channel")

    @property
    def gifts(self) -> int:
        """Orders to be told that went to somebody else: the buyer is asked to pass it on."""
        return self._sum(each for each in self.groups if each.is_gift and each.standing.is_told)

    @property
    def lot_unknown(self) -> int:
        """Orders that are in only because nobody knows which lot was sent."""
        return self._sum(each for each in self.groups if each.is_lot_unknown and each.standing.is_told)

    @property
    def marketplace_without_mail(self) -> int:
        """Orders of marketplaces to be told for which no mail address is known."""
        return self._sum(
            each
            for each in self.groups
            if each.sales_channel in MARKETPLACES and each.standing.is_told and each.standing != Standing.BY_MAIL
        )

    def _told_by(self, name: str) -> dict[str, int]:
        sums: dict[str, int] = {}
        for each in self.groups:
            if each.standing.is_told:
                sums[getattr(each, name)] = sums.get(getattr(each, name), 0) + each.orders
        return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))

    @staticmethod
    def _sum(groups: Iterable[Group]) -> int:
        return sum(each.orders for each in groups)


def sought_by(advisory: Advisory) -> tuple[Sought, ...]:
    """Which lines the advisory is about as it stands now: the products that a person confirmed. Two queries."""
    confirmed = ProductMatch.objects.filter(state=MatchState.CONFIRMED).select_related("product")
    rows = AffectedProduct.objects.filter(advisory=advisory).order_by("position")
    return tuple(
        Sought(
            products=tuple(match.product_id for match in row.matches.all()),
            skus=tuple(dict.fromkeys(match.product.sku for match in row.matches.all())),
            lots=tuple((start, end) for start, end in row.lots),
            sold_from=row.sold_from,
            sold_to=row.sold_to,
        )
        for row in rows.prefetch_related(Prefetch("matches", queryset=confirmed))
    )


def audience(advisory: Advisory) -> Audience:
    """The exact audience of an advisory as it stands now; whoever asks has shown that they may (`actions.look`)."""
    sought = sought_by(advisory)
    found: Any = affected_orders(meant_lines(advisory.shop, sought))  # Any: what was added is unknown to the checker
    counted = found.values("standing", "channel", "language", "is_gift", "is_lot_unknown")
    rows = counted.annotate(orders=Count("pk"))
    groups = tuple(
        Group(
            standing=Standing(row["standing"]),
            sales_channel=row["channel"],
            language=row["language"],
            is_gift=row["is_gift"],
            is_lot_unknown=bool(row["is_lot_unknown"]),
            orders=row["orders"],
        )
        for row in rows
    )
    by_mail = found.filter(standing=Standing.BY_MAIL)
    matched = matched_products(sought)
    catalogue = commerce.catalogue_size(advisory.shop)
    return Audience(
        groups=groups,
        mails=by_mail.aggregate(mails=Count("customer_id", distinct=True))["mails"],
        matched_products=matched,
        catalogue=catalogue,
        asks_twice=reaching.must_ask_again(matched=matched, catalogue=catalogue, said_yes_to=advisory.wide_yes_to),
    )


def is_asked_twice(advisory: Advisory) -> bool:
    """Whether a person still has to say a second time that half of the catalogue is meant. Three queries at most."""
    matched = matched_products(sought_by(advisory))
    if matched < reaching.FEW_PRODUCTS:
        return False
    catalogue = commerce.catalogue_size(advisory.shop)
    return reaching.must_ask_again(matched=matched, catalogue=catalogue, said_yes_to=advisory.wide_yes_to)


def matched_products(sought: Iterable[Sought]) -> int:
    """How many products of the shop these are."""
    return len({product for each in sought for product in each.products})


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
    `is_lot_unknown` (in only by days, although the advisory names lots) and `is_lot_known`.
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
    never = Value(False, output_field=BooleanField())
    return orders.annotate(
        quantity=Subquery(summed, output_field=IntegerField()),
        kept=has_it,
        is_lot_unknown=Q(Exists(of_order.filter(meant.unknown))) if meant.unknown else never,
        is_lot_known=Q(Exists(of_order.filter(meant.known))) if meant.known else never,
    ).annotate(standing=_standing())


def affected_pieces(advisory: Advisory, order_ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """Order, position and quantity of the lines of these orders that the public advisory is about."""
    edition = Edition.objects.filter(advisory=advisory, live_at__isnull=False).order_by("-id").first()
    if edition is None:
        return []
    lines = meant_lines(advisory.shop, reaching.from_json(edition.reach)).lines
    found = lines.filter(order__in=list(order_ids)).order_by("order_id", "position")
    return list(found.values_list("order_id", "position", "quantity"))


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
        is_inside = product & _one_of("lot", inside)
        is_open = product & days & (Q(lot="") | _one_of("lot", incomparable))
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


class _OneOf(Func):
    """Whether a text is one of many, handed over as one JSON array: serial numbers go into the hundred thousands."""

    output_field = BooleanField()
    conditional = True
    arity = 2

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(%(expressions)s)))"
        return self.as_sql(
            compiler, connection, template=template, arg_joiner=" IN (SELECT value FROM json_each(", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        joiner = " IN (SELECT jsonb_array_elements_text("
        return self.as_sql(compiler, connection, template="(%(expressions)s::jsonb)))", arg_joiner=joiner, **context)


def _one_of(name: str, values: Sequence[str]) -> Q:
    if not values:
        return Q(pk__in=[])
    return Q(_OneOf(F(name), Value(json.dumps(values, ensure_ascii=False), output_field=CharField())))
