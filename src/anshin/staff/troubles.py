"""Trouble with deliveries: the list, one on a page, its files, and the card in a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anshin.cases.queries import orders_of_cases
from anshin.cases.queries.messages import case_files, said_by_customer
from anshin.commerce.queries import order_with_details
from anshin.commerce.terms import Carrier, Fault
from anshin.delivery import actions, queries
from anshin.delivery.terms import TOLD_BY_STAFF, ArrivedAs, BoxState, EvidenceKind, Slot, TroubleKind, TroubleState
from anshin.plumbing import clock
from anshin.plumbing.files.serve import download_placeless, preview
from anshin.plumbing.files.thumbnails import thumbnail
from anshin.plumbing.pages.keyset import BadCursor
from anshin.returns.queries import returns_of_case
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import trouble_words as words
from anshin.staff.addresses import address
from anshin.staff.case_page import find_case
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.delivery.models import Trouble
    from anshin.shops.models import Membership

_THUMB_PX: Final = 480
_MOST_MESSAGES = 20


@desk(Permission.READ_CASES)
def troubles(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """What is open, newest first; ?show=settled for the rest."""
    request.desk_section = "troubles"  # type: ignore[attr-defined]
    settled, now = request.GET.get("show") == "settled", clock.now()
    try:
        page = queries.troubles_in_state(by.shop, settled=settled, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    rows = [
        {
            "number": str(each),
            "url": address("trouble", by.shop.slug, each.number),
            "kind": words.kind_label(each.kind),
            "item": words.item_of(each),
            "order": each.order.number,
            "case": each.case.number,
            "case_url": address("case", by.shop.slug, each.case.number),
            "fault": str(Fault(each.fault).label) if each.fault else "",
            "state": words.state_tag(each),
            "next": words.next_step(each),
            "at": each.created_at,
        }
        for each in page.items
    ]
    context = {
        "rows": rows,
        "page": page,
        "query": "show=settled&" if settled else "",
        "settled": settled,
        "open_count": queries.open_count(by.shop),
        "now": now,
    }
    return render(request, "staff/troubles.html", context)


@desk(Permission.READ_CASES)
def trouble(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """One trouble: what is known, whose doing it was, what is arranged."""
    request.desk_section = "troubles"  # type: ignore[attr-defined]
    return render(request, "staff/trouble.html", _page(by, _found(by, number)))


@desk(Permission.READ_CASES)
def card(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """The troubles of a case, for its facts; without a script the newest one's page."""
    found = queries.troubles_of_case(by.shop, find_case(by, number).pk)
    if not found:
        raise Http404
    if "HX-Request" not in request.headers:
        return redirect("staff:trouble", by.shop.slug, found[0].number)
    shown = [
        {
            "number": str(each),
            "url": address("trouble", by.shop.slug, each.number),
            "kind": words.kind_label(each.kind),
            "item": words.item_of(each),
            "fault": str(Fault(each.fault).label) if each.fault else "",
            "state": words.state_tag(each),
            "next": words.next_step(each),
            "apology_url": address("trouble_apology", by.shop.slug, each.number) if _may_write(by, each) else "",
            "needs_apology": each.fault == Fault.SHOP,
        }
        for each in found
    ]
    return render(request, "staff/_trouble_card.html", {"troubles": shown})


@desk(Permission.READ_CASES)
def file(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """A piece of evidence, always as a download."""
    found = queries.evidence_file(by.shop, pk)
    if found is None or found.trouble.number != number:
        raise Http404
    return download_placeless(request, found.blob, name=found.name)


@desk(Permission.READ_CASES)
def thumb(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:
    """A small picture of one, drawn by us."""
    found = queries.evidence_file(by.shop, pk)
    small = None
    if found is not None and found.trouble.number == number:
        small = thumbnail(found.blob, longest_side_px=_THUMB_PX, now=clock.now())
    if small is None:
        raise Http404
    return preview(request, small)


@desk(Permission.READ_CASES)
def packing_photo(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """A small picture of what was packed."""
    photo = queries.packing_photo(by.shop, pk)
    small = thumbnail(photo, longest_side_px=_THUMB_PX, now=clock.now()) if photo else None
    if small is None:
        raise Http404
    return preview(request, small)


@desk(Permission.READ_CASES)
def bundle(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:  # noqa: ARG001  the same for all
    """All evidence in one zip file."""
    found = _found(by, number)
    content = actions.bundle(by.shop, found, now=clock.now())
    return FileResponse(content, as_attachment=True, filename=f"{found}.zip", content_type="application/zip")


@desk(Permission.READ_CASES)
def slip(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:  # noqa: ARG001
    """The packing slip of a parcel that is sent again."""
    found = queries.reshipment_by_id(by.shop, pk)
    if found is None or found.trouble.number != number:
        raise Http404
    content = actions.packing_slip_pdf(by.shop, found, now=clock.now())
    return _pdf(content, f"{found.trouble}-{found.place}.pdf")


@desk(Permission.READ_CASES)
def snapshot(request: HttpRequest, by: Membership, number: int, pk: int) -> HttpResponseBase:  # noqa: ARG001
    """An order as it was kept, as PDF."""
    found = queries.snapshot_by_id(by.shop, pk)
    if found is None or found.trouble.number != number:
        raise Http404
    return _pdf(actions.snapshot_pdf(by.shop, found), f"{found.trouble}-{found.digest[:12]}.pdf")


@desk(Permission.TRIAGE)
def report(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:
    """Write down that something is wrong with what arrived of one of the case's orders."""
    found, now = find_case(by, number), clock.now()
    orders = orders_of_cases(by.shop, [found.pk])[found.pk]
    wanted = request.POST.get("line", "")
    lines = [
        {
            "value": f"{order.pk}-{line.pk}",
            "label": f"{line.name} {line.variant}".strip(),
            "order": order.number,
            "on": f"{order.pk}-{line.pk}" == wanted,
        }
        for order in filter(None, (order_with_details(by.shop, order.pk) for order in orders))
        for line in order.lines.all()
    ]
    kind = request.POST.get("kind", "")
    if request.method == "POST" and kind in TOLD_BY_STAFF and wanted in {line["value"] for line in lines}:
        order_id, _dash, line_id = wanted.partition("-")
        made = actions.report(
            shop=by.shop,
            by=by,
            case_id=found.pk,
            order_id=int(order_id),
            line_id=int(line_id),
            kind=TroubleKind(kind),
            said=request.POST.get("said", ""),
            now=now,
        )
        return redirect("staff:trouble", by.shop.slug, made.number)
    context = {
        "case": found,
        "lines": lines,
        "kinds": [{"value": each.value, "label": each.label, "on": each == kind} for each in TOLD_BY_STAFF],
        "said": request.POST.get("said", _last_words(by, found.pk)),
        "error": _("Choose what is wrong, and with which item.") if request.method == "POST" else "",
    }
    return render(request, "staff/trouble_new.html", context, status=422 if request.method == "POST" else 200)


def _found(by: Membership, number: int) -> Trouble:
    found = queries.trouble_details(by.shop, number)
    if found is None:
        raise Http404
    return found


def _page(by: Membership, found: Trouble) -> dict[str, Any]:
    """What staff/trouble.html shows."""
    now, slug = clock.now(), by.shop.slug
    record, finding = queries.packing_record(by.shop, found), queries.finding_of(by.shop, found)
    totals = queries.cost_totals(by.shop, found.pk)
    fault = Fault(found.fault) if found.fault else None
    return {
        "trouble": found,
        "title": f"{found} {_('%(name)s 様') % {'name': name} if (name := found.order.recipient_name) else ''}",
        "returned": [
            {"name": str(each), "url": address("return", slug, each.number)}
            for each in returns_of_case(by.shop, found.case_id)
        ],
        "item": words.item_of(found),
        "kind": words.kind_label(found.kind),
        "state": words.state_tag(found),
        "next": words.next_step(found),
        "columns": words.columns(found, record, found.files.all(), slug=slug, now=now),
        "finding": words.finding_words(finding),
        "faults": words.fault_choices(found, finding),
        "decisions": [words.decision_words(each, now) for each in found.decisions.all()],
        "reason": next((each.reason for each in found.decisions.all()), ""),
        "pick_up": words.pick_up_words(found),
        "parcels": [words.reshipment_words(each, found, slug=slug) for each in found.reshipments.all()],
        "costs": [words.cost_words(each, now) for each in found.costs.all()],
        "totals": totals,
        "snapshots": found.snapshots.all(),
        "consents": found.consents.all(),
        "answers": said_by_customer(by.shop, found.case_id, most=_MOST_MESSAGES) if fault == Fault.CUSTOMER else [],
        "is_customers": fault == Fault.CUSTOMER,
        "is_unknown": fault == Fault.UNKNOWN,
        "is_settled": found.state == TroubleState.SETTLED,
        "may_work": may(by, Permission.TRIAGE),
        "may_write": _may_write(by, found),
        "new_files": _new_files(by, found),
        "line_position": found.line.position if found.line else 1,
        "record": record,
        **_choices(found),
        "now": now,
    }


def _choices(found: Trouble) -> dict[str, Any]:
    return {
        "arrivals": [{"value": each.value, "label": each.label, "on": each == found.arrived_as} for each in ArrivedAs],
        "boxes": [{"value": each.value, "label": each.label, "on": each == found.box} for each in BoxState],
        "carriers": [{"value": each.value, "label": each.label} for each in Carrier],
        "slots": [{"value": each.value, "label": each.label} for each in Slot],
        "evidence_kinds": [{"value": each.value, "label": each.label} for each in EvidenceKind],
    }


def _new_files(by: Membership, found: Trouble) -> list[dict[str, Any]]:
    """What came with the conversation and is no evidence yet."""
    known = {each.blob_id for each in found.files.all()}
    files = case_files(by.shop, found.case_id)
    return [{"pk": each.pk, "name": each.name} for each in files if each.blob_id not in known and not each.is_inline]


def _last_words(by: Membership, case_id: int) -> str:
    said = said_by_customer(by.shop, case_id, most=1)
    return str(said[0].text).strip() if said else ""


def _may_write(by: Membership, found: Trouble) -> bool:
    return may(by, Permission.ANSWER) and found.state != TroubleState.SETTLED


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
