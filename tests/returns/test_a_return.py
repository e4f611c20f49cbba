"""From the customer's request to the money: each step once, in order, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case, Message, Note
from anshin.cases.ports import closing_checks
from anshin.cases.terms import Resolution, Status
from anshin.commerce import actions as commerce
from anshin.commerce.models import Refund
from anshin.commerce.terms import Fault, IncomingLine, PaymentMethod, RefundWay
from anshin.returns import actions, queries
from anshin.returns.models import Parcel, Return, ReturnLine, Settlement, Step
from anshin.returns.terms import (
    Approval,
    Axis,
    CheckResult,
    Disposition,
    InspectionState,
    MoneyState,
    ParcelState,
    Payer,
    Reason,
    Verdict,
    WaitsFor,
    Wish,
)
from anshin.shops.actions import NotAllowed, Refused
from tests.conftest import NOW
from tests.returns.conftest import GOOD

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def standing(returned):
    returned.refresh_from_db()
    return returned.approval, returned.parcel, returned.inspection, returned.money


def test_a_clear_request_is_approved_at_once_and_the_customer_told(ask, sold):
    returned = ask(sold())

    assert standing(returned) == (Approval.APPROVED, ParcelState.AWAITED, InspectionState.NOT_YET, MoneyState.NOT_YET)
    assert (returned.waits_for, returned.payer, returned.fault) == (WaitsFor.CUSTOMER, Payer.SHOP, Fault.UNKNOWN)
    first, answer = Message.objects.filter(case=returned.case).order_by("id")
    assert "写真と色が違います。" in first.text
    assert "商品が写真と違う" in first.text
    assert returned.case.topic == "item.not_as_pictured"
    assert answer.subject == "返品 R-0001 を承りました"
    assert "第4条2項" in answer.text
    assert "返送料は当店が負担します" in answer.text
    assert "/p/komorebi/" in answer.text or f"/p/{returned.shop.slug}/" in answer.text


def test_the_same_request_twice_is_one_return(ask, sold):
    order = sold()
    assert ask(order) == ask(order)
    assert Return.objects.count() == Case.objects.count() == 1


@pytest.mark.parametrize(
    ("verdict", "approval", "subject"),
    [
        (Verdict.NEEDS_PERSON, Approval.ASKED, "返品 R-0001 のお申し込みを受け付けました"),
        (Verdict.REFUSED, Approval.REFUSED, "返品 R-0001 のお申し込みについて"),
    ],
)
def test_what_the_policy_does_not_grant_is_answered_too(ask, sold, says, verdict, approval, subject):
    says(verdict, Payer.CUSTOMER)
    returned = ask(sold())
    assert returned.approval == approval
    assert Message.objects.filter(case=returned.case).order_by("id").last().subject == subject


def test_a_refused_customer_may_ask_for_a_person(shop, ask, sold, says, agent):
    says(Verdict.REFUSED)
    order = sold()
    returned = ask(order)
    actions.ask_a_person(shop=shop, customer=order.customer, number=1, words="手術で開けられませんでした。", now=NOW)
    returned = actions.authorise(by=agent, return_id=returned.pk, payer=Payer.CUSTOMER, now=NOW)
    assert returned.approval == Approval.APPROVED
    assert [step.state for step in returned.steps.filter(axis=Axis.APPROVAL)] == [
        "asked",
        "refused",
        "asked",
        "approved",
    ]


def test_from_the_parcel_to_the_money(ask, sold, agent, manager, arrive, inspected, moved):
    order = sold()
    returned = ask(order)
    actions.announce_parcel(
        shop=order.shop, customer=order.customer, number=1, carrier="yamato", tracking_number="512547514334", now=NOW
    )
    assert standing(returned)[1] == ParcelState.ON_ITS_WAY
    arrive(returned)
    assert standing(returned)[1] == ParcelState.HERE
    actions.decide_fault(by=agent, return_id=returned.pk, fault=Fault.SHOP, now=NOW)
    inspected(returned)
    assert standing(returned)[2:] == (InspectionState.GOOD, MoneyState.TO_CONFIRM)
    settlement = Settlement.objects.get(is_current=True)
    assert (settlement.total_yen, settlement.points, settlement.by_rate) == (6_460, 300, {"10": [6460, 587]})

    actions.confirm(
        by=manager, return_id=returned.pk, seen_total_yen=6_460, way=RefundWay.BANK, reason="カード解約のため", now=NOW
    )
    assert standing(returned)[3] == MoneyState.SENDING
    refund = Refund.objects.get()
    assert (refund.amount_yen, refund.key) == (6_460, f"return:{returned.pk}:{settlement.pk}")
    commerce.settle_by_hand(
        by=manager,
        refund_id=refund.pk,
        reference="F-1",
        proof=PDF,
        proof_name="f.pdf",
        moved_on=date(2026, 11, 20),
        now=NOW,
    )
    moved(NOW + timedelta(minutes=1))
    assert standing(returned)[3] == MoneyState.PAID
    assert (returned.waits_for, returned.due_at) == (WaitsFor.NOBODY, None)
    assert "¥6,460" in Message.objects.filter(case=returned.case).order_by("id").last().text


def test_a_failed_refund_puts_the_case_on_top_again(ask, sold, agent, manager, arrive, inspected, moved):
    returned = ask(sold())
    arrive(returned)
    inspected(returned)
    cases.wait_for_customer(by=agent, case_id=returned.case_id, now=NOW)
    total = Settlement.objects.get(is_current=True).total_yen
    actions.confirm(by=manager, return_id=returned.pk, seen_total_yen=total, way=RefundWay.BANK, reason="解約", now=NOW)
    record = {"reference": "F-1", "proof": PDF, "proof_name": "f.pdf", "moved_on": date(2026, 11, 20)}
    commerce.settle_by_hand(by=manager, refund_id=Refund.objects.get().pk, now=NOW, **record)
    commerce.fail_refund(by=manager, refund_id=Refund.objects.get().pk, reason="口座番号が違います。", now=NOW)
    moved(NOW + timedelta(minutes=1))
    case = Case.objects.get()
    assert standing(returned)[3] == MoneyState.FAILED
    assert (returned.waits_for, case.status, case.is_urgent) == (WaitsFor.STAFF, Status.OPEN, True)
    assert "口座番号が違います。" in Note.objects.get(case=case).text
    actions.recalculate(by=manager, return_id=returned.pk, adjusted=actions.Adjusted(), now=NOW)
    moved(NOW + timedelta(minutes=2))
    assert Refund.objects.get().state == "withdrawn"  # nobody can send it beside the new one
    assert standing(returned)[3] == MoneyState.TO_CONFIRM


def test_nothing_is_paid_before_all_three_checks(ask, sold, manager, warehouse, arrive):
    returned = ask(sold())
    arrive(returned)
    half = actions.Checked(appearance=CheckResult.OK, disposition=Disposition.RESTOCK)
    actions.inspect(by=warehouse, line_id=returned.lines.get().pk, checked=half, now=NOW)
    assert standing(returned)[2:] == (InspectionState.UNDER_WAY, MoneyState.NOT_YET)
    with pytest.raises(actions.NotInspected):
        actions.confirm(by=manager, return_id=returned.pk, seen_total_yen=6_460, way=RefundWay.ORIGINAL, now=NOW)
    with pytest.raises(actions.NotInspected):
        actions.recalculate(by=manager, return_id=returned.pk, adjusted=actions.Adjusted(), now=NOW)
    assert Refund.objects.count() == 0


def test_another_sum_than_the_one_seen_is_not_paid(ask, sold, manager, arrive, inspected):
    returned = ask(sold())
    arrive(returned)
    inspected(returned)
    with pytest.raises(actions.CountsDiffer):
        actions.confirm(by=manager, return_id=returned.pk, seen_total_yen=1, way=RefundWay.ORIGINAL, now=NOW)
    assert Refund.objects.count() == 0


def test_above_the_limit_a_second_person(ask, sold, agent, arrive, inspected, moved, manager):
    returned = ask(sold())
    arrive(returned)
    inspected(returned)
    total = Settlement.objects.get(is_current=True).total_yen
    actions.confirm(by=agent, return_id=returned.pk, seen_total_yen=total, way=RefundWay.ORIGINAL, now=NOW)
    assert standing(returned)[3] == MoneyState.SECOND
    assert returned.waits_for == WaitsFor.MANAGER
    commerce.approve_refund(by=manager, refund_id=Refund.objects.get().pk, now=NOW)
    moved(NOW + timedelta(minutes=1))
    assert standing(returned)[3] in {MoneyState.SENDING, MoneyState.FAILED, MoneyState.PAID}


def test_a_parcel_typed_twice_is_booked_in_once(ask, sold, arrive):
    returned = ask(sold())
    assert arrive(returned) == arrive(returned)
    assert Parcel.objects.count() == 1
    assert ReturnLine.objects.get().quantity_here == 1


def test_an_unannounced_parcel_waits_to_be_sorted(ask, sold, warehouse, says):
    parcel = actions.book_in(by=warehouse, sender_name="柏木", tracking_number="4444-1375-8703", nonce="x", now=NOW)
    assert list(queries.unsorted_parcels(warehouse.shop)) == [parcel]
    says(Verdict.NEEDS_PERSON)
    returned = ask(sold())
    actions.sort_parcel(by=warehouse, parcel_id=parcel.pk, inside=[actions.Inside(returned.lines.get().pk, 1)], now=NOW)
    assert standing(returned)[:2] == (Approval.ASKED, ParcelState.HERE)
    assert not queries.unsorted_parcels(warehouse.shop)


def test_part_of_it_arrives_first(ask, sold, arrive, inspected):
    mugs = (IncomingLine("琺瑯マグ", 3, 2_200, "KT-MUG-WH"),)
    returned = ask(sold(lines=mugs, discount_yen=0, coupon_yen=0, points_used=0), quantity=3)
    arrive(returned, quantity=2)
    assert standing(returned)[1] == ParcelState.PARTLY_HERE
    arrive(returned, nonce="p-2", quantity=1)
    assert standing(returned)[1] == ParcelState.HERE
    with pytest.raises(actions.TooMany):
        arrive(returned, nonce="p-3", quantity=1)


def test_no_more_comes_back_than_was_bought(ask, sold):
    order = sold(lines=(IncomingLine("琺瑯マグ", 3, 2_200),), discount_yen=0, coupon_yen=0, points_used=0)
    ask(order, quantity=2)
    with pytest.raises(actions.TooMany) as refused:
        ask(order, quantity=2, nonce="n-2")
    assert refused.value.left == 1
    with pytest.raises(actions.TooMany):
        ask(order, quantity=4, nonce="n-3")
    assert Return.objects.count() == 1


def test_somebody_elses_order_is_nobodys(shop, ask, sold):
    order, other = sold(), sold("KM-20418", mail="mikumo@mail.example", points_used=0, coupon_yen=0, discount_yen=0)
    with pytest.raises(actions.UnknownReturn):
        actions.request(
            shop=shop,
            customer=other.customer,
            asked=[actions.Asked(order.pk, 1, 1, Reason.DEFECT, "unused")],
            wish=Wish.REFUND,
            nonce="n",
            now=NOW,
        )


def test_a_photo_is_asked_for_where_the_policy_needs_one(ask, sold, says):
    says(needs_photos=True)
    with pytest.raises(actions.PhotosNeeded):
        ask(sold())
    assert Case.objects.count() == 0


def test_what_goes_back_to_the_customer_is_not_paid_for(ask, sold, arrive, inspected):
    returned = ask(sold())
    arrive(returned)
    worn = actions.Checked(
        appearance=CheckResult.BAD,
        accessories=CheckResult.OK,
        operation=CheckResult.OK,
        disposition=Disposition.SEND_BACK,
    )
    inspected(returned, worn)
    assert standing(returned)[2] == InspectionState.DIFFERS
    assert Settlement.objects.get(is_current=True).total_yen == 0


def test_an_exchange_is_not_paid_back_by_itself_but_may_be_when_the_stock_has_gone(ask, sold, agent, arrive, inspected):
    returned = ask(sold(), wish=Wish.EXCHANGE, wanted="墨")
    arrive(returned)
    inspected(returned)
    assert standing(returned)[3] == MoneyState.NOT_YET
    assert returned.waits_for == WaitsFor.STAFF
    actions.mark_out_of_stock(by=agent, return_id=returned.pk, now=NOW)
    actions.refund_instead(by=agent, return_id=returned.pk, now=NOW)
    assert standing(returned)[3] == MoneyState.TO_CONFIRM


def test_a_lost_parcel_can_be_settled_without_an_inspection(ask, sold, agent):
    returned = ask(sold())
    actions.announce_parcel(
        shop=agent.shop, customer=returned.customer, number=1, carrier="yamato", tracking_number="1", now=NOW
    )
    actions.mark_lost(by=agent, return_id=returned.pk, now=NOW)
    assert standing(returned)[1:] == (ParcelState.LOST, InspectionState.NOT_NEEDED, MoneyState.TO_CONFIRM)


def test_the_customers_fault_needs_a_sentence(ask, sold, agent):
    returned = ask(sold())
    with pytest.raises(actions.ReasonNeeded):
        actions.decide_fault(by=agent, return_id=returned.pk, fault=Fault.CUSTOMER, now=NOW)


def test_a_case_is_closed_only_when_the_money_has_moved(ask, sold, agent, manager, arrive, inspected):
    with closing_checks.filled_with((actions.ReturnClosingCheck(),)):
        returned = ask(sold())
        with pytest.raises(Refused, match="R-0001"):
            cases.close(by=agent, case_id=returned.case_id, resolution=Resolution.REFUNDED, now=NOW)
        arrive(returned)
        inspected(returned)
        actions.no_money_due(by=agent, return_id=returned.pk, why="交換しました", now=NOW)
        cases.close(by=agent, case_id=returned.case_id, resolution=Resolution.REPLACED, now=NOW)
    assert Case.objects.get().status == Status.CLOSED


def test_roles_and_shops(ask, sold, warehouse, stranger, agent):
    returned = ask(sold())
    for verb, values in [
        (actions.authorise, {}),
        (actions.refuse, {"why": "x"}),
        (actions.decide_fault, {"fault": Fault.SHOP}),
        (actions.recalculate, {"adjusted": actions.Adjusted()}),
        (actions.confirm, {"seen_total_yen": 1, "way": RefundWay.ORIGINAL}),
        (actions.no_money_due, {"why": "x"}),
        (actions.mark_lost, {}),
    ]:
        with pytest.raises(NotAllowed):
            verb(by=warehouse, return_id=returned.pk, now=NOW, **values)
        with pytest.raises(actions.UnknownReturn):
            verb(by=stranger, return_id=returned.pk, now=NOW, **values)
    with pytest.raises(actions.UnknownReturn):
        actions.inspect(by=stranger, line_id=returned.lines.get().pk, checked=GOOD, now=NOW)
    with pytest.raises(actions.UnknownReturn):
        actions.book_in(by=stranger, inside=[actions.Inside(returned.lines.get().pk, 1)], nonce="z", now=NOW)
    assert Step.objects.exclude(returned=returned).count() == 0
    assert queries.return_by_number(stranger.shop, 1) is None


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_any_number(ask, sold, shop, django_assert_num_queries, count):
    for each in range(count):
        ask(sold(f"KM-{each}"), nonce=f"n-{each}")
    with django_assert_num_queries(2):
        page = queries.return_rows(shop, now=NOW)
        assert [row.item for row in page.items] == ["帆布トートバッグ M 生成り"] * count
    with django_assert_num_queries(1):
        assert queries.tab_counts(shop)[queries.Tab.PARCEL] == count
    with django_assert_num_queries(7):
        queries.return_page(Return.objects.first())


def test_the_way_of_cash_on_delivery(ask, sold, manager, arrive, inspected):
    returned = ask(sold(method=PaymentMethod.CASH_ON_DELIVERY))
    arrive(returned)
    inspected(returned)
    total = Settlement.objects.get(is_current=True).total_yen
    with pytest.raises(Refused):
        actions.confirm(by=manager, return_id=returned.pk, seen_total_yen=total, way=RefundWay.ORIGINAL, now=NOW)
    assert standing(returned)[3] == MoneyState.TO_CONFIRM
    assert Settlement.objects.get(is_current=True).confirmed_at is None


@pytest.mark.parametrize(
    "illegal",
    [
        lambda agent, returned: actions.mark_lost(by=agent, return_id=returned.pk, now=NOW),
        lambda agent, returned: actions.confirm(
            by=agent, return_id=returned.pk, seen_total_yen=0, way=RefundWay.ORIGINAL, now=NOW
        ),
        lambda agent, returned: actions.recalculate(
            by=agent, return_id=returned.pk, adjusted=actions.Adjusted(), now=NOW
        ),
        lambda agent, returned: actions.authorise(by=agent, return_id=returned.pk, now=NOW),
        lambda agent, returned: actions.inspect(by=agent, line_id=returned.lines.get().pk, checked=GOOD, now=NOW),
        lambda agent, returned: actions.withdraw(shop=agent.shop, customer=returned.customer, number=1, now=NOW),
    ],
)
def test_an_illegal_step_writes_nothing(ask, sold, agent, illegal):
    order = sold()
    returned = ask(order)
    actions.withdraw(shop=agent.shop, customer=order.customer, number=1, now=NOW)
    before = Step.objects.count(), Message.objects.count(), Settlement.objects.count(), standing(returned)
    with pytest.raises(Refused):
        illegal(agent, returned)
    assert (Step.objects.count(), Message.objects.count(), Settlement.objects.count(), standing(returned)) == before


def test_what_is_kept_waits_to_be_paid_at_once(ask, sold, says, agent):
    says(Verdict.NEEDS_PERSON)
    returned = ask(sold(), reason=Reason.DAMAGED)
    actions.authorise(by=agent, return_id=returned.pk, keeps=True, now=NOW)
    assert standing(returned)[1:] == (ParcelState.NOT_NEEDED, InspectionState.NOT_NEEDED, MoneyState.TO_CONFIRM)


def test_a_fault_decided_later_changes_the_sum(ask, sold, agent, arrive, inspected):
    returned = ask(sold())
    arrive(returned)
    inspected(returned)
    assert Settlement.objects.get(is_current=True).total_yen == 5_800
    actions.follow_fault(shop_id=agent.shop_id, case_id=returned.case_id, fault=Fault.CARRIER, now=NOW)
    actions.follow_fault(shop_id=agent.shop_id, case_id=returned.case_id, fault=Fault.CARRIER, now=NOW)
    returned.refresh_from_db()
    assert (returned.fault, Settlement.objects.get(is_current=True).total_yen) == (Fault.CARRIER, 6_460)
    assert Settlement.objects.count() == 2
