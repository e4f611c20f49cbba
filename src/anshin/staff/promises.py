"""What the shop promised to customers and has not kept yet, by day, and how many promises were kept in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.language.sensitive_numbers import masked
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.replies import actions, queries
from anshin.replies.terms import PromiseState
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.replies.models import Promise
    from anshin.shops.models import Membership

_DAYS = 30
_MINE, _ALL = "mine", "all"


@desk(Permission.ANSWER)
def promises(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Open promises, what is due first; with ?show=mine one's own. Beside them what became of the last 30 days'."""
    now, show = clock.now(), request.GET.get("show", _ALL)
    if show not in {_MINE, _ALL}:
        raise Http404
    try:
        page = queries.promises_page(by.shop, owner=by if show == _MINE else None, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "promises"  # type: ignore[attr-defined]
    labels = ((_ALL, _("Everybody’s")), (_MINE, _("Mine")))
    context = {
        "figures": queries.promise_figures(by.shop, since=now - timedelta(days=_DAYS), now=now),
        "days": _DAYS,
        "filters": [{"label": label, "on": each == show, "url": f"?show={each}"} for each, label in labels],
        "groups": _groups(page.items, now=now, zone=ZoneInfo(by.shop.zone), slug=by.shop.slug),
        "page": page,
        "query": f"{urlencode({'show': show})}&" if show != _ALL else "",
        "show": show,
        "today": now.astimezone(ZoneInfo(by.shop.zone)).date().isoformat(),
        "now": now,
    }
    return render(request, "staff/promises.html", context)


@require_POST
@desk(Permission.ANSWER)
def settle(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Say that a promise was kept, or is none any more (state=dropped), or is to be kept after all (state=open)."""
    state = request.POST.get("state", "")
    if state not in {PromiseState.KEPT, PromiseState.DROPPED, PromiseState.OPEN}:
        raise Http404
    kept = actions.settle_promise(by=by, promise_id=pk, state=PromiseState(state), now=clock.now())
    words = {
        PromiseState.OPEN: _("The promise is open again."),
        PromiseState.KEPT: _("The promise is kept."),
        PromiseState.KEPT_LATE: _("The promise is kept, after its day."),
        PromiseState.DROPPED: _("The promise is no promise any more."),
    }
    messages.success(request, words[PromiseState(kept.state)])
    return _back(request, by)


@require_POST
@desk(Permission.ANSWER)
def move(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Another day was agreed on (on=2026-12-01)."""
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise actions.WrongPromise(_("Choose today or a later day.")) from None
    actions.move_promise(by=by, promise_id=pk, on=on, now=clock.now())
    messages.success(request, _("The promise has its new day."))
    return _back(request, by)


def _back(request: HttpRequest, by: Membership) -> HttpResponseBase:
    shown = f"?show={_MINE}" if request.POST.get("show") == _MINE else ""
    return redirect(address("promises", by.shop.slug) + shown)


def _groups(found: list[Promise], *, now: datetime, zone: ZoneInfo, slug: str) -> list[dict[str, Any]]:
    """Late, today, later; in this order, none empty."""
    today = now.astimezone(zone).date()
    groups: dict[str, dict[str, Any]] = {
        "late": {"label": _("Late"), "kind": "bad", "rows": []},
        "today": {"label": _("Due today"), "kind": "warn", "rows": []},
        "later": {"label": _("Later"), "kind": "", "rows": []},
    }
    for each in found:
        is_today = each.due_at.astimezone(zone).date() == today
        place = "late" if each.due_at < now else "today" if is_today else "later"
        groups[place]["rows"].append(_row(each, zone, slug))
    return [group for group in groups.values() if group["rows"]]


def _row(promise: Promise, zone: ZoneInfo, slug: str) -> dict[str, Any]:
    case = promise.case
    return {
        "pk": promise.pk,
        "quote": masked(promise.quote),
        "due_at": promise.due_at,
        "on": promise.due_at.astimezone(zone).date().isoformat(),
        "owner": str(promise.owner.person) if promise.owner else "",
        "customer": case.customer.name if case.customer else "",
        "case": f"#{case.number} {case.subject or _('(no subject)')}",
        "case_url": address("case", slug, case.number),
    }
