"""What the insights room's facts mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.insights.terms import OccasionKind

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]


def _kind(value: Any) -> Words:
    return OccasionKind(value).label if value in OccasionKind.values else str(value)


def _count(value: Any) -> Words:
    return f"{int(value):,}"


_OCCASION: tuple[Piece, ...] = (("kind", "", _kind), ("happened_on", "", str))
INSIGHT_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "insights.ledger_read": (
        _("Read a ledger of consultations"),
        (("rows", _("Rows"), _count), ("taken", _("Taken in"), _count), ("refused", _("Not taken in"), _count)),
    ),
    "insights.ledger_taken_back": (_("Took a ledger of consultations back"), (("rows", _("Rows"), _count),)),
    "insights.occasion_noted": (_("Noted on the chart what happened"), _OCCASION),
    "insights.occasion_removed": (_("Took a note off the chart"), _OCCASION),
}
