"""What customers said about how they were helped: figures, their words, and whether they are asked at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from anshin.language.sensitive_numbers import masked
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.satisfaction import actions
from anshin.satisfaction.queries import Summary, answers, setting_of, summary
from anshin.satisfaction.terms import DISSATISFIED, SATISFIED, Filter, Score
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.satisfaction.models import Survey
    from anshin.shops.models import Membership

_DAYS = (30, 90, 365)
_HOURS = (
    (1, gettext_lazy("After an hour")),
    (24, gettext_lazy("After a day")),
    (72, gettext_lazy("After three days")),
    (168, gettext_lazy("After a week")),
)


@desk(Permission.ANSWER)
def satisfaction(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Figures of the last days, and the answers, newest first."""
    now = clock.now()
    which = request.GET.get("show", Filter.ALL)
    days = request.GET.get("days", "30")
    if which not in Filter.values or days not in {str(each) for each in _DAYS}:
        raise Http404
    try:
        page = answers(by.shop, which=Filter(which), cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "satisfaction"  # type: ignore[attr-defined]
    figures = summary(by.shop, since=now - timedelta(days=int(days)))
    context = {
        "figures": figures,
        "bars": _bars(figures),
        "spans": [{"days": each, "on": str(each) == days, "url": _here(days=str(each), show=which)} for each in _DAYS],
        "filters": [
            {"label": each.label, "on": each == which, "url": _here(days=days, show=each.value)} for each in Filter
        ],
        "rows": [_row(each, by) for each in page.items],
        "page": page,
        "query": f"{urlencode({'days': days, 'show': which})}&",
        "is_on": setting_of(by.shop).is_on,
        "setting_url": address("settings_survey", by.shop.slug) if may(by, Permission.SET_SURVEY) else "",
        "now": now,
    }
    return render(request, "staff/satisfaction.html", context)


@require_POST
@desk(Permission.ANSWER)
def seen(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Say that an answer was read."""
    actions.mark_seen(by=by, survey_id=pk, now=clock.now())
    messages.success(request, _("Marked as read."))
    return redirect("staff:satisfaction", by.shop.slug)


@desk(Permission.SET_SURVEY)
def settings_survey(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Whether customers are asked, and when."""
    request.desk_section = "survey"  # type: ignore[attr-defined]
    if request.method == "POST":
        hours = request.POST.get("hours", "")
        number = int(hours) if hours in {str(each) for each, _words in _HOURS} else -1
        actions.set_survey(by=by, is_on=request.POST.get("is_on") == "1", hours=number, now=clock.now())
        messages.success(request, _("Saved."))
        return redirect("staff:settings_survey", by.shop.slug)
    setting = setting_of(by.shop)
    choices = [{"hours": hours, "label": label, "on": hours == setting.hours} for hours, label in _HOURS]
    return render(request, "staff/settings_survey.html", {"setting": setting, "choices": choices})


def _here(**given: str) -> str:
    return f"?{urlencode(given)}"


def _bars(figures: Summary) -> list[dict[str, Any]]:
    """The five answers with their number and share, the best first."""
    return [
        {
            "label": score.label,
            "count": figures.counts[score],
            "percent": round(100 * figures.counts[score] / figures.answered) if figures.answered else 0,
            "kind": _kind(score),
        }
        for score in sorted(Score, reverse=True)
    ]


def _kind(score: int) -> str:
    if score in SATISFIED:
        return "good"
    return "bad" if score in DISSATISFIED else ""


def _row(survey: Survey, by: Membership) -> dict[str, Any]:
    score = Score(survey.score or 3)
    at: datetime | None = survey.answered_at
    return {
        "pk": survey.pk,
        "label": score.label,
        "kind": _kind(score),
        "comment": masked(survey.comment),
        "at": at,
        "customer": survey.customer.name if survey.customer else "",
        "owner": str(survey.owner.person) if survey.owner else "",
        "case": f"#{survey.case.number} {survey.case.subject or _('(no subject)')}",
        "case_url": address("case", by.shop.slug, survey.case.number),
        "is_unread": survey.seen_at is None and score in DISSATISFIED,
    }
