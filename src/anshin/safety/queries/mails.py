"""What the mails of an advisory need, many at once; how far the sending is; and the word in a mail's link."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from anshin.commerce.terms import SalesChannel
from anshin.plumbing.mail.threading import make_token
from anshin.safety.models import Advisory, Notice, SafetyMail
from anshin.safety.terms import MailRound, MailState


@dataclass(frozen=True, slots=True)
class Bought:
    """One order of a buyer, as their mail tells it."""

    at: datetime
    sales_channel: str
    number: str
    quantity: int
    is_gift: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """How far the mails are: by state, and until when none leaves because the mail server takes none."""

    by_state: dict[MailState, int]
    held_until_at: datetime | None
    held_words: str
    next_try_at: datetime | None = None  # of the mails to be tried again
    deferred_words: str = ""  # why the first of these waits


def sending_of(advisory: Advisory) -> Sending:
    """One query, and one more where mails are to be tried again; the advisory's own columns as they were read."""
    found = SafetyMail.objects.filter(advisory=advisory).values_list("state").annotate(count=Count("pk"))
    by_state = {MailState(state): count for state, count in found}
    held = (advisory.held_until_at, advisory.held_words)
    if not by_state.get(MailState.DEFERRED):
        return Sending(by_state, *held)
    waiting = SafetyMail.objects.filter(advisory=advisory, state=MailState.DEFERRED).order_by("next_try_at", "pk")
    return Sending(by_state, *held, *waiting.values_list("next_try_at", "words")[0])


def purchases_of(mails: Sequence[SafetyMail]) -> dict[str, list[Bought]]:
    """By folded address the orders of one advisory, the latest first. Two queries."""
    if not mails:
        return {}
    keys = [mail.address_key for mail in mails]
    first = SafetyMail.objects.filter(advisory_id=mails[0].advisory_id, round=MailRound.FIRST, turn=0)
    ids = first.filter(address_key__in=keys).values_list("pk", flat=True)
    told = Notice.objects.filter(mail__in=list(ids)).order_by("-order__ordered_at", "-order_id")
    columns = ("address_key", "order__ordered_at", "order__channel", "order__number", "quantity", "is_gift")
    found: dict[str, list[Bought]] = {}
    for key, at, channel, number, quantity, is_gift in told.values_list(*columns):
        found.setdefault(key, []).append(Bought(at, channel, number, quantity, is_gift))
    return found


def link_of(mail: SafetyMail, slug: str) -> str:
    """Where the buyer answers without signing in."""
    return f"{settings.ANSHIN_ADDRESS}/p/{slug}/safety/{make_token(f's{mail.pk}', key=answer_key())}/"


def answer_key() -> bytes:
    """What words in links are made with."""
    return _key("answer")


def message_id_of(mail: SafetyMail, contact_mail: str) -> str:
    """The same at every try, and not to be guessed."""
    domain = contact_mail.rpartition("@")[2].lower() or "anshin.invalid"
    secret = hmac.new(_key("message"), str(mail.pk).encode(), hashlib.sha256).hexdigest()[:20]
    return f"<safety.{mail.pk}.{secret}@{domain}>"


def place_of(sales_channel: str, shop_name: str) -> str:
    """Where something was bought, as the buyer calls it: proper names, so they need no translation."""
    names = {
        SalesChannel.RAKUTEN: "Rakuten / 楽天市場",
        SalesChannel.YAHOO: "Yahoo!ショッピング",
        SalesChannel.AMAZON: "Amazon",
    }
    market = names.get(SalesChannel(sales_channel), "")
    return f"{shop_name} ({market})" if market else shop_name


def _key(purpose: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), f"anshin.safety:{purpose}".encode(), hashlib.sha256).digest()
