"""Money that was given up, or came back, is paid once more and no more than once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anshin.cases.models import Message
from anshin.commerce import actions as commerce
from anshin.commerce.models import Order, Refund
from anshin.commerce.terms import Fault, IncomingLine, RefundState, RefundWay
from anshin.returns import actions
from anshin.returns.models import Settlement
from anshin.returns.terms import Condition, InspectionState, MoneyState, Reason, WaitsFor, Wish
from tests.conftest import NOW

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def minute():
    minutes = iter(range(1, 1000))
    return lambda: NOW + timedelta(minutes=next(minutes))


@pytest.fixture
def mugs(ask, sold, agent):
    """A return of three mugs at ¥2,200, postage ¥660, our doing."""

    def make(number="KM-1", nonce="n-1"):
        lines = (IncomingLine("琺瑯マグ", 3, 2_200, "KT-MUG-WH"),)
        order = sold(number, lines=lines, discount_yen=0, coupon_yen=0, points_used=0)
        returned = ask(order, quantity=3, nonce=nonce)
        return actions.decide_fault(by=agent, return_id=returned.pk, fault=Fault.SHOP, now=NOW)

    return make


@pytest.fixture
def confirm(manager):
    def it(returned, *, way=RefundWay.BANK):
        total = sum(row.total_yen for row in returned.settlements.filter(is_current=True))
        actions.confirm(by=manager, return_id=returned.pk, seen_total_yen=total, way=way, reason="解約", now=NOW)
        return total

    return it


@pytest.fixture
def money(manager, moved, minute):
    """What becomes of refunds outside, and what the return makes of it."""

    class Money:
        def land(self, refund):
            record = {"reference": "F-1", "proof": PDF, "proof_name": "f.pdf", "moved_on": date(2026, 11, 20)}
            commerce.settle_by_hand(by=manager, refund_id=refund.pk, now=NOW, **record)
            moved(minute())

        def withdraw(self, refund):
            commerce.withdraw_refund(by=manager, refund_id=refund.pk, reason="口座の確認待ち", now=NOW)
            moved(minute())

        def come_back(self, refund):
            commerce.fail_refund(by=manager, refund_id=refund.pk, reason="口座番号が違います。", now=NOW)
            moved(minute())

        def retry(self, refund):
            commerce.retry_refund(by=manager, refund_id=refund.pk, now=NOW)
            moved(minute())

    return Money()


def newest():
    return Refund.objects.order_by("-pk")[0]


def holding():
    """The refunds that money has moved for, or is moving for."""
    return [
        refund
        for refund in Refund.objects.order_by("pk")
        if refund.state not in {RefundState.WITHDRAWN, RefundState.FAILED}
    ]


def standing(returned):
    returned.refresh_from_db()
    return returned.inspection, returned.money


def letters(returned):
    """Amounts of which the customer was told that they are paid."""
    texts = Message.objects.filter(case=returned.case).order_by("pk").values_list("text", flat=True)
    return [amount for amount in ("¥7,260", "¥4,400", "¥2,860") for text in texts if f"{amount}" in text]


@pytest.mark.parametrize("way", [RefundWay.BANK, RefundWay.POINTS])
def test_a_withdrawn_refund_confirmed_anew_is_a_new_one(mugs, arrive, inspected, confirm, money, way):
    returned = mugs()
    arrive(returned)
    inspected(returned)
    confirm(returned)
    first = newest()
    money.withdraw(first)
    assert standing(returned)[1] == MoneyState.TO_CONFIRM

    confirm(returned, way=way)
    assert standing(returned)[1] == MoneyState.SENDING
    again = newest()
    assert (again.pk != first.pk, again.state, again.way) == (True, RefundState.READY, way)
    assert Settlement.objects.get(is_current=True).refund == again.pk
    money.land(again)
    assert standing(returned)[1] == MoneyState.PAID
    assert Order.objects.get().refunded_yen == 7_260
    assert [refund.amount_yen for refund in holding()] == [7_260]


def test_withdrawn_twice_and_confirmed_a_third_time(mugs, arrive, inspected, confirm, money):
    returned = mugs()
    arrive(returned)
    inspected(returned)
    for _time in range(2):
        confirm(returned)
        money.withdraw(newest())
    confirm(returned)
    with pytest.raises(actions.IllegalStep):
        confirm(returned)
    money.land(newest())
    assert standing(returned)[1] == MoneyState.PAID
    assert (Refund.objects.count(), len(holding())) == (3, 1)


@pytest.mark.parametrize("fails", [True, False])
def test_calculated_anew_it_is_paid_once(mugs, arrive, inspected, confirm, money, manager, fails):
    returned = mugs()
    arrive(returned)
    inspected(returned)
    confirm(returned)
    if fails:
        money.land(newest())
        money.come_back(newest())
    else:
        money.withdraw(newest())
    less = actions.Adjusted(deduction_yen=260, deduction_why="箱の破損")
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=less, now=NOW)
    assert confirm(returned) == 7_000
    money.land(newest())
    assert standing(returned)[1] == MoneyState.PAID
    assert [refund.amount_yen for refund in holding()] == [7_000]
    assert Order.objects.get().refunded_yen == 7_000


def test_a_withdrawn_refund_is_never_handed_back(mugs, arrive, inspected, confirm, money, manager):
    returned = mugs()
    arrive(returned)
    inspected(returned)
    confirm(returned)
    first = newest()
    money.withdraw(first)
    asked = {"order_id": first.order_id, "amount_yen": first.amount_yen, "way": RefundWay.BANK, "key": first.key}
    with pytest.raises(commerce.KeyTaken):
        commerce.issue_refund(by=manager, reason="解約", now=NOW, **asked)


@pytest.fixture
def both(shop, says, sold, arrive, inspected, confirm, manager):
    """Two orders sent back in one return, one mug each at ¥1,000, and confirmed; the second keeps another mug."""
    says()
    lines = (IncomingLine("琺瑯マグ", 2, 1_000, "KT-MUG-WH"),)
    values = {"lines": lines, "shipping_yen": 0, "discount_yen": 0, "coupon_yen": 0, "points_used": 0}
    orders = [sold(number, **values) for number in ("KM-1", "KM-2")]
    asked = [actions.Asked(order.pk, 1, 1, Reason.NOT_AS_PICTURED, Condition.UNUSED) for order in orders]
    returned = actions.request(
        shop=shop, customer=orders[0].customer, asked=asked, wish=Wish.REFUND, words="色", nonce="n-1", now=NOW
    )
    arrive(returned)
    inspected(returned)
    confirm(returned)
    return returned


@pytest.mark.parametrize("recalculates", [True, False])
@pytest.mark.parametrize("lands_first", [True, False])
def test_of_two_orders_only_the_withdrawn_one_is_paid_anew(both, confirm, money, manager, recalculates, lands_first):
    first, second = Refund.objects.order_by("pk")
    if lands_first:
        money.land(second)
    money.withdraw(first)
    if not lands_first:
        assert standing(both)[1] == MoneyState.SENDING  # nobody calculates while money is under way
        money.land(second)
    assert standing(both)[1] == MoneyState.TO_CONFIRM
    if recalculates:
        actions.recalculate(by=manager, return_id=both.pk, adjusted=actions.Adjusted(), now=NOW)
    assert confirm(both) == 1_000
    money.land(newest())
    assert standing(both)[1] == MoneyState.PAID
    assert sorted((refund.order.number, refund.amount_yen) for refund in holding()) == [
        ("KM-1", 1_000),
        ("KM-2", 1_000),
    ]


def test_of_two_orders_only_the_failed_one_is_calculated_anew(both, confirm, money, manager):
    first, second = Refund.objects.order_by("pk")
    money.land(second)
    money.land(first)
    money.come_back(first)
    actions.recalculate(by=manager, return_id=both.pk, adjusted=actions.Adjusted(), now=NOW)
    assert confirm(both) == 1_000
    money.land(newest())
    assert [order.refunded_yen for order in Order.objects.order_by("pk")] == [1_000, 1_000]


@pytest.fixture
def halfway(mugs, arrive, inspected, confirm, money):
    """Two of three mugs are paid for, the third has arrived and nobody has looked at it."""
    returned = mugs()
    arrive(returned, quantity=2)
    inspected(returned)
    confirm(returned)
    money.land(newest())
    arrive(returned, nonce="p-2", quantity=1)
    assert standing(returned) == (InspectionState.UNDER_WAY, MoneyState.NOT_YET)
    return returned


def test_money_of_the_first_part_that_comes_back_shows_while_the_rest_is_looked_at(halfway, inspected, confirm, money):
    first = newest()
    money.come_back(first)
    assert standing(halfway) == (InspectionState.UNDER_WAY, MoneyState.FAILED)
    assert halfway.waits_for == WaitsFor.STAFF
    money.retry(first)
    assert standing(halfway) == (InspectionState.UNDER_WAY, MoneyState.SENDING)
    assert halfway.waits_for == WaitsFor.WAREHOUSE
    money.land(first)
    assert standing(halfway) == (InspectionState.UNDER_WAY, MoneyState.NOT_YET)
    inspected(halfway)
    assert confirm(halfway) == 2_860
    money.land(newest())
    assert standing(halfway)[1] == MoneyState.PAID
    assert letters(halfway) == ["¥4,400", "¥4,400", "¥2,860"]
    assert Order.objects.get().refunded_yen == 7_260


def test_what_was_looked_at_meanwhile_is_calculated_when_the_money_is_there(halfway, inspected, money):
    first = newest()
    money.come_back(first)
    inspected(halfway)
    assert standing(halfway) == (InspectionState.UNDER_WAY, MoneyState.FAILED)
    money.retry(first)
    money.land(first)
    assert standing(halfway) == (InspectionState.GOOD, MoneyState.TO_CONFIRM)
    assert Settlement.objects.get(is_current=True).total_yen == 2_860


@pytest.mark.parametrize("is_paid", [True, False])
def test_the_first_part_given_up_is_paid_with_the_rest(halfway, inspected, confirm, money, is_paid):
    first = newest()
    inspected(halfway)
    if is_paid:
        confirm(halfway)
        money.land(newest())
        assert standing(halfway)[1] == MoneyState.PAID
    money.come_back(first)
    assert standing(halfway)[1] == MoneyState.FAILED
    money.withdraw(first)
    assert standing(halfway) == (InspectionState.GOOD, MoneyState.TO_CONFIRM)
    assert confirm(halfway) == (4_400 if is_paid else 7_260)
    money.land(newest())
    assert standing(halfway)[1] == MoneyState.PAID
    assert Order.objects.get().refunded_yen == 7_260
    assert sum(refund.amount_yen for refund in holding()) == 7_260


def test_a_failed_first_part_may_be_calculated_anew_with_the_rest(halfway, inspected, confirm, money, manager):
    inspected(halfway)
    money.come_back(Refund.objects.get())
    assert standing(halfway) == (InspectionState.GOOD, MoneyState.FAILED)
    actions.recalculate(by=manager, return_id=halfway.pk, adjusted=actions.Adjusted(), now=NOW)
    assert confirm(halfway) == 7_260
    money.land(newest())
    assert standing(halfway)[1] == MoneyState.PAID
    assert sum(refund.amount_yen for refund in holding()) == 7_260


def test_money_that_comes_back_after_everything_was_paid_is_told_by_itself(halfway, inspected, confirm, money):
    first = newest()
    inspected(halfway)
    confirm(halfway)
    money.land(newest())
    money.come_back(first)
    money.retry(first)
    assert standing(halfway)[1] == MoneyState.SENDING
    money.land(first)
    assert standing(halfway)[1] == MoneyState.PAID
    assert letters(halfway) == ["¥4,400", "¥4,400", "¥2,860"]
