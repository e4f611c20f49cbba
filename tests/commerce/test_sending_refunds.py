"""What the provider says becomes what the refund says, and the money goes once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anshin.commerce import actions
from anshin.commerce.fakes import PracticePayments
from anshin.commerce.models import PaymentAccount, RefundSetting
from anshin.commerce.ports import payments
from anshin.commerce.terms import IncomingPayment, PaymentMethod, PaymentProvider, RefundState, RefundWay
from anshin.plumbing import clock, secrets
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from tests.conftest import NOW

PDF = b"%PDF-1.7\n%%EOF\n"


TIME = [NOW]


@pytest.fixture(autouse=True)
def _clock(monkeypatch):
    TIME[0] = NOW
    monkeypatch.setattr(clock, "now", lambda: TIME[0])


@pytest.fixture
def practice():
    with payments.filled_with(PracticePayments()) as provider:
        yield provider


@pytest.fixture
def account(shop):
    return PaymentAccount.objects.create(
        shop=shop, provider=PaymentProvider.PRACTICE, key_sealed=secrets.seal("k"), key_end="k", changed_at=NOW
    )


@pytest.fixture
def order_paid_as(shop, incoming, by, account):
    def made(charge, number="KM-20417"):
        payment = IncomingPayment(PaymentMethod.CARD, paid_at=NOW - timedelta(days=5))
        order = actions.take_in_order(shop=shop, order=incoming(number, payments=(payment,)), now=NOW, by=by).order
        order.payments.update(reference=charge)
        return order

    return made


def issue(by, order, **changes):
    values = {"amount_yen": 1_000, "way": RefundWay.ORIGINAL, "key": "return-1", "reason": "", "now": NOW}
    return actions.issue_refund(by=by, order_id=order.pk, **{**values, **changes})


def events_of(order):
    found = JournalEntry.objects.filter(order_id=order.pk, event__startswith="refund.")
    return list(found.order_by("id").values_list("event", flat=True))


def after_jobs(refund, now=NOW):
    TIME[0] = now
    run_due_jobs(now)
    refund.refresh_from_db()
    refund.order.refresh_from_db()
    return refund


def test_paid_and_written_down(manager, order_paid_as, practice):
    refund = after_jobs(issue(manager, order_paid_as("ch_1")))

    assert refund.state == RefundState.SETTLED
    assert refund.reference.startswith("practice_")
    assert (refund.answer, refund.operator, refund.moved_on) == ("paid", manager, date(2026, 11, 20))
    assert (refund.settled_at, refund.busy_until_at) == (NOW, None)
    assert practice.paid == {refund.provider_key: 1_000}
    assert events_of(refund.order) == ["refund.asked", "refund.settled"]


def test_nothing_is_sent_before_the_second_person(manager, owner, order_paid_as, practice):
    RefundSetting.objects.create(shop=manager.shop, second_person_above_yen=0)
    refund = after_jobs(issue(manager, order_paid_as("ch_1")))
    assert (refund.state, practice.paid) == (RefundState.ASKED, {})

    actions.approve_refund(by=owner, refund_id=refund.pk, now=NOW)

    assert after_jobs(refund).state == RefundState.SETTLED
    assert practice.paid == {refund.provider_key: 1_000}


def test_withdrawn_before_the_job_runs_sends_nothing(manager, order_paid_as, practice):
    refund = issue(manager, order_paid_as("ch_1"))
    actions.withdraw_refund(by=manager, refund_id=refund.pk, reason="間違い", now=NOW)

    assert after_jobs(refund).state == RefundState.WITHDRAWN
    assert practice.paid == {}


@pytest.mark.parametrize(("charge", "words"), [("declined_1", "does not pay"), ("too_late_1", "口座")])
def test_what_the_provider_refuses_fails_visibly(manager, order_paid_as, practice, charge, words):
    refund = after_jobs(issue(manager, order_paid_as(charge)))

    assert (refund.state, refund.order.refunded_yen) == (RefundState.FAILED, 0)
    assert words in refund.failure
    assert events_of(refund.order) == ["refund.asked", "refund.failed"]
    assert Job.objects.get(task__endswith="send_refund").state == "done"
    assert practice.paid == {}


def test_a_lost_answer_is_unsure_then_found_with_the_same_key(manager, order_paid_as, practice):
    refund = after_jobs(issue(manager, order_paid_as("lost_1")))
    assert (refund.state, refund.order.refunded_yen) == (RefundState.UNSURE, 1_000)
    assert "no answer" in refund.failure

    refund = after_jobs(refund, NOW + timedelta(minutes=1))

    assert (refund.state, refund.failure) == (RefundState.SETTLED, "")
    assert practice.paid == {refund.provider_key: 1_000}
    assert events_of(refund.order) == ["refund.asked", "refund.unsure", "refund.settled"]


def test_what_is_put_off_is_tried_again(manager, order_paid_as, practice):
    refund = after_jobs(issue(manager, order_paid_as("busy_1")))
    assert (refund.state, refund.failure) == (RefundState.SENDING, "The practice provider is busy.")

    assert after_jobs(refund, NOW + timedelta(minutes=1)).state == RefundState.SETTLED


def test_what_is_under_way_there_is_looked_at_later(manager, order_paid_as, practice):
    refund = after_jobs(issue(manager, order_paid_as("slow_1")))
    assert (refund.state, refund.answer) == (RefundState.SENDING, "under way")

    assert after_jobs(refund, NOW + timedelta(hours=5)).state == RefundState.SENDING
    assert after_jobs(refund, NOW + timedelta(hours=6)).state == RefundState.SETTLED


def test_nobody_decides_by_hand_while_the_provider_is_asked(manager, order_paid_as, practice):
    refund = after_jobs(issue(manager, order_paid_as("lost_1")))
    refund.busy_until_at = NOW + timedelta(minutes=2)
    refund.save()
    by_hand = {"reference": "x", "proof": PDF, "proof_name": "x.pdf", "moved_on": date(2026, 11, 20)}

    with pytest.raises(actions.StepRefused):
        actions.settle_by_hand(by=manager, refund_id=refund.pk, now=NOW, **by_hand)
    with pytest.raises(actions.StepRefused):
        actions.fail_refund(by=manager, refund_id=refund.pk, reason="x", now=NOW)

    later = NOW + timedelta(minutes=3)
    settled = actions.settle_by_hand(by=manager, refund_id=refund.pk, now=later, **by_hand)
    assert settled.state == RefundState.SETTLED
    assert after_jobs(refund, later).reference == "x"
    assert len(practice.paid) == 1  # the lost one; the job that was waiting asked nothing more


def test_a_failed_one_is_tried_again_under_a_new_key(manager, order_paid_as, practice):
    refund = after_jobs(issue(manager, order_paid_as("declined_1")))
    former = refund.provider_key
    refund.order.payments.update(reference="ch_1")

    actions.retry_refund(by=manager, refund_id=refund.pk, now=NOW)

    refund = after_jobs(refund)
    assert refund.state == RefundState.SETTLED
    assert refund.provider_key != former
    assert practice.paid == {refund.provider_key: 1_000}


def test_without_the_payments_number_a_person_pays_back(manager, order_paid_as, practice):
    refund = after_jobs(issue(manager, order_paid_as("")))

    assert (refund.state, practice.paid) == (RefundState.READY, {})
    assert Job.objects.filter(task__endswith="send_refund").count() == 0


def test_a_key_that_cannot_be_read_any_more_is_said(manager, order_paid_as, practice, account, settings):
    refund = issue(manager, order_paid_as("ch_1"))
    account.key_sealed = "gAAAAAnonsense"
    account.save()

    refund = after_jobs(refund)

    assert refund.state == RefundState.SENDING
    assert "鍵" in refund.failure
    assert practice.paid == {}


def test_another_shops_key_pays_nothing_of_ours(manager, other_shop, order_paid_as, practice, account):
    account.delete()
    PaymentAccount.objects.create(
        shop=other_shop, provider=PaymentProvider.PRACTICE, key_sealed=secrets.seal("k"), key_end="k", changed_at=NOW
    )

    assert after_jobs(issue(manager, order_paid_as("ch_1"))).state == RefundState.READY
    assert practice.paid == {}
