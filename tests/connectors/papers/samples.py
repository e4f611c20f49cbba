"""A return as the shop prints it, and what a printed page says and shows."""

from datetime import date
from typing import Any

import pypdfium2
import zxingcpp
from PIL import Image

from anshin.commerce.terms import Recipient
from anshin.returns.ports import LabelFacts, LabelLine
from anshin.returns.terms import BarCode, Payer

SHOP = Recipient("こもれび雑貨店 返品係", "180-0004", "東京都武蔵野市吉祥寺本町99-1-1 こもれびビル3階", "0422-00-0000")
CUSTOMER = Recipient("柏木 由紀子", "150-0001", "東京都渋谷区神宮前99-2-3 ハイツ神宮前201", "080-0000-1007")
LINES = (LabelLine("帆布のトートバッグ", 1, "生成り"), LabelLine("琺瑯マグ", 2, "紺"))


def label(**changes: Any) -> LabelFacts:
    values: dict[str, Any] = {
        "number": "R-0312",
        "order_number": "KM-20417",
        "return_to": SHOP,
        "sender": CUSTOMER,
        "lines": LINES,
        "payer": Payer.SHOP,
        "fee_yen": 1_990,
        "send_by": date(2026, 12, 10),
        "bar_code": BarCode.CODE128,
    }
    return LabelFacts(**(values | changes))


def said(pdf: bytes) -> list[str]:
    """The text of each page, as a reader of the PDF copies it; break marks for long words left out."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\u200b", "").replace("\r\n", "\n") for page in document]


def page_sizes_mm(pdf: bytes) -> list[tuple[int, int]]:
    return [tuple(round(side * 25.4 / 72) for side in page.get_size()) for page in pypdfium2.PdfDocument(pdf)]


def rendered(pdf: bytes, dots_per_inch: int, page: int = 0) -> Image.Image:
    """One page in pixels, grey, as a printer of that resolution gets it."""
    drawn = pypdfium2.PdfDocument(pdf)[page].render(scale=dots_per_inch / 72, grayscale=True)
    return drawn.to_pil()


def codes_in(picture: Image.Image) -> set[tuple[str, str]]:
    """(kind, text) of every code that a scanner finds."""
    return {(found.format.name, found.text) for found in zxingcpp.read_barcodes(picture)}
