"""What the facts about the policy of returns mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.pages import dates
from anshin.returns.terms import ShownPlace

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _plain(value: Any) -> Words:
    return str(value)


def _moment(value: Any) -> Words:
    at = datetime.fromisoformat(value)
    return dates.exactly(at.astimezone(timezone.get_current_timezone()), language=get_language() or "ja")


def _day(value: Any) -> Words:
    return dates.full_day(date.fromisoformat(value), language=get_language() or "ja", with_year=True) if value else "—"


def _place(value: Any) -> Words:
    return ShownPlace(value).label if value in ShownPlace.values else str(value)


_LABEL: Piece = ("label", "", _plain)
POLICY_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "policy.drafted": (_("Began a draft of the policy of returns"), ()),
    "policy.saved": (_("Changed a draft of the policy of returns"), ()),
    "policy.removed": (_("Threw a draft of the policy of returns away"), ()),
    "policy.published": (
        _("Published the policy of returns"),
        (_LABEL, ("in_force_at", _("In force from"), _moment)),
    ),
    "policy.withdrawn": (_("Withdrew a version of the policy of returns"), (_LABEL,)),
    "policy.showing_told": (
        _("Told since when the terms of return are shown"),
        (("where", "", _place), ("former", _("Before"), _day), ("since_on", _("Now"), _day)),
    ),
}
