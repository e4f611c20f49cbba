"""A process is killed with -9 between our commit and Stripe's answer: the money goes once, and we know it."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from anshin.commerce.actions import issue_refund
from anshin.commerce.models import Customer, Order, Payment, PaymentAccount, Refund
from anshin.commerce.ports import payments
from anshin.commerce.terms import PaymentMethod, PaymentProvider, RefundState, RefundWay
from anshin.connectors.payments.adapter import ByProvider, StripePayments
from anshin.plumbing import secrets
from anshin.plumbing.jobs.claim import take_back_expired
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.terms import State
from anshin.shops.models import Membership, Person, Shop
from tests.channels.email.outside import shared_database
from tests.connectors.payments.outside.stripe_server import KEY, Stripe, running

pytestmark = pytest.mark.kill
NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


@pytest.fixture
def folder(transactional_db, tmp_path):
    """A place whose database another process sees, too."""
    if connection.vendor == "postgresql":
        yield tmp_path
    else:
        yield from shared_database.sqlite_file(tmp_path)


@pytest.fixture
def refund(folder, settings):
    settings.SECRET_KEY = "only-for-tests-" + "x" * 40  # that of the other process
    shop = Shop.objects.create(slug="komorebi", name="こもれび", created_at=NOW)
    person = Person.objects.create(email="saeki@komorebi.example", name="佐伯 みお")
    manager = Membership.objects.create(shop=shop, person=person, role="manager", created_at=NOW)
    PaymentAccount.objects.create(
        shop=shop,
        provider=PaymentProvider.STRIPE,
        key_sealed=secrets.seal(KEY),
        key_end=KEY[-4:],
        changed_at=NOW,
    )
    customer = Customer.objects.create(shop=shop, name="髙橋 美咲", created_at=NOW)
    order = Order.objects.create(
        shop=shop, number="KM-1", number_key="km1", customer=customer, ordered_at=NOW, total_yen=8_680
    )
    Payment.objects.create(
        shop=shop, order=order, method=PaymentMethod.CARD, amount_yen=8_680, paid_at=NOW, reference="pi_1"
    )
    return issue_refund(
        by=manager, order_id=order.pk, amount_yen=8_680, way=RefundWay.ORIGINAL, key="return-1", reason="", now=NOW
    )


def kill_while_stripe_holds(stripe, address, folder, tmp_path):
    stripe.holds = True
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.connectors.payments.outside.pay_process", address],
        cwd=shared_database.ROOT,
        env=shared_database.environment(folder, tmp_path / "files"),
    )
    try:
        assert stripe.has_paid.wait(60), "the process never asked"
    finally:
        process.kill()
        process.wait(30)
    stripe.holds = False
    stripe.let_go.set()


@pytest.mark.parametrize("forgets", [False, True], ids=["within a day", "after Stripe forgot the key"])
def test_killed_before_the_answer_pays_once(refund, folder, tmp_path, forgets):
    stripe = Stripe(pi_1=20_000)  # more was charged than goes back, so that paying twice would be possible
    with running(stripe) as address:
        kill_while_stripe_holds(stripe, address, folder, tmp_path)
        refund.refresh_from_db()
        assert (refund.state, stripe.paid_yen) == (RefundState.SENDING, 8_680)
        assert Job.objects.get(task__endswith="send_refund").state == State.RUNNING
        if forgets:
            stripe.forget_keys()

        much_later = datetime.now(tz=UTC) + timedelta(hours=1)
        take_back_expired(now=much_later)
        with payments.filled_with(ByProvider({PaymentProvider.STRIPE: StripePayments(address=address)})):
            run_due_jobs(much_later)

    refund.refresh_from_db()
    assert stripe.paid_yen == 8_680
    assert len(stripe.refunds) == 1
    assert (refund.state, refund.reference) == (RefundState.SETTLED, "re_000001")
    assert refund.answer == "Stripe re_000001 succeeded"
    assert Refund.objects.count() == 1
    assert Order.objects.get().refunded_yen == 8_680
