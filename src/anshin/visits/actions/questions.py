"""A question about a return, asked on its page: it goes into the return's case, as a mail would."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from anshin.cases.actions import receive_message
from anshin.cases.terms import Channel, IncomingMessage, Party
from anshin.commerce.queries import mails_of

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.returns.models import Return
    from anshin.shops.models import Shop


def ask_about_return(*, shop: Shop, returned: Return, words: str, nonce: str, language: str, now: datetime) -> Message:
    """The message in the case. The same words from the same drawn page are one message."""
    customer = returned.customer
    mails = mails_of(shop, customer.pk) if customer else []
    digest = hashlib.sha256(f"{returned.pk}:{nonce}:{words}".encode("utf-8", "replace")).hexdigest()[:32]
    message = IncomingMessage(
        channel=Channel.PORTAL,
        sender=Party(customer.name if customer else "", mails[0] if mails else ""),
        subject=f"{returned}",
        text=words,
        message_key=f"portal:{digest}",
        received_at=now,
        token_case_id=returned.case_id,
        language=language,
    )
    return receive_message(shop=shop, message=message, now=now).message
