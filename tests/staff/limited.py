"""A shop in which everything of one customer is known, for tests of who may not know them."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image

from anshin.cases.terms import IncomingFile
from anshin.commerce.actions import take_in_orders
from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, Recipient, SalesChannel
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actors import Actor
from tests.cases.writing import KASHIWAGI, arrive

RECIPIENT = "御影 汐里"
LINES = "東京都武蔵野市吉祥寺本町99-2-2 メゾン泉303"
PHONE = "0800-000-1007"
TEXT = f"""柏木です。先日のバッグの件です。
{LINES} に送ってください。受け取りは御影です。
電話は０８００ー０００ー１００７、または {KASHIWAGI.mail} へ。
返金は 普通 1234567 へお願いします。
柏木由紀子(カシワギ ユキコ)"""
SECRETS = (
    "柏木", "由紀子", "カシワギ", "かしわぎ", "ｶｼﾜｷﾞ", "御影", "汐里",
    KASHIWAGI.mail, "y-kashiwagi", "0800-000-1007", "08000001007", "０８００ー０００ー１００７",
    "180-0004", "1800004", "吉祥寺", "メゾン泉", "99-2-2", "1234567",
)  # fmt: skip
"""None of these may reach somebody who may not know customers."""


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(kept, "PNG")
    return kept.getvalue()


def everything_known(shop, now, *, key="limited@mail.example", sender=KASHIWAGI, number="KM-20417", phone=PHONE):
    """The customer's case: with an order, a file, the raw mail and its HTML."""
    raw = keep(shop.pk, f"From: {sender.mail}\r\n\r\n{TEXT}".encode(), now=now)
    photo = keep(shop.pk, picture(), now=now)
    order = IncomingOrder(
        channel=SalesChannel.OWN,
        number=number,
        ordered_at=now - timedelta(days=9),
        buyer=Buyer(sender.name, "カシワギ ユキコ", sender.mail, phone),
        recipient=Recipient(RECIPIENT, "180-0004", LINES, phone),
        lines=(IncomingLine("帆布のトートバッグ", 1, 6_600, "HB-01", "生成り"),),
    )
    take_in_orders(shop=shop, orders=[order], by=Actor.system("import"), now=now)
    return arrive(
        shop,
        key,
        at=now,
        sender=sender,
        subject="柏木由紀子です、バッグの色について",
        text=TEXT,
        html=f"<p>{TEXT}</p>",
        raw_blob_id=raw.pk,
        files=(IncomingFile(photo.pk, "吉祥寺の写真.png"),),
        order_number=number,
        phone=phone,
    ).case
