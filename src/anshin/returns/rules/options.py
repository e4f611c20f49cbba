"""Whether a reply about a parcel that never came offers what it must: a new delivery with its day, and cancellation."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from anshin.language.dates import read_dates

_AGAIN: Final = re.compile(
    r"再送|再配達|再発送|再手配|送り直|もう一度お?送|改めて(?:お送り|お届け|発送)|(?:代わり|代替)の(?:お?品|商品|もの)"
    r"|\b(?:re-?send|re-?ship|re-?deliver)|\breplacement|\b(?:send|ship)\b[^.\n]{0,30}\b(?:again|another|a new)\b"
    r"|补寄|補寄|补发|補發|重新?(?:寄|发|發|配送)|再(?:次)?(?:寄|配送|发货|發貨)"
    r"|재발송|재배송|다시 (?:보내|발송|배송)|대체 상품",
    re.IGNORECASE,
)
_UNDO: Final = re.compile(
    r"キャンセル|取り?消し?|(?:ご|全額)?返金|\bcancel|\brefund|取消|退款|退費|취소|환불",
    re.IGNORECASE,
)
_ANY_DAY: Final = date(2026, 1, 1)
DAY, AGAIN, UNDO = "day", "again", "undo"
OFFER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ja": "同じお品を{{お届け日}}ごろに改めてお届けするか、ご注文を取り消して全額をご返金するか、"
        "ご希望の方をお知らせください。",
        "en": "We can send the item again, to arrive around {{day}}, or cancel the order and refund it in full. "
        "Please tell us which you prefer.",
        "zh-Hans": "我们可以重新寄送，预计{{日期}}前后送达；也可以取消订单并全额退款。请告诉我们您希望哪一种。",
        "zh-Hant": "我們可以重新寄送，預計{{日期}}前後送達；也可以取消訂單並全額退款。請告訴我們您希望哪一種。",
        "ko": "같은 상품을 {{도착일}} 무렵 받으실 수 있도록 다시 보내 드리거나, "
        "주문을 취소하고 전액 환불해 드릴 수 있습니다. 원하시는 쪽을 알려 주세요.",
    }
)
"""The sentence that offers both; what stands in braces is filled in by hand, and until then it does not leave."""


def missing_options(text: str) -> tuple[str, ...]:
    """What is missing in a text that offers one of the two: AGAIN, its DAY, UNDO. Nothing where it offers neither."""
    again, undo = bool(_AGAIN.search(text)), bool(_UNDO.search(text))
    if not again and not undo:
        return ()
    has_day = bool(read_dates(text, today=_ANY_DAY))
    wanted = ((AGAIN, again), (DAY, has_day or not again), (UNDO, undo))
    return tuple(what for what, is_there in wanted if not is_there)


def offers_both(text: str) -> bool:
    """Whether the text offers a new delivery with its day as well as cancellation."""
    return bool(_AGAIN.search(text) and _UNDO.search(text)) and not missing_options(text)
