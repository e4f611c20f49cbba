"""Entries of publishers' lists at the desk: what may be ours on top, each with why; a notice from it by one click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.safety import actions, queries
from anshin.safety.terms import AsideReason, ItemState, MatchReason
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.safety.models import FeedItem
    from anshin.shops.models import Membership

SECTION: Final = "safety"
_LOOKS: Final = {
    ItemState.NEW: ("info", "circle-dot"),
    ItemState.MATCHED: ("warn", "circle-help"),
    ItemState.PUT_ASIDE: ("", "slash"),
    ItemState.UNREADABLE: ("bad", "circle-alert"),
}
_LONGEST_ASKED: Final = 120


@require_GET
@desk(Permission.PREPARE_SAFETY)
def items(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Entries by ?state=, ?q= words in them, ?feed= one list."""
    tab, asked = request.GET.get("state", "open"), request.GET.get("q", "").strip()[:_LONGEST_ASKED]
    told = request.GET.get("feed", "")
    feed_id = int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else None
    if asked and "state" not in request.GET:
        tab = "all"
    try:
        page = queries.inbox(by, tab=tab, asked=asked, feed_id=feed_id, cursor=request.GET.get("page", ""))
    except (BadCursor, KeyError) as error:
        raise Http404 from error
    query = {"state": tab} | ({"q": asked} if asked else {}) | ({"feed": str(feed_id)} if feed_id else {})
    context = {
        "tabs": tabs(by, "items"),
        "filters": _filters(by, tab, asked),
        "rows": [row(by, each) for each in page.items],
        "asked": asked,
        "state": tab,
        "has_feeds": bool(page.items) or bool(queries.feeds_of(by.shop)),
        "may_set": may(by, Permission.APPROVE_SAFETY),
        "page": page,
        "query": f"{urlencode(query)}&",
        "now": clock.now(),
    }
    request.desk_section = SECTION  # type: ignore[attr-defined]
    return render(request, "staff/safety_items.html", context)


@require_GET
@desk(Permission.PREPARE_SAFETY)
def item(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One entry as its publisher says it, beside the products it may mean."""
    return _page(request, by, _found(by, pk))


@require_POST
@desk(Permission.PREPARE_SAFETY)
def draft(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A sealed notice from it, for this person alone."""
    _found(by, pk)
    made = actions.draft_from_item(by=by, item_id=pk, now=clock.now())
    messages.success(request, _("The notice is begun. Nobody but you sees it until you name somebody."))
    return redirect("staff:safety_page", by.shop.slug, made.key)


@require_POST
@desk(Permission.PREPARE_SAFETY)
def aside(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Put it aside (reason=, words=), or take it up again (do=up)."""
    found, now = _found(by, pk), clock.now()
    if request.POST.get("do") == "up":
        actions.take_up(by=by, item_id=pk, now=now)
        messages.success(request, _("It stands among those to be looked at again."))
        return redirect("staff:safety_item", by.shop.slug, pk)
    reason = request.POST.get("reason", "")
    if reason not in AsideReason.values:
        raise Http404
    words = request.POST.get("words", "")[:500]
    try:
        actions.put_aside(by=by, item_id=pk, reason=AsideReason(reason), words=words, now=now)
    except NotAllowed:
        raise
    except Refused as refusal:
        return _page(request, by, found, error=str(refusal))
    messages.success(request, _("Put aside. It stays findable, and comes up again when its publisher changes it."))
    return redirect("staff:safety_items", by.shop.slug)


def tabs(by: Membership, on: str) -> list[dict[str, Any]]:
    """The three parts of product safety: notices, entries of lists, the lists."""
    slug = by.shop.slug
    found = [{"label": _("Notices"), "url": address("safety", slug), "on": on == "notices", "count": 0}]
    if may(by, Permission.PREPARE_SAFETY):
        count = queries.item_counts(by).open
        found.append(
            {"label": _("From publishers"), "url": address("safety_items", slug), "on": on == "items", "count": count}
        )
    if may(by, Permission.APPROVE_SAFETY):
        found.append({"label": _("Lists read"), "url": address("safety_feeds", slug), "on": on == "feeds", "count": 0})
    return found


def row(by: Membership, item: FeedItem) -> dict[str, Any]:
    """An entry as the list shows it."""
    kind, icon = _LOOKS[ItemState(item.state)]
    drafts = [each.advisory for each in item.known_drafts]  # type: ignore[attr-defined]
    return {
        "pk": item.pk,
        "url": address("safety_item", by.shop.slug, item.pk),
        "title": item.title,
        "publisher": item.agency or item.feed.agency or item.feed.name,
        "at": item.published_at,
        "published": item.published,
        "asks_zone": item.asks_zone and item.published_at is None,
        "state": {"kind": kind, "icon": icon, "label": ItemState(item.state).label},
        "why": why(item),
        "matches": [_match(each) for each in item.known_matches],  # type: ignore[attr-defined]
        "is_changed": item.changed_at is not None,
        "is_gone": item.gone_at is not None,
        "drafts": [{"url": address("safety_page", by.shop.slug, each.key), "title": each.title} for each in drafts],
        "trouble": item.trouble,
    }


def why(item: FeedItem) -> str:
    """Why it stands where it stands, in a sentence."""
    state = ItemState(item.state)
    if state == ItemState.PUT_ASIDE:
        reason = str(AsideReason(item.aside_reason).label)
        return f"{reason}: {item.aside_words}" if item.aside_words else reason
    if state == ItemState.UNREADABLE:
        return item.trouble
    return _("It names no product, so a person has to read it.") if state == ItemState.NEW else ""


def _match(match: Any) -> dict[str, Any]:
    return {
        "name": f"{match.product.name} {match.product.variant}".strip(),
        "sku": match.product.sku,
        "reason": MatchReason(match.reason).label,
        "certainty": match.certainty,
        "is_sold": match.is_sold,
    }


def _filters(by: Membership, tab: str, asked: str) -> list[dict[str, Any]]:
    counts = queries.item_counts(by)
    base, more = address("safety_items", by.shop.slug), {"q": asked} if asked else {}
    labels = (
        ("open", _("To look at"), counts.open),
        ("unreadable", _("Not understood"), counts.unreadable),
        ("drafted", _("A notice is begun"), 0),
        ("aside", ItemState.PUT_ASIDE.label, 0),
        ("gone", _("Taken back by the publisher"), 0),
        ("all", _("All"), 0),
    )
    return [
        {"label": label, "count": count, "on": code == tab, "url": f"{base}?{urlencode({'state': code} | more)}"}
        for code, label, count in labels
    ]


def _found(by: Membership, pk: int) -> FeedItem:
    found = queries.item_by_id(by, pk)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, by: Membership, found: FeedItem, *, error: str = "") -> HttpResponseBase:
    said = row(by, found)
    request.desk_section = SECTION  # type: ignore[attr-defined]
    context = {
        "item": found,
        "row": said,
        "texts": [
            (title, text)
            for title, text in (
                (_("Hazard"), found.hazard),
                (_("Which pieces are meant"), found.affected),
                (_("What to do"), found.what_to_do),
                (_("Remedy"), found.remedy),
                (_("Contact"), found.contact),
            )
            if text
        ],
        "products": found.products,
        "others": [each.feed.name for each in found.other_lists],  # type: ignore[attr-defined]
        "reasons": [(each.value, each.label) for each in AsideReason if each != AsideReason.UNSOLD],
        "chosen": request.POST.get("reason", ""),
        "words": request.POST.get("words", ""),
        "error": error,
        "count": ngettext("%(count)s product may be meant", "%(count)s products may be meant", len(said["matches"]))
        % {"count": len(said["matches"])},
        "may_see_raw": may(by, Permission.APPROVE_SAFETY),
        "now": clock.now(),
    }
    return render(request, "staff/safety_item.html", context, status=422 if error else 200)
