"""A customer's own return: where it stands, what to do next, the label, the parcel's number, photos, a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import get_random_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from anshin.commerce.queries import (
    check_tracking,
    load_details,
    newest_account,
    read_tracking,
    route_of,
    tracking_address,
)
from anshin.commerce.terms import Carrier, RefundWay, TrackingCheck
from anshin.language.folding import fold
from anshin.language.written import written_list
from anshin.plumbing.files.serve import download, preview
from anshin.plumbing.files.thumbnails import thumbnail
from anshin.portal.pages import Page, inside
from anshin.portal.standing import ENDED, is_replaced, journey_of, place_of, stages, state_of
from anshin.portal.uploads import photo_rows, photo_sentences, uploads_of
from anshin.returns import actions
from anshin.returns.ports import labels
from anshin.returns.queries import (
    asked_together,
    destination,
    invoices_of,
    label_facts,
    parcels_of_exchange,
    photo_of,
    return_of_customer,
    return_page,
)
from anshin.returns.terms import Approval, ExchangeState, LabelPaper, MoneyState, PhotoStage
from anshin.visits.actions import ask_about_return, keep_photos
from anshin.visits.terms import MOST_PHOTOS

if TYPE_CHECKING:
    from anshin.commerce.models import Order
    from anshin.commerce.rules.refund_routes import Route
    from anshin.plumbing.files.models import Blob
    from anshin.returns.models import Return
    from anshin.returns.queries import ReturnPage

_SAID: Final = frozenset({"account_kept", "announced", "photos_added", "asked", "withdrawn", "moved_on"})
_BADLY: Final = "moved_on"
_MAY_SEND: Final = frozenset({"to_send", "on_way"})
_WAITS_FOR_ACCOUNT: Final = frozenset({"settling", "sending"})
_WITHOUT_MONEY: Final = frozenset({"refused", "withdrawn", "over"})
_MAY_WITHDRAW: Final = frozenset({"asked", "to_send"})
_LONGEST_QUESTION: Final = 4000


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def returned(page: Page, number: int) -> HttpResponseBase:
    """The status page; a POST does one thing (`do`) and leads back with a sentence."""
    found = _own(page, number)
    if page.request.method != "POST":
        said = page.request.GET.get("said", "")
        return _draw(page, found, said=said if said in _SAID else "")
    do = _DOES.get(page.request.POST.get("do", ""))
    if do is None:
        raise Http404
    try:
        return do(page, found)
    except actions.IllegalStep:
        return page.go("return", number, mark="moved_on")


@require_GET
@inside
def label(page: Page, number: int) -> HttpResponseBase:
    """The return label as a PDF: A4 to cut out, or A6. 404 before the return is approved."""
    found = _own(page, number)
    if journey_of(found) not in _MAY_SEND:
        raise Http404
    paper = LabelPaper.A6 if page.request.GET.get("paper") == "a6" else LabelPaper.A4
    pdf = labels.get().pdf([label_facts(found, language=page.language)], paper=paper)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found}-{paper.value}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
@inside
def invoice(page: Page, number: int, pk: int) -> HttpResponseBase:
    """The return invoice of the customer's own return, as it was given."""
    for each in invoices_of(_own(page, number)):
        if each.pk == pk:
            return download(page.request, each.blob, name=f"{each}.pdf")
    raise Http404


@require_GET
@inside
def photo(page: Page, number: int, pk: int) -> HttpResponseBase:
    """A small picture of what the customer sent with their own return; pictures of the warehouse stay inside."""
    found = _own(page, number)
    kept = photo_of(page.shop, pk)
    if kept is None or kept.returned_id != found.pk or kept.stage != PhotoStage.REQUEST:
        raise Http404
    drawn = thumbnail(kept.blob, longest_side_px=480, now=page.now)
    if drawn is None:
        raise Http404
    return preview(page.request, drawn)


def _announce(page: Page, found: Return) -> HttpResponseBase:
    """The customer has sent the parcel: the number is looked at before it is kept."""
    carrier = page.request.POST.get("carrier", "")
    carrier = carrier if carrier in Carrier.values else Carrier.OTHER.value
    written = page.request.POST.get("tracking_number", "")[:60]
    words = page.words("status")
    read = read_tracking(fold(written))
    check = check_tracking(carrier, written)
    wrong = {TrackingCheck.WRONG: "number_wrong", TrackingCheck.OTHER_CARRIER: "number_other"}
    problem = "number_missing" if not read.number else wrong.get(check, "")
    if problem:
        return _draw(page, found, status=422, number_error=words[problem], carrier=carrier, written=written)
    actions.announce_parcel(
        shop=page.shop,
        customer=page.customer,
        number=found.number,
        carrier=carrier,
        tracking_number=read.number,
        now=page.now,
    )
    return page.go("return", found.number, mark="announced")


def _add_photos(page: Page, found: Return) -> HttpResponseBase:
    already = found.photos.filter(stage=PhotoStage.REQUEST).count()
    looked = keep_photos(shop=page.shop, uploads=uploads_of(page), already=already, now=page.now)
    kept = [actions.KeptPhoto(each.blob.pk, each.name) for each in looked if each.blob is not None]
    if kept:
        actions.add_photos(shop=page.shop, customer=page.customer, number=found.number, photos=kept, now=page.now)
    said = photo_sentences(page, looked)
    if said or not kept:
        return _draw(page, found, photos_said=said, status=422 if any(each["is_bad"] for each in said) else 200)
    return page.go("return", found.number, mark="photos_added")


def _ask(page: Page, found: Return) -> HttpResponseBase:
    """A question about the return goes into its case."""
    words = page.request.POST.get("words", "").replace("\x00", "").strip()[:_LONGEST_QUESTION]
    if not words:
        return _draw(page, found, status=422, ask_error=page.words("status")["ask_missing"])
    ask_about_return(
        shop=page.shop,
        returned=found,
        words=words,
        nonce=page.request.POST.get("nonce", "")[:40],
        language=page.language,
        now=page.now,
    )
    return page.go("return", found.number, mark="asked")


def _withdraw(page: Page, found: Return) -> HttpResponseBase:
    if not _may_withdraw(found):
        raise actions.IllegalStep
    actions.withdraw(shop=page.shop, customer=page.customer, number=found.number, now=page.now)
    return page.go("return", found.number, mark="withdrawn")


_DOES: dict[str, Callable[[Page, Return], HttpResponseBase]] = {
    "announce": _announce,
    "photos": _add_photos,
    "ask": _ask,
    "withdraw": _withdraw,
}


def _may_withdraw(found: Return) -> bool:
    return journey_of(found) in _MAY_WITHDRAW and found.exchange != ExchangeState.SENT


def _exchange(page: Page, found: Return) -> dict[str, Any] | None:
    """That the other thing has left, with the numbers of its parcels; None before."""
    if found.exchange != ExchangeState.SENT:
        return None
    parcels = [
        {
            "item": " ".join(filter(None, [each.name, each.variant])),
            "number": each.tracking_number,
            "url": tracking_address(each.carrier, each.tracking_number) if each.tracking_number else "",
        }
        for each in parcels_of_exchange(found)
    ]
    return {"title": page.words("status")["exchange_sent"], "parcels": parcels}


def _own(page: Page, number: int) -> Return:
    found = return_of_customer(page.shop, page.customer, number) if number < 2**31 else None
    if found is None:
        raise Http404
    return found


def _draw(page: Page, found: Return, *, said: str = "", status: int = 200, **told: Any) -> HttpResponseBase:
    shown = return_page(found)
    state, may_send = state_of(found), journey_of(found) in _MAY_SEND
    words = page.words("status", number=str(found), n=place_of(found), day=page.day(found.due_at))
    orders = _orders(page, shown)
    sums = _sums(shown, orders)
    route = route_of(orders[0], amount_yen=sums[0], today=page.now.date())
    account, photos = _account(page, shown, route), _photos(shown)
    lead = "lead_account" if _is_asked_for_account(state, account) else f"lead_{state}"
    return page.draw(
        "portal/return.html",
        "status",
        status=status,
        words=words,
        asks=page.words("request"),
        state=state,
        heading=words[f"h_{state}"],
        lead=words[lead],
        stages=stages(page, shown, words),
        exchange=_exchange(page, found),
        tracking=_tracking(found),
        lines=_lines(page, shown),
        together=_together(page, found),
        money=_money(page, shown, sums, _way(page, orders[0], route, words), words),
        wish=_wish(page, found),
        account=account,
        postage="" if state in _WITHOUT_MONEY else words[f"postage_{found.payer}"],
        clauses=list(dict.fromkeys(line.clause_told for line in shown.lines if line.clause_told)),
        photos=photo_rows(page, photos, "return_photo", found.number),
        room=MOST_PHOTOS - len(photos) if state not in ENDED else 0,
        may_send=may_send,
        may_withdraw=_may_withdraw(found),
        carriers=page.words("carriers"),
        label_url=page.url("return_label", found.number),
        invoices=_invoices(page, found),
        said=words[said] if said else "",
        is_badly=said == _BADLY,
        nonce=get_random_string(24),
        told={"carrier": found.carrier, "written": found.tracking_number} | told,
        **_sending(found, may_send=may_send),
    )


def _sending(found: Return, *, may_send: bool) -> dict[str, Any]:
    """The code to show and where the parcel goes, None where the shop has told no address; nothing to send, neither."""
    if not may_send:
        return {"qr": "", "place": None}
    place = destination(found)
    qr = mark_safe(labels.get().code_picture(str(found)))  # noqa: S308 our own drawing
    return {"qr": qr, "place": place if place.lines else None}


def _photos(shown: ReturnPage) -> list[tuple[int, str, Blob]]:
    """Those of the customer: id, name and file."""
    return [(each.pk, each.name, each.blob) for each in shown.photos if each.stage == PhotoStage.REQUEST]


def _is_asked_for_account(state: str, account: dict[str, str] | None) -> bool:
    return state in _WAITS_FOR_ACCOUNT and account is not None and not account["is_known"]


def _orders(page: Page, shown: ReturnPage) -> list[Order]:
    """What the items were bought with, each with its lines, payments and parcels."""
    found = list({line.order_id: line.order for line in shown.lines}.values())
    for order in found:
        order.shop = page.shop
        load_details(order)
    return found


def _invoices(page: Page, found: Return) -> list[dict[str, str]]:
    """The return invoices that were given; one whose money came back says that it does not count."""
    given = invoices_of(found) if found.money not in {MoneyState.NOT_YET, MoneyState.NOT_DUE} else []
    void = page.words("status")["invoice_void"]
    return [
        {
            "name": str(each),
            "url": page.url("return_invoice", found.number, each.pk),
            "void": void if each.voided_at else "",
        }
        for each in given
    ]


def _sums(shown: ReturnPage, orders: list[Order]) -> tuple[int, int]:
    """Yen and points that go back: as calculated, else as far as can be foreseen."""
    if not shown.current:
        return actions.forecast(shown.returned, shown.lines, orders)
    return sum(row.total_yen for row in shown.current), sum(row.points for row in shown.current)


def _money(
    page: Page, shown: ReturnPage, sums: tuple[int, int], way: str, words: dict[str, Any]
) -> dict[str, str | int] | None:
    """What goes back and how; None when nothing does."""
    state = state_of(shown.returned)
    if state in _WITHOUT_MONEY or is_replaced(shown.returned):
        return None
    settled = shown.current
    total, points = sums
    return {
        "title": words["refund_set"] if any(row.confirmed_at for row in settled) else words["refund"],
        "total_yen": total,
        "points": page.words("status", points=f"{points:,}")["points"] if points else "",
        "way": way,
        "note": "" if settled else words["estimate"],
    }


def _way(page: Page, order: Order, route: Route, words: dict[str, Any]) -> str:
    if route.way != RefundWay.ORIGINAL:
        return str(words["way_points"] if route.way == RefundWay.POINTS else words["way_bank"])
    payment = next((each for each in order.payments.all() if each.pk == route.payment_id), None)
    methods = page.words("methods")
    way = methods.get(route.method, words["way_original"])
    hint = payment.account_hint if payment else ""
    return str(page.words("status", way=way, hint=hint)["way_hint"] if hint else way)


def _account(page: Page, shown: ReturnPage, route: Route) -> dict[str, str] | None:
    """What is said about the bank account; None when no money goes by bank."""
    returned = shown.returned
    if returned.approval != Approval.APPROVED or state_of(returned) in ENDED or is_replaced(returned):
        return None
    ways = {row.way for row in shown.current if row.confirmed_at} or {route.way}
    if RefundWay.BANK not in ways:
        return None
    known = newest_account(page.shop, page.customer.pk)
    written = f"{known.bank_name} {known.branch_name} {known.masked}" if known else ""
    words = page.words("account", account=written)
    return {
        "title": words["card"],
        "says": words["known"] if known else words["needed"],
        "do": words["another"] if known else words["give"],
        "url": page.url("return_account", returned.number),
        "is_known": "yes" if known else "",
    }


def _wish(page: Page, found: Return) -> str:
    words = page.words("request")
    wish = words.get(f"wish_{found.wish}", "")
    return f"{wish} ({found.wanted})" if found.wanted else str(wish)


def _lines(page: Page, shown: ReturnPage) -> list[dict[str, Any]]:
    """What comes back; with the reason where there is more than one."""
    words = page.words("request")
    differ = len({(line.reason, line.sub_reason) for line in shown.lines}) > 1
    return [
        {
            "line": line,
            "count": _count(page, line.quantity),
            "reason": words.get(f"reason_{line.reason}", "") if differ else "",
        }
        for line in shown.lines
    ]


def _together(page: Page, found: Return) -> list[dict[str, str]]:
    """The customer's other returns of the same request, each with what it is about."""
    words = page.words("status")
    return [
        {
            "name": page.words("status", number=str(each))["name"],
            "url": page.url("return", each.number),
            "state": words[f"h_{state_of(each)}"],
            "items": written_list([line.name for line in each.lines.all()], page.language),
        }
        for each in asked_together(found)
    ]


def _tracking(found: Return) -> dict[str, str] | None:
    if not found.tracking_number:
        return None
    return {"number": found.tracking_number, "url": tracking_address(found.carrier, found.tracking_number)}


def _count(page: Page, quantity: int) -> str:
    return str(page.words("order", count=quantity)["quantity"])
