"""Stripe's notices (webhooks): proved by their signature, and what they are about. Pure.

Sources: docs.stripe.com, “Receive Stripe events in your webhook endpoint” (signature: HMAC-SHA256 of timestamp, dot and
body; 5 minutes' tolerance; several v1 while a secret is rolled; events may come twice and in any order), changelog
2024-10-28 “Adds created, updated, and failed events for all refund types”, API reference “The Event object”, “The
Dispute object” (status, evidence_details.due_by); read 2026-11-27.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from anshin.commerce.ports import NotYet, ProviderDispute, ProviderNotice
from anshin.commerce.terms import DisputeState, NoticeKind
from anshin.connectors.payments.translate import OUR_KEY

TOLERANCE = timedelta(minutes=5)
_NUMBER = re.compile(r"[A-Za-z0-9_]{3,120}")
_STATES = {
    "warning_needs_response": DisputeState.ENQUIRY,
    "warning_under_review": DisputeState.ENQUIRY,
    "warning_closed": DisputeState.CLOSED,
    "prevented": DisputeState.CLOSED,
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.OPEN,
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}


class NotProved(Exception):
    """Nobody knows whether Stripe sent this."""


def proved(secret: str, header: str, body: bytes, *, now: datetime) -> str:
    """The event's number of a body that Stripe signed a short time ago. Raises NotProved."""
    parts = [part.strip().partition("=")[::2] for part in header.split(",")]
    moments = [value for name, value in parts if name == "t"]
    signatures = [value for name, value in parts if name == "v1"]
    if not secret or len(moments) != 1 or not moments[0].isascii() or not moments[0].isdecimal() or not signatures:
        raise NotProved("no signature")
    wanted = hmac.new(secret.encode(), moments[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    same = [hmac.compare_digest(wanted.encode(), each.encode("utf-8", "replace")) for each in signatures]
    if not any(same):
        raise NotProved("another signature")
    if len(moments[0]) > 12 or abs(now.timestamp() - int(moments[0])) > TOLERANCE.total_seconds():
        raise NotProved("too old")
    number = str(_read(body).get("id", ""))
    if not _NUMBER.fullmatch(number):
        raise NotProved("no number")
    return number


def notice_of(body: bytes) -> ProviderNotice:
    """What an event is about."""
    event = _read(body)
    about = event.get("data")
    found = about.get("object") if isinstance(about, Mapping) else None
    if not isinstance(found, Mapping):
        return ProviderNotice(NoticeKind.OTHER)
    reference = str(found.get("id", ""))
    kind = {"refund": NoticeKind.REFUND, "dispute": NoticeKind.DISPUTE}.get(str(found.get("object", "")))
    if kind is None or not _NUMBER.fullmatch(reference):
        return ProviderNotice(NoticeKind.OTHER)
    metadata = found.get("metadata")
    key = str(metadata.get(OUR_KEY, "")) if isinstance(metadata, Mapping) else ""
    return ProviderNotice(kind, reference, key if kind == NoticeKind.REFUND else "")


def dispute_of(dispute: Mapping[str, Any]) -> ProviderDispute:
    """A dispute in our words. Raises NotYet for one that cannot be read, or in another currency."""
    amount, state = dispute.get("amount"), _STATES.get(str(dispute.get("status", "")))
    if not isinstance(amount, int) or amount <= 0 or dispute.get("currency") != "jpy" or state is None:
        raise NotYet(_("Stripe’s answer about a dispute could not be read. Look at it there."))
    details = dispute.get("evidence_details")
    due = details.get("due_by") if isinstance(details, Mapping) else None
    return ProviderDispute(
        reference=str(dispute.get("id", "")),
        charges=tuple(str(dispute.get(name) or "") for name in ("charge", "payment_intent")),
        amount_yen=amount,
        state=state,
        reason=str(dispute.get("reason") or ""),
        respond_by=datetime.fromtimestamp(due, UTC) if isinstance(due, int) and 0 < due < 2**33 else None,
    )


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
