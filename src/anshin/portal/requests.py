"""Asking for a return or an exchange in five steps. Every step is kept on the server: going back loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_http_methods

from anshin.commerce.queries import order_cards, orders_of
from anshin.plumbing import clock
from anshin.plumbing.files.serve import preview
from anshin.plumbing.files.thumbnails import thumbnail
from anshin.plumbing.pages.templatetags.pages import yen
from anshin.portal.home import RETURNABLE
from anshin.portal.pages import Page, inside
from anshin.portal.uploads import photo_rows, photo_sentences, uploads_of
from anshin.returns.queries import left_to_return
from anshin.returns.terms import Condition, Payer, Reason, SubReason, Verdict, Wish
from anshin.visits import actions
from anshin.visits.queries import draft_of, draft_photo, photos_of
from anshin.visits.terms import MOST_PHOTOS, DraftFault

if TYPE_CHECKING:
    from anshin.returns.actions import Considered
    from anshin.visits.models import ReturnDraft

STEPS: Final = ("order", "items", "reason", "photos", "wish")
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
_VERDICTS: Final = {Verdict.ALLOWED: "good", Verdict.NEEDS_PERSON: "info", Verdict.REFUSED: "warn"}
Step = Callable[[Page, "ReturnDraft"], HttpResponseBase]


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
    words = page.words("request") | _step_words(page, "order")
    return page.draw("portal/request_order.html", "request", words=words, orders=orders, bars=_bars("order"))


def step(view: Step) -> Callable[..., HttpResponseBase]:
    """A step about a draft: 404 for everybody else's, on to the return for one that was sent."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @inside
    @wraps(view)
    def answer(page: Page, nonce: str) -> HttpResponseBase:
        draft = draft_of(page.shop, page.customer, nonce)
        if draft is None:
            raise Http404
        if draft.return_number is not None:
            return page.go("return", draft.return_number)
        try:
            return view(page, draft)
        except actions.UnknownDraft as gone:
            return page.go("return", gone.number) if gone.number else page.go("request")

    return answer


@step
def items(page: Page, draft: ReturnDraft) -> HttpResponseBase:
    """Step 2: which items and how many."""
    if page.request.method != "POST":
        return _items_page(page, draft)
    chosen = {int(each) for each in page.request.POST.getlist("item") if each.isdecimal() and len(each) < 6}
    counts = {place: _count(page.request.POST.get(f"quantity_{place}", "1")) for place in chosen}
    try:
        actions.choose_items(shop=page.shop, customer=page.customer, nonce=draft.nonce, quantities=counts, now=page.now)
    except actions.Unfit as refusal:
        draft.refresh_from_db()
        return _items_page(page, draft, refusal)
    return page.go("request_reason", draft.nonce)


@step
def reason(page: Page, draft: ReturnDraft) -> HttpResponseBase:
    """Step 3: why, in what state, with which accessories."""
    if not draft.quantities:
        return page.go("request_items", draft.nonce)
    if page.request.method != "POST":
        return _reason_page(page, draft)
    told = page.request.POST
    try:
        actions.tell_reason(
            shop=page.shop,
            customer=page.customer,
            nonce=draft.nonce,
            reason=told.get("reason", ""),
            sub_reason=told.get("sub_reason", ""),
            condition=told.get("condition", ""),
            accessories=told.getlist("accessory"),
            now=page.now,
        )
    except actions.Unfit as refusal:
        draft.refresh_from_db()
        return _reason_page(page, draft, refusal)
    return page.go("request_photos", draft.nonce)


@step
def photos(page: Page, draft: ReturnDraft) -> HttpResponseBase:
    """Step 4: photos from the phone. What cannot be kept is explained; what was kept stays."""
    if actions.reason_faults(draft):
        return page.go("request_reason", draft.nonce)
    told = page.request.POST
    if page.request.method != "POST":
        return _photos_page(page, draft)
    removed = told.get("remove", "")
    if removed.isdecimal() and len(removed) < 19:
        actions.remove_draft_photo(
            shop=page.shop, customer=page.customer, nonce=draft.nonce, photo_id=int(removed), now=page.now
        )
        return page.go("request_photos", draft.nonce)
    looked = actions.add_draft_photos(
        shop=page.shop, customer=page.customer, nonce=draft.nonce, uploads=uploads_of(page), now=page.now
    )
    said = photo_sentences(page, looked)
    if said or told.get("go") != "on":
        return _photos_page(page, draft, said, status=422 if any(row["is_bad"] for row in said) else 200)
    if _needs_photos(page, draft) and not photos_of(draft):
        return _photos_page(page, draft, fault=DraftFault.NO_PHOTO, status=422)
    return page.go("request_wish", draft.nonce)


@step
def wish(page: Page, draft: ReturnDraft) -> HttpResponseBase:
    """Step 5: what the customer would like; the policy's answer stands there before it is sent."""
    if actions.reason_faults(draft):
        return page.go("request_reason", draft.nonce)
    told = page.request.POST
    if page.request.method != "POST":
        return _wish_page(page, draft)
    try:
        actions.tell_wish(
            shop=page.shop,
            customer=page.customer,
            nonce=draft.nonce,
            wish=told.get("wish", ""),
            wanted=told.get("wanted", ""),
            words=told.get("words", ""),
            now=page.now,
        )
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
        return _items_page(page, draft, refusal)
    if where == "reason":
        return _reason_page(page, draft, refusal)
    if where == "photos":
        return _photos_page(page, draft, fault=DraftFault.NO_PHOTO, status=422)
    return _wish_page(page, draft, refusal)


def _items_page(page: Page, draft: ReturnDraft, refusal: actions.Unfit | None = None) -> HttpResponseBase:
    left = left_to_return(draft.order)
    rows = [
        {
            "line": line,
            "left": left[line.position],
            "left_words": page.words("request", left=left[line.position])[
                "left" if left[line.position] else "none_left"
            ],
            "chosen": draft.quantities.get(str(line.position), 0),
            "counts": range(1, left[line.position] + 1),
        }
        for line in draft.order.lines.all()
    ]
    return _draw(page, draft, "items", refusal=refusal, rows=rows)


def _reason_page(page: Page, draft: ReturnDraft, refusal: actions.Unfit | None = None) -> HttpResponseBase:
    words = page.words("request")
    return _draw(
        page,
        draft,
        "reason",
        refusal=refusal,
        reasons=_choices(words, "reason", Reason.values, draft.reason),
        subs=_choices(words, "sub", SubReason.values, draft.sub_reason),
        conditions=_choices(words, "condition", Condition.values, draft.condition),
        accessories=[{"name": name, "on": name in draft.accessories} for name in actions.accessories_of(draft)],
    )


def _photos_page(
    page: Page,
    draft: ReturnDraft,
    said: Sequence[dict[str, Any]] = (),
    *,
    fault: DraftFault | None = None,
    status: int = 200,
) -> HttpResponseBase:
    kept = photos_of(draft)
    return _draw(
        page,
        draft,
        "photos",
        status=status,
        said=said,
        fault=fault.value if fault else "",
        is_needed=_needs_photos(page, draft),
        photos=photo_rows(page, [(each.pk, each.name, each.blob) for each in kept], "request_photo", draft.nonce),
        room=MOST_PHOTOS - len(kept),
        room_words=page.words("request", left=MOST_PHOTOS - len(kept))["photos_left"],
    )


def _wish_page(page: Page, draft: ReturnDraft, refusal: actions.Unfit | None = None) -> HttpResponseBase:
    answers = actions.what_policy_says(draft, photo_count=draft.photos.count(), language=page.language, now=page.now)
    words = page.words("request")
    return _draw(
        page,
        draft,
        "wish",
        refusal=refusal,
        wishes=_choices(words, "wish", Wish.values, draft.wish),
        answers=[_answer(page, each) for each in answers],
    )


def _answer(page: Page, each: Considered) -> dict[str, Any]:
    judged = each.judged
    words = page.words("request", fee=yen(judged.fee_yen), day=page.day(judged.until))
    is_open = judged.verdict == Verdict.ALLOWED
    payer = words["payer_shop"] if judged.payer == Payer.SHOP else words["payer_customer"]
    return {
        "name": each.line.name,
        "kind": _VERDICTS[judged.verdict],
        "says": words[f"answer_{judged.verdict.value}"],
        "payer": payer if is_open else "",
        "fee": words["fee"] if is_open and judged.fee_yen else "",
        "until": words["until"] if judged.until else "",
        "clause": f"{each.told.number} {each.told.text}".strip(),
    }


def _draw(
    page: Page,
    draft: ReturnDraft,
    which: str,
    *,
    refusal: actions.Unfit | None = None,
    status: int = 200,
    fault: str = "",
    **context: Any,
) -> HttpResponseBase:
    words = page.words("request", left=refusal.left if refusal else 0) | _step_words(page, which)
    faults = [each.value for each in refusal.faults] if refusal else [fault] if fault else []
    place = STEPS.index(which)
    back = page.url("request") if place == 1 else page.url(f"request_{STEPS[place - 1]}", draft.nonce)
    return page.draw(
        f"portal/request_{which}.html",
        "request",
        status=422 if refusal else status,
        words=words,
        draft=draft,
        bars=_bars(which),
        back_url=back,
        chosen=_chosen(page, draft) if place > 1 else [],
        chosen_reason=_reason_words(page, draft) if place > 2 else "",
        faults={each: words[f"fault_{each}"] for each in faults},
        **context,
    )


def _step_words(page: Page, which: str) -> dict[str, str]:
    """Which step of five it is, what comes next, and what the button says."""
    plain = page.words("request")
    place = STEPS.index(which)
    later = plain[f"label_{STEPS[place + 1]}"] if place + 1 < len(STEPS) else ""
    filled = page.words("request", n=place + 1, label=later)
    return {
        "step": filled["step"],
        "next": filled["next"] if later else plain["last"],
        "go": filled["go"] if later else plain["send"],
        "heading": plain[f"h_{which}"],
    }


def _bars(which: str) -> list[str]:
    at = STEPS.index(which)
    return ["done" if place < at else "now" if place == at else "todo" for place in range(len(STEPS))]


def _choices(words: dict[str, Any], table: str, codes: Sequence[str], chosen: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": words[f"{table}_{code}"], "on": code == chosen} for code in codes]


def _chosen(page: Page, draft: ReturnDraft) -> list[dict[str, str]]:
    lines = {str(line.position): line for line in draft.order.lines.all()}
    return [
        {
            "name": f"{lines[place].name} {lines[place].variant}".strip(),
            "count": page.words("request", count=count)["items_count"],
        }
        for place, count in draft.quantities.items()
        if place in lines
    ]


def _reason_words(page: Page, draft: ReturnDraft) -> str:
    words = page.words("request")
    said = words.get(f"reason_{draft.reason}", "")
    if draft.sub_reason:
        said = f"{said} · {words[f'sub_{draft.sub_reason}']}"
    return page.words("request", reason=said)["chosen_reason"] if said else ""


def _needs_photos(page: Page, draft: ReturnDraft) -> bool:
    answers = actions.what_policy_says(draft, photo_count=0, language=page.language, now=page.now)
    return any(each.judged.needs_photos for each in answers)


def _count(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0
