"""What arrives after part of a return was looked at, or paid for, is looked at and paid by itself; never too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anshin.cases.models import Note
from anshin.commerce import actions as commerce
from anshin.commerce.models import Order, Refund
from anshin.commerce.terms import Fault, IncomingLine, RefundWay
from anshin.returns import actions
from anshin.returns.models import Inspection, Return, Settlement, Step
from anshin.returns.terms import Axis, Disposition, InspectionState, MoneyState, ParcelState, WaitsFor
from tests.conftest import NOW
from tests.returns.conftest import GOOD

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SCRAPPED = replace(GOOD, disposition=Disposition.SCRAP)
SENT_BACK = replace(GOOD, disposition=Disposition.SEND_BACK)


def standing(returned):
    returned.refresh_from_db()
    return returned.parcel, returned.inspection, returned.money


@pytest.fixture
def mugs(ask, sold):
    """A return of three mugs at ¥2,200, postage ¥660, our doing."""

    def make(agent, quantity=3, **more):
        lines = (IncomingLine("琺瑯マグ", 3, 2_200, "KT-MUG-WH"),)
        values = {"discount_yen": 0, "coupon_yen": 0, "points_used": 0} | more
        returned = ask(sold(lines=lines, **values), quantity=quantity)
        return actions.decide_fault(by=agent, return_id=returned.pk, fault=Fault.SHOP, now=NOW)

    return make


@pytest.fixture
def look(warehouse):
    def at(returned, checked=GOOD):
        return actions.inspect(by=warehouse, line_id=returned.lines.get().pk, checked=checked, now=NOW)

    return at


@pytest.fixture
def pay(manager, moved):
    """Confirm what was calculated, and have it arrive."""
    minutes = iter(range(1, 1000))

    def through(returned, *, arrives=True):
        total = sum(row.total_yen for row in returned.settlements.filter(is_current=True))
        actions.confirm(
            by=manager, return_id=returned.pk, seen_total_yen=total, way=RefundWay.BANK, reason="解約", now=NOW
        )
        if arrives and total:
            land(manager, moved, next(minutes))
        return total

    return through


def land(manager, moved, minutes):
    refund = Refund.objects.order_by("-pk")[0]
    record = {"reference": "F-1", "proof": PDF, "proof_name": "f.pdf", "moved_on": date(2026, 11, 20)}
    commerce.settle_by_hand(by=manager, refund_id=refund.pk, now=NOW, **record)
    moved(NOW + timedelta(minutes=minutes))


def test_the_rest_is_inspected_anew_before_anything_was_paid(mugs, agent, arrive, look):
    returned = mugs(agent)
    arrive(returned, quantity=2)
    look(returned, SCRAPPED)
    assert standing(returned) == (ParcelState.PARTLY_HERE, InspectionState.GOOD, MoneyState.TO_CONFIRM)
    assert Settlement.objects.get(is_current=True).total_yen == 4_400
    arrive(returned, nonce="p-2", quantity=1)
    assert standing(returned) == (ParcelState.HERE, InspectionState.UNDER_WAY, MoneyState.NOT_YET)
    assert returned.waits_for == WaitsFor.WAREHOUSE
    look(returned, GOOD)
    assert standing(returned)[1:] == (InspectionState.GOOD, MoneyState.TO_CONFIRM)
    assert Settlement.objects.get(is_current=True).total_yen == 3 * 2_200 + 660
    parts = list(Inspection.objects.order_by("part").values_list("part", "quantity", "disposition"))
    assert parts == [(1, 2, "scrap"), (2, 1, "restock")]


def test_the_rest_is_paid_by_itself_after_the_first_part_was(mugs, agent, arrive, look, pay):
    returned = mugs(agent)
    arrive(returned, quantity=2)
    look(returned)
    assert pay(returned) == 4_400
    assert standing(returned)[2] == MoneyState.PAID
    arrive(returned, nonce="p-2", quantity=1)
    assert standing(returned) == (ParcelState.HERE, InspectionState.UNDER_WAY, MoneyState.NOT_YET)
    look(returned)
    assert pay(returned) == 2_200 + 660  # the postage once everything is back
    assert standing(returned)[2] == MoneyState.PAID
    assert returned.waits_for == WaitsFor.NOBODY
    assert Order.objects.get().refunded_yen == 7_260
    assert len({refund.key for refund in Refund.objects.all()}) == 2


def test_while_the_first_money_is_under_way_the_rest_waits_and_then_goes_on(
    mugs, agent, arrive, look, pay, manager, moved
):
    returned = mugs(agent)
    arrive(returned, quantity=1)
    look(returned)
    pay(returned, arrives=False)
    assert standing(returned)[2] == MoneyState.SENDING
    arrive(returned, nonce="p-2", quantity=2)
    assert standing(returned) == (ParcelState.HERE, InspectionState.GOOD, MoneyState.SENDING)
    land(manager, moved, 1)
    assert standing(returned) == (ParcelState.HERE, InspectionState.UNDER_WAY, MoneyState.NOT_YET)
    look(returned)
    assert Settlement.objects.get(is_current=True).total_yen == 4_400 + 660


def test_what_is_looked_at_while_money_is_under_way_is_calculated_when_it_arrives(
    mugs, agent, arrive, look, pay, manager, moved
):
    returned = mugs(agent)
    arrive(returned, quantity=1)
    look(returned)
    pay(returned, arrives=False)
    arrive(returned, nonce="p-2", quantity=2)
    look(returned, SENT_BACK)
    assert standing(returned)[1:] == (InspectionState.GOOD, MoneyState.SENDING)
    land(manager, moved, 1)
    assert standing(returned)[1:] == (InspectionState.GOOD, MoneyState.TO_CONFIRM)
    assert Settlement.objects.get(is_current=True).total_yen == 0
    assert Settlement.objects.get(is_closed=True).total_yen == 2_200
    steps = Step.objects.count()
    moved(NOW + timedelta(minutes=2))
    assert Step.objects.count() == steps


def test_what_was_paid_for_is_not_found_differently_afterwards(mugs, agent, arrive, look, pay):
    returned = mugs(agent)
    arrive(returned)
    look(returned)
    pay(returned)
    with pytest.raises(actions.IllegalStep):
        look(returned, SENT_BACK)
    assert Inspection.objects.get().disposition == Disposition.RESTOCK


def test_a_fee_is_taken_once(mugs, agent, arrive, look, pay, says):
    says(fee_yen=500)
    returned = mugs(agent)
    arrive(returned, quantity=2)
    look(returned)
    assert pay(returned) == 3_900
    arrive(returned, nonce="p-2", quantity=1)
    look(returned)
    assert pay(returned) == 2_860


def test_another_return_of_the_order_knows_both_parts(mugs, agent, arrive, look, pay, ask, inspected):
    returned = mugs(agent, quantity=2, coupon_yen=660, discount_yen=660)
    arrive(returned, quantity=1)
    look(returned)
    first = pay(returned)
    arrive(returned, nonce="p-2", quantity=1)
    look(returned)
    first += pay(returned)
    order = Order.objects.get()
    last = ask(order, nonce="n-2")
    actions.decide_fault(by=agent, return_id=last.pk, fault=Fault.SHOP, now=NOW)
    arrive(last, nonce="p-3")
    inspected(last)
    assert first + pay(last) == order.total_yen == 6_600


def test_what_was_paid_as_lost_and_comes_after_all_is_not_paid_again(mugs, agent, arrive, pay, shop):
    returned = mugs(agent)
    actions.announce_parcel(
        shop=shop, customer=returned.customer, number=1, carrier="yamato", tracking_number="1", now=NOW
    )
    actions.mark_lost(by=agent, return_id=returned.pk, now=NOW)
    returned.refresh_from_db()
    pay(returned)
    arrive(returned)
    assert standing(returned) == (ParcelState.HERE, InspectionState.NOT_NEEDED, MoneyState.PAID)
    assert "R-0001" in Note.objects.order_by("pk").last().text
    assert Refund.objects.count() == 1


def test_what_was_missing_and_came_is_good_in_the_end(mugs, agent, arrive, look):
    returned = mugs(agent)
    arrive(returned, quantity=0)
    look(returned, replace(GOOD, disposition=Disposition.MISSING))
    assert standing(returned)[1] == InspectionState.DIFFERS
    arrive(returned, nonce="p-2", quantity=3)
    assert standing(returned)[1] == InspectionState.UNDER_WAY
    look(returned)
    assert standing(returned)[1:] == (InspectionState.GOOD, MoneyState.TO_CONFIRM)
    assert Settlement.objects.get(is_current=True).total_yen == 7_260


moves = st.lists(
    st.tuples(st.sampled_from(["arrive", "look", "half", "pay", "send", "land"]), st.integers(1, 3)), max_size=14
)
found = st.sampled_from([GOOD, SCRAPPED, SENT_BACK])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=moves, results=st.lists(found, min_size=14, max_size=14))
def test_on_no_path_more_is_paid_than_was(
    path, results, mugs, agent, warehouse, manager, arrive, look, pay, moved, settled_rows
):
    with settled_rows():
        returned = mugs(agent, coupon_yen=601, discount_yen=601)
        order = Order.objects.get()
        for step, ((move, count), checked) in enumerate(zip(path, results, strict=False)):
            try:
                if move == "arrive":
                    arrive(returned, nonce=f"p-{step}", quantity=count)
                elif move == "look":
                    look(returned, checked)
                elif move == "half":
                    look(returned, replace(checked, appearance=""))
                elif move == "land" and Refund.objects.exclude(state="settled").exists():
                    land(manager, moved, step + 1)
                elif move in {"pay", "send"} and standing(returned)[2] == MoneyState.TO_CONFIRM:
                    pay(returned, arrives=move == "pay")
            except (actions.IllegalStep, actions.TooMany):
                continue
        order.refresh_from_db()
        paid = sum(refund.amount_yen for refund in Refund.objects.all())
        assert paid == order.refunded_yen <= order.total_yen
        kept = sum(
            row.quantity for row in Inspection.objects.exclude(disposition="send_back") if row.finished_at is not None
        )
        assert paid <= kept * 2_200 + 660
        assert sum(row.quantity for row in Inspection.objects.all()) <= 3
        assert Return.objects.get().steps.filter(axis=Axis.MONEY, state=MoneyState.PAID).count() <= len(path)
