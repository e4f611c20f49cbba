"""What commerce says about the money of a return: it is there, it did not get through, or it waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.actions import call_back
from anshin.commerce.queries import refund_by_id
from anshin.commerce.terms import RefundState
from anshin.plumbing.journal.actors import Actor
from anshin.returns.actions import rounds, settling, stepping, telling
from anshin.returns.models import Return, Settlement
from anshin.returns.terms import Axis, MoneyState, WaitsFor
from anshin.shops.queries import shop_by_id

if TYPE_CHECKING:
    from anshin.commerce.models import Refund

COMMERCE = Actor.system("refunds")
_BECOMES = {
    RefundState.ASKED: MoneyState.SECOND,
    RefundState.READY: MoneyState.SENDING,
    RefundState.SENDING: MoneyState.SENDING,
    RefundState.UNSURE: MoneyState.SENDING,
    RefundState.SETTLED: MoneyState.PAID,
    RefundState.FAILED: MoneyState.FAILED,
    RefundState.WITHDRAWN: MoneyState.TO_CONFIRM,
}
_WORST_FIRST = (
    MoneyState.FAILED,
    MoneyState.TO_CONFIRM,
    MoneyState.SECOND,
    MoneyState.SENDING,
    MoneyState.PAID,
)


@transaction.atomic
def follow_refund(*, shop_id: int, refund_id: int, now: datetime) -> Return | None:
    """Make the return's money axis agree with the refunds of its settlements; the same again changes nothing.

    None when the refund is no return's. With the last refund paid the customer is told; one that failed puts the case
    on top of the inbox.
    """
    row = Settlement.objects.filter(shop_id=shop_id, refund=refund_id).first()
    if row is None:
        return None
    returned = stepping.locked_return(shop_id, row.returned_id)
    if row.is_closed:
        return _look_at_closed(returned, refund_id, now)
    refunds = _refunds_of(returned)
    state = _state_of(refunds)
    if state is None or state == returned.money:
        return returned
    why = " ".join(refund.failure for refund in refunds if refund.state == RefundState.FAILED)
    expected_on = settling.latest_day(refunds)
    stepping.step(returned, Axis.MONEY, state, by=COMMERCE, why=why, expected_on=expected_on, now=now)
    if state == MoneyState.PAID:
        total = sum(each.total_yen for each in returned.settlements.filter(is_current=True))
        telling.tell(returned, "paid", amount=f"¥{total:,}", now=now)
    if state == MoneyState.FAILED:
        _call_back(returned, why, now)
    rounds.follow_arrival(returned, by=COMMERCE, now=now)
    return returned


@transaction.atomic
def follow_batch(*, shop_id: int, refund_ids: Collection[int], now: datetime) -> list[Return]:
    """The day of a transfer stands now: returns that wait for this money wait until then. Nothing else changes."""
    rows = Settlement.objects.filter(shop_id=shop_id, refund__in=refund_ids, is_current=True)
    ids = sorted(set(rows.values_list("returned_id", flat=True)))
    moved = []
    for returned in (stepping.locked_return(shop_id, return_id) for return_id in ids):
        expected_on = settling.latest_day(_refunds_of(returned))
        due_at = stepping.due_moment(returned.shop, WaitsFor(returned.waits_for), now, expected_on)
        if returned.waits_for == WaitsFor.PROVIDER and due_at != returned.due_at:
            returned.due_at = due_at
            returned.save(update_fields=["due_at"])
            stepping.announce(returned, now=now)
            moved.append(returned)
    return moved


def _look_at_closed(returned: Return, refund_id: int, now: datetime) -> Return:
    """Money of an earlier part that came back while the rest is being looked at: people hear of it at once."""
    refund = refund_by_id(returned.shop, refund_id)
    if refund is not None and refund.state == RefundState.FAILED:
        _call_back(returned, refund.failure, now)
    return returned


def _refunds_of(returned: Return) -> list[Refund]:
    shop = shop_by_id(returned.shop_id)
    ids = returned.settlements.filter(is_current=True, refund__isnull=False).values_list("refund", flat=True)
    found = (refund_by_id(shop, refund_id) for refund_id in ids if refund_id)
    return [refund for refund in found if refund is not None]


def _state_of(refunds: Iterable[Refund]) -> MoneyState | None:
    """The worst of what they have come to."""
    states = {_BECOMES[RefundState(refund.state)] for refund in refunds}
    return next((state for state in _WORST_FIRST if state in states), None)


def _call_back(returned: Return, why: str, now: datetime) -> None:
    with translation.override("ja"):
        note = _(
            "The refund of %(number)s did not get through. %(why)s Open the return: try again, or pay in another way."
        )
        call_back(
            shop=returned.shop,
            case_id=returned.case_id,
            by=COMMERCE,
            note=note % {"number": returned, "why": why},
            signed=pgettext("room", "Returns"),
            now=now,
        )
