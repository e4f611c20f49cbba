"""Publishers' lists that are read: how each fares, where it is, what its columns mean, and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anshin.plumbing import clock
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.pages.keyset import BadCursor
from anshin.safety import actions, queries
from anshin.safety.terms import FeedKind, FeedTrouble
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.safety_feed_forms import FeedForm, LimitsForm, MappingForm, initial_of
from anshin.staff.safety_items import SECTION, tabs

if TYPE_CHECKING:
    from anshin.safety.models import Feed, FeedFetch
    from anshin.shops.models import Membership

_MANAGE: Final = Permission.APPROVE_SAFETY


@require_GET
@desk(_MANAGE)
def feeds(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Every list with how it fares; what is out of order stands first."""
    asking = queries.items_asking_for_zone(by.shop)
    context = {
        "tabs": tabs(by, "feeds"),
        "rows": [_row(by, each, asking.get(each.pk, 0)) for each in queries.feeds_of(by.shop)],
        "limits": LimitsForm(initial=vars(queries.warning_setting(by.shop))),
        "now": clock.now(),
    }
    request.desk_section = SECTION  # type: ignore[attr-defined]
    return render(request, "staff/safety_feeds.html", context)


@require_http_methods(["GET", "POST"])
@desk(_MANAGE)
def new(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """A list more."""
    form = FeedForm(request.POST if request.method == "POST" else None, initial={"agency": "", "zone": by.shop.zone})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_feed(by=by, facts=form.facts({}), now=clock.now())
        except actions.BadFeed as refusal:
            _beside(form, refusal)
        else:
            messages.success(request, _("The list is asked for now. What came stands on this page in a moment."))
            return redirect("staff:safety_feed", by.shop.slug, made.pk)
    return _page(request, {"form": form, "back": address("safety_feeds", by.shop.slug)})


@require_http_methods(["GET", "POST"])
@desk(_MANAGE)
def feed(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One list: change it, see what came from it."""
    found = _found(by, pk)
    data = request.POST if request.method == "POST" else None
    form = FeedForm(data, initial=initial_of(found))
    mapping = MappingForm(data, columns=queries.headings_of(found))
    if data is not None and all([form.is_valid(), mapping.is_valid()]):
        facts = form.facts({**found.mapping, **mapping.meanings()})
        try:
            actions.change_feed(by=by, feed_id=pk, facts=facts, now=clock.now())
        except actions.BadFeed as refusal:
            _beside(form, refusal)
        else:
            messages.success(request, _("Saved. What came last is read again in this way."))
            return redirect("staff:safety_feed", by.shop.slug, pk)
    try:
        page = queries.fetches_of(found, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    context = {
        "form": form,
        "mapping": mapping,
        "feed": found,
        "row": _row(by, found, queries.items_asking_for_zone(by.shop).get(pk, 0)),
        "fetches": [_fetch(by, each) for each in page.items],
        "page": page,
        "query": "",
        "back": address("safety_feeds", by.shop.slug),
    }
    return _page(request, context)


@require_POST
@desk(_MANAGE)
def switch(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """do=on or off; do=ask asks the publisher at once."""
    _found(by, pk)
    do, now = request.POST.get("do", ""), clock.now()
    if do == "ask":
        actions.ask_now(by=by, feed_id=pk, now=now)
        messages.success(request, _("The publisher is asked now. Load the page again in a moment."))
    elif do in {"on", "off"}:
        actions.switch_feed(by=by, feed_id=pk, is_on=do == "on", now=now)
        messages.success(request, _("The list is read again.") if do == "on" else _("The list is not read any more."))
    else:
        raise Http404
    return redirect("staff:safety_feed", by.shop.slug, pk)


@require_GET
@desk(_MANAGE)
def raw(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:  # noqa: ARG001
    """The bytes as they came, to be saved, never to be shown."""
    found = queries.fetch_by_id(by.shop, pk)
    if found is None:
        raise Http404
    answer = HttpResponse(read_bytes(found.blob), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="feed-{found.feed_id}-{found.pk}.bin"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _found(by: Membership, pk: int) -> Feed:
    found = queries.feed_by_id(by.shop, pk)
    if found is None:
        raise Http404
    return found


def _row(by: Membership, feed: Feed, asking: int) -> dict[str, Any]:
    return {
        "name": feed.name,
        "url": address("safety_feed", by.shop.slug, feed.pk),
        "switch": address("safety_feed_switch", by.shop.slug, feed.pk),
        "items": f"{address('safety_items', by.shop.slug)}?state=all&feed={feed.pk}",
        "address": feed.url,
        "kind": FeedKind(feed.kind).label,
        "state": _state(feed),
        "trouble": FeedTrouble(feed.trouble).label if feed.trouble else "",
        "trouble_words": feed.trouble_words,
        "since": feed.trouble_since_at,
        "read_at": feed.read_at,
        "next_at": feed.next_at if feed.is_on else None,
        "is_on": feed.is_on,
        "asking": asking,
    }


def _state(feed: Feed) -> dict[str, str]:
    if not feed.is_on:
        return {"kind": "", "icon": "circle-pause", "label": _("Not read")}
    if feed.trouble:
        return {"kind": "bad", "icon": "circle-alert", "label": _("Out of order")}
    if feed.read_at is None:
        return {"kind": "info", "icon": "clock", "label": _("Being asked for the first time")}
    return {"kind": "good", "icon": "circle-check", "label": _("In order")}


def _fetch(by: Membership, fetch: FeedFetch) -> dict[str, Any]:
    return {
        "at": fetch.at,
        "is_read": fetch.read_at is not None,
        "trouble": fetch.trouble_words,
        "entries": fetch.entries,
        "added": fetch.added,
        "changed": fetch.changed,
        "gone": fetch.gone,
        "size": fetch.blob.size_bytes,
        "digest": fetch.blob.sha256[:12],
        "raw": address("safety_feed_raw", by.shop.slug, fetch.pk),
    }


def _beside(form: FeedForm, refusal: actions.BadFeed) -> None:
    form.add_error(refusal.where if refusal.where in form.fields else None, str(refusal))


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    request.desk_section = SECTION  # type: ignore[attr-defined]
    status = 422 if request.method == "POST" else 200
    return render(request, "staff/safety_feed.html", context | {"now": clock.now()}, status=status)
