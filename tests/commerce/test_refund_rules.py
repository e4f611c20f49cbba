"""Which way money goes back, by when, and which step may follow which."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.commerce.rules import bank_days, refund_days, refund_routes, refund_steps
from anshin.commerce.rules.refund_routes import Paid, Route
from anshin.commerce.terms import PaymentMethod, RefundState, RefundWay, RouteReason

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 11, 23), False),  # 勤労感謝の日
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2026, 9, 22), False),  # 国民の休日 between two holidays
        (date(2026, 5, 6), False),  # 振替休日 of 3 May, a Sunday
    ],
)
def test_days_on_which_banks_work(day, works):
    assert bank_days.is_bank_day(day) is works


@pytest.mark.parametrize(
    ("since", "count", "day"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, date(2026, 11, 24)),
        (date(2026, 11, 21), 0, date(2026, 11, 24)),
        (date(2026, 12, 30), 1, date(2027, 1, 4)),
        (date(2026, 4, 28), 3, date(2026, 5, 7)),  # 昭和の日, a weekend, four days of the Golden Week
    ],
)
def test_bank_days_are_counted_over_holidays(since, count, day):
    assert bank_days.bank_days_after(since, count) == day


@pytest.mark.parametrize(
    ("way", "method", "day"),
    [
        (RefundWay.ORIGINAL, PaymentMethod.CARD, date(2026, 12, 7)),
        (RefundWay.ORIGINAL, PaymentMethod.AMAZON_PAY, date(2026, 12, 7)),
        (RefundWay.ORIGINAL, PaymentMethod.PAYPAY, date(2026, 11, 24)),
        (RefundWay.ORIGINAL, PaymentMethod.CARRIER, date(2026, 12, 31)),
        (RefundWay.BANK, PaymentMethod.CARD, date(2026, 11, 30)),
        (RefundWay.POINTS, PaymentMethod.CARD, date(2026, 11, 24)),
        (RefundWay.CASH, PaymentMethod.CASH_ON_DELIVERY, date(2026, 11, 30)),
    ],
)
def test_by_when_a_refund_arrives(way, method, day):
    assert refund_days.expected_on(way=way, method=method, since=FRIDAY) == day


@pytest.mark.parametrize(
    ("since", "day"), [(date(2027, 1, 31), date(2027, 2, 28)), (date(2027, 12, 1), date(2028, 1, 31))]
)
def test_carriers_take_it_off_the_bill_of_the_next_month(since, day):
    assert refund_days.expected_on(way=RefundWay.ORIGINAL, method=PaymentMethod.CARRIER, since=since) == day


@given(
    st.sampled_from(RefundWay.values),
    st.sampled_from(PaymentMethod.values),
    st.dates(date(2026, 1, 1), date(2035, 1, 1)),
)
def test_money_never_arrives_before_it_left_and_by_bank_only_on_a_bank_day(way, method, since):
    day = refund_days.expected_on(way=way, method=method, since=since)

    assert day > since
    assert way != RefundWay.BANK or bank_days.is_bank_day(day)


def paid(method, amount_yen=10_000, days=0, back_yen=0, payment_id=1):
    return Paid(payment_id, method, amount_yen, FRIDAY - timedelta(days=days), back_yen)


@pytest.mark.parametrize(
    ("how", "route"),
    [
        ([], Route(RefundWay.BANK, RouteReason.NOTHING_PAID)),
        ([paid("card", days=180)], Route(RefundWay.ORIGINAL, RouteReason.REVERSIBLE, "card", 1)),
        ([paid("card", days=181)], Route(RefundWay.BANK, RouteReason.TOO_OLD, "card", 1)),
        ([paid("paypay", days=365)], Route(RefundWay.ORIGINAL, RouteReason.REVERSIBLE, "paypay", 1)),
        ([paid("paypay", days=366)], Route(RefundWay.BANK, RouteReason.TOO_OLD, "paypay", 1)),
        ([paid("card", back_yen=9_001)], Route(RefundWay.BANK, RouteReason.TOO_SMALL, "card")),
        ([paid("card", 500), paid("cod", 9_500, payment_id=2)], Route(RefundWay.BANK, RouteReason.TOO_SMALL, "cod")),
        (
            [paid("cod", 9_000), paid("amazon_pay", 1_000, payment_id=2)],
            Route(RefundWay.ORIGINAL, RouteReason.REVERSIBLE, "amazon_pay", 2),
        ),
        *[
            ([paid(method)], Route(RefundWay.BANK, RouteReason.NO_WAY_BACK, method))
            for method in ("cod", "bank_transfer", "convenience", "deferred")
        ],
    ],
)
def test_the_way_by_method_age_and_amount(how, route):
    assert refund_routes.route(how, amount_yen=1_000, today=FRIDAY) == route


@pytest.mark.parametrize(
    ("found", "way", "possible", "reason"),
    [
        (RouteReason.REVERSIBLE, RefundWay.ORIGINAL, True, False),
        (RouteReason.REVERSIBLE, RefundWay.BANK, True, True),
        (RouteReason.REVERSIBLE, RefundWay.POINTS, True, True),
        (RouteReason.TOO_OLD, RefundWay.BANK, True, False),
        (RouteReason.TOO_OLD, RefundWay.ORIGINAL, True, True),
        (RouteReason.NO_WAY_BACK, RefundWay.ORIGINAL, False, True),
        (RouteReason.NO_WAY_BACK, RefundWay.POINTS, True, False),
        (RouteReason.NO_WAY_BACK, RefundWay.CASH, True, True),
        (RouteReason.TOO_SMALL, RefundWay.ORIGINAL, False, True),
    ],
)
def test_which_ways_are_possible_and_which_need_a_reason(found, way, possible, reason):
    route = Route(RefundWay.ORIGINAL if found == RouteReason.REVERSIBLE else RefundWay.BANK, found)

    assert refund_routes.is_possible(way, route) is possible
    assert refund_routes.needs_reason(way, route) is reason


@pytest.mark.parametrize(
    ("method", "told", "left", "arrived", "counts"),
    [
        ("card", True, False, False, True),
        ("card", False, True, False, True),
        ("card", False, False, False, False),
        ("cod", False, True, False, False),
        ("cod", False, True, True, True),
        ("bank_transfer", False, True, True, False),
        ("bank_transfer", True, False, False, True),
        ("convenience", False, True, True, False),
        ("deferred", False, True, True, False),
    ],
)
def test_what_counts_as_paid(method, told, left, arrived, counts):
    assert refund_routes.was_paid(method, is_told=told, has_left=left, has_arrived=arrived) is counts


@given(st.lists(st.tuples(st.sampled_from(RefundState.values), st.integers(1, 10**7)), max_size=30))
def test_what_counts_against_the_order_is_always_what_lies_in_states_that_hold_money(steps):
    held, refunds = 0, {}
    for number, (state, asked_yen) in enumerate(steps):
        place = number % 3
        if place not in refunds:
            refunds[place] = (RefundState.ASKED, asked_yen)
            held += asked_yen
            continue
        former, amount_yen = refunds[place]
        if refund_steps.may_follow(former, state):
            held += refund_steps.change_of_held_yen(former, state, amount_yen)
            refunds[place] = (state, amount_yen)
    assert held == sum(yen for state, yen in refunds.values() if state in refund_steps.HOLDS_MONEY)


def test_every_state_has_its_line_and_the_end_is_the_end():
    assert set(refund_steps.STEPS) == set(RefundState.values)
    assert refund_steps.STEPS[RefundState.WITHDRAWN] == frozenset()
    assert not refund_steps.may_follow(RefundState.SETTLED, RefundState.READY)
    assert not refund_steps.may_follow(RefundState.ASKED, RefundState.SETTLED)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7))
def test_never_more_than_paid_nor_than_the_total(total, paid_yen, refunded):
    left = refund_routes.refundable_yen(total_yen=total, paid_yen=paid_yen, refunded_yen=refunded)

    assert left >= 0
    assert left == 0 or left + refunded <= min(total, paid_yen)
