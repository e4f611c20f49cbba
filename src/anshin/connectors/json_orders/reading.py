"""One order of the JSON in our words. Nothing is guessed: what does not fit is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

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

_MOST_YEN = 10**12
_MOST_PIECES = 1_000_000
_RATES = (8, 10)


class Misfit(ValueError):
    """The order cannot be read; the text says which part, for a person."""


def read_order(row: Any, *, channel: SalesChannel, zone: ZoneInfo) -> IncomingOrder:
    """The order; moments without an offset are meant in `zone`. Raises Misfit."""
    told = _object(row, "order")
    ordered_at = _moment(told, "ordered_at", zone)
    if ordered_at is None:
        raise Misfit(_("“%(name)s” is missing.") % {"name": "ordered_at"})
    buyer, recipient = _object(told.get("buyer") or {}, "buyer"), _object(told.get("recipient") or {}, "recipient")
    cancelled_at = _moment(told, "cancelled_at", zone)
    return IncomingOrder(
        channel=channel,
        number=_text(told, "number", 80),
        ordered_at=ordered_at,
        buyer=Buyer(*(_text(buyer, name, 320) for name in ("name", "kana", "mail", "phone"))),
        recipient=Recipient(
            name=_text(recipient, "name", 200),
            postcode=_text(recipient, "postcode", 16),
            lines=_text(recipient, "address", 400),
            phone=_text(recipient, "phone", 40),
        ),
        lines=tuple(_line(each) for each in _list(told, "lines")),
        shipping_yen=_yen(told, "shipping_yen") or 0,
        fee_yen=_yen(told, "fee_yen") or 0,
        discount_yen=_yen(told, "discount_yen") or 0,
        total_yen=_yen(told, "total_yen"),
        payments=tuple(_payment(each, zone) for each in _list(told, "payments")),
        shipments=tuple(_shipment(each, zone) for each in _list(told, "shipments")),
        is_cancelled=bool(told.get("is_cancelled", False)) or cancelled_at is not None,
        cancelled_at=cancelled_at,
        is_gift=bool(told.get("is_gift", False)),
        wished_on=_day(told, "wished_on"),
        remark=_text(told, "remark", 10_000),
    )


def _line(row: Any) -> IncomingLine:
    told = _object(row, "lines")
    rate = _whole(told, "tax_rate", 100)
    if rate not in (None, *_RATES):
        raise Misfit(_("The tax rate is 8 or 10."))
    return IncomingLine(
        name=_text(told, "name", 300) or _text(told, "sku", 80),
        quantity=_whole(told, "quantity", _MOST_PIECES) or 1,
        unit_price_yen=_yen(told, "unit_price_yen"),
        sku=_text(told, "sku", 80),
        variant=_text(told, "variant", 200),
        tax_rate=rate or 10,
    )


def _payment(row: Any, zone: ZoneInfo) -> IncomingPayment:
    told = _object(row, "payments")
    return IncomingPayment(
        method=PaymentMethod(_one_of(told, "method", PaymentMethod.values)),
        amount_yen=_yen(told, "amount_yen"),
        due_on=_day(told, "due_on"),
        paid_at=_moment(told, "paid_at", zone),
        reference=_text(told, "reference", 120),
    )


def _shipment(row: Any, zone: ZoneInfo) -> IncomingShipment:
    told = _object(row, "shipments")
    return IncomingShipment(
        carrier=Carrier(_one_of(told, "carrier", Carrier.values)),
        tracking_number=_text(told, "tracking_number", 40),
        shipped_at=_moment(told, "shipped_at", zone),
        delivered_at=_moment(told, "delivered_at", zone),
    )


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Misfit(_("“%(name)s” cannot be read.") % {"name": name})
    return value


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    value = told.get(name) or []
    if not isinstance(value, list):
        raise Misfit(_("“%(name)s” cannot be read.") % {"name": name})
    return value


def _text(told: Mapping[str, Any], name: str, most: int) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or "\x00" in value:
        raise Misfit(_("“%(name)s” cannot be read.") % {"name": name})
    if len(value) > most:
        raise Misfit(_("“%(name)s” is longer than %(most)d characters.") % {"name": name, "most": most})
    return value.strip()


def _whole(told: Mapping[str, Any], name: str, most: int) -> int | None:
    value = told.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise Misfit(_("“%(name)s” cannot be read.") % {"name": name})
    return value


def _yen(told: Mapping[str, Any], name: str) -> int | None:
    return _whole(told, name, _MOST_YEN)


def _moment(told: Mapping[str, Any], name: str, zone: ZoneInfo) -> datetime | None:
    value = told.get(name)
    if value is None:
        return None
    try:
        read = datetime.fromisoformat(str(value))
        return read if read.tzinfo else read.replace(tzinfo=zone)
    except (ValueError, OverflowError) as error:
        raise Misfit(_("“%(name)s” is no moment such as 2026-11-20T09:00:00+09:00.") % {"name": name}) from error


def _day(told: Mapping[str, Any], name: str) -> date | None:
    value = told.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Misfit(_("“%(name)s” is no day such as 2026-11-20.") % {"name": name}) from error


def _one_of(told: Mapping[str, Any], name: str, known: list[str]) -> str:
    value = told.get(name)
    if value not in known:
        raise Misfit(_("“%(name)s” is none of %(known)s.") % {"name": name, "known": ", ".join(known)})
    return str(value)
