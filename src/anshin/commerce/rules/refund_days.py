"""Decides by which day a refund can be expected to have arrived.

Sources, read 2026-11-26: Stripe, “Customer refund processing time” (a card shows it after 5 to 10 business days);
PayPay, help for merchants b0050 (the balance has it at once); NTT docomo, help of 電話料金合算払い 0915 (a cancellation
in a later month is taken off the bill of the month after it). Amazon Pay charges cards, so it takes as long as they do.
The others are the usual run of the trade, from general knowledge.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from anshin.commerce.rules.bank_days import bank_days_after
from anshin.commerce.terms import PaymentMethod, RefundWay

BANK_BUSINESS_DAYS = 5
"""From the day on which a transfer is wanted: a day for the account, two for the batch, one for the bank, one spare."""

_BUSINESS_DAYS: Mapping[str, int] = {
    PaymentMethod.CARD: 10,
    PaymentMethod.AMAZON_PAY: 10,
    PaymentMethod.PAYPAY: 1,
    PaymentMethod.OTHER: 10,
}
_BUSINESS_DAYS_BY_WAY: Mapping[str, int] = {
    RefundWay.BANK: BANK_BUSINESS_DAYS,
    RefundWay.POINTS: 1,
    RefundWay.COUPON: 1,
    RefundWay.CASH: 5,
}
_MORE_THAN_A_MONTH = 32


def expected_on(*, way: str, method: str, since: date) -> date:
    """The day by which the customer should have the money, when it is on its way since `since`.

    Business days leave out Saturdays, Sundays, Japan's holidays and the turn of the year. `method` is how the order was
    paid; it counts only when the money goes back the same way.
    """
    if way != RefundWay.ORIGINAL:
        return bank_days_after(since, _BUSINESS_DAYS_BY_WAY[way])
    if method == PaymentMethod.CARRIER:
        return _end_of_next_month(since)
    return bank_days_after(since, _BUSINESS_DAYS.get(method, _BUSINESS_DAYS[PaymentMethod.OTHER]))


def _end_of_next_month(day: date) -> date:
    next_month = day.replace(day=1) + timedelta(days=_MORE_THAN_A_MONTH)
    after_that = next_month.replace(day=1) + timedelta(days=_MORE_THAN_A_MONTH)
    return after_that.replace(day=1) - timedelta(days=1)
