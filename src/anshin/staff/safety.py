"""Product-safety notices: the list and one on a page. What is sealed is there only for those named on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.safety import actions, queries
from anshin.safety.terms import LookedAt, Origin
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import safety_warning_words
from anshin.staff import safety_words as words
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.safety_items import tabs
from anshin.staff.safety_page import page_of

if TYPE_CHECKING:
    from datetime import datetime

    from anshin.safety.models import Advisory
    from anshin.shops.models import Membership

SECTION = "safety"


@require_GET
@desk(Permission.READ_CASES)
def safety(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What this person may know of, newest first."""
    now = clock.now()
    try:
        page = queries.sealed_page(by, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    ready = (
        frozenset(queries.waiting_for(by).values_list("pk", flat=True))
        if may(by, Permission.APPROVE_SAFETY)
        else frozenset()
    )
    warned = queries.open_warnings([each.pk for each in page.items if each.origin == Origin.INSIDE])
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context = {
        "rows": [
            {
                "url": address("safety_page", by.shop.slug, each.key),
                "name": words.name_of(each),
                "title": each.title,
                "state": words.state_tag(each),
                "hazard": words.hazard_of(each),
                "publish": words.publish_words(each, now),
                "waits": words.waits_for(each, ready, by) or safety_warning_words.waits_for(warned.get(each.pk)),
                "warning": safety_warning_words.in_short(warned.get(each.pk), now),
                "is_yours": each.pk in ready or (each.pk in warned and may(by, Permission.APPROVE_SAFETY)),
            }
            for each in page.items
        ],
        "page": page,
        "query": "",
        "may_write": may(by, Permission.PREPARE_SAFETY),
        "tabs": tabs(by, "notices"),
    }
    return render(request, "staff/safety.html", context)


@require_GET
@desk(Permission.READ_CASES)
def safety_page(request: HttpRequest, by: Membership, key: str) -> HttpResponseBase:
    """One notice; ?language= shows the page notice in another language, ?page= older history."""
    now = clock.now()
    advisory = looked_at(by, key, now)
    request.desk_section = SECTION  # type: ignore[attr-defined]
    try:
        context = page_of(
            by,
            advisory,
            now,
            language=request.GET.get("language", ""),
            history=request.GET.get("page", ""),
        )
    except BadCursor as error:
        raise Http404 from error
    return render(request, "staff/safety_page.html", context)


def looked_at(by: Membership, key: str, now: datetime) -> Advisory:
    """The notice, the look written down. Raises Http404, the same for one that is not there and not for `by`."""
    advisory = actions.look(by=by, key=key, what=LookedAt.ADVISORY, now=now)
    if advisory is None:
        raise Http404
    return advisory
