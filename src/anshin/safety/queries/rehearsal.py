"""Buyers whose mails are looked at before the release: how many there are of each kind, and one of them."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from anshin.commerce import queries as commerce
from anshin.safety.queries.audience import MARKETPLACES, Audience, sought_by
from anshin.safety.queries.judging import affected_orders, meant_lines
from anshin.safety.queries.mails import Bought
from anshin.safety.terms import Recipient, Standing

if TYPE_CHECKING:
    from anshin.safety.models import Advisory

LOOKED_THROUGH: Final = 500
"""Among so many newest orders a buyer with several is looked for."""


@dataclass(frozen=True, slots=True)
class Example:
    """A buyer of a kind, with the affected orders of which their mail tells, the latest first."""

    name: str
    address: str
    bought: tuple[Bought, ...]


def kinds_in(audience: Audience) -> Mapping[tuple[str, Recipient], int]:
    """Language and kind to orders that are told by mail. Of those with several nobody counts."""
    counts: Counter[tuple[str, Recipient]] = Counter()
    for group in audience.groups:
        if group.standing == Standing.BY_MAIL:
            counts[group.language, _kind(group.sales_channel, is_gift=group.is_gift)] += group.orders
    return counts


def example_of(advisory: Advisory, language: str, recipient: Recipient) -> Example | None:
    """The newest buyer of that kind; None when there is none. Three queries, and those of the lots."""
    meant = meant_lines(advisory.shop, sought_by(advisory))
    found: Any = affected_orders(meant)  # Any: what was added is not known
    found = found.filter(standing=Standing.BY_MAIL, language=language).order_by("-ordered_at", "-id")
    customer_id = _several(found) if recipient == Recipient.SEVERAL else _one(found, recipient)
    if customer_id is None:
        return None
    columns = ("ordered_at", "channel", "number", "quantity", "is_gift", "mail_id")
    rows = list(found.filter(customer=customer_id).values_list(*columns))
    address, _key = commerce.mail_points([rows[0][-1]])[rows[0][-1]]
    name = commerce.names_of_customers([customer_id]).get(customer_id, "")
    return Example(name, address, tuple(Bought(*row[:-1]) for row in rows))


def rehearsal_key(word: str, contact_mail: str) -> str:
    """The bare Message-ID of a mail that somebody sends to themselves."""
    domain = contact_mail.rpartition("@")[2].lower() or "anshin.invalid"
    return f"{_PREFIX}{word}.{_digest(word)}@{domain}"


def is_rehearsal(key: str) -> bool:
    """Whether this bare Message-ID is one that `rehearsal_key` made."""
    word, _dot, digest = key.partition("@")[0].removeprefix(_PREFIX).partition(".")
    return key.startswith(_PREFIX) and hmac.compare_digest(digest, _digest(word))


_PREFIX: Final = "safety.rehearsal."


def _digest(word: str) -> str:
    secret = hashlib.sha256(f"anshin.safety:rehearsal:{settings.SECRET_KEY}".encode()).digest()
    return hmac.new(secret, word.encode(), hashlib.sha256).hexdigest()[:20]


def _kind(channel: str, *, is_gift: bool) -> Recipient:
    if is_gift:
        return Recipient.GIFT
    return Recipient.MARKET if channel in MARKETPLACES else Recipient.SHOP


def _one(found: Any, recipient: Recipient) -> int | None:
    if recipient == Recipient.GIFT:
        found = found.filter(is_gift=True)
    elif recipient == Recipient.MARKET:
        found = found.filter(is_gift=False, channel__in=MARKETPLACES)
    else:
        found = found.filter(is_gift=False).exclude(channel__in=MARKETPLACES)
    first: int | None = found.values_list("customer_id", flat=True).first()
    return first


def _several(found: Any) -> int | None:
    newest = Counter(found.values_list("customer_id", flat=True)[:LOOKED_THROUGH])
    return next((customer for customer, orders in newest.items() if orders > 1), None)
