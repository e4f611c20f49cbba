"""What commerce says about the money of a return: it is there, it did not get through, or it waits."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.actions import call_back
from anshin.commerce.terms import RefundState
from anshin.plumbing.journal.actors import Actor
from anshin.returns.actions import counting, rounds, settling, stepping, telling
from anshin.returns.models import Return, Settlement
from anshin.returns.terms import Axis, MoneyState, WaitsFor

if TYPE_CHECKING:
    from anshin.commerce.models import Refund

COMMERCE = Actor.system("refunds")
_BECOMES = {
    RefundState.ASKED: MoneyState.SECOND,
    RefundState.READY: MoneyState.SENDING,
    RefundState.SENDING: MoneyState.SENDING,
    RefundState.UNSURE: MoneyState.SENDING,
    RefundState.FAILED: MoneyState.FAILED,
}
_WORST_FIRST = (MoneyState.FAILED, MoneyState.SECOND, MoneyState.SENDING)
_Held = list[tuple[Settlement, "Refund"]]


@transaction.atomic
def follow_refund(*, shop_id: int, refund_id: int, now: datetime) -> Return | None:
    """Make the return's money axis agree with the refunds of its settlements, those of an earlier part too; the same
    again changes nothing.

    None when the refund is no return's. With the last refund paid the customer is told; one that failed puts the case
    on top of the inbox. What was given up is calculated and confirmed anew, once nothing is under way any more.
    """
    row = Settlement.objects.filter(shop_id=shop_id, refund=refund_id).first()
    if row is None:
        return None
    returned = stepping.locked_return(shop_id, row.returned_id)
    held = settling.refunds_of(returned)
    state = _under_way(held)
    if state is not None:
        _step_while_under_way(returned, state, held, now)
        return returned
    if any(each.is_current for each, _refund in held):
        _follow_current(returned, held, refund_id, now)
    elif returned.money in rounds.IN_FLIGHT:
        _go_on_with_the_rest(returned, held, refund_id, now)
    _count_given_up(returned, held, now)
    return returned


def _under_way(held: _Held) -> MoneyState | None:
    """The worst of what has not ended well yet; None when everything is paid or given up."""
    states = {_BECOMES.get(RefundState(refund.state)) for _row, refund in held}
    return next((state for state in _WORST_FIRST if state in states), None)


def _step_while_under_way(returned: Return, state: MoneyState, held: _Held, now: datetime) -> None:
    if state == returned.money:
        return
    refunds = [refund for _row, refund in held]
    why = " ".join(refund.failure for refund in refunds if refund.state == RefundState.FAILED)
    expected_on = settling.latest_day(refunds)
    stepping.step(returned, Axis.MONEY, state, by=COMMERCE, why=why, expected_on=expected_on, now=now)
    if state == MoneyState.FAILED:
        _call_back(returned, why, now)


def _follow_current(returned: Return, held: _Held, refund_id: int, now: datetime) -> None:
    """All money of what was confirmed last has moved, or some of it was given up and is to be confirmed anew."""
    given_up = any(row.is_current and refund.state == RefundState.WITHDRAWN for row, refund in held)
    state = MoneyState.TO_CONFIRM if given_up else MoneyState.PAID
    if state == returned.money:
        return
    was_told = _was_told(returned, held)
    stepping.step(returned, Axis.MONEY, state, by=COMMERCE, now=now)
    if given_up:
        settling.put_aside_paid(returned, held, now=now)
        return
    _tell_paid(returned, held, refund_id, with_current=not was_told, now=now)
    rounds.follow_arrival(returned, by=COMMERCE, now=now)


@transaction.atomic
def follow_batch(*, shop_id: int, refund_ids: Collection[int], now: datetime) -> list[Return]:
    """The day of a transfer stands now: returns that wait for this money wait until then. Nothing else changes."""
    rows = Settlement.objects.filter(shop_id=shop_id, refund__in=refund_ids, is_current=True)
    ids = sorted(set(rows.values_list("returned_id", flat=True)))
    moved = []
    for returned in (stepping.locked_return(shop_id, return_id) for return_id in ids):
        expected_on = settling.latest_day(refund for row, refund in settling.refunds_of(returned) if row.is_current)
        due_at = stepping.due_moment(returned.shop, WaitsFor(returned.waits_for), now, expected_on)
        if returned.waits_for == WaitsFor.PROVIDER and due_at != returned.due_at:
            returned.due_at = due_at
            returned.save(update_fields=["due_at"])
            stepping.announce(returned, now=now)
            moved.append(returned)
    return moved


def _go_on_with_the_rest(returned: Return, held: _Held, refund_id: int, now: datetime) -> None:
    """Money of an earlier part is there after all, or given up: the rest stands where its inspection has got to."""
    rest = returned.settlements.filter(is_current=True).first()
    is_over = rest is not None and rest.confirmed_at is not None
    state = MoneyState.PAID if is_over else MoneyState.NOT_YET
    stepping.step(returned, Axis.MONEY, state, by=COMMERCE, now=now)
    _tell_paid(returned, held, refund_id, with_current=False, now=now)
    if not is_over:
        rounds.count_anew(returned, by=COMMERCE, now=now)


def _was_told(returned: Return, held: _Held) -> bool:
    """Whether the customer knows already that the money of what was confirmed last has moved."""
    since = max((row.confirmed_at for row, _refund in held if row.is_current and row.confirmed_at), default=None)
    return since is not None and returned.steps.filter(axis=Axis.MONEY, state=MoneyState.PAID, at__gt=since).exists()


def _tell_paid(returned: Return, held: _Held, refund_id: int, *, with_current: bool, now: datetime) -> None:
    """Tell the customer what has moved: this refund, and everything that was confirmed last unless they know."""
    total = 0
    for row, refund in held:
        is_this = refund.pk == refund_id and refund.state == RefundState.SETTLED
        if is_this or (row.is_current and with_current):
            total += row.total_yen
    if total:
        telling.tell(returned, "paid", amount=f"¥{total:,}", now=now)


def _count_given_up(returned: Return, held: _Held, now: datetime) -> None:
    """Money of an earlier part that was given up is due again: its pieces are calculated with whatever is not paid."""
    rows = [row for row, refund in held if row.is_closed and refund.state == RefundState.WITHDRAWN]
    for row in rows:
        counting.reopen(row)
    if rows:
        rounds.count_anew(returned, by=COMMERCE, now=now)


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
