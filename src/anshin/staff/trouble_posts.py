"""What is done about a trouble: each button's address. Every one leads back to the trouble's page."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast

from django.contrib import messages
from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anshin.cases import actions as cases
from anshin.cases.queries import case_page
from anshin.commerce.terms import Carrier, Fault
from anshin.delivery import actions, queries
from anshin.delivery.terms import ArrivedAs, BoxState, EvidenceKind, Insert, Slot
from anshin.plumbing import clock
from anshin.shops.terms import Permission
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk
from anshin.staff.trouble_words import tracking_warning

if TYPE_CHECKING:
    from anshin.delivery.models import Trouble
    from anshin.shops.models import Membership

Choice = TypeVar("Choice", bound=TextChoices)
_MOST_DIGITS = 9


@require_POST
@desk(Permission.TRIAGE)
def describe(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """What arrived, and how the box looked."""
    found = _found(by, number)
    actions.describe(
        by=by,
        trouble_id=found.pk,
        arrived_as=_one(ArrivedAs, request, "arrived_as"),
        box=_one(BoxState, request, "box"),
        arrived_words=request.POST.get("arrived_words", ""),
        page_differs=request.POST.get("page_differs") == "1",
        now=clock.now(),
    )
    return _back(request, by, number, _("Saved. The proposal below takes it into account."))


@require_POST
@desk(Permission.TRIAGE)
def fault(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Whose doing it was."""
    found = _found(by, number)
    chosen = _one(Fault, request, "fault")
    actions.find_fault(by=by, trouble_id=found.pk, fault=chosen, reason=request.POST.get("reason", ""), now=clock.now())
    return _back(request, by, number, _("Decided: %(fault)s.") % {"fault": chosen.label})


@require_POST
@desk(Permission.TRIAGE)
def evidence(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """A file of the conversation (attachment=), or uploaded ones."""
    found, now = _found(by, number), clock.now()
    kind = _one(EvidenceKind, request, "kind")
    if attachment := _number(request, "attachment"):
        actions.add_attachment(by=by, trouble_id=found.pk, attachment_id=attachment, kind=kind, now=now)
    for file in request.FILES.getlist("file"):
        content = cast(BinaryIO, file)
        actions.add_upload(by=by, trouble_id=found.pk, name=file.name or "", content=content, kind=kind, now=now)
    return _back(request, by, number, _("Kept as evidence."))


@require_POST
@desk(Permission.SEE_ORDERS)
def packing(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """What was packed."""
    found, now = _found(by, number), clock.now()
    actions.record_packing(
        by=by,
        order_id=found.order_id,
        position=found.line.position if found.line else 1,
        sku=request.POST.get("sku", ""),
        name=request.POST.get("name", ""),
        quantity=_number(request, "quantity"),
        weight_g=_number(request, "weight_g") or None,
        expected_g=_number(request, "expected_g") or None,
        packed_by=request.POST.get("packed_by", ""),
        packed_at=_moment(request, "packed_at") or now,
        photo=cast(BinaryIO | None, request.FILES.get("photo")),
        now=now,
    )
    return _back(request, by, number, _("Saved. The proposal below takes it into account."))


@require_POST
@desk(Permission.TRIAGE)
def pick_up(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """do=book, waive, collected, missed or want."""
    found, now = _found(by, number), clock.now()
    match request.POST.get("do"):
        case "book":
            actions.book_pick_up(
                by=by,
                trouble_id=found.pk,
                carrier=_one(Carrier, request, "carrier"),
                on=_day(request, "on"),
                slot=_one(Slot, request, "slot"),
                reference=request.POST.get("reference", ""),
                cost_yen=_number(request, "cost_yen"),
                now=now,
            )
        case "waive":
            actions.waive_pick_up(by=by, trouble_id=found.pk, reason=request.POST.get("reason", ""), now=now)
        case "collected":
            actions.mark_collected(by=by, trouble_id=found.pk, now=now)
        case "missed":
            actions.mark_missed(by=by, trouble_id=found.pk, now=now)
        case "want":
            actions.want_pick_up(by=by, trouble_id=found.pk, now=now)
        case _other:
            raise Http404
    return _back(request, by, number, _("Saved."))


@require_POST
@desk(Permission.TRIAGE)
def resend(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Have it sent again, or another item instead (name=)."""
    actions.plan_reshipment(
        by=by,
        trouble_id=_found(by, number).pk,
        name=request.POST.get("name", ""),
        variant=request.POST.get("variant", ""),
        sku=request.POST.get("sku", ""),
        now=clock.now(),
    )
    return _back(request, by, number, _("The parcel is to be packed now."))


@require_POST
@desk(Permission.TRIAGE)
def parcel(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """do=pack (with what was ticked), ship, delivered or cancel."""
    found, now = queries.reshipment_by_id(by.shop, pk), clock.now()
    if found is None or found.trouble.number != number:
        raise Http404
    match request.POST.get("do"):
        case "pack":
            wanted = [each for each in Insert if each in found.inserts and f"without-{each}" not in request.POST]
            ticked = [each for each in wanted if each.value in request.POST.getlist("in")]
            actions.tick_inserts(by=by, reshipment_id=pk, inserts=wanted, ticked=ticked, now=now)
            actions.mark_packed(by=by, reshipment_id=pk, now=now)
        case "ship":
            sent = actions.ship(
                by=by,
                reshipment_id=pk,
                carrier=_one(Carrier, request, "carrier"),
                tracking_number=request.POST.get("tracking_number", ""),
                cost_yen=_number(request, "cost_yen"),
                now=now,
            )
            if warning := tracking_warning(sent):
                said = _("Saved, but look at the slip again. %(number)s: %(warning)s.")
                messages.warning(request, said % {"number": sent.tracking_number, "warning": warning})
                return redirect("staff:trouble", by.shop.slug, number)
        case "delivered":
            actions.mark_delivered(by=by, reshipment_id=pk, now=now)
        case "cancel":
            actions.cancel_reshipment(by=by, reshipment_id=pk, now=now)
        case _other:
            raise Http404
    return _back(request, by, number, _("Saved."))


@require_POST
@desk(Permission.ANSWER)
def show_order(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Keep the order as it stands, and put it with a text into the draft of the reply."""
    found, now = _found(by, number), clock.now()
    kept = actions.take_snapshot(by=by, trouble_id=found.pk, language=found.case.language or "ja", now=now)
    text = actions.showing_words(by.shop, kept, postage_yen=_number(request, "postage_yen"))
    _into_draft(by, found, text, now)
    for name, content in (
        (f"{kept.facts['number']}.pdf", actions.snapshot_pdf(by.shop, kept)),
        (f"{kept.facts['number']}.png", actions.snapshot_picture(by.shop, kept)),
    ):
        cases.add_draft_file(by=by, case_id=found.case_id, name=name, content=BytesIO(content), now=now)
    messages.success(request, _("The order and a text are in the draft. Read it through, then send it."))
    return redirect("staff:case", by.shop.slug, found.case.number)


@require_POST
@desk(Permission.ANSWER)
def apology(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Put the apology that fits what is known into the draft of the reply."""
    found = _found(by, number)
    words = actions.apology_words(found, language=found.case.language or "ja")
    _into_draft(by, found, words, clock.now())
    messages.success(request, _("The apology is in the draft."))
    return redirect("staff:case", by.shop.slug, found.case.number)


@require_POST
@desk(Permission.TRIAGE)
def consent(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The customer agreed to pay."""
    actions.record_consent(
        by=by,
        trouble_id=_found(by, number).pk,
        message_id=_number(request, "message"),
        words=request.POST.get("words", ""),
        amount_yen=_number(request, "amount_yen"),
        now=clock.now(),
    )
    return _back(request, by, number, _("Written down. The parcel may leave now."))


@require_POST
@desk(Permission.TRIAGE)
def goodwill(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Something the shop gives of its own."""
    actions.give_goodwill(
        by=by,
        trouble_id=_found(by, number).pk,
        amount_yen=_number(request, "amount_yen"),
        note=request.POST.get("note", ""),
        now=clock.now(),
    )
    return _back(request, by, number, _("Saved."))


@require_POST
@desk(Permission.TRIAGE)
def settle(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Nothing is left to be done (do=settle), or something is after all (do=reopen)."""
    found, now = _found(by, number), clock.now()
    if request.POST.get("do") == "reopen":
        actions.reopen(by=by, trouble_id=found.pk, now=now)
        return _back(request, by, number, _("Taken up again."))
    actions.settle(by=by, trouble_id=found.pk, now=now)
    return _back(request, by, number, _("Settled."))


def _found(by: Membership, number: int) -> Trouble:
    found = queries.trouble_by_number(by.shop, number)
    if found is None:
        raise Http404
    return found


def _into_draft(by: Membership, found: Trouble, words: str, now: datetime) -> None:
    """Above what the person has begun to write; once."""
    page = case_page(by, find_case(by, found.case.number))
    draft = page.drafts.get(False)
    text = draft.text if draft else ""
    if words in text:
        return
    cases.save_draft(
        by=by,
        case_id=page.case.pk,
        is_note=False,
        text=f"{words}\n\n{text}".rstrip() + "\n",
        version=draft.version if draft else 0,
        read_at_version=page.case.version,
        now=now,
    )


def _back(request: HttpRequest, by: Membership, number: int, said: str) -> HttpResponseBase:
    messages.success(request, said)
    return redirect("staff:trouble", by.shop.slug, number)


def _one(choices: type[Choice], request: HttpRequest, name: str) -> Choice:
    value = request.POST.get(name, "")
    if value not in choices.values:
        raise Http404
    return choices(value)


def _number(request: HttpRequest, name: str) -> int:
    """A number as typed (1,540 or １５４０), 0 for none; a refusal is the action's."""
    typed = "".join(each for each in request.POST.get(name, "").strip() if each not in ",，円¥￥ ")
    return int(typed) if typed.isdecimal() and len(typed) <= _MOST_DIGITS else 0


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(name, ""))
    except ValueError as error:
        raise actions.BadDay from error


def _moment(request: HttpRequest, name: str) -> datetime | None:
    try:
        typed = datetime.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        return None
    return typed if timezone.is_aware(typed) else timezone.make_aware(typed)
