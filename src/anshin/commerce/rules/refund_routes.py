"""Decides in which way money goes back: by how the order was paid, how long ago, and how much of it was paid so.

Sources: PayPay, help for online merchants b423 (365 days), read 2026-11-26; the periods of cards, Amazon Pay and
carrier billing differ by contract and are the usual ones, from general knowledge. A provider that says no earlier makes
the refund fail, and it goes on as a transfer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anshin.commerce.terms import PaymentMethod, RefundWay, RouteReason

REVERSIBLE_DAYS: Mapping[str, int] = {
    PaymentMethod.CARD: 180,
    PaymentMethod.AMAZON_PAY: 120,
    PaymentMethod.PAYPAY: 365,
    PaymentMethod.CARRIER: 60,
    PaymentMethod.OTHER: 60,
}
_CHARGED_WHEN_SHIPPED = frozenset(
    {PaymentMethod.CARD, PaymentMethod.AMAZON_PAY, PaymentMethod.PAYPAY, PaymentMethod.CARRIER, PaymentMethod.OTHER}
)


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid in one way. Units: yen; `back_yen` of it went back that way or is on its way."""

    payment_id: int
    method: str
    amount_yen: int
    paid_on: date
    back_yen: int = 0

    @property
    def left_yen(self) -> int:
        """What can still go back in this way."""
        return max(0, self.amount_yen - self.back_yen)


@dataclass(frozen=True, slots=True)
class Route:
    """In which way, to which payment when it is the original one, and why."""

    way: RefundWay
    why: RouteReason
    method: str = ""
    payment_id: int | None = None


EXPENSES = Route(RefundWay.BANK, RouteReason.LAID_OUT)
"""The way of what a customer laid out: never to the card, which was not charged with it."""


def was_paid(method: str, *, is_told: bool, has_left: bool, has_arrived: bool) -> bool:
    """Whether an order counts as paid in this way.

    `is_told`: a selling system told the day. Else cards and the like are charged when the parcel leaves at the latest,
    and cash on delivery when it arrives; transfers, convenience stores and deferred payments are paid when it is told.
    """
    if is_told:
        return True
    if method == PaymentMethod.CASH_ON_DELIVERY:
        return has_arrived
    return method in _CHARGED_WHEN_SHIPPED and has_left


def route(paid: Sequence[Paid], *, amount_yen: int, today: date) -> Route:
    """The way in which so much goes back. Cash on delivery, transfer, convenience store, deferred: by bank."""
    if not paid:
        return Route(RefundWay.BANK, RouteReason.NOTHING_PAID)
    most = max(paid, key=lambda each: (each.left_yen, -each.payment_id))
    able = [each for each in paid if each.method in REVERSIBLE_DAYS]
    young = [each for each in able if (today - each.paid_on).days <= REVERSIBLE_DAYS[each.method]]
    fitting = [each for each in young if each.left_yen >= amount_yen]
    if fitting:
        best = max(fitting, key=lambda each: (each.left_yen, -each.payment_id))
        return Route(RefundWay.ORIGINAL, RouteReason.REVERSIBLE, best.method, best.payment_id)
    if young:
        return Route(RefundWay.BANK, RouteReason.TOO_SMALL, most.method)
    old = [each for each in able if each.left_yen >= amount_yen]
    if old:
        return Route(RefundWay.BANK, RouteReason.TOO_OLD, old[0].method, old[0].payment_id)
    return Route(RefundWay.BANK, RouteReason.TOO_SMALL if able else RouteReason.NO_WAY_BACK, most.method)


def is_possible(way: str, found: Route) -> bool:
    """Whether money can go in this way at all: to the original one only where that can be taken back."""
    return way != RefundWay.ORIGINAL or found.why in {RouteReason.REVERSIBLE, RouteReason.TOO_OLD}


def needs_reason(way: str, found: Route) -> bool:
    """Whether somebody must say why: for any way that is not the one found, but points may replace a transfer."""
    return way != found.way and not (found.way == RefundWay.BANK and way == RefundWay.POINTS)


def refundable_yen(*, total_yen: int, paid_yen: int, refunded_yen: int, disputed_yen: int = 0) -> int:
    """How much may still go back: never more than the order's total, never more than was paid and the customer's bank
    has not taken or claimed."""
    return max(0, min(total_yen, paid_yen) - refunded_yen - disputed_yen)
