"""A customer with an order, a case with a photo, and a trouble about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from anshin.cases.actions import link_order
from anshin.cases.terms import IncomingFile
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
from anshin.delivery import actions
from anshin.delivery.terms import TroubleKind
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actors import Actor
from tests.cases.writing import arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.commerce.models import Order
    from anshin.delivery.models import Trouble
    from anshin.shops.models import Membership, Shop

ORDERED_AT = datetime(2026, 11, 16, 11, 14, tzinfo=UTC)
TOTE = IncomingLine("帆布トートバッグ M", 1, 6_600, "TOTE-M-ECRU", "生成り")
CLOTH = IncomingLine("ふきん", 2, 800, "CLOTH-2", "藍")


def picture(colour: str = "grey") -> bytes:
    """A small JPEG."""
    kept = BytesIO()
    Image.new("RGB", (40, 30), colour).save(kept, "JPEG")
    return kept.getvalue()


@pytest.fixture
def order(shop: Shop) -> Order:
    told = IncomingOrder(
        channel=SalesChannel.OWN,
        number="KM-20417",
        ordered_at=ORDERED_AT,
        buyer=Buyer("柏木 由紀子", "カシワギ ユキコ", "y-kashiwagi@mail.example", "090-1234-5678"),
        recipient=Recipient("柏木 由紀子", "180-0003", "東京都武蔵野市吉祥寺南町1-2-3", "090-1234-5678"),
        lines=(TOTE, CLOTH),
        shipping_yen=660,
        discount_yen=500,
        payments=(IncomingPayment(PaymentMethod.CARD, account_hint="2206"),),
        shipments=(IncomingShipment(Carrier.YAMATO, "444413758703", shipped_at=ORDERED_AT + timedelta(days=1)),),
    )
    return take_in_order(shop=shop, order=told, by=Actor.system("orders"), now=NOW).order


@pytest.fixture
def case(shop: Shop, order: Order, agent: Membership) -> Case:
    photo = keep(shop.pk, picture(), now=NOW)
    came = arrive(shop, "a@x", at=NOW, files=(IncomingFile(photo.pk, "届いたバッグ.jpg"),)).case
    link_order(by=agent, case_id=came.pk, order_number=order.number, now=NOW)
    return came


@pytest.fixture
def reported(shop: Shop, agent: Membership, case: Case, order: Order) -> Callable[..., Trouble]:
    def make(kind: TroubleKind = TroubleKind.WRONG_ITEM, **values: Any) -> Trouble:
        standard = {"said": "灰色のバッグが届きました。", "now": NOW}
        return actions.report(shop=shop, by=agent, case_id=case.pk, order_id=order.pk, kind=kind, **(standard | values))

    return make


@pytest.fixture
def trouble(reported: Callable[..., Trouble]) -> Trouble:
    return reported()


@pytest.fixture
def decided(agent: Membership, trouble: Trouble) -> Callable[..., Trouble]:
    """The trouble with a decision."""

    def decide(fault: str, reason: str = "写真と記録を見比べました。", at: datetime = NOW) -> Trouble:
        actions.find_fault(by=agent, trouble_id=trouble.pk, fault=fault, reason=reason, now=at)
        trouble.refresh_from_db()
        return trouble

    return decide
