"""Two customers with an order each, one of another shop, and a letter slot that keeps what left."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from anshin.commerce.actions import take_in_order
from anshin.commerce.models import Order
from anshin.commerce.terms import (
    Buyer,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    PaymentMethod,
    Recipient,
    SalesChannel,
)
from anshin.plumbing import clock
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.journal.actors import Actor
from anshin.visits.fakes import RecordingSlot
from anshin.visits.ports import letter_slot

MISAKI = Buyer("髙橋 美咲", "タカハシ ミサキ", "misaki@mail.example", "090-1234-5678")
DAICHI = Buyer("森 大地", "モリ ダイチ", "daichi@mail.example", "080-1111-2222")


def bought(shop, number, buyer=MISAKI, *, at=datetime(2026, 11, 10, 1, 5, tzinfo=UTC), **more):
    """An order as the selling system tells it."""
    values = {
        "channel": SalesChannel.OWN,
        "number": number,
        "ordered_at": at,
        "buyer": buyer,
        "recipient": Recipient(buyer.name, "100-0001", "東京都千代田区千代田1-1", ""),
        "lines": (IncomingLine("帆布トートバッグ", 1, 6_460, "TOTE-M", "M 生成り"), IncomingLine("布", 2, 800)),
        "payments": (IncomingPayment(PaymentMethod.CARD, 8_830),),
        "shipping_yen": 770,
    }
    take_in_order(shop=shop, order=IncomingOrder(**(values | more)), by=Actor.system("import"), now=at)
    return Order.objects.filter(shop=shop, number=number).order_by("-id")[0]


@pytest.fixture
def world(shop, other_shop):
    """Orders of two customers here, and the same person's order in the other shop."""
    return SimpleNamespace(
        order=bought(shop, "KM-20417"),
        others=bought(shop, "KM-20500", DAICHI),
        elsewhere=bought(other_shop, "SF-00001"),
    )


@pytest.fixture
def slot():
    with letter_slot.filled_with(RecordingSlot()) as fake:
        yield fake


@pytest.fixture
def moved(monkeypatch):
    """Let the clock stand at a moment, and run what is due then."""

    def to(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)
        run_due_jobs(moment)

    return to
