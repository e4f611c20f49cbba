"""Decides what a key looks like, how much it may ask, when an address is tried again, and how a telling is signed."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

KEY_START = "anshin"
PREFIX_LETTERS = 8
SECRET_LETTERS = 40
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
"""Of which keys are made: none that looks like another. Forty of 32 letters are 200 bits."""

SECRET_START = "whsec_"  # noqa: S105  how every secret begins
SECRET_BYTES = 32
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failure it is tried again; 75 hours in all.

Source: Standard Webhooks 1.0.0, “Deliverability and reliability”, example retry schedule,
github.com/standard-webhooks/standard-webhooks, read 2026-11-27.
"""
LONGEST_WAIT = timedelta(hours=24)
_GONE = 410

TYPES: Mapping[str, str] = {
    "case.opened": "case.created",
    "case.message_received": "message.received",
    "case.delivery_changed": "message.sent",
    "case.closed": "case.closed",
    "case.reopened": "case.reopened",
    "case.assigned": "case.changed",
    "case.tagged": "case.changed",
    "case.status_set": "case.changed",
    "case.snoozed": "case.changed",
    "case.woken": "case.changed",
    "case.topics_set": "case.changed",
    "case.urgency_set": "case.changed",
    "return.requested": "return.requested",
    "return.stepped": "return.changed",
    "order.taken_in": "order.created",
    "order.changed": "order.changed",
    "refund.settled": "refund.paid",
    "refund.failed": "refund.failed",
    "customer.tagged": "customer.changed",
    "case.customer_erased": "customer.erased",
}
"""What other programs hear of the journal's facts; nothing of those that are not named here.

Product-safety notices are none of them: while one is sealed nobody outside may learn of it.
"""
_SENT = "sent"
_NUMBERS: Mapping[str, Sequence[tuple[str, str]]] = {
    "case.message_received": (("message_id", "message_id"),),
    "case.delivery_changed": (("message_id", "message_id"),),
    "case.closed": (("resolution", "resolution"),),
    "return.requested": (("number", "return_number"),),
    "return.stepped": (("number", "return_number"), ("axis", "axis"), ("state", "state")),
    "order.taken_in": (("order_id", "order_id"), ("number", "order_number")),
    "order.changed": (("order_id", "order_id"), ("number", "order_number")),
    "refund.settled": (("refund_id", "refund_id"), ("amount_yen", "amount_yen")),
    "refund.failed": (("refund_id", "refund_id"), ("amount_yen", "amount_yen")),
    "customer.tagged": (("customer_id", "customer_id"),),
    "case.customer_erased": (("customer_id", "customer_id"),),
}
"""Which values of a fact go along, and under which name: numbers and codes, nothing about a person."""


def prefix_of(presented: str) -> str:
    """By what a key is found; "" for what has not the shape of one."""
    start, _, rest = presented.partition("_")
    prefix, _, secret = rest.partition("_")
    is_shaped = start == KEY_START and len(prefix) == PREFIX_LETTERS and len(secret) == SECRET_LETTERS
    return prefix if is_shaped and set(prefix + secret) <= set(LETTERS) else ""


def digest(presented: str) -> str:
    """What is kept of a key. Its 200 bits are chance, so that a slow digest would protect nothing more."""
    return hashlib.sha256(presented.encode("utf-8", "replace")).hexdigest()


def fits(presented: str, kept: str) -> bool:
    """Whether this is the key of the digest, compared in the same time whatever differs."""
    return hmac.compare_digest(digest(presented), kept)


def fingerprint(method: str, path: str, body: bytes) -> str:
    """What tells one write from another."""
    return hashlib.sha256(b"\x00".join((method.encode(), path.encode(), body))).hexdigest()


def type_of(event: str, payload: Mapping[str, object]) -> str:
    """What other programs hear of a fact, "" for nothing."""
    if event == "case.delivery_changed" and payload.get("delivery") != _SENT:
        return ""
    return TYPES.get(event, "")


def about(event: str, payload: Mapping[str, object]) -> dict[str, object]:
    """The values of a fact that go along."""
    named = _NUMBERS.get(event, ())
    return {name: payload[key] for key, name in named if payload.get(key) is not None}


def signature(secrets: Sequence[str], *, key: str, at: datetime, body: bytes) -> str:
    """The header webhook-signature: one signature for each secret, with spaces between.

    Shapes: a secret is "whsec_" and base64. Source: Standard Webhooks 1.0.0, “Signature scheme”, read 2026-11-27.
    """
    content = b".".join((key.encode("ascii"), str(int(at.timestamp())).encode("ascii"), body))
    return " ".join(f"v1,{_signed(secret, content)}" for secret in secrets)


def _signed(secret: str, content: bytes) -> str:
    raw = base64.b64decode(secret.removeprefix(SECRET_START))
    return base64.b64encode(hmac.new(raw, content, hashlib.sha256).digest()).decode("ascii")


def wait_after(failures: int, *, roll: float, asked_seconds: int | None = None) -> timedelta | None:
    """The pause after the so-manieth failure in a row; None when there is no further try.

    Units: `roll` is a random number from 0 to 1 that lengthens it by up to a tenth, `asked_seconds` what the other
    side asked for.
    """
    if failures > len(WAITS):
        return None
    wait = WAITS[failures - 1] * (1 + 0.1 * roll)
    asked = timedelta(seconds=asked_seconds or 0)
    return max(wait, min(asked, LONGEST_WAIT))


def pause_after(failures: int, asked_seconds: int | None) -> timedelta:
    """For how long an address that does not answer at all is left alone, whatever else waits for it."""
    asked = timedelta(seconds=asked_seconds or 0)
    return max(WAITS[min(failures, len(WAITS)) - 1], min(asked, LONGEST_WAIT))


def wants_nothing_more(status: int | None) -> bool:
    """Whether the other side said for good that it wants to hear nothing. Source: as for WAITS, “Delivery success”."""
    return status == _GONE
