"""What customers asked for in the past, as far as another policy can be tried on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.returns.models import ReturnLine
from anshin.returns.queries.policies import closed_days, days_of_parcels
from anshin.returns.rules.policy_judging import Asked
from anshin.returns.rules.policy_simulation import Comparison, Past, compare
from anshin.returns.rules.policy_window import day_of

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.returns.rules.policy_content import PolicyContent
    from anshin.shops.models import Shop

MOST = 2000
"""Lines that one try looks at, the newest."""
CAME_AGAIN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Trial:
    """The comparison, and how many lines were left out because there are more than MOST."""

    comparison: Comparison
    left_out: int


def past_requests(shop: Shop, *, since: datetime) -> list[Past]:
    """Lines that somebody asked to send back since a moment, newest first, at most MOST.

    `cost_yen` is the price of the goods. Five queries: lines, photos, parcels, customers' orders, and no more.
    """
    zone = ZoneInfo(shop.zone)
    lines = (
        ReturnLine.objects.filter(shop=shop, returned__asked_at__gte=since)
        .select_related("returned", "product", "order__customer")
        .prefetch_related("order__shipments", "order__customer__orders", "returned__photos")
        .order_by("-id")
    )
    return [_past(line, zone) for line in lines[:MOST]]


def try_on_the_past(shop: Shop, *, before: PolicyContent | None, after: PolicyContent, since: datetime) -> Trial:
    """What `after` would have decided otherwise than `before` about what was asked since a moment."""
    past = past_requests(shop, since=since)
    count = ReturnLine.objects.filter(shop=shop, returned__asked_at__gte=since).count() if len(past) == MOST else 0
    moves = after.moves_on_holiday or (before is not None and before.moves_on_holiday)
    is_closed = closed_days(shop) if moves else None
    return Trial(compare(before, after, past, is_closed=is_closed), max(count - MOST, 0))


def _past(line: ReturnLine, zone: ZoneInfo) -> Past:
    order, asked_at = line.order, line.returned.asked_at
    shipped_on, delivered_on = days_of_parcels(order.shipments.all(), zone)
    needed = set(line.product.accessories) if line.product else set()
    asked = Asked(
        reason=line.reason,
        condition=line.condition,
        ordered_on=day_of(order.ordered_at, zone),
        asked_on=day_of(asked_at, zone),
        shipped_on=shipped_on,
        delivered_on=delivered_on,
        sku=line.sku,
        tags=tuple(line.product.tags) if line.product else (),
        channel=order.channel,
        amount_yen=line.quantity * line.unit_price_yen,
        is_gift=order.is_gift,
        has_photos=bool(line.returned.photos.all()),
        accessories_kept=needed <= set(line.accessories_kept),
    )
    return Past(asked, line.quantity * line.unit_price_yen, _bought_again(order.customer, asked_at))


def _bought_again(customer: Customer, since: datetime) -> int:
    orders: Iterable[tuple[datetime, int]] = (
        (each.ordered_at, each.total_yen) for each in customer.orders.all() if each.cancelled_at is None
    )
    return sum(total for at, total in orders if since < at <= since + CAME_AGAIN)
