"""Letters from customers for tests."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from anshin.cases.actions import Received, receive_message
from anshin.cases.terms import Channel, IncomingMessage, Party

if TYPE_CHECKING:
    from anshin.shops.models import Shop

KASHIWAGI = Party("柏木 由紀子", "y-kashiwagi@mail.example")
MIKUMO = Party("三雲 達也", "mikumo@mail.example")


def letter(key: str, *, at: datetime, sender: Party = KASHIWAGI, **values: Any) -> IncomingMessage:
    """A mail from a customer; `key` is its Message-ID."""
    standard: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "subject": "届いたバッグの色が写真と違います",
        "text": "写真では明るい生成りだったのですが、濃い灰色のバッグが届きました。",
    }
    return IncomingMessage(sender=sender, message_key=key, received_at=at, **(standard | values))


def arrive(shop: Shop, key: str, *, at: datetime, sender: Party = KASHIWAGI, **values: Any) -> Received:
    """The letter, taken in."""
    return receive_message(shop=shop, message=letter(key, at=at, sender=sender, **values), now=at)
