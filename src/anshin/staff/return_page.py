"""What the page of one return shows: four axes, the policy's word, whose doing it was, inspection, history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.commerce.terms import Fault
from anshin.delivery.queries import troubles_of_case
from anshin.plumbing.files.thumbnails import can_be_shown
from anshin.returns import queries
from anshin.returns.terms import (
    Approval,
    Axis,
    BulkVerb,
    CheckResult,
    ExchangeState,
    MoneyState,
    Payer,
    PhotoStage,
    Wish,
)
from anshin.returns.terms import InspectionState as Inspected
from anshin.returns.terms import ParcelState as Parcel
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import return_words as words
from anshin.staff.addresses import address
from anshin.staff.return_exchange import exchange_panel
from anshin.staff.return_places import place_panel
from anshin.staff.return_settling import settling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anshin.returns.models import Inspection, Return, ReturnLine, ReturnPhoto
    from anshin.returns.queries import ReturnPage
    from anshin.shops.models import Membership

Card = dict[str, Any]
_CHECK_LOOKS = {
    CheckResult.OK: ("circle-check", "good"),
    CheckResult.BAD: ("circle-x", "bad"),
    CheckResult.DOES_NOT_APPLY: ("slash", ""),
    "": ("circle-dashed", ""),
}
_IN_HAND = {Parcel.AWAITED, Parcel.ON_ITS_WAY}


@dataclass(frozen=True, slots=True)
class Said:
    """What was refused, where (the name of the form), and what had been typed."""

    sentence: str = ""
    where: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.sentence)


def page_of_return(by: Membership, returned: Return, said: Said, *, now: datetime) -> Card:
    """What staff/_return_page.html shows."""
    page = queries.return_page(returned)
    first = page.lines[0]
    return {
        "pk": returned.pk,
        "url": address("return", by.shop.slug, returned.number),
        "number": returned.number,
        "name": str(returned),
        "customer": returned.customer.name if returned.customer else "",
        "item": " ".join(filter(None, [first.name, first.variant])),
        "more": len(page.lines) - 1,
        "count": sum(line.quantity for line in page.lines),
        "orders": _orders(by, page.lines),
        "case": returned.case.number,
        "case_url": address("case", by.shop.slug, returned.case.number),
        "reply": may(by, Permission.ANSWER),
        "wish": _wish(returned),
        "words": returned.words,
        "axes": [_axis(mark, page, now) for mark in words.marks(returned, by)],
        "policy": _policy(page.lines),
        "lines": _lines(page.lines) if len(page.lines) > 1 else [],
        "fault": _fault(by, page, now),
        "inspection": _inspection(by, page, now),
        "exchange": exchange_panel(by, returned, said, now=now),
        "settling": settling(by, page, said, now=now),
        "history": [
            {
                "axis": Axis(step.axis).label,
                "state": words.state_words(step.axis, step.state),
                "who": words.who(step),
                "when": words.when_of(step.at, now),
                "why": step.why,
            }
            for step in reversed(page.steps)
        ],
        "does": _does(by, returned),
        "label_url": _label_url(by, returned),
        "account_url": account_url(by, returned),
        "place": place_panel(by, returned),
        "said": said,
    }


def _orders(by: Membership, lines: Iterable[ReturnLine]) -> list[Card]:
    """The orders from which it comes, linked for who may see them."""
    orders = {line.order_id: line.order for line in lines}
    sees = may(by, Permission.SEE_ORDERS)
    return [
        {"number": order.number, "url": address("order", by.shop.slug, order.pk) if sees else ""}
        for order in orders.values()
    ]


def _label_url(by: Membership, returned: Return) -> str:
    is_shown = may_print(returned) and may(by, Permission.HANDLE_RETURNS)
    return address("return_label", by.shop.slug, returned.number) if is_shown else ""


def account_url(by: Membership, returned: Return) -> str:
    """Where the customer's account is entered, while money may still go there and this person may; else ""."""
    is_open = returned.approval in {Approval.ASKED, Approval.APPROVED} and returned.closed_at is None
    is_shown = is_open and returned.customer_id is not None and may(by, Permission.ANSWER)
    return address("return_account", by.shop.slug, returned.number) if is_shown else ""


def may_print(returned: Return) -> bool:
    """Whether a label is of use: approved, and the item is still with the customer."""
    return queries.may_take(returned, BulkVerb.LABELS)


def _wish(returned: Return) -> str:
    label = str(Wish(returned.wish).label)
    return f"{label} ({returned.wanted})" if returned.wanted else label


def _axis(mark: Card, page: ReturnPage, now: datetime) -> Card:
    """One of the four cards: the mark, and below it who brought it there and when, or until when it is to be done."""
    step = page.newest(mark["axis"])
    below = f"{words.day_of(step.at, now)} {words.who(step)}" if step else ""
    if mark["kind"] == words.YOURS and page.returned.due_at:
        below = _("by %(when)s") % {"when": words.when_of(page.returned.due_at, now)}
        if page.returned.due_at <= now:
            below = words.due(page.returned, now)["text"]
    return mark | {"below": below}


def _policy(lines: Iterable[ReturnLine]) -> list[Card]:
    """The paragraphs that decided, each once, with what was looked at."""
    found: dict[tuple[str, str], Card] = {}
    for line in lines:
        found.setdefault(
            (line.clause_number, line.clause_text),
            {
                "number": line.clause_number,
                "text": line.clause_text,
                "label": line.policy_label,
                "is_by_law": line.is_by_law,
                "verdict": line.get_verdict_display(),
                "until": line.until,
                "checks": [
                    {"label": words.CHECKS.get(code, code), "ok": ok, "detail": detail}
                    for code, ok, detail in line.checks
                ],
            },
        )
    return list(found.values())


def _lines(lines: Iterable[ReturnLine]) -> list[Card]:
    return [
        {
            "item": " ".join(filter(None, [line.name, line.variant])),
            "quantity": line.quantity,
            "here": line.quantity_here,
            "reason": _reason(line),
            "condition": line.get_condition_display(),
        }
        for line in lines
    ]


def _reason(line: ReturnLine) -> str:
    more = line.get_sub_reason_display()
    return f"{line.get_reason_display()} ({more})" if more else str(line.get_reason_display())


def _fault(by: Membership, page: ReturnPage, now: datetime) -> Card:
    returned = page.returned
    decided = queries.fault_decision(returned)
    troubles = troubles_of_case(by.shop, returned.case_id)
    photos = [_photo(by, photo, now) for photo in page.photos if photo.stage != PhotoStage.INSPECTION]
    decided_words = ""
    if decided is not None:
        decided_words = _("%(when)s decided by %(who)s") % {
            "when": words.when_of(decided.at, now),
            "who": decided.actor_name,
        }
    return {
        "photos": photos,
        "decided": decided_words,
        "why": decided.payload.get("why", "") if decided is not None else "",
        "now": Fault(returned.fault).label,
        "reason": " / ".join(dict.fromkeys(_reason(line) for line in page.lines)),
        "payer": _("The shop pays the postage of the return.")
        if returned.payer == Payer.SHOP
        else _("The customer pays the postage of the return."),
        "choices": [{"value": each.value, "label": each.label, "on": each == returned.fault} for each in Fault],
        "url": address("return_fault", by.shop.slug, returned.number)
        if may(by, Permission.HANDLE_RETURNS) and returned.closed_at is None
        else "",
        "troubles": [
            {
                "label": str(each),
                "state": each.get_state_display(),
                "url": address("trouble", by.shop.slug, each.number),
            }
            for each in troubles
        ],
    }


def _photo(by: Membership, photo: ReturnPhoto, now: datetime) -> Card:
    return {
        "name": photo.name,
        "stage": PhotoStage(photo.stage).label,
        "when": words.day_of(photo.at, now),
        "hash": f"{photo.blob.sha256[:4]} {photo.blob.sha256[4:8]}",
        "url": address("return_photo", by.shop.slug, photo.pk),
        "small": address("return_photo_small", by.shop.slug, photo.pk) if can_be_shown(photo.blob.kind) else "",
    }


def _inspection(by: Membership, page: ReturnPage, now: datetime) -> Card:
    items = [_inspected(line, part, now) for line in page.lines for part in _parts(line)]
    photos = [_photo(by, photo, now) for photo in page.photos if photo.stage == PhotoStage.INSPECTION]
    empty = ""
    if page.returned.inspection == Inspected.NOT_NEEDED:
        empty = _("Nothing has to be inspected.")
    elif not items:
        empty = _("Not inspected yet. Money can go back once all three checks have a result.")
    return {
        "items": items,
        "photos": photos,
        "side": items[-1]["side"] if items else "",
        "empty": empty,
        "parcels": [
            {
                "when": words.when_of(parcel.arrived_at, now),
                "who": str(parcel.booked_by.person) if parcel.booked_by else "",
                "slip": " ".join(filter(None, [str(parcel.get_carrier_display()), parcel.tracking_number])),
                "note": parcel.note,
            }
            for parcel in page.parcels
        ],
    }


def _parts(line: ReturnLine) -> list[Inspection]:
    parts = queries.parts_of(line)
    return [*parts.finished, *filter(None, [parts.begun])]


def _inspected(line: ReturnLine, found: Inspection, now: datetime) -> Card:
    missing = _("missing: %(names)s") % {"names": ", ".join(found.missing)} if found.missing else ""
    checks = (
        (_("Appearance"), found.appearance, found.appearance_note),
        (_("Accessories"), found.accessories, " ".join(filter(None, [found.accessories_note, missing]))),
        (pgettext("check", "Operation"), found.operation, found.operation_note),
    )
    person = str(found.inspected_by.person) if found.inspected_by else ""
    return {
        "item": " ".join(filter(None, [line.name, line.variant, f"× {found.quantity}" if found.quantity else ""])),
        "checks": [
            {
                "label": label,
                "icon": _CHECK_LOOKS[result][0],
                "kind": _CHECK_LOOKS[result][1],
                "result": CheckResult(result).label if result else pgettext("inspection", "Not yet"),
                "note": note,
            }
            for label, result, note in checks
        ],
        "grade": found.get_grade_display(),
        "disposition": found.get_disposition_display(),
        "note": found.note,
        "side": f"{words.when_of(found.finished_at or found.begun_at, now)} {person}".strip(),
    }


def _does(by: Membership, returned: Return) -> Card:
    """Which steps may be taken now, by this person."""
    if not may(by, Permission.HANDLE_RETURNS):
        return {}
    approved, money = returned.approval == Approval.APPROVED, returned.money
    found = {
        "approve": returned.approval in {Approval.ASKED, Approval.REFUSED},
        "refuse": returned.approval in {Approval.ASKED, Approval.APPROVED}
        and returned.exchange != ExchangeState.SENT
        and money in {MoneyState.NOT_YET, MoneyState.TO_CONFIRM, MoneyState.NOT_DUE}
        and returned.closed_at is None,
        "lost": approved and returned.parcel in _IN_HAND,
        "no_money": approved
        and money in {MoneyState.NOT_YET, MoneyState.TO_CONFIRM}
        and returned.exchange not in {ExchangeState.OUT_OF_STOCK, ExchangeState.SENT},
    }
    if not any(found.values()):
        return {}
    return found | {
        "url": address("return_decide", by.shop.slug, returned.number),
        "payers": [{"value": each.value, "label": each.label, "on": each == returned.payer} for each in Payer],
        "is_urgent": returned.approval == Approval.ASKED,
    }
