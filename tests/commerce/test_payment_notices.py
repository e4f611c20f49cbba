"""What a provider reports by itself is looked up there and written down, in whatever order it comes."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

import pytest

from anshin.commerce import actions
from anshin.commerce.fakes import PracticePayments
from anshin.commerce.models import Dispute, PaymentAccount, PaymentNotice
from anshin.commerce.ports import NotYet, ProviderDispute, payments
from anshin.commerce.queries import refundable_yen, route_of
from anshin.commerce.terms import (
    DisputeState,
    IncomingPayment,
    NoticeOutcome,
    PaymentMethod,
    PaymentProvider,
    RefundState,
    RefundWay,
    RouteReason,
)
from anshin.plumbing import clock, secrets
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.models import JournalEntry
from tests.conftest import NOW

LATER = NOW + timedelta(days=4)


@pytest.fixture
def practice(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with payments.filled_with(PracticePayments()) as provider:
        yield provider


@pytest.fixture
def order(shop, incoming, by, practice):
    PaymentAccount.objects.create(
        shop=shop, provider=PaymentProvider.PRACTICE, key_sealed=secrets.seal("k"), key_end="k", changed_at=NOW
    )
    payment = IncomingPayment(PaymentMethod.CARD, paid_at=NOW - timedelta(days=5))
    order = actions.take_in_order(shop=shop, order=incoming(payments=(payment,)), now=NOW, by=by).order
    order.payments.update(reference="ch_1")
    return order


@pytest.fixture
def paid(order, manager):
    """A refund of ¥1,000 that the provider has paid."""
    values = {"amount_yen": 1_000, "way": RefundWay.ORIGINAL, "key": "return-1", "reason": "", "now": NOW}
    refund = actions.issue_refund(by=manager, order_id=order.pk, **values)
    run_due_jobs(NOW)
    refund.refresh_from_db()
    assert refund.state == RefundState.SETTLED
    return refund


NUMBERS = itertools.count(1)


@pytest.fixture
def reported(shop, monkeypatch):
    """A notice comes and is read; what came of it."""

    def it(kind, reference, key="", *, number="", at=LATER):
        monkeypatch.setattr(clock, "now", lambda: at)
        body = json.dumps({"kind": kind, "reference": reference, "key": key}).encode()
        number = number or f"evt_{next(NUMBERS)}"
        actions.keep_notice(shop_id=shop.pk, provider=PaymentProvider.PRACTICE, number=number, body=body, now=at)
        run_due_jobs(at)
        return PaymentNotice.objects.get(number=number).outcome

    return it


def events_of(order):
    return list(JournalEntry.objects.filter(order_id=order.pk).order_by("id").values_list("event", flat=True))


def test_a_refund_that_came_back_days_later_has_failed(paid, practice, reported):
    practice.came_back[paid.reference] = "The card is closed."

    assert reported("refund", paid.reference, paid.provider_key) == NoticeOutcome.FOLLOWED

    paid.refresh_from_db()
    paid.order.refresh_from_db()
    assert (paid.state, paid.failure, paid.reference) == (RefundState.FAILED, "The card is closed.", "")
    assert paid.order.refunded_yen == 0
    assert events_of(paid.order)[-1] == "refund.failed"


def test_the_same_report_again_fails_it_once(paid, practice, reported):
    reference, key = paid.reference, paid.provider_key
    practice.came_back[reference] = "The card is closed."
    for _ in range(3):
        reported("refund", reference, key)

    assert events_of(paid.order).count("refund.failed") == 1


def test_what_a_report_says_counts_for_nothing_the_provider_is_asked(paid, reported):
    assert reported("refund", paid.reference, paid.provider_key) == NoticeOutcome.FOLLOWED

    paid.refresh_from_db()
    assert paid.state == RefundState.SETTLED
    assert events_of(paid.order).count("refund.settled") == 1


def test_a_late_report_about_the_first_try_does_not_touch_the_second(paid, practice, reported, manager):
    first, key = paid.reference, paid.provider_key
    practice.came_back[first] = "The card is closed."
    reported("refund", first, key)
    actions.retry_refund(by=manager, refund_id=paid.pk, now=LATER)
    run_due_jobs(LATER)
    paid.refresh_from_db()
    assert (paid.state, paid.reference == first) == (RefundState.SETTLED, False)

    assert reported("refund", first, key) == NoticeOutcome.NOT_OURS

    paid.refresh_from_db()
    assert paid.state == RefundState.SETTLED
    assert paid.order.refunds.count() == 1


def test_a_report_ends_the_doubt_about_a_lost_answer(order, manager, practice, reported):
    order.payments.update(reference="lost_1")
    values = {"amount_yen": 1_000, "way": RefundWay.ORIGINAL, "key": "return-1", "reason": "", "now": NOW}
    refund = actions.issue_refund(by=manager, order_id=order.pk, **values)
    run_due_jobs(NOW)
    refund.refresh_from_db()
    assert refund.state == RefundState.UNSURE

    reported("refund", "practice_1", refund.provider_key, at=NOW + timedelta(seconds=1))

    refund.refresh_from_db()
    assert (refund.state, refund.reference) == (RefundState.SETTLED, "practice_1")
    assert sum(practice.paid.values()) == 1_000


def test_a_refund_made_elsewhere_is_not_ours(paid, reported):
    assert reported("refund", "re_elsewhere", "") == NoticeOutcome.NOT_OURS
    assert reported("refund", "re_elsewhere", "another-key") == NoticeOutcome.NOT_OURS
    assert reported("other", "ch_1") == NoticeOutcome.NOT_OURS

    paid.refresh_from_db()
    assert paid.state == RefundState.SETTLED


def test_a_provider_that_cannot_be_asked_is_asked_again(paid, practice, reported, monkeypatch):
    def busy(*_args):
        raise NotYet("busy")

    with monkeypatch.context() as patch:
        patch.setattr(practice, "look", busy)
        assert reported("refund", paid.reference, paid.provider_key, number="evt_x") == NoticeOutcome.WAITING
    practice.came_back[paid.reference] = "The card is closed."
    later = LATER + timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    run_due_jobs(later)

    paid.refresh_from_db()
    assert paid.state == RefundState.FAILED
    assert PaymentNotice.objects.get().outcome == NoticeOutcome.FOLLOWED


def test_a_success_that_was_overtaken_does_not_undo_the_failure(paid, practice, shop):
    from anshin.commerce.actions.sending_refunds import note_answer, note_trouble
    from anshin.commerce.ports import Declined, ProviderAnswer

    key = paid.provider_key
    note_trouble(shop.pk, paid.pk, key, Declined("The card is closed."), LATER)
    note_answer(shop.pk, paid.pk, key, ProviderAnswer("practice_1", "paid", is_final=True), LATER)

    paid.refresh_from_db()
    assert paid.state == RefundState.FAILED


def dispute(state=DisputeState.OPEN, amount_yen=10_000, reference="du_1", charge="ch_1"):
    return ProviderDispute(reference, (charge, ""), amount_yen, state, "credit_not_processed", LATER)


def test_what_the_customers_bank_has_taken_cannot_go_back_as_well(order, practice, reported, manager):
    before = refundable_yen(order)
    practice.disputes["du_1"] = dispute()

    assert reported("dispute", "du_1") == NoticeOutcome.FOLLOWED

    order.refresh_from_db()
    assert (order.disputed_yen, refundable_yen(order)) == (10_000, before - 10_000)
    assert route_of(order, amount_yen=before, today=NOW.date()).why == RouteReason.TOO_SMALL
    values = {"way": RefundWay.BANK, "key": "return-1", "reason": "異議", "now": LATER}
    with pytest.raises(actions.TooMuch):
        actions.issue_refund(by=manager, order_id=order.pk, amount_yen=before - 9_999, **values)
    assert not order.refunds.exists()


@pytest.mark.parametrize(
    ("ends", "held_yen"),
    [(DisputeState.WON, 0), (DisputeState.CLOSED, 0), (DisputeState.LOST, 10_000), (DisputeState.ENQUIRY, 0)],
)
def test_how_a_dispute_ends_says_whether_the_money_is_gone(order, practice, reported, ends, held_yen):
    practice.disputes["du_1"] = dispute()
    reported("dispute", "du_1")
    practice.disputes["du_1"] = dispute(ends)
    reported("dispute", "du_1")

    order.refresh_from_db()
    assert order.disputed_yen == held_yen
    assert Dispute.objects.get().state == ends


def test_the_same_report_of_a_dispute_again_writes_nothing(order, practice, reported):
    practice.disputes["du_1"] = dispute()
    for _ in range(3):
        reported("dispute", "du_1")

    assert Dispute.objects.count() == 1
    assert events_of(order).count("refund.disputed") == 1


def test_a_dispute_about_a_payment_nobody_knows_is_not_ours(order, practice, reported):
    practice.disputes["du_1"] = dispute(charge="ch_elsewhere")

    assert reported("dispute", "du_1") == NoticeOutcome.NOT_OURS
    assert not Dispute.objects.exists()


def test_another_shops_payment_stays_untouched(order, practice, reported, stranger):
    practice.disputes["du_1"] = dispute()
    body = json.dumps({"kind": "dispute", "reference": "du_1"}).encode()
    PaymentAccount.objects.create(
        shop=stranger.shop, provider="practice", key_sealed=secrets.seal("k"), key_end="k", changed_at=NOW
    )
    actions.keep_notice(shop_id=stranger.shop_id, provider=PaymentProvider.PRACTICE, number="evt_s", body=body, now=NOW)
    run_due_jobs(NOW)

    order.refresh_from_db()
    assert (order.disputed_yen, Dispute.objects.count()) == (0, 0)


def test_notices_are_forgotten_after_ninety_days_once_read(order, practice, reported):
    practice.disputes["du_1"] = dispute()
    reported("dispute", "du_1", at=NOW)

    assert actions.forget_notices(now=NOW + timedelta(days=90)) == 0
    assert actions.forget_notices(now=NOW + timedelta(days=90, seconds=1)) == 1
