"""Why products come back, ranked; and the pages of products that somebody should look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anshin.plumbing import clock
from anshin.plumbing.files.thumbnails import can_be_shown
from anshin.plumbing.pages.keyset import BadCursor
from anshin.returns import actions, queries
from anshin.returns.terms import ImprovementState, Reason, SubReason
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.returns.models import ImprovementTask, ReturnLine
    from anshin.returns.queries import ProductReasons, ReasonCount
    from anshin.shops.models import Membership

_SPANS: Final = (30, 90, 365)
_LOOKS: Final = {
    ImprovementState.OPEN: ("warn", "circle-dot"),
    ImprovementState.DONE: ("good", "check"),
    ImprovementState.DISMISSED: ("", "slash"),
}


@desk(Permission.HANDLE_RETURNS)
def reasons(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Products of the last ?days=, those with most returns first."""
    days, now = request.GET.get("days", str(_SPANS[1])), clock.now()
    if days not in {str(each) for each in _SPANS}:
        raise Http404
    since, cursor = now - timedelta(days=int(days)), request.GET.get("page", "")
    try:
        page = queries.reasons_by_product(by.shop, since=since, until=now, cursor=cursor)
    except BadCursor as error:
        raise Http404 from error
    base = address("reasons", by.shop.slug)
    context = _frame(request, by, "reasons") | {
        "spans": [{"days": each, "on": str(each) == days, "url": f"{base}?days={each}"} for each in _SPANS],
        "rows": [_row(by, each) for each in page.items],
        "page": page,
        "query": f"{urlencode({'days': days})}&",
    }
    return render(request, "staff/reasons.html", context)


@desk(Permission.HANDLE_RETURNS)
def tasks(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Pages to look at, by ?state=."""
    state, now = request.GET.get("state", ImprovementState.OPEN.value), clock.now()
    if state not in ImprovementState.values:
        raise Http404
    try:
        page = queries.improvements(by.shop, state=ImprovementState(state), cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    base = address("page_tasks", by.shop.slug)
    context = _frame(request, by, "tasks") | {
        "filters": [
            {"label": each.label, "on": each == state, "url": f"{base}?state={each.value}"} for each in ImprovementState
        ],
        "rows": [_task_head(by, each) for each in page.items],
        "page": page,
        "query": f"{urlencode({'state': state})}&",
        "now": now,
    }
    return render(request, "staff/page_tasks.html", context)


@desk(Permission.HANDLE_RETURNS)
def task(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One page to look at, with customers' words and photos; a POST says what was changed (do=done) or why not."""
    found = queries.improvement_by_id(by.shop, pk)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _task_page(request, by, found, "")
    do = request.POST.get("do", "")
    if do not in {ImprovementState.DONE, ImprovementState.DISMISSED}:
        raise Http404
    try:
        what = request.POST.get("what", "")[:4000]
        actions.finish_improvement(by=by, task_id=pk, state=ImprovementState(do), what=what, now=clock.now())
    except NotAllowed:
        raise
    except Refused as refusal:
        return _task_page(request, by, found, str(refusal))
    messages.success(request, _("Noted. What is ordered from now on counts anew."))
    return redirect("staff:page_tasks", by.shop.slug)


def _task_page(request: HttpRequest, by: Membership, found: ImprovementTask, error: str) -> HttpResponseBase:
    now = clock.now()
    try:
        page = queries.improvement_voices(found, cursor=request.GET.get("page", ""))
    except BadCursor as bad:
        raise Http404 from bad
    context = _frame(request, by, "task") | {
        "task": _task_head(by, found),
        "is_open": found.state == ImprovementState.OPEN,
        "reasons": _reasons(queries.improvement_reasons(found)),
        "outcomes": [
            {
                "state": ImprovementState(each.state).label,
                "what": each.what,
                "at": each.at,
                "who": str(each.by.person) if each.by else "",
            }
            for each in queries.improvement_outcomes(found)
        ],
        "voices": [_voice(by, line) for line in page.items],
        "page": page,
        "query": "",
        "error": error,
        "what": request.POST.get("what", ""),
        "now": now,
    }
    return render(request, "staff/page_task.html", context, status=422 if error else 200)


def _frame(request: HttpRequest, by: Membership, on: str) -> dict[str, Any]:
    request.desk_section = "reasons"  # type: ignore[attr-defined]
    waiting = queries.improvement_count(by.shop_id)
    return {
        "tabs": [
            {"label": _("By product"), "url": address("reasons", by.shop.slug), "on": on == "reasons", "count": 0},
            {"label": _("Pages to look at"), "url": address("page_tasks", by.shop.slug), "on": on != "reasons",
             "count": waiting},
        ]
    }  # fmt: skip


def _row(by: Membership, each: ProductReasons) -> dict[str, Any]:
    return {
        "name": each.name,
        "sku": each.sku,
        "url": queries.product_page(by.shop, each.sku),
        "returns": each.returns,
        "pieces": each.pieces,
        "sold": each.sold,
        "percent": each.percent,
        "reasons": _reasons(each.reasons),
        "task": _task_head(by, each.task) if each.task else None,
    }


def _task_head(by: Membership, found: ImprovementTask) -> dict[str, Any]:
    kind, icon = _LOOKS[ImprovementState(found.state)]
    return {
        "name": found.name,
        "sku": found.sku,
        "page_url": queries.product_page(by.shop, found.sku),
        "url": address("page_task", by.shop.slug, found.pk),
        "state": ImprovementState(found.state).label,
        "kind": kind,
        "icon": icon,
        "reason": Reason(found.reason).label,
        "returns": found.returns,
        "sold": found.sold,
        "opened_at": found.opened_at,
    }


def _reasons(counts: Iterable[ReasonCount]) -> list[dict[str, Any]]:
    """Each reason with its parts: {label, returns, pieces, most, subs [{label, returns}]}, the most frequent first."""
    found: dict[str, dict[str, Any]] = {}
    for each in counts:
        row = found.setdefault(each.reason, {"label": Reason(each.reason).label, "returns": 0, "pieces": 0, "subs": []})
        row["returns"] += each.returns
        row["pieces"] += each.pieces
        if each.sub_reason:
            row["subs"].append({"label": SubReason(each.sub_reason).label, "returns": each.returns})
    rows = sorted(found.values(), key=lambda row: -row["returns"])
    return [row | {"most": rows[0]["returns"]} for row in rows]


def _voice(by: Membership, line: ReturnLine) -> dict[str, Any]:
    returned, slug = line.returned, by.shop.slug
    sub = line.get_sub_reason_display()
    return {
        "number": str(returned),
        "url": address("return", slug, returned.number),
        "customer": returned.customer.name if returned.customer else "",
        "at": returned.asked_at,
        "reason": f"{line.get_reason_display()} ({sub})" if sub else line.get_reason_display(),
        "variant": line.variant,
        "words": returned.words,
        "photos": [
            {"name": photo.name, "url": address("return_photo", slug, photo.pk), "small":
             address("return_photo_small", slug, photo.pk)}
            for photo in returned.photos.all()
            if photo.line_id in {None, line.pk} and can_be_shown(photo.blob.kind)
        ],
    }  # fmt: skip
