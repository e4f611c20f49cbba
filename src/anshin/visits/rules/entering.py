"""Decisions of the visits room: how often codes are given and tried, what a hand-over must say."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from anshin.visits.terms import (
    CODE_LASTS,
    HAND_OVER_LASTS,
    IDLE_ENDS,
    MOST_TRIES,
    VISIT_ENDS,
    HandOver,
    HandOverFault,
)

RATE_WINDOW: Final = timedelta(hours=1)
MOST_REQUESTS: Final[Mapping[str, int]] = {"order": 5, "contact": 5, "visitor": 20, "inner_visitor": 200}
"""Within RATE_WINDOW. `inner_visitor`: private and loopback addresses, behind which stands a whole office."""
_SHORTEST_NONCE: Final = 16
_LONGEST_TOKEN: Final = 2000


class NotBelieved(ValueError):
    """A hand-over that says nothing that may be believed; `why` is a code of HandOverFault."""

    def __init__(self, why: HandOverFault) -> None:
        super().__init__(why.value)
        self.why = why


def limit_reached(counts: Mapping[str, int]) -> str:
    """The first of the limits that these numbers of code requests reach, "" for none."""
    return next((limit for limit, number in counts.items() if number >= MOST_REQUESTS[limit]), "")


def is_locked(tries: int) -> bool:
    """Whether so many wrong codes close a request."""
    return tries >= MOST_TRIES


def is_code_over(ready_at: datetime, *, now: datetime) -> bool:
    """Whether a code that was ready at this moment is worth nothing any more."""
    return now - ready_at > CODE_LASTS


def is_visit_over(*, began_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Half an hour without a page, or twelve hours in all."""
    return now - seen_at > IDLE_ENDS or now - began_at > VISIT_ENDS


def is_reminder_due(until: date, *, today: date, days: int) -> bool:
    """Whether the last day is near: at most so many days away, and not past."""
    return 0 <= (until - today).days <= days


def sign(hand_over: HandOver, *, secret: str) -> str:
    """The token that a shop's own site puts into the address: body.signature, both base64url without padding."""
    told = {"shop": hand_over.shop, "mail": hand_over.mail, "ends": hand_over.ends, "nonce": hand_over.nonce}
    return pack(told, secret=secret)


def read(token: str, *, shop: str, secret: str, now: datetime) -> HandOver:
    """What a token says, once it is believed. Raises NotBelieved."""
    told = _told(signed(token, secret=secret, longest=_LONGEST_TOKEN))
    look_at_frame(told.shop, told.ends, shop=shop, now=now)
    return told


def pack(told: Mapping[str, object], *, secret: str) -> str:
    """The token that says this: body.signature."""
    body = _packed(json.dumps(told).encode())
    return f"{body}.{_packed(_signature(body, secret))}"


def signed(token: str, *, secret: str, longest: int) -> bytes:
    """The JSON of a token of at most `longest` characters whose signature fits. Raises NotBelieved."""
    body, _dot, signature = token.partition(".")
    if len(token) > longest or not hmac.compare_digest(_unpacked(signature), _signature(body, secret)):
        raise NotBelieved(HandOverFault.BROKEN)
    return _unpacked(body)


def look_at_frame(for_shop: str, ends: int, *, shop: str, now: datetime) -> None:
    """Whether it is for this shop and its time is neither over nor too far away. Raises NotBelieved."""
    if for_shop != shop:
        raise NotBelieved(HandOverFault.OTHER_SHOP)
    if ends <= now.timestamp():
        raise NotBelieved(HandOverFault.OVER)
    if ends > (now + HAND_OVER_LASTS).timestamp():
        raise NotBelieved(HandOverFault.TOO_LONG)


def is_moment(ends: object) -> bool:
    """Whether it is a whole number of seconds since 1970."""
    return isinstance(ends, int) and not isinstance(ends, bool) and 0 < ends < 2**33


def ends_at(hand_over: HandOver) -> datetime:
    """Until when the hand-over could be used."""
    return datetime.fromtimestamp(hand_over.ends, UTC)


def _told(body: bytes) -> HandOver:
    try:
        values = json.loads(body)
        told = HandOver(values["shop"], values["mail"], values["ends"], values["nonce"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotBelieved(HandOverFault.INCOMPLETE) from error
    is_text = all(isinstance(each, str) for each in (told.shop, told.mail, told.nonce))
    if not is_text or not is_moment(told.ends) or "@" not in told.mail or not _SHORTEST_NONCE <= len(told.nonce) <= 200:
        raise NotBelieved(HandOverFault.INCOMPLETE)
    return told


def _signature(body: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), body.encode("utf-8", "replace"), hashlib.sha256)


def _packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def _unpacked(text: str) -> bytes:
    """The bytes, none for what is not base64url."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""
