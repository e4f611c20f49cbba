"""What customers lay out because of the shop is made good beside the price, once, and never by the card."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anshin.commerce import actions as commerce
from anshin.commerce.models import Refund
from anshin.commerce.terms import Fault, IncomingLine, PaymentMethod, RefundKind, RefundState, RefundWay
from anshin.returns import actions
from anshin.returns.models import ReturnInvoice, ReturnSetting, Settlement
from anshin.returns.terms import Condition, MoneyState, Payer, Reason, SettlementKind, Wish
from tests.conftest import NOW

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LAID_OUT = actions.Adjusted(return_postage_yen=880, postage_paid_by=Payer.CUSTOMER)


@pytest.fixture
def whole(sold, ask, arrive, inspected, agent):
    """A return of all of an order of ¥6,460, paid by card, our doing, inspected."""

    def make(*, method=PaymentMethod.CARD):
        found = ask(sold(method=method))
        arrive(found)
        actions.decide_fault(by=agent, return_id=found.pk, fault=Fault.SHOP, now=NOW)
        return inspected(found)

    return make


def current(returned):
    return list(returned.settlements.filter(is_current=True).order_by("id"))


def confirmed(by, returned, **more):
    total = sum(row.total_yen for row in current(returned))
    values = {"way": RefundWay.ORIGINAL, "now": NOW} | more
    return actions.confirm(by=by, return_id=returned.pk, seen_total_yen=total, **values)


def land(by, refund, moved, at):
    record = {"reference": f"F-{refund.pk}", "proof": PDF, "proof_name": "f.pdf", "moved_on": date(2026, 11, 20)}
    commerce.settle_by_hand(by=by, refund_id=refund.pk, now=NOW, **record)
    moved(at)


def test_a_full_return_pays_the_price_to_the_card_and_the_postage_by_bank(whole, manager):
    returned = whole()
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=LAID_OUT, now=NOW)
    confirmed(manager, returned)

    found = [(each.kind, each.way, each.amount_yen, each.payment is None) for each in Refund.objects.order_by("id")]
    assert found == [("goods", "original", 6_460, False), ("expense", "bank", 880, True)]
    order = Refund.objects.first().order
    assert (order.refunded_yen, order.expenses_yen) == (6_460, 880)


def test_it_is_paid_when_both_have_moved(whole, manager, moved):
    returned = whole()
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=LAID_OUT, now=NOW)
    confirmed(manager, returned)
    price, expense = Refund.objects.order_by("id")
    land(manager, price, moved, NOW + timedelta(minutes=1))
    returned.refresh_from_db()
    assert returned.money == MoneyState.SENDING
    land(manager, expense, moved, NOW + timedelta(minutes=2))
    returned.refresh_from_db()
    assert returned.money == MoneyState.PAID


def test_calculating_again_does_not_make_it_good_twice(whole, manager, moved):
    returned = whole()
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=LAID_OUT, now=NOW)
    confirmed(manager, returned)
    price, expense = Refund.objects.order_by("id")
    land(manager, expense, moved, NOW + timedelta(minutes=1))
    commerce.settle_by_hand(
        by=manager, refund_id=price.pk, reference="F", proof=PDF, proof_name="f.pdf", moved_on=NOW.date(), now=NOW
    )
    commerce.fail_refund(by=manager, refund_id=price.pk, reason="カードの期限切れ", now=NOW)
    moved(NOW + timedelta(minutes=2))
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=LAID_OUT, now=NOW)

    assert [(row.kind, row.total_yen) for row in current(returned)] == [("goods", 6_460)]


def test_an_expense_that_was_given_up_is_still_owed(whole, manager, moved):
    returned = whole()
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=LAID_OUT, now=NOW)
    confirmed(manager, returned)
    price, expense = Refund.objects.order_by("id")
    land(manager, price, moved, NOW + timedelta(minutes=1))
    commerce.withdraw_refund(by=manager, refund_id=expense.pk, reason="口座ちがい", now=NOW)
    moved(NOW + timedelta(minutes=2))

    returned.refresh_from_db()
    assert returned.money == MoneyState.TO_CONFIRM
    assert [(row.kind, row.total_yen) for row in current(returned)] == [("expense", 880)]


def test_said_to_be_nothing_it_is_owed_no_more(whole, manager):
    returned = whole()
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=LAID_OUT, now=NOW)
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=actions.Adjusted(), now=NOW)

    assert [row.kind for row in current(returned)] == [SettlementKind.GOODS]


def test_it_counts_towards_the_second_person(whole, manager, owner):
    returned = whole()
    commerce.set_refund_rules(by=owner, second_person_above_yen=7_000, purge_days=30, now=NOW)
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=LAID_OUT, now=NOW)
    confirmed(manager, returned)

    assert [refund.state for refund in Refund.objects.order_by("id")] == [RefundState.READY, RefundState.ASKED]


def test_the_database_lets_no_expense_go_to_a_card(whole, manager):
    returned = whole()
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=LAID_OUT, now=NOW)
    confirmed(manager, returned)
    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(kind=RefundKind.EXPENSE).update(way=RefundWay.ORIGINAL)


def test_whoever_asks_for_it_by_card_is_refused(whole, manager):
    order = whole().lines.get().order
    with pytest.raises(commerce.WayImpossible):
        commerce.issue_refund(
            by=manager, order_id=order.pk, amount_yen=880, way=RefundWay.ORIGINAL, kind=RefundKind.EXPENSE,
            key="k", reason="x", now=NOW,
        )  # fmt: skip
    assert not Refund.objects.exists()


def test_it_is_on_no_return_invoice(whole, manager, moved, shop):
    ReturnSetting.objects.create(shop=shop, registration_number="T7123456789012")
    returned = whole()
    twelve = actions.Adjusted(return_postage_yen=12_000, postage_paid_by=Payer.CUSTOMER)
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=twelve, now=NOW)
    confirmed(manager, returned)
    land(manager, Refund.objects.get(kind=RefundKind.EXPENSE), moved, NOW + timedelta(minutes=1))

    assert not ReturnInvoice.objects.exists()


@pytest.fixture
def two_orders(shop, sold, says, post, arrive, inspected, agent):
    """One return of two orders: ¥500 by cash on delivery, and ¥6,000 by card."""

    def make(fault=Fault.SHOP):
        says(payer=Payer.SHOP if fault == Fault.SHOP else Payer.CUSTOMER)
        plain = {"discount_yen": 0, "coupon_yen": 0, "points_used": 0, "shipping_yen": 0}
        cash = sold("KM-1", method=PaymentMethod.CASH_ON_DELIVERY, lines=(IncomingLine("布", 1, 500),), **plain)
        card = sold("KM-2", lines=(IncomingLine("鞄", 1, 6_000),), **plain)
        asked = [actions.Asked(each.pk, 1, 1, Reason.NOT_AS_PICTURED, Condition.UNUSED) for each in (cash, card)]
        found = actions.request(
            shop=shop, customer=cash.customer, asked=asked, nonce="n", now=NOW, wish=Wish.REFUND, words="x"
        )
        arrive(found)
        actions.decide_fault(by=agent, return_id=found.pk, fault=fault, why="写真のとおり", now=NOW)
        return inspected(found)

    return make


def test_each_order_has_its_own_refund_by_its_own_way(two_orders, manager):
    returned = two_orders()
    cash, card = current(returned)
    ways = {cash.pk: RefundWay.BANK, card.pk: RefundWay.ORIGINAL}
    confirmed(manager, returned, way=RefundWay.BANK, ways=ways)

    found = Refund.objects.order_by("id").values_list("order__number", "way", "amount_yen")
    assert list(found) == [("KM-1", "bank", 500), ("KM-2", "original", 6_000)]


def test_a_way_that_one_of_the_orders_does_not_have_pays_none_of_them(two_orders, manager):
    returned = two_orders()
    with pytest.raises(commerce.WayImpossible):
        confirmed(manager, returned, way=RefundWay.ORIGINAL)
    assert not Refund.objects.exists()
    assert not Settlement.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.parametrize(
    ("said", "totals"),
    [
        (actions.Adjusted(return_postage_yen=880), [0, 5_620]),
        (actions.Adjusted(deduction_yen=700, deduction_why="汚れ"), [0, 5_800]),
        (actions.Adjusted(return_postage_yen=880, deduction_yen=300, deduction_why="汚れ"), [0, 5_320]),
        (actions.Adjusted(return_postage_yen=880, postage_paid_by=Payer.CUSTOMER), [500, 6_000]),
    ],
)
def test_what_the_first_order_cannot_bear_comes_off_the_second(two_orders, manager, said, totals):
    returned = two_orders(Fault.CUSTOMER)
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=said, now=NOW)

    assert [row.total_yen for row in current(returned)] == totals
    assert sum(row.return_postage_yen for row in current(returned)) == said.return_postage_yen


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 12_000), st.sampled_from(list(Payer))), min_size=1, max_size=4),
    st.sampled_from([Fault.SHOP, Fault.CUSTOMER]),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_money_in_is_money_out_whatever_fails_and_is_calculated_again(
    settled_rows, two_orders, manager, moved, said, fault, lands
):
    """Price never above what was paid; an expense never above what was laid out; each confirmed sum moves once."""
    minutes, outcomes = iter(range(1, 1_000)), iter(lands)
    with settled_rows():
        returned = two_orders(fault)
        for postage, paid_by in said:
            returned.refresh_from_db()
            if returned.money not in {MoneyState.TO_CONFIRM, MoneyState.FAILED}:
                break
            adjusted = actions.Adjusted(return_postage_yen=postage, postage_paid_by=paid_by)
            actions.recalculate(by=manager, return_id=returned.pk, adjusted=adjusted, now=NOW)
            confirmed(manager, returned, way=RefundWay.BANK, reason="口座へ")
            for refund in Refund.objects.filter(state=RefundState.READY).order_by("id"):
                land(manager, refund, moved, NOW + timedelta(minutes=next(minutes)))
                if not next(outcomes, True):
                    commerce.fail_refund(by=manager, refund_id=refund.pk, reason="戻り", now=NOW)
                    moved(NOW + timedelta(minutes=next(minutes)))
        for refund in Refund.objects.select_related("order"):
            same = Refund.objects.filter(order=refund.order, state__in=["ready", "settled"])
            price = sum(each.amount_yen for each in same if each.kind == RefundKind.GOODS)
            assert price <= refund.order.total_yen
            assert (refund.order.refunded_yen, refund.order.expenses_yen) == (
                price,
                sum(each.amount_yen for each in same if each.kind == RefundKind.EXPENSE),
            )
        laid_out = max((postage for postage, paid_by in said if paid_by == Payer.CUSTOMER), default=0)
        made_good = Refund.objects.filter(kind=RefundKind.EXPENSE, state__in=["ready", "settled"])
        assert sum(each.amount_yen for each in made_good) <= (laid_out if fault == Fault.SHOP else 0)
