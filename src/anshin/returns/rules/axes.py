"""Which step may follow which on each axis, and whose turn it is then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from anshin.returns.terms import Approval, Axis, Standing, WaitsFor
from anshin.returns.terms import ExchangeState as Exchange
from anshin.returns.terms import InspectionState as Inspected
from anshin.returns.terms import MoneyState as Money
from anshin.returns.terms import ParcelState as Parcel

MAY_BECOME: Mapping[Axis, Mapping[str, frozenset[str]]] = {
    Axis.APPROVAL: {
        Approval.ASKED: frozenset({Approval.APPROVED, Approval.REFUSED, Approval.WITHDRAWN}),
        Approval.APPROVED: frozenset({Approval.REFUSED, Approval.WITHDRAWN}),
        Approval.REFUSED: frozenset({Approval.ASKED, Approval.APPROVED}),
        Approval.WITHDRAWN: frozenset({Approval.ASKED}),
    },
    Axis.PARCEL: {
        Parcel.NOT_YET: frozenset({Parcel.AWAITED, Parcel.PARTLY_HERE, Parcel.HERE, Parcel.NOT_NEEDED}),
        Parcel.AWAITED: frozenset(
            {Parcel.NOT_YET, Parcel.ON_ITS_WAY, Parcel.PARTLY_HERE, Parcel.HERE, Parcel.LOST, Parcel.NOT_NEEDED}
        ),
        Parcel.ON_ITS_WAY: frozenset({Parcel.PARTLY_HERE, Parcel.HERE, Parcel.LOST, Parcel.NOT_NEEDED}),
        Parcel.PARTLY_HERE: frozenset({Parcel.PARTLY_HERE, Parcel.HERE}),
        Parcel.LOST: frozenset({Parcel.PARTLY_HERE, Parcel.HERE, Parcel.NOT_NEEDED}),
        Parcel.NOT_NEEDED: frozenset({Parcel.AWAITED, Parcel.PARTLY_HERE, Parcel.HERE}),
        Parcel.HERE: frozenset(),
    },
    Axis.INSPECTION: {
        Inspected.NOT_YET: frozenset({Inspected.UNDER_WAY, Inspected.GOOD, Inspected.DIFFERS, Inspected.NOT_NEEDED}),
        Inspected.UNDER_WAY: frozenset({Inspected.UNDER_WAY, Inspected.GOOD, Inspected.DIFFERS}),
        Inspected.GOOD: frozenset({Inspected.UNDER_WAY, Inspected.GOOD, Inspected.DIFFERS}),
        Inspected.DIFFERS: frozenset({Inspected.UNDER_WAY, Inspected.GOOD, Inspected.DIFFERS}),
        Inspected.NOT_NEEDED: frozenset({Inspected.NOT_YET, Inspected.UNDER_WAY}),
    },
    Axis.MONEY: {
        Money.NOT_YET: frozenset({Money.TO_CONFIRM, Money.NOT_DUE, Money.FAILED}),
        Money.TO_CONFIRM: frozenset({Money.NOT_YET, Money.SECOND, Money.SENDING, Money.NOT_DUE, Money.FAILED}),
        Money.SECOND: frozenset({Money.SENDING, Money.PAID, Money.FAILED, Money.TO_CONFIRM}),
        Money.SENDING: frozenset({Money.PAID, Money.FAILED, Money.TO_CONFIRM, Money.NOT_YET}),
        Money.FAILED: frozenset({Money.SENDING, Money.PAID, Money.TO_CONFIRM, Money.NOT_YET}),
        Money.NOT_DUE: frozenset({Money.NOT_YET, Money.TO_CONFIRM, Money.FAILED}),
        Money.PAID: frozenset({Money.FAILED, Money.NOT_YET}),  # a transfer that came back; the rest of the goods came
    },
    Axis.EXCHANGE: {
        Exchange.NONE: frozenset({Exchange.TO_SEND}),
        Exchange.TO_SEND: frozenset({Exchange.TO_SEND, Exchange.OUT_OF_STOCK, Exchange.SENT, Exchange.DROPPED}),
        Exchange.OUT_OF_STOCK: frozenset({Exchange.TO_SEND, Exchange.DROPPED}),
        Exchange.SENT: frozenset(),
        Exchange.DROPPED: frozenset({Exchange.TO_SEND}),
    },
}
_HERE = frozenset({Parcel.HERE, Parcel.PARTLY_HERE})
_LOOKED_AT = frozenset({Inspected.GOOD, Inspected.DIFFERS, Inspected.NOT_NEEDED})
_MOVING = frozenset({Money.SECOND, Money.SENDING, Money.PAID, Money.FAILED})
_ELSEWHERE = {Money.SECOND: WaitsFor.MANAGER, Money.SENDING: WaitsFor.PROVIDER}
_OWED = frozenset({Exchange.TO_SEND, Exchange.OUT_OF_STOCK})
_OVER = frozenset({Money.PAID, Money.NOT_DUE})


def after(standing: Standing, axis: Axis, state: str) -> Standing | None:
    """Where a return stands after this step; None when the step is not allowed."""
    if state not in MAY_BECOME[axis].get(getattr(standing, axis), frozenset()):
        return None
    later = _moved(standing, axis, state)
    if axis == Axis.MONEY and _concerns_earlier_part(standing.money, later.money):
        is_looked_at = later.inspection in {*_LOOKED_AT, Inspected.UNDER_WAY}
        is_free = later.approval == Approval.APPROVED and later.exchange not in _OWED
        return later if is_free and is_looked_at else None
    return later if _agrees(later, axis) else None


def _moved(standing: Standing, axis: Axis, state: str) -> Standing:
    if axis == Axis.APPROVAL:
        return replace(standing, approval=Approval(state))
    if axis == Axis.PARCEL:
        return replace(standing, parcel=Parcel(state))
    if axis == Axis.INSPECTION:
        return replace(standing, inspection=Inspected(state))
    if axis == Axis.EXCHANGE:
        return replace(standing, exchange=Exchange(state))
    return replace(standing, money=Money(state))


def _concerns_earlier_part(former: Money, later: Money) -> bool:
    """Whether the step may be about money of a part that was looked at before: it comes back, and is sent again,
    whatever has become of the rest meanwhile."""
    return later == Money.FAILED or (former, later) == (Money.FAILED, Money.SENDING)


def _agrees(later: Standing, axis: Axis) -> bool:
    """What one axis asks of the others, for the axis that has just moved."""
    approved = later.approval == Approval.APPROVED
    if axis == Axis.APPROVAL:
        return approved or (later.money not in _MOVING and later.exchange != Exchange.SENT)
    if axis == Axis.PARCEL:
        return approved or later.parcel not in {Parcel.AWAITED, Parcel.ON_ITS_WAY, Parcel.LOST, Parcel.NOT_NEEDED}
    if axis == Axis.INSPECTION:
        return _inspection_agrees(later)
    if axis == Axis.EXCHANGE:
        return later.exchange not in _OWED or (approved and later.money == Money.NOT_YET)
    return _money_agrees(later)


def _inspection_agrees(later: Standing) -> bool:
    if later.money in _MOVING:
        return False
    if later.inspection == Inspected.NOT_NEEDED:
        return later.parcel in {Parcel.NOT_NEEDED, Parcel.LOST}
    return later.parcel in _HERE or later.inspection == Inspected.NOT_YET


def _money_agrees(later: Standing) -> bool:
    if later.exchange in _OWED and later.money != Money.NOT_YET:
        return False
    if later.money in {Money.TO_CONFIRM, *_MOVING}:
        return later.approval == Approval.APPROVED and later.inspection in _LOOKED_AT
    return True


def turn(standing: Standing) -> WaitsFor:
    """Whose turn it is."""
    if standing.approval == Approval.ASKED or standing.money == Money.FAILED:
        return WaitsFor.STAFF
    if standing.parcel in _HERE and standing.inspection in {Inspected.NOT_YET, Inspected.UNDER_WAY}:
        return WaitsFor.WAREHOUSE
    if standing.money in _ELSEWHERE:
        return _ELSEWHERE[standing.money]
    if standing.approval in {Approval.REFUSED, Approval.WITHDRAWN} or standing.money in _OVER:
        return WaitsFor.NOBODY
    is_shops = standing.inspection in _LOOKED_AT or standing.parcel in {Parcel.LOST, Parcel.NOT_YET}
    return WaitsFor.STAFF if is_shops or standing.exchange == Exchange.OUT_OF_STOCK else WaitsFor.CUSTOMER


def is_over(standing: Standing) -> bool:
    """Whether nobody has anything to do any more."""
    return turn(standing) == WaitsFor.NOBODY


def is_exchange_complete(standing: Standing) -> bool:
    """Whether the other thing has left and all that had to come back was looked at."""
    is_back = standing.parcel in {Parcel.HERE, Parcel.NOT_NEEDED, Parcel.LOST} and standing.inspection in _LOOKED_AT
    return standing.approval == Approval.APPROVED and standing.exchange == Exchange.SENT and is_back


def keeps_case_open(standing: Standing) -> bool:
    """Whether money is still to move: until then the case may not be closed."""
    return standing.approval == Approval.APPROVED and standing.money not in {Money.PAID, Money.NOT_DUE}
