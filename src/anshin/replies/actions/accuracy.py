"""Holds the sums and days that a reply states against the case's orders: a wrong one does not leave (requirement 140).

What is not known is held against nobody: no day of dispatch, no claim about it is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from anshin.cases.ports import Objection
from anshin.cases.queries import orders_of_case
from anshin.commerce.queries import OrderParts, order_parts, refund_sums
from anshin.language.claims import Claim, Stated, claims_in
from anshin.language.written import LETTER_LANGUAGES, written_day, written_yen
from anshin.shops.queries import shop_by_id

if TYPE_CHECKING:
    from anshin.commerce.models import Order

WRONG_FACT: Final = "wrong_fact"
_NAMES: Final = {
    Stated.TOTAL: pgettext_lazy("stated", "total"),
    Stated.REFUND: pgettext_lazy("stated", "refund"),
    Stated.ORDERED_ON: pgettext_lazy("stated", "ordered on"),
    Stated.SHIPPED_ON: pgettext_lazy("stated", "sent on"),
    Stated.DELIVERED_ON: pgettext_lazy("stated", "delivered on"),
    Stated.DUE_ON: pgettext_lazy("stated", "to be paid by"),
    Stated.WISHED_ON: pgettext_lazy("stated", "wished for"),
}


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What may be said of one order: sums in whole yen, days in the shop's zone, the likeliest first."""

    number: str
    sums: Mapping[Stated, tuple[int, ...]]
    days: Mapping[Stated, tuple[date, ...]]
    most_back_yen: int

    def denies(self, claim: Claim) -> bool:
        """Whether something is known of what is claimed, and it is something else."""
        if claim.amount_yen is not None:
            known = self.sums.get(claim.what, ())
            if claim.what == Stated.REFUND and not known:
                return claim.amount_yen > self.most_back_yen
            return bool(known) and claim.amount_yen not in known
        days = self.days.get(claim.what, ())
        if not days or any(claim.is_on(day) for day in days):
            return False
        return not self._is_later_parcel(claim)

    def right_value(self, claim: Claim) -> str:
        """What is right, written for the reader; "" where several things may be."""
        language = get_language() or "ja"
        language = language if language in LETTER_LANGUAGES else "en"
        sums, days = self.sums.get(claim.what, ()), self.days.get(claim.what, ())
        if claim.amount_yen is not None:
            return written_yen(sums[0], language) if sums else ""
        return written_day(days[0], language) if days else ""

    def _is_later_parcel(self, claim: Claim) -> bool:
        """A dispatch or delivery after the order had arrived is that of something else: sent again, exchanged."""
        arrived = max(self.days.get(Stated.DELIVERED_ON, ()), default=None)
        if arrived is None or claim.what not in {Stated.SHIPPED_ON, Stated.DELIVERED_ON}:
            return False
        return (claim.year or arrived.year, claim.month, claim.day) > (arrived.year, arrived.month, arrived.day)


def inaccuracies(shop_id: int, case_id: int, text: str) -> tuple[Objection, ...]:
    """What the text states and every order of the case denies. No query for a text that states nothing, else four."""
    claims = claims_in(text)
    orders = orders_of_case(case_id) if claims else []
    if not orders:
        return ()
    shop = shop_by_id(shop_id)
    ids = [order.pk for order in orders]
    parts, refunded = order_parts(shop, ids), refund_sums(shop_id, ids)
    facts = [_facts(order, parts[order.pk], refunded.get(order.pk, []), ZoneInfo(shop.zone)) for order in orders]
    return tuple(_objections(claims, facts))


def _objections(claims: Sequence[Claim], facts: Sequence[OrderFacts]) -> Iterator[Objection]:
    for claim in claims:
        if all(fact.denies(claim) for fact in facts):
            yield _objection(claim, facts[0])


def _objection(claim: Claim, fact: OrderFacts) -> Objection:
    right, name = fact.right_value(claim), _NAMES[claim.what]
    if right:
        words = _("“%(passage)s” is not what order %(number)s says: %(name)s %(right)s.")
    else:
        words = _("“%(passage)s” is more than order %(number)s: at most %(most)s can go back.")
    values = {
        "passage": claim.passage,
        "number": fact.number,
        "name": name,
        "right": right,
        "most": written_yen(fact.most_back_yen, "ja" if get_language() == "ja" else "en"),
    }
    instead = claim.passage.replace(claim.value, _as_written(claim, fact), 1) if right else ""
    return Objection(code=WRONG_FACT, passage=claim.passage, words=words % values, instead=instead)


def _as_written(claim: Claim, fact: OrderFacts) -> str:
    """The right value in the way in which the wrong one was written."""
    if claim.amount_yen is not None:
        amount = f"{fact.sums[claim.what][0]:,}"
        mark = next((sign for sign in "¥￥" if claim.value.startswith(sign)), "")
        return f"{mark}{amount}" if mark else amount + claim.value.lstrip("0123456789,０１２３４５６７８９，")
    day = fact.days[claim.what][0]
    if any("a" <= letter <= "z" for letter in claim.value.lower()):
        return f"{day.day} {day:%B} {day.year}" if claim.year else f"{day.day} {day:%B}"
    return f"{day.year}年{day.month}月{day.day}日" if claim.year else f"{day.month}月{day.day}日"


def _facts(order: Order, parts: OrderParts, refunds: list[int], zone: ZoneInfo) -> OrderFacts:
    def on(*moments: datetime | None) -> tuple[date, ...]:
        return tuple(moment.astimezone(zone).date() for moment in moments if moment)

    total = order.total_yen
    goods = sum(line.unit_price_yen * line.quantity for line in parts.lines)
    parts_of_it = (
        total - order.refunded_yen,
        goods,
        goods - order.discount_yen,
        *(p.amount_yen for p in parts.payments),
    )
    return OrderFacts(
        number=order.number,
        sums={
            Stated.TOTAL: tuple(dict.fromkeys((total, *parts_of_it))) if total else (),
            Stated.REFUND: tuple(dict.fromkeys((*refunds, sum(refunds)))) if refunds else (),
        },
        days={
            Stated.ORDERED_ON: on(order.ordered_at),
            Stated.SHIPPED_ON: on(*(parcel.shipped_at for parcel in parts.shipments)),
            Stated.DELIVERED_ON: on(*(parcel.delivered_at for parcel in parts.shipments)),
            Stated.DUE_ON: tuple(paid.due_on for paid in parts.payments if paid.due_on),
            Stated.WISHED_ON: (order.wished_on,) if order.wished_on else (),
        },
        most_back_yen=total + order.expenses_yen,
    )
