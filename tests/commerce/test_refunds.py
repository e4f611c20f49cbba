"""Money goes back once, by the right way, and is finished only with its record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from anshin.commerce import actions, queries
from anshin.commerce.models import Order, Payment, Refund, RefundSetting
from anshin.commerce.terms import IncomingPayment, PaymentMethod, RefundState, RefundWay
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW, member

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def paid_order(shop, incoming, by):
    def made(number="KM-20417", method=PaymentMethod.CARD, **changes):
        payments = (IncomingPayment(method, paid_at=NOW - timedelta(days=5)),)
        taken = actions.take_in_order(shop=shop, order=incoming(number, payments=payments, **changes), now=NOW, by=by)
        return taken.order

    return made


def issue(by, order, amount_yen=1_000, way=RefundWay.ORIGINAL, key="return-1", reason="", **more):
    return actions.issue_refund(
        by=by, order_id=order.pk, amount_yen=amount_yen, way=way, key=key, reason=reason, now=NOW, **more
    )


def settled_by_hand(by, refund, **changes):
    values = {"reference": "F-1", "proof": PDF, "proof_name": "f.pdf", "moved_on": date(2026, 11, 20), "now": NOW}
    return actions.settle_by_hand(by=by, refund_id=refund.pk, **{**values, **changes})


def events_of(order):
    found = JournalEntry.objects.filter(order_id=order.pk, event__startswith="refund.")
    return list(found.order_by("id").values_list("event", flat=True))


def assert_nothing_happened(order):
    order.refresh_from_db()
    assert order.refunded_yen == 0
    assert Refund.objects.count() == 0
    assert events_of(order) == []
    assert Job.objects.filter(task__contains="refund").count() == 0


def test_a_card_goes_back_to_the_card(manager, paid_order):
    order = paid_order()

    refund = issue(manager, order)

    order.refresh_from_db()
    assert (refund.state, refund.way, refund.method) == (RefundState.READY, RefundWay.ORIGINAL, PaymentMethod.CARD)
    assert refund.payment == order.payments.get()
    assert (refund.asked_by, refund.operator) == (manager, manager)
    assert refund.expected_on == date(2026, 12, 7)  # ten business days after Friday 20 November, over 23 November
    assert order.refunded_yen == 1_000
    assert queries.refundable_yen(order) == order.total_yen - 1_000
    assert events_of(order) == ["refund.asked"]


def test_asked_twice_is_one_refund(manager, paid_order):
    order = paid_order()

    first, second = issue(manager, order), issue(manager, order)

    order.refresh_from_db()
    assert first == second
    assert order.refunded_yen == 1_000
    assert events_of(order) == ["refund.asked"]


def test_a_key_names_one_refund_only(manager, paid_order):
    order = paid_order()
    issue(manager, order)

    with pytest.raises(actions.KeyTaken):
        issue(manager, order, amount_yen=2_000)

    order.refresh_from_db()
    assert order.refunded_yen == 1_000


def test_two_shops_may_use_the_same_key(manager, paid_order, stranger, other_shop, incoming, by):
    issue(manager, paid_order())
    payments = (IncomingPayment(PaymentMethod.CARD, paid_at=NOW),)
    theirs = actions.take_in_order(shop=other_shop, order=incoming(payments=payments), now=NOW, by=by).order

    assert issue(stranger, theirs).state == RefundState.ASKED


def test_never_more_than_the_total(manager, paid_order):
    order = paid_order()

    with pytest.raises(actions.TooMuch, match="25,400"):
        issue(manager, order, amount_yen=order.total_yen + 1)

    assert_nothing_happened(order)


def test_never_more_than_was_paid(manager, shop, incoming, by):
    payments = (IncomingPayment(PaymentMethod.CARD, amount_yen=5_000, paid_at=NOW),)
    order = actions.take_in_order(shop=shop, order=incoming(payments=payments), now=NOW, by=by).order

    with pytest.raises(actions.TooMuch, match="5,000"):
        issue(manager, order, amount_yen=5_001)

    assert_nothing_happened(order)


def test_never_what_nobody_paid(manager, shop, incoming, by):
    payments = (IncomingPayment(PaymentMethod.BANK_TRANSFER),)
    order = actions.take_in_order(shop=shop, order=incoming(payments=payments), now=NOW, by=by).order

    with pytest.raises(actions.TooMuch):
        issue(manager, order, amount_yen=1, way=RefundWay.BANK)

    assert_nothing_happened(order)


@pytest.mark.parametrize("amount_yen", [0, -1])
def test_never_nothing_or_less(manager, paid_order, amount_yen):
    order = paid_order()

    with pytest.raises(actions.TooMuch):
        issue(manager, order, amount_yen=amount_yen)

    assert_nothing_happened(order)


def test_the_database_itself_refuses_more_than_the_total(paid_order):
    order = paid_order()

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(refunded_yen=order.total_yen + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(refunded_yen=-1)


def test_a_card_order_goes_to_a_bank_only_with_a_reason(manager, paid_order):
    order = paid_order()

    with pytest.raises(actions.ReasonMissing):
        issue(manager, order, way=RefundWay.BANK, reason="  ")
    assert_nothing_happened(order)

    refund = issue(manager, order, way=RefundWay.BANK, reason="カードを解約したため")
    assert (refund.way, refund.reason, refund.payment) == (RefundWay.BANK, "カードを解約したため", None)


@pytest.mark.parametrize(
    "method",
    [
        PaymentMethod.CASH_ON_DELIVERY,
        PaymentMethod.BANK_TRANSFER,
        PaymentMethod.CONVENIENCE,
        PaymentMethod.DEFERRED,
    ],
)
def test_what_cannot_be_taken_back_goes_by_bank_or_as_points(manager, paid_order, method):
    order = paid_order(method=method)

    with pytest.raises(actions.WayImpossible):
        issue(manager, order, way=RefundWay.ORIGINAL, reason="お客様の希望")
    assert_nothing_happened(order)

    assert issue(manager, order, way=RefundWay.BANK).state == RefundState.READY
    assert issue(manager, order, way=RefundWay.POINTS, key="return-2").state == RefundState.READY


def test_an_agent_asks_and_a_manager_confirms(agent, manager, paid_order, later):
    order = paid_order()
    refund = issue(agent, order)
    assert (refund.state, refund.operator) == (RefundState.ASKED, None)

    approved = actions.approve_refund(by=manager, refund_id=refund.pk, now=later)

    assert (approved.state, approved.approved_by, approved.approved_at) == (RefundState.READY, manager, later)
    assert approved.operator == manager
    assert events_of(order) == ["refund.asked", "refund.approved"]


def test_an_agent_confirms_nothing(agent, new_agent, paid_order):
    refund = issue(agent, paid_order())

    with pytest.raises(NotAllowed):
        actions.approve_refund(by=new_agent, refund_id=refund.pk, now=NOW)

    refund.refresh_from_db()
    assert refund.state == RefundState.ASKED


def test_the_warehouse_pays_nothing_back(warehouse, paid_order):
    order = paid_order()

    with pytest.raises(NotAllowed):
        issue(warehouse, order)

    assert_nothing_happened(order)


def test_above_the_limit_two_people_are_needed(manager, owner, paid_order):
    RefundSetting.objects.create(shop=manager.shop, second_person_above_yen=5_000)
    order = paid_order()
    refund = issue(manager, order, amount_yen=5_001)
    assert (refund.state, refund.needs_second) == (RefundState.ASKED, True)

    with pytest.raises(actions.SamePerson):
        actions.approve_refund(by=manager, refund_id=refund.pk, now=NOW)
    assert actions.approve_refund(by=owner, refund_id=refund.pk, now=NOW).state == RefundState.READY


def test_the_limit_counts_over_the_order(manager, paid_order):
    RefundSetting.objects.create(shop=manager.shop, second_person_above_yen=5_000)
    order = paid_order()

    assert issue(manager, order, amount_yen=5_000, key="a").state == RefundState.READY
    assert issue(manager, order, amount_yen=1, key="b").state == RefundState.ASKED


def test_the_database_itself_asks_for_two_people(manager, paid_order):
    RefundSetting.objects.create(shop=manager.shop, second_person_above_yen=0)
    refund = issue(manager, paid_order())

    for approved_by in (None, manager):
        with pytest.raises(IntegrityError), transaction.atomic():
            Refund.objects.filter(pk=refund.pk).update(state=RefundState.READY, approved_by=approved_by)


def test_settled_by_hand_with_its_whole_record(manager, paid_order):
    order = paid_order(method=PaymentMethod.CASH_ON_DELIVERY)
    refund = settled_by_hand(manager, issue(manager, order, way=RefundWay.BANK))

    refund.refresh_from_db()
    assert (refund.state, refund.reference, refund.moved_on) == (RefundState.SETTLED, "F-1", date(2026, 11, 20))
    assert (refund.settled_at, refund.operator, refund.proof_name) == (NOW, manager, "f.pdf")
    assert refund.proof.kind == "application/pdf"
    assert events_of(order) == ["refund.asked", "refund.settled"]


@pytest.mark.parametrize("lacking", [{"reference": " "}, {"proof": b""}, {"moved_on": date(2026, 11, 21)}])
def test_not_settled_without_reference_proof_or_with_a_day_ahead(manager, paid_order, lacking):
    order = paid_order()
    refund = issue(manager, order)

    with pytest.raises(actions.RecordMissing):
        settled_by_hand(manager, refund, **lacking)

    refund.refresh_from_db()
    assert (refund.state, refund.proof) == (RefundState.READY, None)
    assert events_of(order) == ["refund.asked"]


@pytest.mark.parametrize(
    "lacking",
    [{"reference": ""}, {"moved_on": None}, {"settled_at": None}, {"operator": None}, {"proof": None, "answer": ""}],
)
def test_the_database_itself_asks_for_the_record(manager, paid_order, lacking):
    refund = settled_by_hand(manager, issue(manager, paid_order()))

    with pytest.raises(IntegrityError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(**lacking)


def test_an_agent_settles_nothing(agent, manager, paid_order):
    refund = issue(manager, paid_order())

    with pytest.raises(NotAllowed):
        settled_by_hand(agent, refund)


def test_a_failed_one_frees_its_amount_and_can_be_tried_again(manager, paid_order):
    order = paid_order(method=PaymentMethod.CASH_ON_DELIVERY)
    refund = settled_by_hand(manager, issue(manager, order, amount_yen=order.total_yen, way=RefundWay.BANK))
    former_key = refund.provider_key

    actions.fail_refund(by=manager, refund_id=refund.pk, reason="口座名義が違うため戻りました", now=NOW)
    order.refresh_from_db()
    refund.refresh_from_db()
    assert (order.refunded_yen, refund.state, refund.reference) == (0, RefundState.FAILED, "")
    assert refund.failure == "口座名義が違うため戻りました"

    again = actions.retry_refund(by=manager, refund_id=refund.pk, now=NOW)
    order.refresh_from_db()
    assert (order.refunded_yen, again.state, again.failure) == (order.total_yen, RefundState.READY, "")
    assert again.provider_key != former_key
    assert events_of(order) == ["refund.asked", "refund.settled", "refund.failed", "refund.retried"]


def test_a_failed_one_is_not_tried_again_when_the_money_went_otherwise(manager, paid_order):
    order = paid_order(method=PaymentMethod.CASH_ON_DELIVERY)
    refund = settled_by_hand(manager, issue(manager, order, amount_yen=order.total_yen, way=RefundWay.BANK))
    actions.fail_refund(by=manager, refund_id=refund.pk, reason="組戻", now=NOW)
    issue(manager, order, amount_yen=order.total_yen, way=RefundWay.POINTS, key="return-2")

    with pytest.raises(actions.TooMuch):
        actions.retry_refund(by=manager, refund_id=refund.pk, now=NOW)
    with pytest.raises(actions.TooMuch):
        settled_by_hand(manager, refund)

    refund.refresh_from_db()
    order.refresh_from_db()
    assert (refund.state, order.refunded_yen) == (RefundState.FAILED, order.total_yen)


def test_withdrawn_frees_its_amount_and_is_over(agent, manager, paid_order):
    order = paid_order()
    refund = issue(agent, order)

    actions.withdraw_refund(by=agent, refund_id=refund.pk, reason="金額の間違い", now=NOW)

    order.refresh_from_db()
    assert order.refunded_yen == 0
    for step in (
        lambda: actions.approve_refund(by=manager, refund_id=refund.pk, now=NOW),
        lambda: actions.retry_refund(by=manager, refund_id=refund.pk, now=NOW),
        lambda: settled_by_hand(manager, refund),
        lambda: actions.fail_refund(by=manager, refund_id=refund.pk, reason="x", now=NOW),
    ):
        with pytest.raises(actions.StepRefused):
            step()
    assert events_of(order) == ["refund.asked", "refund.withdrawn"]


def test_another_shop_reaches_nothing(manager, stranger, other_shop, paid_order):
    order = paid_order()
    refund = issue(manager, order)
    boss = member(other_shop, "owner", "boss@shiosai.example", "潮見 慧")

    with pytest.raises(actions.UnknownOrder):
        issue(boss, order, key="theirs")
    with pytest.raises(actions.UnknownRefund):
        settled_by_hand(boss, refund)
    with pytest.raises(actions.UnknownRefund):
        actions.withdraw_refund(by=boss, refund_id=refund.pk, reason="x", now=NOW)
    assert queries.refund_by_id(other_shop, refund.pk) is None
    assert list(queries.refunds(other_shop).items) == []


def test_a_total_that_is_lowered_after_a_refund_does_not_stop_the_import(manager, shop, paid_order, incoming, by):
    order = paid_order()
    issue(manager, order, amount_yen=20_000)

    actions.take_in_order(shop=shop, order=incoming(total_yen=0), now=NOW, by=by)

    order.refresh_from_db()
    assert (order.total_yen, order.refunded_yen) == (20_000, 20_000)


def test_an_account_belongs_to_a_transfer_of_its_customer(manager, paid_order):
    order = paid_order(method=PaymentMethod.CASH_ON_DELIVERY)

    with pytest.raises(actions.AccountRefused):
        issue(manager, order, way=RefundWay.BANK, account_id=4711)
    with pytest.raises(actions.AccountRefused):
        issue(manager, order, way=RefundWay.POINTS, account_id=4711)

    assert_nothing_happened(order)


def test_the_list_and_one_refund_cost_one_query_each(manager, shop, paid_order, django_assert_num_queries):
    for number in range(5):
        issue(manager, paid_order(f"KM-3000{number}"), key=f"return-{number}")

    with django_assert_num_queries(1):
        page = queries.refunds(shop, size=3)
        assert [(each.order.number, each.customer.name, each.asked_by.person.name) for each in page.items] == [
            (f"KM-3000{number}", "髙橋 美咲", "佐伯 みお") for number in (4, 3, 2)
        ]
    with django_assert_num_queries(1):
        found = queries.refund_by_id(shop, page.items[0].pk)
        assert (found.order.number, found.operator.person.name) == ("KM-30004", "佐伯 みお")


def test_a_second_way_of_payment_is_found_for_what_fits(manager, shop, incoming, by):
    payments = (
        IncomingPayment(PaymentMethod.CARD, amount_yen=20_000, paid_at=NOW),
        IncomingPayment(PaymentMethod.OTHER, amount_yen=5_400, paid_at=NOW),
    )
    order = actions.take_in_order(shop=shop, order=incoming(payments=payments), now=NOW, by=by).order

    assert issue(manager, order, amount_yen=15_000, key="a").payment.method == PaymentMethod.CARD
    order.refresh_from_db()
    assert queries.route_of(order, amount_yen=5_400, today=NOW.date()).method == PaymentMethod.OTHER
    assert queries.route_of(order, amount_yen=6_000, today=NOW.date()).way == RefundWay.BANK
    assert Payment.objects.count() == 2
