"""How the stock of a product is told to a customer: never without the moment at which it was so."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from anshin.cases.queries import CasePage
from anshin.cases.terms import Direction
from anshin.commerce.queries import StockFact, stock_meant
from anshin.language.topics.features import own_words
from anshin.language.written import written_day

if TYPE_CHECKING:
    from anshin.shops.models import Shop

FEW: Final = 5
"""From how many pieces on nobody is told how many are left."""
_READ_MESSAGES: Final = 3
_PLENTY: Final = {"ja": "在庫あり", "en": "in stock", "zh-Hans": "有货", "zh-Hant": "有貨", "ko": "재고 있음"}
_LEFT: Final = {
    "ja": "在庫あり（残り{left}点）",
    "en": "in stock, {left} left",
    "zh-Hans": "有货（仅剩{left}件）",
    "zh-Hant": "有貨（僅剩{left}件）",
    "ko": "재고 있음({left}개 남음)",
}
_EXPECTED: Final = {
    "ja": "在庫切れ、次回入荷予定 {day}",
    "en": "out of stock, expected {day}",
    "zh-Hans": "缺货，预计{day}到货",
    "zh-Hant": "缺貨，預計{day}到貨",
    "ko": "품절, {day} 입고 예정",
}
_NO_DAY: Final = {
    "ja": "在庫切れ、次回の入荷は未定",
    "en": "out of stock, no date known yet",
    "zh-Hans": "缺货，到货时间未定",
    "zh-Hant": "缺貨，到貨時間未定",
    "ko": "품절, 입고 일정 미정",
}
_AS_OF: Final = {
    "ja": "（{day}{time}現在）",
    "en": " (as of {day}, {time})",
    "zh-Hans": "（截至{day}{time}）",
    "zh-Hant": "（截至{day}{time}）",
    "ko": " ({day} {time} 기준)",
}


def stock_of_case(shop: Shop, page: CasePage) -> list[StockFact]:
    """The stock of what the customer's newest messages name, else of what the case's orders hold. Two queries."""
    said = [f"{page.case.subject}"]
    came = [message for message in page.messages if message.direction == Direction.IN]
    said += [own_words(message.text) for message in came[-_READ_MESSAGES:]]
    return stock_meant(shop, "\n".join(said), [each.order.pk for each in page.orders if not each.is_proposed])


def present_stock(shop: Shop, page: CasePage, *, language: str, now: datetime) -> str:
    """What a placeholder becomes: a line a product. "" where nothing is known or it was told too long ago."""
    found = stock_of_case(shop, page)
    if not found or not all(each.is_fresh(now) for each in found):
        return ""
    return "\n".join(stock_line(each, language=language, zone=ZoneInfo(shop.zone)) for each in found)


def stock_line(fact: StockFact, *, language: str, zone: ZoneInfo) -> str:
    """リネンのれん 生成り: 在庫あり（残り3点）（2026年11月27日（金）14:05現在）."""
    told = fact.told_at.astimezone(zone)
    name = f"{fact.name} {fact.variant}".strip() if language == "ja" or not fact.name_en else fact.name_en
    as_of = _AS_OF[language].format(day=written_day(told.date(), language), time=f"{told:%H:%M}")
    return f"{name}: {_state(fact, told.date(), language)}{as_of}"


def _state(fact: StockFact, today: date, language: str) -> str:
    if fact.quantity > FEW:
        return _PLENTY[language]
    if fact.quantity:
        return _LEFT[language].format(left=fact.quantity)
    if fact.next_on and fact.next_on >= today:
        return _EXPECTED[language].format(day=written_day(fact.next_on, language))
    return _NO_DAY[language]
