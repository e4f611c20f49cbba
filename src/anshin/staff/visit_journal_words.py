"""What the visits room's facts mean, for the journal's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anshin.visits.terms import CameBy, HandOverFault

Words = str | Promise
Piece = tuple[str, Words, Callable[[Any], Words]]
_LIMITS: dict[str, Words] = {
    "order": _("For one order number"),
    "contact": _("For one mail address or phone number"),
    "visitor": _("From one network address"),
    "inner_visitor": _("From one network"),
}


def _plain(value: Any) -> Words:
    return str(value)


def _used(value: Any) -> Words:
    return _("Yes") if value else _("No")


def _came_by(value: Any) -> Words:
    return CameBy(value).label if value in CameBy.values else str(value)


def _fault(value: Any) -> Words:
    return HandOverFault(value).label if value in HandOverFault.values else str(value)


def _limit(value: Any) -> Words:
    return _LIMITS.get(str(value), str(value))


VISIT_EVENTS: dict[str, tuple[Words, tuple[Piece, ...]]] = {
    "visits.began": (_("A customer opened their pages"), (("came_by", "", _came_by),)),
    "visits.code_locked": (
        _("A wrong code was entered too often; the code is refused"),
        (("tries", _("Tries"), _plain),),
    ),
    "visits.too_many_requests": (_("Codes were asked for too often; no more are given"), (("limit", "", _limit),)),
    "visits.hand_over_refused": (_("A customer handed over by the shop’s site was refused"), (("why", "", _fault),)),
    "visits.reminder_set": (
        _("Changed whether customers are reminded of the last day for a return"),
        (("is_on", _("In use"), _used), ("days", _("Days before"), _plain)),
    ),
    "visits.reminder_written": (_("Reminded a customer of the last day for a return"), ()),
    "visits.key_made": (_("Made a key for handing customers over"), ()),
    "visits.key_removed": (_("Removed the key for handing customers over"), ()),
}
