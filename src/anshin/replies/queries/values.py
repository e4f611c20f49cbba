"""What the placeholders of a text stand for in one case, in the words of one language. Empty where nothing is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from anshin.cases.queries import CasePage
from anshin.commerce.terms import Carrier, PaymentMethod
from anshin.language.written import written_day, written_list, written_yen
from anshin.replies import rules
from anshin.replies.ports import case_sources
from anshin.replies.queries.address_words import written_address, written_doubt
from anshin.replies.queries.stock_words import present_stock
from anshin.replies.terms import Filled, Placeholder
from anshin.shops.queries import due_moment

if TYPE_CHECKING:
    from anshin.cases.queries.case_page import LinkedOrder
    from anshin.shops.models import Membership

_CARRIERS: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    Carrier.YAMATO: (
        "ヤマト運輸",
        "Yamato Transport",
        "大和运输（黑猫宅急便）",
        "大和運輸（黑貓宅急便）",
        "야마토 운수",
    ),
    Carrier.SAGAWA: ("佐川急便", "Sagawa Express", "佐川急便", "佐川急便", "사가와 익스프레스"),
    Carrier.JAPAN_POST: ("日本郵便", "Japan Post", "日本邮政", "日本郵政", "일본우편"),
}
_PAYMENTS: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    PaymentMethod.CARD: ("クレジットカード", "credit card", "信用卡", "信用卡", "신용카드"),
    PaymentMethod.CASH_ON_DELIVERY: ("代金引換", "cash on delivery", "货到付款", "貨到付款", "착불(대금상환)"),
    PaymentMethod.BANK_TRANSFER: ("銀行振込", "bank transfer", "银行转账", "銀行轉帳", "계좌이체"),
    PaymentMethod.CONVENIENCE: ("コンビニ払い", "convenience store payment", "便利店付款", "超商付款", "편의점 결제"),
    PaymentMethod.DEFERRED: ("後払い", "deferred payment", "先享后付", "先享後付", "후불 결제"),
    PaymentMethod.AMAZON_PAY: ("Amazon Pay",) * 5,
    PaymentMethod.PAYPAY: ("PayPay",) * 5,
    PaymentMethod.CARRIER: ("キャリア決済", "carrier billing", "手机账单支付", "電信帳單付款", "휴대폰 결제"),
}
_COLUMN: Final = {"ja": 0, "en": 1, "zh-Hans": 2, "zh-Hant": 3, "ko": 4}


def filled(
    by: Membership, page: CasePage, text: str, *, language: str, left: Collection[str] = (), now: datetime
) -> Filled:
    """The text with its placeholders filled in for this case, but for those `left`; what is not known is a gap."""
    names = rules.placeholders_in(text) - frozenset(left)
    return rules.fill(text, values_for(by, page, names, language=language, now=now) if names else {})


def values_for(
    by: Membership, page: CasePage, names: Collection[str], *, language: str, now: datetime
) -> dict[str, str]:
    """The values of `names` for this case, without those of which nothing is known.

    No query, but two each where the day of our next answer or the stock is asked for, and those of rooms above where
    something of theirs is. The order is the confirmed one, else the proposed.
    """
    found = _of_case(by, page, language, now) | _of_order(page, language, ZoneInfo(by.shop.zone))
    for source in case_sources.get():
        if wanted := source.names & set(names):
            found |= source.values(by.shop, page.case.pk, wanted, language=language, now=now)
    if Placeholder.PROMISE_DATE in names:
        due_at = due_moment(by.shop, now, by.shop.reply_target_minutes)
        found[Placeholder.PROMISE_DATE] = written_day(_day(due_at, ZoneInfo(by.shop.zone)), language)
    if Placeholder.STOCK_NOW in names:
        found[Placeholder.STOCK_NOW] = present_stock(by.shop, page, language=language, now=now)
    return {str(name): value for name, value in found.items() if name in names and value}


def _of_case(by: Membership, page: CasePage, language: str, now: datetime) -> dict[str, str]:
    case, shop, person = page.case, by.shop, by.person
    is_ja = language == "ja"
    mails = [contact.value for contact in page.contacts if contact.kind == "mail"]
    return {
        Placeholder.CUSTOMER_NAME: case.customer.name.strip() if case.customer else "",
        Placeholder.CUSTOMER_MAIL: mails[0] if mails else "",
        Placeholder.CASE_NUMBER: f"#{case.number}",
        Placeholder.CASE_SUBJECT: case.subject,
        Placeholder.SHOP_NAME: shop.name if is_ja else shop.name_en or shop.name,
        Placeholder.SHOP_MAIL: shop.contact_mail,
        Placeholder.WRITER_NAME: person.name if is_ja else person.name_en or person.name,
        Placeholder.TODAY: written_day(_day(now, ZoneInfo(shop.zone)), language),
    }


def _of_order(page: CasePage, language: str, zone: ZoneInfo) -> dict[str, str]:
    if not page.orders:
        return {}
    linked: LinkedOrder = page.orders[0]
    order, parts = linked.order, linked.parts
    paid = parts.payments[0] if parts.payments else None
    sent = next((each for each in reversed(parts.shipments) if each.tracking_number), None)
    sent = sent or (parts.shipments[-1] if parts.shipments else None)
    named = [(f"{line.name} {line.variant}".strip(), line.quantity) for line in parts.lines]
    lines = [f"{name} × {quantity}" if quantity > 1 else name for name, quantity in named]
    return {
        Placeholder.ORDER_NUMBER: order.number,
        Placeholder.ORDER_DATE: written_day(_day(order.ordered_at, zone), language),
        Placeholder.ORDER_TOTAL: written_yen(order.total_yen, language) if order.total_yen else "",
        Placeholder.ORDER_ITEMS: written_list(lines, language),
        Placeholder.ORDER_PAYMENT: payment_name(paid.method, language) if paid else "",
        Placeholder.ORDER_DUE: written_day(paid.due_on, language) if paid and paid.due_on else "",
        Placeholder.ORDER_WISHED: written_day(order.wished_on, language) if order.wished_on else "",
        Placeholder.ADDRESS_WRITTEN: written_address(order),
        Placeholder.ADDRESS_DOUBT: written_doubt(order, language),
        Placeholder.SHIPMENT_CARRIER: carrier_name(sent.carrier, language) if sent else "",
        Placeholder.SHIPMENT_TRACKING: sent.tracking_number if sent else "",
        Placeholder.SHIPMENT_URL: sent.tracking_address if sent else "",
        Placeholder.SHIPMENT_DATE: written_day(_day(sent.shipped_at, zone), language)
        if sent and sent.shipped_at
        else "",
    }


def carrier_name(code: str, language: str) -> str:
    """A carrier as customers of that language know it, "" for one without a name."""
    return _named(_CARRIERS, code, language)


def payment_name(code: str, language: str) -> str:
    """A way of payment as customers of that language know it, "" for one without a name."""
    return _named(_PAYMENTS, code, language)


def _named(names: Mapping[Any, tuple[str, ...]], code: str, language: str) -> str:
    return names[code][_COLUMN[language]] if code in names else ""


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
