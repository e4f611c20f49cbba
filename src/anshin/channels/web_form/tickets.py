"""Signed tickets of the form's pages: which page was it, when was it drawn; and the address of a receipt.

A ticket makes one submission out of a double click, shows how long somebody took to fill the page in, and cannot be
made up. A receipt's address cannot be guessed from another one.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core import signing

from anshin.channels.web_form.rules import TICKET_LASTS

_PAGE, _RECEIPT = "web_form.page", "web_form.receipt"
RECEIPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """One drawn page of the form."""

    nonce: str
    drawn_at: datetime


def new_ticket(shop_id: int, *, now: datetime) -> tuple[Ticket, str]:
    """A fresh ticket and its signed form for the page."""
    ticket = Ticket(secrets.token_hex(16), now)
    return ticket, signing.dumps([shop_id, ticket.nonce, int(now.timestamp())], salt=_PAGE)


def read_ticket(shop_id: int, signed: str, *, now: datetime) -> Ticket | None:
    """The ticket; None when it is made up, of another shop, or too old."""
    try:
        of_shop, nonce, seconds = signing.loads(signed, salt=_PAGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    drawn_at = datetime.fromtimestamp(seconds, UTC)
    if of_shop != shop_id or now - drawn_at > TICKET_LASTS:
        return None
    return Ticket(nonce, drawn_at)


def receipt_code(submission_id: int) -> str:
    """The part of a receipt's address that names the submission."""
    return signing.dumps(submission_id, salt=_RECEIPT)


def read_receipt_code(code: str) -> int | None:
    """The submission of a receipt's address; None when it is made up or older than RECEIPT_SECONDS."""
    try:
        found = signing.loads(code, salt=_RECEIPT, max_age=RECEIPT_SECONDS)
    except signing.BadSignature:
        return None
    return int(found)
