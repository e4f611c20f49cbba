"""The inbox: a view's list, its sorting, and work on several cases at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions
from anshin.cases.queries import cases_in_view, ids_of_numbers
from anshin.cases.terms import Resolution, Sorting, View
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.queries import colleagues
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk, is_fragment, toast
from anshin.staff.people import owner_from, people
from anshin.staff.rail import VIEW_ICONS, rail
from anshin.staff.rows import rows

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LONG_SECONDS = 12
_ORDERS = (Sorting.PRIORITY, Sorting.DUE, Sorting.NEWEST, Sorting.LONGEST)
_SORTINGS = {
    View.DUE_SOON: (Sorting.PRIORITY,),
    View.MINE: _ORDERS,
    View.UNASSIGNED: _ORDERS,
    View.OPEN: _ORDERS,
}


def home(request: HttpRequest) -> HttpResponse:
    """The first shop's inbox of whoever is signed in."""
    memberships = getattr(request.user, "desk_memberships", ())
    if not request.user.is_authenticated:
        return redirect("account_login")
    chosen = request.session.get("shop")
    slugs = [membership.shop.slug for membership in memberships]
    if not slugs and request.user.locked_memberships:
        return redirect("factor_needed")
    if not slugs:
        return render(request, "staff/no_shop.html", status=403)
    return redirect("staff:inbox", chosen if chosen in slugs else slugs[0], View.MINE)


@require_POST
@login_required
def switch_shop(request: HttpRequest) -> HttpResponse:
    """Go to another of the person's shops, and remember it."""
    slug = request.POST.get("shop", "")
    if slug not in [membership.shop.slug for membership in getattr(request.user, "desk_memberships", ())]:
        raise Http404
    request.session["shop"] = slug
    return redirect("staff:inbox", slug, View.MINE)


@desk(Permission.READ_CASES)
def inbox(request: HttpRequest, by: Membership, view: str) -> HttpResponseBase:
    """One page of a view. A script that asks for #list gets the list alone."""
    if view not in View.values:
        raise Http404
    context = list_context(request, by, View(view))
    if is_fragment(request) and request.headers.get("HX-Target") == "list":
        return render(request, "staff/_list.html", context)
    return render(request, "staff/inbox.html", context | {"resting": _resting()})


@require_POST
@desk(Permission.TRIAGE)
def bulk(request: HttpRequest, by: Membership, view: str) -> HttpResponseBase:
    """Assign, close, tag or put away the picked cases, and answer with the list.

    A toast's undo posts to this address with what it takes back in the query.
    """
    asked = request.POST if "case" in request.POST else request.GET
    now = clock.now()
    chosen = ids_of_numbers(by, [int(number) for number in asked.getlist("case") if number.isdecimal()])
    wish = {name: str(value) for name, value in asked.items()}
    objections = [said for said in (_objection(wish, by, *case, now) for case in chosen) if said]
    changed = len(chosen) - len(objections)
    done = ngettext("%(count)s case changed.", "%(count)s cases changed.", changed) % {"count": changed}
    if not is_fragment(request):
        return redirect("staff:inbox", by.shop.slug, view)
    undo = {"spam": "undo_spam", "not_spam": "spam"}.get(next((each for each in asked if "spam" in each), ""), "")
    picked = urlencode([(undo, "1"), *(("case", number) for number in asked.getlist("case"))]) if undo else ""
    undo_url = f"{address('bulk', by.shop.slug, view)}?{picked}" if undo else ""
    answer = render(request, "staff/_list.html", list_context(request, by, View(view)))
    if objections:
        return toast(answer, " ".join([done, *dict.fromkeys(objections)]), kind="bad", seconds=_LONG_SECONDS)
    return toast(answer, done, undo_url=undo_url)


def _objection(wish: Mapping[str, str], by: Membership, case_id: int, tag_names: list[str], now: datetime) -> str:
    """Why one of the picked cases stays open, "" when what was asked is done: the others go on without it."""
    try:
        _do(wish, by, case_id, tag_names, now)
    except actions.CannotClose as refusal:
        return str(refusal)
    return ""


def _do(asked: Mapping[str, str], by: Membership, case_id: int, tag_names: list[str], now: datetime) -> None:
    """What was asked of one of the picked cases."""
    verbs = {"spam": actions.mark_spam, "undo_spam": actions.undo_spam, "not_spam": actions.not_spam}
    for name, verb in verbs.items():
        if name in asked:
            verb(by=by, case_id=case_id, now=now)
    if "assign" in asked:
        actions.assign(by=by, case_id=case_id, owner=owner_from(by, asked["assign"]), now=now)
    elif "close" in asked:
        actions.close(by=by, case_id=case_id, resolution=_resolution(asked["close"]), now=now)
    elif asked.get("tag"):
        actions.set_tags(by=by, case_id=case_id, names=[*tag_names, asked["tag"]], now=now)


def list_context(request: HttpRequest, by: Membership, view: View) -> dict[str, Any]:
    """What staff/_list.html shows. Five queries."""
    now = clock.now()
    choices = _SORTINGS.get(view, (Sorting.NEWEST,))
    wanted = request.GET.get("sort", "")
    sorting = Sorting(wanted) if wanted in choices else choices[0]
    try:
        page = cases_in_view(by, view, sorting=sorting, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    here = address("inbox", by.shop.slug, view.value)
    frame = rail(by, view=view)
    count = next(item["total"] for item in frame["rail_views"] if item["on"])
    return frame | {
        "view": {"key": view.value, "label": view.label, "count_words": _count_words(count)},
        "handover_unread_url": address("handover_unread", by.shop.slug),
        "list_url": _with(here, sort=sorting, page=request.GET.get("page", "")),
        "sorts": [{"label": each.label, "url": _with(here, sort=each), "on": each == sorting} for each in choices],
        "rows": rows(page.items, prefix=f"/s/{by.shop.slug}/c/", now=now),
        "previous_url": _with(here, sort=sorting, page=page.previous) if page.previous else "",
        "next_url": _with(here, sort=sorting, page=page.next) if page.next else "",
        "is_spam_folder": view == View.SPAM,
        "bulk_url": address("bulk", by.shop.slug, view.value),
        "people": people(by, colleagues(by.shop)),
        "resolutions": resolutions(),
        "empty": {} if page.items else _empty(view),
    }


def resolutions() -> list[dict[str, Any]]:
    """How a case may be closed by hand."""
    return _resolutions(get_language())


@cache
def _resolutions(language: str | None) -> list[dict[str, Any]]:  # noqa: ARG001  what the labels depend on
    chosen = [each for each in Resolution if each != Resolution.DUPLICATE]
    return [{"value": each.value, "label": str(each.label)} for each in chosen]


def _resolution(value: str) -> Resolution:
    if value not in Resolution.values:
        raise Http404
    return Resolution(value)


def _count_words(count: int) -> str:
    return ngettext("%(count)s case", "%(count)s cases", count) % {"count": f"{count:,}"}


def _with(here: str, **values: str) -> str:
    given = {name: value for name, value in values.items() if value}
    return f"{here}?{urlencode(given)}" if given else here


def _resting() -> dict[str, str]:
    return {
        "title": _("Choose a case"),
        "text": _("It opens here, with the customer and their orders beside it."),
    }


def _empty(view: View) -> dict[str, str]:
    texts = {
        View.MINE: (_("Nothing waits for you"), _("Take the next one from “Unassigned”, or enjoy the quiet.")),
        View.UNASSIGNED: (_("Everything has an owner"), _("New mail appears here by itself.")),
        View.DUE_SOON: (_("Nothing is pressing"), _("Cases come here when their time is nearly up or over.")),
        View.OPEN: (_("No customer is waiting"), _("New mail appears here by itself.")),
        View.WAITING: (_("No answer is outstanding"), _("Cases come here when you have replied.")),
        View.SNOOZED: (_("Nothing is put away"), _("Press s in a case to see it again later.")),
        View.CLOSED: (_("No case is closed yet"), _("Press e in a case when it is solved.")),
        View.SPAM: (_("No spam"), _("Mail that your provider or you call spam comes here. It is never deleted.")),
        View.ALL: (_("No case yet"), _("Cases appear when mail arrives or somebody uses the contact form.")),
    }
    title, text = texts[view]
    return {"icon": VIEW_ICONS[view], "title": title, "text": text, "url": "", "do": ""}
