"""Orders that came, were paid and delivered, and customers who send them back."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import (
    Buyer,
    Carrier,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    PaymentMethod,
    Recipient,
    SalesChannel,
)
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.actors import Actor
from anshin.returns import actions
from anshin.returns.terms import (
    CheckResult,
    Clause,
    Condition,
    Disposition,
    Grade,
    Judged,
    Payer,
    Reason,
    Verdict,
    Wish,
)
from tests.conftest import NOW

CLAUSE = Clause(
    "第4条2項", "商品が掲載の写真・説明と異なるときは、到着から14日以内のご連絡で、送料当店負担にて返品をお受けします。"
)
GOOD = actions.Checked(
    appearance=CheckResult.OK,
    accessories=CheckResult.OK,
    operation=CheckResult.DOES_NOT_APPLY,
    grade=Grade.A,
    disposition=Disposition.RESTOCK,
)


@pytest.fixture
def says(monkeypatch):
    """Let the policy say something; allowed at the shop's cost without a word."""

    def judge(verdict=Verdict.ALLOWED, payer=Payer.SHOP, **more):
        judged = Judged(verdict, payer, CLAUSE, **more)
        monkeypatch.setattr("anshin.returns.queries.policies.judge", lambda *_args, **_values: judged)

    judge()
    return judge


@pytest.fixture
def sold(shop):
    """Take in an order of Kashiwagi's: a tote for ¥6,600, paid by card, delivered two days ago."""

    def make(number="KM-20417", *, method=PaymentMethod.CARD, lines=None, mail="y-kashiwagi@mail.example", **more):
        values = {
            "lines": lines or (IncomingLine("帆布トートバッグ M", 1, 6_600, "TB-M-KNR", "生成り"),),
            "shipping_yen": 660,
            "discount_yen": 800,
            "coupon_yen": 500,
            "points_used": 300,
        } | more
        order = IncomingOrder(
            channel=SalesChannel.OWN,
            number=number,
            ordered_at=NOW - timedelta(days=6),
            buyer=Buyer("柏木 由紀子", "カシワギ ユキコ", mail),
            recipient=Recipient("柏木 由紀子", "150-0001", "東京都渋谷区神宮前1-2-3", "03-1234-5678"),
            payments=(IncomingPayment(method, paid_at=NOW - timedelta(days=6)),),
            shipments=(
                IncomingShipment(Carrier.YAMATO, "444413758703", NOW - timedelta(days=4), NOW - timedelta(days=2)),
            ),
            **values,
        )
        return take_in_order(shop=shop, order=order, now=NOW, by=Actor.system("import")).order

    return make


@pytest.fixture
def ask(shop, says, post):
    """Ask for a return of a whole order's first line, as its customer."""

    def make(order, *, nonce="n-1", quantity=1, position=1, reason=Reason.NOT_AS_PICTURED, at=NOW, **more):
        asked = actions.Asked(order.pk, position, quantity, reason, Condition.UNUSED)
        values = {"wish": Wish.REFUND, "words": "写真と色が違います。"} | more
        return actions.request(shop=shop, customer=order.customer, asked=[asked], nonce=nonce, now=at, **values)

    return make


@pytest.fixture
def arrive(warehouse):
    """Book in everything that a return awaits."""

    def make(returned, *, nonce="p-1", at=NOW, quantity=None):
        inside = [
            actions.Inside(line.pk, line.quantity if quantity is None else quantity) for line in returned.lines.all()
        ]
        return actions.book_in(by=warehouse, inside=inside, nonce=nonce, now=at)

    return make


@pytest.fixture
def inspected(warehouse):
    """Look at every line."""

    def make(returned, checked=GOOD, *, at=NOW):
        for line in returned.lines.all():
            actions.inspect(by=warehouse, line_id=line.pk, checked=checked, now=at)
        returned.refresh_from_db()
        return returned

    return make


@pytest.fixture
def moved(monkeypatch):
    """Let jobs run until a moment."""

    def to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        run_due_jobs(moment)

    return to


@pytest.fixture
def settled_rows():
    """Let each example of a property begin with the rows of the fixtures only."""

    @contextmanager
    def undone():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return undone
