"""Asking for a return or an exchange in five steps. Every step is kept on the server: going back loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_http_methods

from anshin.commerce.queries import order_cards, orders_of
from anshin.plumbing import clock
from anshin.plumbing.files.serve import preview
from anshin.plumbing.files.thumbnails import thumbnail
from anshin.portal import request_pages as pages
from anshin.portal.home import RETURNABLE
from anshin.portal.pages import Page, inside
from anshin.portal.uploads import photo_sentences, uploads_of
from anshin.visits import actions
from anshin.visits.queries import can_be_parted, draft_of, draft_photo
from anshin.visits.terms import DraftFault

if TYPE_CHECKING:
    from anshin.visits.models import ReturnDraft
    from anshin.visits.terms import Part

_MOST_ORDERS: Final = 20
_AT: Final = {
    DraftFault.NO_ITEM: "items",
    DraftFault.TOO_MANY: "items",
    DraftFault.NO_REASON: "reason",
    DraftFault.NO_SUB_REASON: "reason",
    DraftFault.NO_CONDITION: "reason",
    DraftFault.NO_PHOTO: "photos",
}
"""Where a fault is mended; the others at the last step."""
Step = Callable[..., HttpResponseBase]


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def choose_order(page: Page) -> HttpResponseBase:
    """Step 1; a POST begins a draft about one of the customer's own orders."""
    if page.request.method == "POST":
        wanted = page.request.POST.get("order", "")
        try:
            draft = actions.begin_draft(
                shop=page.shop,
                customer=page.customer,
                order_id=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0,
                now=page.now,
            )
        except actions.UnknownDraft as error:
            raise Http404 from error
        return page.go("request_items", draft.nonce)
    found = order_cards(page.shop, orders_of(page.shop, page.customer)[:_MOST_ORDERS])
    orders = [
        {
            "pk": card.order.pk,
            "number": page.words("home", number=card.order.number)["number"],
            "day": page.day(card.order.ordered_at),
            "names": [f"{line.name} {line.variant}".strip() for line in card.parts.lines],
        }
        for card in found
        if card.state in RETURNABLE
    ]
    words = page.words("request") | pages.step_words(page, "order")
    return page.draw("portal/request_order.html", "request", words=words, orders=orders, bars=pages.bars("order"))


def step(view: Step) -> Callable[..., HttpResponseBase]:
    """A step about a draft: 404 for everybody else's, on to the return for one that was sent."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @inside
    @wraps(view)
    def answer(page: Page, nonce: str, **which: int) -> HttpResponseBase:
        draft = draft_of(page.shop, page.customer, nonce)
        if draft is None:
            raise Http404
        if draft.return_number is not None:
            return page.go("return", draft.return_number)
        try:
            return view(page, draft, **which)
        except actions.UnknownDraft as gone:
            return page.go("return", gone.number) if gone.number else page.go("request")

    return answer


@step
def items(page: Page, draft: ReturnDraft) -> HttpResponseBase:
    """Step 2: which items and how many."""
    if page.request.method != "POST":
        return pages.items(page, draft)
    chosen = {int(each) for each in page.request.POST.getlist("item") if each.isdecimal() and len(each) < 6}
    counts = {place: _count(page.request.POST.get(f"quantity_{place}", "1")) for place in chosen}
    try:
        actions.choose_items(shop=page.shop, customer=page.customer, nonce=draft.nonce, quantities=counts, now=page.now)
    except actions.Unfit as refusal:
        draft.refresh_from_db()
        return pages.items(page, draft, refusal)
    return page.go("request_reason", draft.nonce)


@step
def reason(page: Page, draft: ReturnDraft) -> HttpResponseBase:
    """Step 3: why, in what state, with which accessories; one answer for all, or on to each part's own."""
    if not draft.told:
        return page.go("request_items", draft.nonce)
    if page.request.method != "POST":
        if draft.has_own_reasons:
            return page.go("request_own_reason", draft.nonce, _first_lacking(draft).key)
        return pages.reason(page, draft)
    about: dict[str, Any] = {"shop": page.shop, "customer": page.customer, "nonce": draft.nonce, "now": page.now}
    if page.request.POST.get("go") == "apart" and can_be_parted(draft):
        actions.part_reasons(told=_told_reason(page), **about)
        return page.go("request_own_reason", draft.nonce, draft.parts[0].key)
    try:
        actions.tell_reason(told=_told_reason(page), **about)
    except actions.Unfit as refusal:
        draft.refresh_from_db()
        return pages.reason(page, draft, refusal)
    return page.go("request_photos", draft.nonce)


@step
def own_reason(page: Page, draft: ReturnDraft, key: int) -> HttpResponseBase:
    """The same for one part of what comes back, one page after the other."""
    if not draft.has_own_reasons or key not in {part.key for part in draft.parts}:
        return page.go("request_reason", draft.nonce)
    if page.request.method != "POST":
        return pages.reason(page, draft, key=key)
    about: dict[str, Any] = {"shop": page.shop, "customer": page.customer, "nonce": draft.nonce, "now": page.now}
    if page.request.POST.get("go") == "join":
        actions.join_reasons(**about)
        return page.go("request_reason", draft.nonce)
    wanted = _count(page.request.POST.get("quantity", ""))
    try:
        told = actions.tell_own_reason(key=key, quantity=wanted, told=_told_reason(page), **about)
    except actions.Unfit as refusal:
        draft.refresh_from_db()
        return pages.reason(page, draft, refusal, key=key)
    keys = [part.key for part in told.parts]
    later = keys[keys.index(key) + 1 :]
    return page.go("request_own_reason", draft.nonce, later[0]) if later else page.go("request_photos", draft.nonce)


@step
def photos(page: Page, draft: ReturnDraft) -> HttpResponseBase:
    """Step 4: photos from the phone. What cannot be kept is explained; what was kept stays."""
    if not draft.told or actions.reason_faults(draft.parts):
        return page.go("request_reason", draft.nonce)
    told = page.request.POST
    if page.request.method != "POST":
        return pages.photos(page, draft)
    about: dict[str, Any] = {"shop": page.shop, "customer": page.customer, "nonce": draft.nonce, "now": page.now}
    removed = told.get("remove", "")
    if removed.isdecimal() and len(removed) < 19:
        actions.remove_draft_photo(photo_id=int(removed), **about)
        return page.go("request_photos", draft.nonce)
    looked = [
        each
        for key in pages.shot_keys(draft)
        for each in actions.add_draft_photos(uploads=uploads_of(page, pages.shot_name(key)), key=key, **about)
    ]
    said = photo_sentences(page, looked)
    if said or told.get("go") != "on":
        return pages.photos(page, draft, said, status=422 if any(row["is_bad"] for row in said) else 200)
    if pages.lacks_photo(page, draft):
        return pages.photos(page, draft, fault=DraftFault.NO_PHOTO, status=422)
    return page.go("request_wish", draft.nonce)


@step
def wish(page: Page, draft: ReturnDraft) -> HttpResponseBase:
    """Step 5: what the customer would like; the policy's answer stands there before it is sent."""
    if not draft.told or actions.reason_faults(draft.parts):
        return page.go("request_reason", draft.nonce)
    told = page.request.POST
    if page.request.method != "POST":
        return pages.wish(page, draft)
    wishes = {
        key: actions.ToldWish(told.get(pages.wish_name(key), ""), told.get(pages.wanted_name(key), ""))
        for key in pages.wish_keys(draft)
    }
    about: dict[str, Any] = {"shop": page.shop, "customer": page.customer, "nonce": draft.nonce, "now": page.now}
    about |= {"words": told.get("words", "")}
    if told.get("go") in {"apart", "join"} and can_be_parted(draft):
        first = next(iter(wishes.values()))
        keys = [part.key for part in draft.parts] if told["go"] == "apart" else [0]
        actions.keep_wish(told=dict.fromkeys(keys, first), **about)
        return page.go("request_wish", draft.nonce)
    try:
        actions.tell_wish(told=wishes, **about)
        sent = actions.send_draft(
            shop=page.shop, customer=page.customer, nonce=draft.nonce, language=page.language, now=page.now
        )
    except actions.Unfit as refusal:
        draft.refresh_from_db()
        return _mended(page, draft, refusal)
    return page.go("return", sent.number)


@require_GET
@inside
def photo(page: Page, nonce: str, pk: int) -> HttpResponseBase:
    """A small picture of a photo of the customer's own draft, drawn by us."""
    found = draft_photo(page.shop, page.customer, nonce, pk)
    drawn = thumbnail(found.blob, longest_side_px=480, now=clock.now()) if found else None
    if drawn is None:
        raise Http404
    return preview(page.request, drawn)


def _mended(page: Page, draft: ReturnDraft, refusal: actions.Unfit) -> HttpResponseBase:
    """The page of the step where the fault is mended."""
    where = _AT.get(refusal.faults[0], "wish")
    if where == "items":
        return pages.items(page, draft, refusal)
    if where == "reason":
        return pages.reason(page, draft, refusal, key=refusal.part if draft.has_own_reasons else 0)
    if where == "photos":
        return pages.photos(page, draft, fault=DraftFault.NO_PHOTO, status=422)
    return pages.wish(page, draft, refusal)


def _told_reason(page: Page) -> actions.ToldReason:
    told = page.request.POST
    return actions.ToldReason(
        reason=told.get("reason", ""),
        sub_reason=told.get("sub_reason", ""),
        condition=told.get("condition", ""),
        accessories=told.getlist("accessory"),
    )


def _first_lacking(draft: ReturnDraft) -> Part:
    """The part whose reason is not told yet, else the first."""
    parts = draft.parts
    return next((part for part in parts if actions.reason_faults([part])), parts[0])


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
