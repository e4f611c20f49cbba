"""Whom an advisory reaches, counted in the database: who bought it, who still has it, and how they hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Prefetch

from anshin.commerce import queries as commerce
from anshin.commerce.terms import SalesChannel
from anshin.plumbing.planning import room_to_sort
from anshin.safety.models import AffectedProduct, Edition, ProductMatch
from anshin.safety.queries.judging import Meant, affected_orders, meant_lines
from anshin.safety.rules import reaching
from anshin.safety.rules.reaching import Sought
from anshin.safety.terms import MatchState, Standing

if TYPE_CHECKING:
    from anshin.safety.models import Advisory

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
    groups, mails = _counted(meant_lines(advisory.shop, sought))
    matched = matched_products(sought)
    catalogue = commerce.catalogue_size(advisory.shop)
    return Audience(
        groups=groups,
        mails=mails,
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


_COUNTED: Final = """
WITH judged (standing, channel, language, is_gift, is_lot_unknown, customer_id) AS MATERIALIZED ({judged})
SELECT standing, channel, language, is_gift, is_lot_unknown, COUNT(*) FROM judged GROUP BY 1, 2, 3, 4, 5
UNION ALL
SELECT '', '', '', false, false, COUNT(*) FROM (SELECT 1 FROM judged WHERE standing = %s GROUP BY customer_id) AS mails
"""


def _counted(meant: Meant) -> tuple[tuple[Group, ...], int]:
    """The groups, and how many buyers get a mail: one statement, in which each order is judged once for both."""
    columns = ("standing", "channel", "language", "is_gift", "is_lot_unknown", "customer_id")
    try:
        judged, values = affected_orders(meant).values_list(*columns).query.sql_with_params()
    except EmptyResultSet:  # no product is meant
        return (), 0
    with room_to_sort(), connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(judged=judged), [*values, Standing.BY_MAIL])
        found = cursor.fetchall()
    mails = sum(row[-1] for row in found if not row[0])
    groups = (
        Group(Standing(standing), sales_channel, language, bool(is_gift), bool(is_lot_unknown), orders)
        for standing, sales_channel, language, is_gift, is_lot_unknown, orders in found
        if standing
    )
    return tuple(groups), mails


def affected_pieces(advisory: Advisory, order_ids: Sequence[int]) -> list[tuple[int, int, int]]:
    """Order, position and quantity of the lines of these orders that the public advisory is about."""
    edition = Edition.objects.filter(advisory=advisory, live_at__isnull=False).order_by("-id").first()
    if edition is None:
        return []
    lines = meant_lines(advisory.shop, reaching.from_json(edition.reach)).lines
    found = lines.filter(order__in=list(order_ids)).order_by("order_id", "position")
    return list(found.values_list("order_id", "position", "quantity"))
