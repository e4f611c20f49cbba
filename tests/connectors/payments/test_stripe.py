"""Stripe's words mean ours, and the promises of the socket hold over HTTP."""

import json
from pathlib import Path

import pytest

from anshin.commerce.ports import Declined, NotYet, ProviderAccount, RefundQuestion, TooLate, Unsure
from anshin.commerce.terms import PaymentProvider
from anshin.connectors.payments import adapter, translate
from anshin.connectors.payments.adapter import ByProvider, StripePayments
from tests.connectors.payments.outside.stripe_server import KEY, Stripe, running

RECORDINGS = Path(adapter.__file__).parent / "recordings"
ACCOUNT = ProviderAccount(PaymentProvider.STRIPE, KEY)


def recorded(name):
    return json.loads((RECORDINGS / f"{name}.json").read_text())


def question(charge="pi_1", amount_yen=8_680, key="k1", *, is_again=False):
    return RefundQuestion(charge, amount_yen, key, is_again)


@pytest.fixture
def stripe():
    return Stripe(pi_1=10_000, ch_2=500)


@pytest.fixture
def payments(stripe):
    with running(stripe) as address:
        yield StripePayments(address=address)


def test_a_refund_that_succeeded_is_final():
    answer = translate.answer_of(recorded("refund_succeeded"), amount_yen=8_680)

    assert (answer.reference, answer.is_final) == ("re_3SXanshinTestA1", True)
    assert answer.words == "Stripe re_3SXanshinTestA1 succeeded"


def test_a_pending_one_is_not_final():
    assert translate.answer_of(recorded("refund_pending")).is_final is False


def test_a_failed_one_says_why():
    with pytest.raises(Declined, match="紛失"):
        translate.answer_of(recorded("refund_failed"))


@pytest.mark.parametrize("change", [{"amount": 8_681}, {"currency": "usd"}, {"id": "../../v1/x"}, {"id": ""}])
def test_an_answer_that_is_not_what_was_asked_is_unsure(change):
    with pytest.raises(Unsure):
        translate.answer_of({**recorded("refund_succeeded"), **change}, amount_yen=8_680)


@pytest.mark.parametrize(
    ("status", "name", "kind"),
    [
        (400, "error_already_refunded", Declined),
        (400, "error_not_refundable", TooLate),
        (400, "error_balance", NotYet),
        (401, "error_bad_key", NotYet),
        (429, "error_rate_limit", NotYet),
        (409, "error_in_use", Unsure),
        (500, "error_server", Unsure),
    ],
)
def test_what_an_error_means_for_the_money(status, name, kind):
    assert type(translate.trouble_of(status, recorded(name))) is kind


@pytest.mark.parametrize("status", [200, 302, 400, 418])
def test_an_answer_that_is_no_error_of_stripes_is_unsure(status):
    assert type(translate.trouble_of(status, {})) is Unsure


@pytest.mark.parametrize("charge", ["", "12345", "re_1", "pi_1/../..", "ch_ 1", "pi_" + "x" * 200])
def test_a_number_that_is_no_payment_is_declined_before_anything_is_asked(payments, stripe, charge):
    with pytest.raises(Declined):
        payments.refund(ACCOUNT, question(charge))

    assert stripe.asked == []


def test_pays_back_and_says_its_number(payments, stripe):
    answer = payments.refund(ACCOUNT, question())

    assert (answer.reference, answer.is_final, stripe.paid_yen) == ("re_000001", True, 8_680)
    assert stripe.refunds[0]["metadata"] == {"anshin_key": "k1"}
    assert stripe.asked == [("POST", "/v1/refunds", "k1")]


def test_the_same_key_is_paid_once(payments, stripe):
    answers = {payments.refund(ACCOUNT, question(is_again=again)) for again in (False, False, True)}

    assert len(answers) == 1
    assert stripe.paid_yen == 8_680


def test_parts_are_paid_under_their_own_keys_up_to_the_charge(payments, stripe):
    payments.refund(ACCOUNT, question(amount_yen=6_000, key="a"))
    payments.refund(ACCOUNT, question(amount_yen=4_000, key="b"))

    with pytest.raises(Declined):
        payments.refund(ACCOUNT, question(amount_yen=1, key="c"))
    assert stripe.paid_yen == 10_000


def test_a_lost_answer_is_found_again_even_when_stripe_forgot_the_key(payments, stripe):
    stripe.drops_next = True
    with pytest.raises(Unsure):
        payments.refund(ACCOUNT, question(amount_yen=4_000))
    stripe.forget_keys()

    answer = payments.refund(ACCOUNT, question(amount_yen=4_000, is_again=True))

    assert (answer.reference, stripe.paid_yen) == ("re_000001", 4_000)


def test_a_question_that_never_arrived_is_asked_again(payments, stripe):
    stripe.next_error = (503, {})
    with pytest.raises(Unsure):
        payments.refund(ACCOUNT, question())

    assert payments.refund(ACCOUNT, question(is_again=True)).reference == "re_000001"
    assert stripe.paid_yen == 8_680


def test_a_wrong_key_pays_nothing_and_is_in_no_words(payments, stripe):
    with pytest.raises(NotYet) as refused:
        payments.refund(ProviderAccount(PaymentProvider.STRIPE, "sk_live_secret"), question())

    assert "secret" not in str(refused.value)
    assert "secret" not in repr(ProviderAccount(PaymentProvider.STRIPE, "sk_live_secret"))
    assert stripe.paid_yen == 0


def test_no_server_is_unsure_when_paying_and_not_yet_when_looking():
    payments = StripePayments(address="http://127.0.0.1:9")

    with pytest.raises(Unsure):
        payments.refund(ACCOUNT, question())
    with pytest.raises(NotYet):
        payments.look(ACCOUNT, "re_1")


def test_a_pending_one_is_looked_at_again(payments, stripe):
    stripe.status_of_new = "pending"
    reference = payments.refund(ACCOUNT, question()).reference
    assert payments.look(ACCOUNT, reference).is_final is False

    stripe.refunds[0]["status"] = "succeeded"
    assert payments.look(ACCOUNT, reference).is_final is True
    stripe.refunds[0]["status"] = "failed"
    with pytest.raises(Declined):
        payments.look(ACCOUNT, reference)


def test_a_provider_that_is_not_there_is_said():
    with pytest.raises(NotYet):
        ByProvider({}).refund(ACCOUNT, question())
