"""The mail channel's part of the demo: a mailbox without servers, and mail that arrives in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from anshin.channels.email.models import Mailbox
from anshin.channels.email.storing import store
from anshin.channels.email.taking_in import take_in
from anshin.channels.email.terms import Source

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def open_mailbox(shop: Shop, *, address: str, now: datetime) -> Mailbox:
    """The shop's mailbox; nothing is fetched, and what leaves goes to the demo's post office."""
    return Mailbox.objects.create(
        shop=shop, address=address, display_name=shop.name, takes_plus_addresses=True, created_at=now
    )


def arrive(shop: Shop, raw: bytes, *, now: datetime) -> None:
    """A mail that came at `now`: stored, then taken in."""
    mailbox = Mailbox.objects.filter(shop=shop).order_by("id").get()
    stored = store(mailbox=mailbox, raw=raw, source=Source.OUTSIDE, now=now)
    take_in(stored.arrival.pk, now=now)
