"""The clock of a case on its page, and what comes after its end: asking after it, and a second contact."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import own_topics
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.shops.terms import Permission
from anshin.staff.case_page import find_case
from anshin.staff.case_posts import answer
from anshin.staff.clock_words import clock_context
from anshin.staff.desk import desk
from anshin.staff.escalation_paths import path_rows

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@desk(Permission.READ_CASES)
def clock_page(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Why the case is due when it is; fetched when somebody opens it."""
    found = find_case(by, number)
    own = {each.code: each.name for each in own_topics(by.shop)}
    now = clock.now()
    context = clock_context(by.shop, found, own=own, now=now) | {"steps": path_rows(by, found, now=now)}
    return render(request, "staff/_clock.html", context)


@require_POST
@desk(Permission.TRIAGE)
def follow_up(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Let a closed case come back on a day (on=2026-11-29), or never (on= empty)."""
    on = _day(request.POST.get("on", ""))
    actions.plan_follow_up(by=by, case_id=find_case(by, number).pk, on=on, now=clock.now())
    if on is None:
        return answer(request, by, number, _("Nobody is reminded of this case."))
    today = timezone.localtime(clock.now()).date()
    day = dates.day(on, today=today, language=get_language() or "ja")
    return answer(request, by, number, _("The case comes back on %(day)s.") % {"day": day})


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Http404 from error
