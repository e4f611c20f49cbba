"""Finished cases that were about the same, beside the case: fetched when its card comes into view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.cases.queries import own_topics, similar_cases
from anshin.cases.terms import Resolution
from anshin.plumbing import clock
from anshin.plumbing.pages import dates
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk, is_fragment
from anshin.staff.rail import rail
from anshin.staff.topic_words import topic_name

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@desk(Permission.READ_CASES)
def similar(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The card's content for a script, a page of its own without one."""
    found = find_case(by, number)
    if found.merged_into_id:
        raise Http404
    context = {"similar": _shown(by, found), "number": found.number}
    if is_fragment(request):
        return render(request, "staff/_similar.html", context)
    beside = {"title": found.subject or _("(no subject)"), "case_url": address("case", by.shop.slug, found.number)}
    return render(request, "staff/similar.html", context | rail(by, view=None) | beside)


def _shown(by: Membership, found: Any) -> list[dict[str, Any]]:
    now = clock.now()
    own = {each.code: each.name for each in own_topics(by.shop)}
    today, language = timezone.localdate(now), get_language() or "ja"
    return [
        {
            "number": each.number,
            "url": address("case", by.shop.slug, each.number),
            "subject": each.subject or _("(no subject)"),
            "topic": topic_name(each.topic, own) if each.topic else "",
            "resolution": Resolution(each.resolution).label if each.resolution else "",
            "on": dates.day(timezone.localdate(each.closed_at), today=today, language=language),
            "answer": each.answer,
        }
        for each in similar_cases(by, found, now=now)
    ]
