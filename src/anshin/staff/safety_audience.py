"""The card that says whom a notice reaches, how far its mails are, and what buyers answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from anshin.safety import queries
from anshin.safety.terms import LANGUAGES, MailState, Standing
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.safety_words import language_name

if TYPE_CHECKING:
    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership

_ICONS = {
    Standing.BY_MAIL: ("mail", ""),
    Standing.BY_PHONE: ("phone", "is-notice"),
    Standing.BY_LETTER: ("mailbox", "is-notice"),
    Standing.UNREACHABLE: ("user-x", "is-danger"),
}


def card(by: Membership, advisory: Advisory, now: datetime) -> dict[str, Any]:
    """Context of _safety_audience.html. Orders before the release as they would be told, afterwards as they were."""
    found = queries.audience_to_show(advisory)
    told = found.told
    return {
        "told": told,
        "mails": found.mails,
        "rows": [
            {
                "label": standing.label,
                "icon": icon,
                "kind": kind,
                "count": count,
                "share": 100 * count / told if told else 0,
            }
            for standing, (icon, kind) in _ICONS.items()
            if (count := found.orders(standing)) or standing == Standing.BY_MAIL
        ],
        "out": [
            {"label": standing.label, "count": found.orders(standing)}
            for standing in Standing
            if not standing.is_told and found.orders(standing)
        ],
        "gifts": found.gifts,
        "lot_unknown": found.lot_unknown,
        "without_mail": found.marketplace_without_mail,
        "languages": [
            {"name": language_name(code) if code in LANGUAGES else code, "count": count}
            for code, count in found.by_language.items()
            if code
        ],
        "asks_twice": found.asks_twice,
        "matched": found.matched_products,
        "catalogue": found.catalogue,
        "going": going(by, advisory, now) if advisory.number is not None else None,
    }


def going(by: Membership, advisory: Advisory, now: datetime) -> dict[str, Any]:
    """Context of _safety_progress.html: mails by state, answers, what the mail server says, whom no mail reaches. Five
    queries at most."""
    sending = queries.sending_of(advisory)
    counts = queries.told_by_hand(advisory)
    return {
        "sent": [
            {"label": state.label, "count": sending.by_state[state]}
            for state in MailState
            if sending.by_state.get(state)
        ],
        "answers": [{"label": said.label, "count": count} for said, count in queries.answer_counts(advisory).items()],
        "remedies": queries.remedies_of(advisory),
        "held_words": sending.held_words,
        "held_until_at": sending.held_until_at,
        "deferred": sending.by_state.get(MailState.DEFERRED, 0),
        "deferred_words": sending.deferred_words,
        "next_try_at": sending.next_try_at,
        "by_hand": counts if counts.all else None,
        "may_call": may(by, Permission.ANSWER),
        "now": now,
    }
