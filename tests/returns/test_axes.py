"""The four axes: what may follow, what one asks of another, whose turn it is."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anshin.returns.rules.axes import MAY_BECOME, after, is_exchange_complete, is_over, keeps_case_open, turn
from anshin.returns.terms import (
    Approval,
    Axis,
    ExchangeState,
    InspectionState,
    MoneyState,
    ParcelState,
    Standing,
    WaitsFor,
)

STATES = {
    Axis.APPROVAL: Approval,
    Axis.PARCEL: ParcelState,
    Axis.INSPECTION: InspectionState,
    Axis.MONEY: MoneyState,
    Axis.EXCHANGE: ExchangeState,
}
steps = st.lists(st.sampled_from([(axis, state) for axis, states in STATES.items() for state in states]), max_size=40)
MOVED = {MoneyState.SECOND, MoneyState.SENDING, MoneyState.PAID, MoneyState.FAILED}
LOOKED_AT = {InspectionState.GOOD, InspectionState.DIFFERS, InspectionState.NOT_NEEDED}


@pytest.mark.parametrize("axis", Axis)
def test_every_state_has_its_followers(axis):
    assert set(MAY_BECOME[axis]) == set(STATES[axis])


@settings(max_examples=300)
@given(steps)
def test_no_path_moves_money_without_approval_and_inspection(path):
    standing = Standing()
    for axis, state in path:
        later = after(standing, axis, state)
        if later is None:
            continue
        assert state in MAY_BECOME[axis][getattr(standing, axis)]
        standing = later
        if standing.money in MOVED:
            assert standing.approval == Approval.APPROVED
            # money of a part that was looked at before may come back while the rest is being looked at
            comes_back = standing.money in {MoneyState.FAILED, MoneyState.SENDING}
            assert standing.inspection in LOOKED_AT or (comes_back and standing.inspection == InspectionState.UNDER_WAY)
        if standing.exchange in {ExchangeState.TO_SEND, ExchangeState.OUT_OF_STOCK}:
            assert standing.money == MoneyState.NOT_YET
        if standing.inspection not in {InspectionState.NOT_YET, InspectionState.NOT_NEEDED}:
            assert standing.parcel in {ParcelState.HERE, ParcelState.PARTLY_HERE}


@settings(max_examples=300)
@given(steps)
def test_a_paid_return_stays_paid_unless_the_money_or_the_rest_of_the_goods_comes(path):
    standing = Standing(Approval.APPROVED, ParcelState.HERE, InspectionState.GOOD, MoneyState.PAID)
    for axis, state in path:
        if axis != Axis.MONEY or state not in {MoneyState.FAILED, MoneyState.NOT_YET}:
            standing = after(standing, axis, state) or standing
    assert standing.money == MoneyState.PAID


def test_it_is_always_somebodys_turn_until_it_is_over():
    for parts in product(Approval, ParcelState, InspectionState, MoneyState, ExchangeState):
        standing = Standing(*parts)
        assert (turn(standing) == WaitsFor.NOBODY) == is_over(standing)


APPROVED = Standing(Approval.APPROVED, ParcelState.AWAITED)


@pytest.mark.parametrize(
    ("standing", "whose"),
    [
        (Standing(), WaitsFor.STAFF),
        (APPROVED, WaitsFor.CUSTOMER),
        (replace(APPROVED, exchange=ExchangeState.TO_SEND), WaitsFor.CUSTOMER),
        (replace(APPROVED, exchange=ExchangeState.OUT_OF_STOCK), WaitsFor.STAFF),
        (replace(APPROVED, parcel=ParcelState.HERE, exchange=ExchangeState.OUT_OF_STOCK), WaitsFor.WAREHOUSE),
        (replace(APPROVED, parcel=ParcelState.HERE), WaitsFor.WAREHOUSE),
        (replace(APPROVED, parcel=ParcelState.PARTLY_HERE), WaitsFor.WAREHOUSE),
        (replace(APPROVED, parcel=ParcelState.LOST), WaitsFor.STAFF),
        (Standing(Approval.APPROVED, ParcelState.HERE, InspectionState.GOOD), WaitsFor.STAFF),
        (Standing(Approval.APPROVED, ParcelState.HERE, InspectionState.GOOD, MoneyState.SECOND), WaitsFor.MANAGER),
        (Standing(Approval.APPROVED, ParcelState.HERE, InspectionState.GOOD, MoneyState.SENDING), WaitsFor.PROVIDER),
        (Standing(Approval.APPROVED, ParcelState.HERE, InspectionState.GOOD, MoneyState.FAILED), WaitsFor.STAFF),
        (Standing(Approval.APPROVED, ParcelState.HERE, InspectionState.GOOD, MoneyState.PAID), WaitsFor.NOBODY),
        (Standing(Approval.REFUSED), WaitsFor.NOBODY),
        (Standing(Approval.REFUSED, ParcelState.HERE), WaitsFor.WAREHOUSE),
    ],
)
def test_whose_turn_it_is(standing, whose):
    assert turn(standing) == whose


def test_money_keeps_a_case_open():
    assert keeps_case_open(APPROVED)
    assert not keeps_case_open(replace(APPROVED, money=MoneyState.NOT_DUE))
    assert not keeps_case_open(Standing(Approval.REFUSED))


def test_an_exchange_is_complete_when_it_has_left_and_all_is_back():
    for parts in product(Approval, ParcelState, InspectionState, MoneyState, ExchangeState):
        standing = Standing(*parts)
        is_back = standing.parcel in {ParcelState.HERE, ParcelState.LOST, ParcelState.NOT_NEEDED}
        expected = (
            standing.approval == Approval.APPROVED
            and standing.exchange == ExchangeState.SENT
            and is_back
            and standing.inspection in LOOKED_AT
        )
        assert is_exchange_complete(standing) == expected
