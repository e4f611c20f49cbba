"""Decides what an incoming order is worth and whether it says anything new; for taking in orders."""

import hashlib
import json
from dataclasses import astuple
from datetime import UTC, date, datetime
from typing import Any

from anshin.commerce.terms import IncomingOrder, Recipient
from anshin.language.folding import fold


def total_yen(order: IncomingOrder) -> int:
    """The total that the order states, or else lines + shipping + fee − discount. Units: yen."""
    if order.total_yen is not None:
        return order.total_yen
    goods = sum(line.quantity * line.unit_price_yen for line in order.lines)
    return goods + order.shipping_yen + order.fee_yen - order.discount_yen


def digest(order: IncomingOrder) -> str:
    """64 hexadecimal characters that are equal exactly when two incoming orders say the same."""
    return _sha256(astuple(order))


def address_key(recipient: Recipient) -> str:
    """64 hexadecimal characters under which one place and name is kept once, however it is spelled."""
    spelled = (
        recipient.postcode.replace("-", ""),
        recipient.lines.replace(" ", ""),
        recipient.name.replace(" ", ""),
    )
    return _sha256([fold(text).replace(" ", "") for text in spelled])


def _sha256(values: Any) -> str:
    text = json.dumps(values, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a digest")
