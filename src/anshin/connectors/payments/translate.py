"""Stripe's words about refunds into ours, and back. Pure.

Sources: Stripe API reference, “Create a refund”, “The Refund object” (status, failure_reason, metadata), “Errors”,
“Idempotent requests”; docs.stripe.com, read 2026-11-26. JPY has no decimals: an amount is yen.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from anshin.commerce.ports import (
    Declined,
    NotYet,
    PaymentTrouble,
    ProviderAnswer,
    RefundQuestion,
    TooLate,
    Unsure,
)

OUR_KEY = "anshin_key"
"""Under this name a refund at Stripe keeps the key that it was asked for with."""

_REFERENCE = re.compile(r"[A-Za-z0-9_]{3,120}")
_TOO_LATE = frozenset({"charge_not_refundable", "charge_expired_for_capture"})
_LATER = frozenset({"balance_insufficient", "lock_timeout", "rate_limit"})
_IN_USE = "idempotency_key_in_use"
_SERVER_ERROR = 500
_TOO_MANY = 429
_BAD_KEY = frozenset({401, 403})


def payment_of(charge: str) -> dict[str, str]:
    """How Stripe names a payment: by its intent or by its charge. Raises Declined for a number that is neither."""
    if not _REFERENCE.fullmatch(charge) or not charge.startswith(("pi_", "ch_", "py_")):
        raise Declined(_("“%(number)s” is no payment of Stripe’s. Pay it back where it was paid.") % {"number": charge})
    return {"payment_intent" if charge.startswith("pi_") else "charge": charge}


def fields_of(question: RefundQuestion) -> dict[str, str]:
    """The form of a refund."""
    return {
        **payment_of(question.charge),
        "amount": str(question.amount_yen),
        "reason": "requested_by_customer",
        f"metadata[{OUR_KEY}]": question.key,
    }


def answer_of(refund: Mapping[str, Any], *, amount_yen: int | None = None) -> ProviderAnswer:
    """What a refund at Stripe says. Raises Declined when it failed, Unsure when it is not the one that was meant."""
    reference, status = str(refund.get("id", "")), str(refund.get("status", ""))
    if not _REFERENCE.fullmatch(reference):
        raise Unsure(_("Stripe’s answer could not be read."))
    if amount_yen is not None and (refund.get("amount"), refund.get("currency")) != (amount_yen, "jpy"):
        raise Unsure(_("Stripe shows another amount for %(number)s. Look at it there.") % {"number": reference})
    if status in {"failed", "canceled"}:
        raise Declined(_failure(refund, reference))
    return ProviderAnswer(reference, f"Stripe {reference} {status}", is_final=status == "succeeded")


def is_ours(refund: Mapping[str, Any], key: str) -> bool:
    """Whether this refund was made with our key."""
    metadata = refund.get("metadata")
    return isinstance(metadata, Mapping) and metadata.get(OUR_KEY) == key


def trouble_of(status: int, fields: Mapping[str, Any]) -> PaymentTrouble:
    """What an answer that is no success means for the money."""
    error = fields.get("error")
    error = error if isinstance(error, Mapping) else {}
    code, said = str(error.get("code", "")), _one_line(str(error.get("message", "")))
    if status >= _SERVER_ERROR or code == _IN_USE:
        return Unsure(_("Stripe could not say whether it paid (%(status)s).") % {"status": status})
    if status in _BAD_KEY:
        return NotYet(_("Stripe does not accept the key. Enter it anew in the settings under Refunds."))
    if status == _TOO_MANY or code in _LATER:
        return NotYet(_("Stripe puts it off: %(said)s") % {"said": said or code or status})
    if code in _TOO_LATE:
        return TooLate(_("Stripe cannot take this payment back: %(said)s") % {"said": said or code})
    if not error:
        return Unsure(_("Stripe’s answer could not be read."))
    return Declined(_("Stripe does not pay this back: %(said)s") % {"said": said or code or status})


def _failure(refund: Mapping[str, Any], reference: str) -> str:
    reason = str(refund.get("failure_reason") or "")
    known = {
        "lost_or_stolen_card": _("the card was reported lost or stolen"),
        "expired_or_canceled_card": _("the card has expired or was cancelled"),
        "declined": _("the card’s bank declined it"),
        "insufficient_funds": _("the balance at Stripe was not enough"),
        "charge_for_pending_refund_disputed": _("the customer disputes the payment with their bank"),
        "merchant_request": _("it was stopped on Stripe’s page"),
        "unknown": _("no reason given"),
    }
    words = known.get(reason, reason or _("no reason given"))
    return _("Stripe could not pay %(number)s: %(why)s.") % {"number": reference, "why": words}


def _one_line(words: str) -> str:
    return " ".join(words.split())[:200]
