"""What a case's head says about what came before it and what comes after it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.cases.queries import wants_follow_up
from anshin.cases.terms import Resolution, Status
from anshin.plumbing.pages import dates
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership

_WEEK = timedelta(days=7)


def aftercare_facts(by: Membership, found: Case, *, now: datetime) -> dict[str, Any]:
    """The part of staff/_case_head.html's `case` about the first case and the follow-up."""
    today, language = timezone.localtime(now).date(), get_language() or "ja"
    is_closed = found.status == Status.CLOSED
    planned = ""
    if is_closed and found.follow_up_at:
        day = dates.day(timezone.localtime(found.follow_up_at).date(), today=today, language=language)
        planned = _("The case comes back on %(day)s so that we ask after it.") % {"day": day}
    return {
        "first": _first(by, found, now) if found.first_case_id else None,
        "is_follow_up": found.is_follow_up,
        "follow_up_planned": planned,
        "follow_up_url": address("follow_up", by.shop.slug, found.number) if may(by, Permission.TRIAGE) else "",
        "follow_up_on": (today + _WEEK).isoformat(),
        "offers_follow_up": not is_closed and wants_follow_up(found),
    }


def _first(by: Membership, found: Case, now: datetime) -> dict[str, str]:
    first = found.first_case
    if first is None:
        return {}
    how = str(Resolution(first.resolution).label) if first.resolution else str(Status(first.status).label)
    at = first.closed_at or first.last_activity_at
    return {
        "label": f"#{first.number}",
        "url": address("case", by.shop.slug, first.number),
        "subject": first.subject or _("(no subject)"),
        "words": f"{dates.when(at, now=now, language=get_language() or 'ja')} · {how}",
    }
