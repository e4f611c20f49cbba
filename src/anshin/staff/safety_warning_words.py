"""How an early warning is shown: the clock, what points to it, what has to be reported, and to whom."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anshin.safety import queries
from anshin.safety.terms import Origin, ReportedTo, SignKind, WarningState
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.safety.models import Advisory, EarlyWarning, WarningSign
    from anshin.safety.queries import Warned
    from anshin.shops.models import Membership

_SOON_DAYS = 3


def cards(by: Membership, advisory: Advisory, now: datetime) -> list[dict[str, Any]]:
    """One for each warning of a notice that began inside the shop; none, and no query, for others."""
    if advisory.origin != Origin.INSIDE:
        return []
    today = timezone.localtime(now).date()
    return [_card(by, each) for each in queries.warnings_of(advisory, today=today)]


def in_short(warning: EarlyWarning | None, now: datetime) -> dict[str, str] | None:
    """The clock in a few words, for the list."""
    if warning is None:
        return None
    left = (warning.report_by - timezone.localtime(now).date()).days + 1
    return {"kind": _kind(left), "words": _left(left)}


def waits_for(warning: EarlyWarning | None) -> str:
    """Whom a notice with an open warning waits for, in the list."""
    return _("Waits for a manager’s judgement") if warning is not None else ""


def _card(by: Membership, warned: Warned) -> dict[str, Any]:
    warning = warned.warning
    return {
        "is_open": warning.state == WarningState.OPEN,
        "state": WarningState(warning.state).label,
        "known_on": warning.known_on,
        "report_by": warning.report_by,
        "days": max(warned.days_left, 0),
        "is_late": warned.days_left <= 0,
        "kind": _kind(warned.days_left),
        "left": _left(warned.days_left),
        "signs": [_sign(by, each) for each in warned.signs],
        "words": warning.words,
        "reported_to": ReportedTo(warning.reported_to).label if warning.reported_to else "",
        "by": str(warning.decided_by.person) if warning.decided_by else "",
        "at": warning.decided_at,
        "may_decide": may(by, Permission.APPROVE_SAFETY),
        "choices": ReportedTo.choices,
    }


def _sign(by: Membership, sign: WarningSign) -> dict[str, Any]:
    words = ""
    if sign.kind == SignKind.DEFECT:
        words = _("%(returns)s returns, %(sold)s sold") % {"returns": sign.returns_count, "sold": sign.sold_count}
    return {
        "label": SignKind(sign.kind).label,
        "words": words,
        "case": f"#{sign.case.number} {sign.case.subject}" if sign.case else "",
        "url": address("case", by.shop.slug, sign.case.number) if sign.case else "",
        "at": sign.at,
    }


def _kind(left: int) -> str:
    return "bad" if left <= _SOON_DAYS else "warn"


def _left(left: int) -> str:
    if left <= 0:
        return _("The day for the report is over")
    if left == 1:
        return _("Report: today is the last day")
    return ngettext("Report: %(count)s day left", "Report: %(count)s days left", left) % {"count": left}
