"""違う商品が届いた, both ways: our mistake, and the customer's own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from anshin.cases.models import Case, Draft
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, Recipient, SalesChannel
from anshin.delivery.models import CostEntry, Reshipment, Trouble
from anshin.plumbing.journal.actors import Actor

pytestmark = pytest.mark.django_db
ORDERED = IncomingOrder(
    channel=SalesChannel.OWN,
    number="KM-20417",
    ordered_at=datetime(2026, 11, 10, 1, 5, tzinfo=UTC),
    buyer=Buyer("髙橋 美咲", "タカハシ ミサキ", "misaki@mail.example"),
    recipient=Recipient("髙橋 美咲", "100-0001", "東京都千代田区千代田1-1"),
    lines=(IncomingLine("琺瑯マグ", 2, 2_200, "KT-MUG-NV", "紺"),),
)


@pytest.fixture
def trouble(time, mailbox, takeuchi, misaki):
    """Misaki writes about her order, and Takeuchi writes the trouble down in the case."""
    order = take_in_order(shop=mailbox.shop, order=ORDERED, by=Actor.system("orders"), now=time.now).order
    misaki.writes(mailbox, "違う商品", "紺を頼んだのに白が届きました。注文番号はKM-20417です。")
    time.passes(seconds=5)
    case = Case.objects.get()
    if not case.order_label:
        takeuchi.does("link_order", 1, number="KM-20417")
    line = order.lines.get()
    takeuchi.does("trouble_new", 1, kind="wrong_item", line=f"{order.pk}-{line.pk}", said="白が届いた")
    return Trouble.objects.get()


def test_it_was_our_mistake(time, takeuchi, trouble):
    takeuchi.does("trouble_packing", 1, sku="KT-MUG-WH", quantity="2")
    assert "The packing record names KT-MUG-WH, ordered was 琺瑯マグ 紺." in takeuchi.sees("trouble", 1)
    takeuchi.does("trouble_fault", 1, fault="shop", reason="白を梱包しました。")
    takeuchi.does("trouble_resend", 1)
    parcel = Reshipment.objects.get()
    assert (parcel.payer, parcel.inserts) == ("shop", ["letter", "sample"])
    takeuchi.does("trouble_parcel", 1, parcel.pk, do="pack", **{"in": ["letter", "sample"]})
    takeuchi.does("trouble_parcel", 1, parcel.pk, do="ship", carrier="yamato", cost_yen="660")

    takeuchi.does("close", 1, resolution="answered")
    assert Case.objects.get().status == "open"  # nobody has booked the pick-up

    day = time.now.date().isoformat()
    takeuchi.does("trouble_pick_up", 1, do="book", carrier="yamato", on=day, slot="any", cost_yen="880")
    takeuchi.does("close", 1, resolution="answered")
    assert Case.objects.get().status == "closed"
    assert [(cost.kind, cost.amount_yen, cost.payer) for cost in CostEntry.objects.order_by("id")] == [
        ("outbound", 660, "shop"),
        ("return", 880, "shop"),
    ]


def test_it_was_the_customers_own(time, mailbox, takeuchi, misaki, trouble):
    takeuchi.does("trouble_fault", 1, fault="customer", reason="ご注文は白でした。")
    takeuchi.does("trouble_show_order", 1, postage_yen="1430")
    draft = Draft.objects.get(is_note=False)
    takeuchi.replies(1, draft.text)
    time.passes(seconds=20)
    [asked] = misaki.mails()
    assert "往復の送料(1,430円)" in asked.text
    takeuchi.does("trouble_resend", 1)
    assert not Reshipment.objects.exists()

    misaki.writes(mailbox, "Re: 違う商品", "了承します。", answers=asked)
    time.passes(seconds=5)
    agreed = Case.objects.get().messages.filter(direction="in").latest("id")
    takeuchi.does("trouble_consent", 1, message=str(agreed.pk), words="往復の送料", amount_yen="1430")
    takeuchi.does("trouble_resend", 1)
    parcel = Reshipment.objects.get()
    assert (parcel.payer, parcel.consent.message_id) == ("customer", agreed.pk)
