"""Decides what an order is worth, how far it has come, and whether an incoming one says anything new."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from anshin.commerce.terms import (
    BounceKind,
    Cleared,
    IncomingOrder,
    OrderState,
    PaymentMethod,
    Reach,
    Recipient,
)
from anshin.language.folding import fold
from anshin.language.names import reading_key

LONGEST_NAME_KEY = 410

BOUNCES_UNTIL_UNREACHABLE = 3
"""Returned mails in a run, for reasons that may pass, after which an address counts as unreachable."""

_LASTING = frozenset({BounceKind.UNKNOWN_USER, BounceKind.UNKNOWN_DOMAIN, BounceKind.REFUSED})
_NOT_OF_THE_ADDRESS = frozenset({BounceKind.TOO_LARGE, BounceKind.POLICY})
_PAID_BEFORE_SHIPPING = frozenset({PaymentMethod.BANK_TRANSFER, PaymentMethod.CONVENIENCE})


def total_yen(order: IncomingOrder) -> int | None:
    """The total that the order states, or else lines + shipping + fee − discount; None when neither is told.

    Units: yen.
    """
    if order.total_yen is not None:
        return order.total_yen
    goods = [line.quantity * line.unit_price_yen for line in order.lines if line.unit_price_yen is not None]
    if not order.lines or len(goods) < len(order.lines):
        return None
    return sum(goods) + order.shipping_yen + order.fee_yen - order.discount_yen


def digest(order: IncomingOrder) -> str:
    """64 hexadecimal characters that are equal exactly when two incoming orders say the same."""
    return _sha256(order)


def address_key(recipient: Recipient) -> str:
    """64 hexadecimal characters under which one place and name is kept once, however it is spelled."""
    spelled = (
        recipient.postcode.replace("-", ""),
        recipient.lines.replace(" ", ""),
        recipient.name.replace(" ", ""),
    )
    return _sha256([fold(text).replace(" ", "") for text in spelled])


def name_key(name: str, kana: str = "") -> str:
    """Name and reading as they are searched: folded, katakana, without spaces. 髙橋 and 高橋 have one key."""
    return " ".join(reading_key(part) for part in (name, kana) if part)[:LONGEST_NAME_KEY]


def order_state(
    *, is_cancelled: bool, payments: Iterable[tuple[str, bool]], parcels: Iterable[tuple[bool, bool]]
) -> OrderState:
    """How far an order has come.

    Shapes: a payment is (method, whether it was paid), a parcel is (whether it left, whether it arrived).
    Only what has to be paid before shipping holds an order up: bank transfer and convenience store.
    """
    sent = list(parcels)
    if is_cancelled:
        return OrderState.CANCELLED
    if sent and all(has_arrived for _has_left, has_arrived in sent):
        return OrderState.DELIVERED
    if any(has_left for has_left, _has_arrived in sent):
        return OrderState.SHIPPED
    if any(method in _PAID_BEFORE_SHIPPING and not is_paid for method, is_paid in payments):
        return OrderState.UNPAID
    return OrderState.PREPARING


def _sha256(values: Any) -> str:
    text = json.dumps(values, ensure_ascii=False, default=_plain, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return [getattr(value, each.name) for each in fields(value)]
    raise TypeError(f"{type(value).__name__} has no place in a digest")


def speaks_against_the_address(kind: str) -> bool:
    """Whether a returned mail of this kind says something about the address, and not about the mail or the shop."""
    return kind not in _NOT_OF_THE_ADDRESS


def reach_after(kind: str, bounce_count: int) -> Reach:
    """What an address is worth after that many returned mails in a run, the last one of this kind."""
    is_lost = kind in _LASTING or bounce_count >= BOUNCES_UNTIL_UNREACHABLE
    return Reach.UNREACHABLE if is_lost else Reach.DOUBTFUL


def clears(kind: str, why: Cleared) -> bool:
    """Whether `why` takes the mark of a returned mail of this kind away.

    Who writes has an address that exists. That their phone takes in our mail it does not show: customers whose settings
    refuse the shop write again exactly because no answer came.
    """
    return not (kind == BounceKind.REFUSED and why == Cleared.WROTE)
