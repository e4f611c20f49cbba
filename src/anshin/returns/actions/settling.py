"""What is paid back: calculated when the inspection ends, confirmed by a person, sent by commerce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, Sum

from anshin.commerce.actions import issue_refund, withdraw_refund
from anshin.commerce.queries import refund_by_id
from anshin.commerce.terms import RefundKind, RefundState, RefundWay
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.returns import events
from anshin.returns.actions import counting, exchange_steps, stepping, telling
from anshin.returns.actions.calculating import Adjusted, calculate, terms_of
from anshin.returns.actions.refusals import (
    CountsDiffer,
    IllegalStep,
    NegativeAmount,
    NotInspected,
    ReplacementOwed,
    UnknownReturn,
)
from anshin.returns.models import Return, ReturnLine, Settlement
from anshin.returns.rules import settling as rules
from anshin.returns.terms import Approval, Axis, ExchangeState, InspectionState, MoneyState, SettlementKind, Wish
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Order, Refund
    from anshin.shops.models import Membership

CALCULATOR = Actor.system("settlement")
_ENDED = (RefundState.FAILED, RefundState.SETTLED, RefundState.WITHDRAWN)
_DONE = (InspectionState.GOOD, InspectionState.DIFFERS, InspectionState.NOT_NEEDED)


def propose(returned: Return, *, now: datetime) -> None:
    """Calculate for a locked return whose items were all looked at, and wait for a person; nothing for a repair, for
    which a person may calculate by hand, or an exchange, which may be complete now. Inside the caller's transaction."""
    exchange_steps.complete(returned, now=now)
    if returned.approval != Approval.APPROVED or returned.wish in {Wish.EXCHANGE, Wish.REPAIR}:
        return
    calculate(returned, None, now=now)
    if returned.money == MoneyState.NOT_YET:
        stepping.step(returned, Axis.MONEY, MoneyState.TO_CONFIRM, by=CALCULATOR, now=now)


def forecast(returned: Return, lines: Sequence[ReturnLine], orders: Iterable[Order]) -> tuple[int, int]:
    """What would be paid back if everything came back as told: yen and points. Nothing is written.

    `lines` are those of `returned`, with their inspections, `orders` what they are about, with details.
    """
    calculations = []
    for order in orders:
        mine = [line for line in lines if line.order_id == order.pk]
        counted = counting.count(order, returned, mine, as_told=True)
        calculations.append(rules.calculate(counted.sold, terms_of(returned, Adjusted(), mine, counted)))
    return sum(each.total_yen for each in calculations), sum(each.points for each in calculations)


@transaction.atomic
def recalculate(*, by: Membership, return_id: int, adjusted: Adjusted, now: datetime) -> list[Settlement]:
    """The calculation anew, with what a person says. Raises NotAllowed, UnknownReturn, NotInspected, IllegalStep,
    NegativeAmount, ReplacementOwed."""
    require(by, Permission.HANDLE_RETURNS)
    returned = stepping.locked_return(by.shop_id, return_id)
    if min(adjusted.return_postage_yen, adjusted.deduction_yen) < 0:
        raise NegativeAmount
    if returned.inspection not in _DONE:
        raise NotInspected
    if returned.approval != Approval.APPROVED or (
        returned.money in counting.SETTLED and returned.money != MoneyState.FAILED
    ):
        raise IllegalStep
    if returned.exchange in exchange_steps.OWED:
        raise ReplacementOwed
    if returned.money == MoneyState.FAILED:
        _give_up_failed(returned, by, now)
    rows = calculate(returned, adjusted, now=now)
    if returned.money != MoneyState.TO_CONFIRM:
        who = shops.actor(by)
        stepping.step(returned, Axis.MONEY, MoneyState.TO_CONFIRM, by=who, member=by, now=now)
    return rows


@transaction.atomic
def confirm(
    *,
    by: Membership,
    return_id: int,
    seen_total_yen: int,
    way: RefundWay,
    ways: Mapping[int, RefundWay] | None = None,
    reason: str = "",
    account_id: int | None = None,
    now: datetime,
) -> Return:
    """Pay back what was calculated; `seen_total_yen` is the sum that the person had on the screen.

    One refund a calculation: each order's by `way` or by its own (`ways`: by the settlement's id), what the customer
    laid out never to the card. `account_id` and `reason` are for those that need one.

    Money leaves by a job of commerce, once: the refund's key is the settlement's, and after a withdrawn refund names
    that one, too. Where nothing is left to be paid the
    money axis is not due. Raises NotAllowed, UnknownReturn, NotInspected, IllegalStep, CountsDiffer, and what
    `commerce.actions.issue_refund` raises.
    """
    require(by, Permission.HANDLE_RETURNS)
    returned = stepping.locked_return(by.shop_id, return_id)
    if returned.inspection not in _DONE:
        raise NotInspected
    rows = list(returned.settlements.select_for_update().filter(is_current=True).order_by("id"))
    if returned.money != MoneyState.TO_CONFIRM or not rows:
        raise IllegalStep
    if sum(row.total_yen for row in rows) != seen_total_yen:
        raise CountsDiffer
    refunds: list[Refund] = []
    for row in rows:
        row.confirmed_at, row.confirmed_by, row.way = now, by, _way_of(row, way, ways or {})
        if row.total_yen:
            refund = issue_refund(
                by=by,
                order_id=row.order_id,
                amount_yen=row.total_yen,
                way=RefundWay(row.way),
                kind=RefundKind(row.kind),
                key=_key(by, row),
                reason=reason,
                account_id=account_id if row.way == RefundWay.BANK else None,
                now=now,
            )
            row.refund = refund.pk
            refunds.append(refund)
        row.save(update_fields=["confirmed_at", "confirmed_by", "way", "refund"])
        _record(returned, row, by, now)
    _step_after(returned, refunds, by, now)
    return returned


@transaction.atomic
def no_money_due(*, by: Membership, return_id: int, why: str, now: datetime) -> Return:
    """Nothing is paid back: it was repaired, or went back to the customer. An exchange ends by itself; here it ends
    when its parcel was cancelled in `delivery`. Raises NotAllowed, UnknownReturn, IllegalStep, NotInspected,
    ReplacementOwed."""
    require(by, Permission.HANDLE_RETURNS)
    returned, who = stepping.locked_return(by.shop_id, return_id), shops.actor(by)
    if returned.exchange == ExchangeState.SENT and returned.inspection not in _DONE:
        raise NotInspected
    parcels = exchange_steps.parcels_of(returned)
    if returned.exchange == ExchangeState.OUT_OF_STOCK or any(map(exchange_steps.is_open, parcels)):
        raise ReplacementOwed
    if returned.approval == Approval.APPROVED:
        exchange_steps.drop(returned, by=who, member=by, now=now)
    stepping.step(returned, Axis.MONEY, MoneyState.NOT_DUE, by=who, member=by, why=why, now=now)
    return returned


@transaction.atomic
def give_points(*, by: Membership, settlement_id: int, now: datetime) -> Settlement:
    """Points and coupon have been given back in the selling system. Raises NotAllowed, UnknownReturn."""
    require(by, Permission.HANDLE_RETURNS)
    row = (
        Settlement.objects.select_for_update()
        .filter(Q(is_current=True) | Q(is_closed=True), shop_id=by.shop_id, pk=settlement_id)
        .first()
    )
    if row is None:
        raise UnknownReturn
    if row.points_given_at is None:
        row.points_given_at, row.points_given_by = now, by
        row.save(update_fields=["points_given_at", "points_given_by"])
        stepping.announce(row.returned, now=now)
    return row


def _give_up_failed(returned: Return, by: Membership, now: datetime) -> None:
    """Withdraw what failed, so that it cannot be tried again beside the new calculation, and put aside what was paid.
    Raises IllegalStep while money is under way."""
    held = refunds_of(returned)
    if any(refund.state not in _ENDED for _row, refund in held):
        raise IllegalStep
    for row, refund in held:
        if refund.state == RefundState.FAILED:
            withdraw_refund(by=by, refund_id=refund.pk, reason=f"{returned}", now=now)
            if row.is_closed:
                counting.reopen(row)
    put_aside_paid(returned, held, now=now)


def refunds_of(returned: Return) -> list[tuple[Settlement, Refund]]:
    """What was confirmed of a return and counts, with its refunds; the oldest first."""
    rows = returned.settlements.filter(Q(is_current=True) | Q(is_closed=True), refund__isnull=False).order_by("pk")
    found = ((row, refund_by_id(returned.shop, row.refund or 0)) for row in rows)
    return [(row, refund) for row, refund in found if refund is not None]


def put_aside_paid(returned: Return, held: Iterable[tuple[Settlement, Refund]], *, now: datetime) -> None:
    """Close the calculations whose money has moved while others of the return begin anew, so that nothing is paid for
    twice; the customer is told of that money now."""
    paid = [row for row, refund in held if row.is_current and refund.state == RefundState.SETTLED]
    if not paid:
        return
    returned.settlements.filter(pk__in=[row.pk for row in paid]).update(is_current=False, is_closed=True)
    telling.tell(returned, "paid", amount=f"¥{sum(row.total_yen for row in paid):,}", now=now)


def _way_of(row: Settlement, way: RefundWay, ways: Mapping[int, RefundWay]) -> RefundWay:
    """What the customer laid out goes by bank where the rest goes to the card."""
    own = ways.get(row.pk, way)
    return RefundWay.BANK if (row.kind, own) == (SettlementKind.EXPENSE, RefundWay.ORIGINAL) else own


def _key(by: Membership, row: Settlement) -> str:
    former = refund_by_id(by.shop, row.refund) if row.refund else None
    key = f"return:{row.returned_id}:{row.pk}"
    return f"{key}:{former.pk}" if former is not None and former.state == RefundState.WITHDRAWN else key


def _step_after(returned: Return, refunds: Sequence[Refund], by: Membership, now: datetime) -> None:
    who = shops.actor(by)
    if not refunds:
        stepping.step(returned, Axis.MONEY, MoneyState.NOT_DUE, by=who, member=by, now=now)
        if not returned.settlements.filter(is_closed=True, total_yen__gt=0).exists():
            telling.tell(returned, "paid", amount="¥0", now=now)
        return
    waits = any(refund.state == RefundState.ASKED for refund in refunds)
    state = MoneyState.SECOND if waits else MoneyState.SENDING
    stepping.step(returned, Axis.MONEY, state, by=who, member=by, expected_on=latest_day(refunds), now=now)


def latest_day(refunds: Iterable[Refund]) -> date | None:
    """The day by which all of this money should have arrived; None while nobody can say."""
    return max((refund.expected_on for refund in refunds if refund.expected_on), default=None)


def _record(returned: Return, row: Settlement, by: Membership, now: datetime) -> None:
    fact = events.SettlementConfirmed(
        return_id=returned.pk,
        number=returned.number,
        settlement_id=row.pk,
        total_yen=row.total_yen,
        points=row.points,
    )
    record(fact, shop_id=returned.shop_id, by=shops.actor(by), now=now, case_id=returned.case_id, order_id=row.order_id)


def paid_so_far(returned: Return) -> int:
    """What has been confirmed of this return, in yen."""
    counts = Q(is_current=True) | Q(is_closed=True)
    confirmed = returned.settlements.filter(counts, confirmed_at__isnull=False)
    return confirmed.aggregate(yen=Sum("total_yen"))["yen"] or 0
