"""What the page of a trouble shows: three columns, the proposal, decisions, and what is arranged, as finished words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.commerce.queries import check_tracking, tracking_address
from anshin.commerce.terms import Carrier, Fault
from anshin.delivery.terms import (
    ArrivedAs,
    BoxState,
    Certainty,
    CostKind,
    EvidenceKind,
    Insert,
    Ordered,
    Payer,
    PickUpState,
    ReshipmentState,
    Slot,
    TroubleKind,
    TroubleState,
)
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.pages import dates
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anshin.delivery.models import CostEntry, EvidenceFile, FaultDecision, PackingRecord, Reshipment, Trouble
    from anshin.delivery.terms import Finding

_STATE_TAGS = {
    TroubleState.LOOKING: ("warn", "search"),
    TroubleState.ARRANGING: ("info", "truck"),
    TroubleState.SETTLED: ("good", "circle-check"),
}
_SHIP_TAGS = {
    ReshipmentState.PLANNED: ("warn", "package"),
    ReshipmentState.PACKED: ("warn", "package-check"),
    ReshipmentState.SHIPPED: ("info", "truck"),
    ReshipmentState.DELIVERED: ("good", "circle-check"),
    ReshipmentState.CANCELLED: ("", "ban"),
}
_PICK_TAGS = {
    PickUpState.TO_BOOK: ("warn", "clock"),
    PickUpState.BOOKED: ("info", "calendar-check"),
    PickUpState.COLLECTED: ("good", "circle-check"),
    PickUpState.MISSED: ("bad", "triangle-alert"),
    PickUpState.WAIVED: ("", "ban"),
}
_HASH_DIGITS = 8
_FAULTS = (Fault.SHOP, Fault.CUSTOMER, Fault.CARRIER, Fault.MARKETPLACE, Fault.UNKNOWN)


def item_of(trouble: Trouble) -> str:
    """Name and variant of what was ordered."""
    return Ordered(trouble.sku, trouble.name, trouble.variant, trouble.quantity).label


def state_tag(trouble: Trouble) -> dict[str, str]:
    """Where it stands, for {% tag %}."""
    state = TroubleState(trouble.state)
    kind, icon = _STATE_TAGS[state]
    return {"kind": kind, "icon": icon, "label": str(state.label)}


def next_step(trouble: Trouble) -> str:
    """What is to be done next, as a short sentence; "" when nothing is."""
    if trouble.state == TroubleState.SETTLED:
        return ""
    if not trouble.fault:
        return _("Compare order, packing record and photos, then decide.")
    pick_up = getattr(trouble, "pick_up", None)
    if pick_up is not None and pick_up.state in {PickUpState.TO_BOOK, PickUpState.MISSED}:
        return _("Book the pick-up, or say why the item is not wanted back.")
    return _("See to what is arranged, then settle it.")


def columns(
    trouble: Trouble, record: PackingRecord | None, files: Iterable[EvidenceFile], *, slug: str, now: datetime
) -> dict[str, Any]:
    """What was ordered, packed, and what arrived."""
    shown = [_file(file, slug, trouble.number, now) for file in files]
    arrived = [each for each in shown if each["kind"] in {EvidenceKind.ARRIVED, EvidenceKind.BOX}]
    return {
        "ordered": {
            "item": item_of(trouble),
            "sub": _("%(count)s pieces") % {"count": trouble.quantity} + (f" · {trouble.sku}" if trouble.sku else ""),
            "at": when(trouble.order.ordered_at, now),
            "pages": [each for each in shown if each["kind"] == EvidenceKind.PAGE],
        },
        "packed": _packed(trouble, record, slug, now) if record else None,
        "packed_pictures": [each for each in shown if each["kind"] == EvidenceKind.PACKED],
        "arrived": {
            "label": str(ArrivedAs(trouble.arrived_as).label),
            "words": trouble.arrived_words,
            "box": str(BoxState(trouble.box).label) if trouble.box != BoxState.NOT_TOLD else "",
            "said": masked(trouble.said),
            "files": arrived,
            "differs": trouble.arrived_as not in {ArrivedAs.AS_ORDERED, ArrivedAs.NOT_TOLD},
        },
        "others": [each for each in shown if each["kind"] == EvidenceKind.OTHER],
    }


def _packed(trouble: Trouble, record: PackingRecord, slug: str, now: datetime) -> dict[str, Any]:
    weight = ""
    if record.weight_g:
        weight = _("%(weight)s g") % {"weight": f"{record.weight_g:,}"}
        if record.expected_g:
            weight = _("%(weight)s g of %(expected)s g") % {
                "weight": f"{record.weight_g:,}",
                "expected": f"{record.expected_g:,}",
            }
    is_other = bool(record.sku and trouble.sku) and record.sku.casefold() != trouble.sku.casefold()
    return {
        "item": record.name or record.sku,
        "sub": " · ".join(filter(None, (_("%(count)s pieces") % {"count": record.quantity}, record.sku, weight))),
        "at": when(record.packed_at, now),
        "by": record.packed_by,
        "photo_url": address("packing_photo", slug, record.pk) if record.photo_id else "",
        "hash": record.photo.sha256[:_HASH_DIGITS] if record.photo else "",
        "differs": is_other or record.quantity < trouble.quantity,
    }


def _file(file: EvidenceFile, slug: str, number: int, now: datetime) -> dict[str, Any]:
    return {
        "kind": file.kind,
        "label": str(EvidenceKind(file.kind).label),
        "name": file.name,
        "at": when(file.came_at, now),
        "hash": file.blob.sha256[:_HASH_DIGITS],
        "url": address("trouble_file", slug, number, file.pk),
        "thumb_url": address("trouble_thumb", slug, number, file.pk) if file.blob.kind.startswith("image/") else "",
        "from": _("from the conversation") if file.message_id else _("uploaded"),
    }


def finding_words(finding: Finding) -> dict[str, Any]:
    """The proposal with its reasons."""
    return {
        "fault": str(Fault(finding.fault).label),
        "certainty": str(Certainty(finding.certainty).label),
        "is_open": finding.certainty == Certainty.OPEN,
        "sentences": finding.sentences,
        "text": "".join(finding.sentences) if get_language() == "ja" else " ".join(finding.sentences),
    }


def fault_choices(trouble: Trouble, finding: Finding) -> list[dict[str, Any]]:
    """The five parties; on is what was decided, else what the evidence says if it says something."""
    chosen = trouble.fault or (finding.fault if finding.certainty != Certainty.OPEN else "")
    return [{"value": each.value, "label": str(each.label), "on": each == chosen} for each in _FAULTS]


def decision_words(decision: FaultDecision, now: datetime) -> dict[str, Any]:
    """One decision, with what the evidence said then where it said something else."""
    differs = decision.proposed != decision.fault
    return {
        "fault": str(Fault(decision.fault).label),
        "reason": decision.reason,
        "who": _("%(at)s, decided by %(name)s") % {"at": when(decision.at, now), "name": decision.by_name},
        "proposed": str(Fault(decision.proposed).label) if differs else "",
    }


def reshipment_words(reshipment: Reshipment, trouble: Trouble, *, slug: str) -> dict[str, Any]:
    """One parcel that is sent again, with what may be done to it now."""
    state = ReshipmentState(reshipment.state)
    kind, icon = _SHIP_TAGS[state]
    ticked = set(reshipment.ticked)
    return {
        "number": f"{trouble}-{reshipment.place}",
        "item": Ordered(reshipment.sku, reshipment.name, reshipment.variant, reshipment.quantity).label,
        "quantity": reshipment.quantity,
        "state": {"kind": kind, "icon": icon, "label": str(state.label)},
        "is_planned": state == ReshipmentState.PLANNED,
        "is_packed": state == ReshipmentState.PACKED,
        "is_shipped": state == ReshipmentState.SHIPPED,
        "payer": _("Postage: %(payer)s") % {"payer": Payer(reshipment.payer).label},
        "consent": _("agreed") if reshipment.consent_id else "",
        "inserts": [
            {"code": each.value, "label": str(each.label), "wanted": each in reshipment.inserts, "on": each in ticked}
            for each in Insert
            if each in reshipment.inserts
        ],
        "parcel": " ".join(filter(None, (_carrier(reshipment.carrier), reshipment.tracking_number))),
        "tracking_url": tracking_address(reshipment.carrier, reshipment.tracking_number),
        "warning": tracking_warning(reshipment),
        "url": address("trouble_parcel", slug, trouble.number, reshipment.pk),
        "slip_url": address("trouble_slip", slug, trouble.number, reshipment.pk),
    }


def tracking_warning(reshipment: Reshipment) -> str:
    """Why somebody should compare the number with the slip, "" when there is no reason."""
    check = check_tracking(reshipment.carrier, reshipment.tracking_number)
    return str(check.label) if reshipment.tracking_number and check.is_doubtful else ""


def pick_up_words(trouble: Trouble) -> dict[str, Any] | None:
    """The pick-up, None where nothing is fetched."""
    pick_up = getattr(trouble, "pick_up", None)
    if pick_up is None:
        return None
    state = PickUpState(pick_up.state)
    kind, icon = _PICK_TAGS[state]
    language, today = get_language() or "ja", timezone.localdate()
    day = dates.day(pick_up.on, today=today, language=language) if pick_up.on else ""
    words = " · ".join(filter(None, (_carrier(pick_up.carrier), day, str(Slot(pick_up.slot).label) if day else "")))
    return {
        "state": {"kind": kind, "icon": icon, "label": str(state.label)},
        "words": words if state != PickUpState.WAIVED else pick_up.waiver,
        "reference": pick_up.reference,
        "may_book": state in {PickUpState.TO_BOOK, PickUpState.BOOKED, PickUpState.MISSED},
        "is_booked": state == PickUpState.BOOKED,
        "is_waived": state == PickUpState.WAIVED,
        "is_open": state in {PickUpState.TO_BOOK, PickUpState.MISSED},
    }


def cost_words(entry: CostEntry, now: datetime) -> dict[str, Any]:
    """One line of the ledger."""
    claim = _("may be claimed: %(fault)s") % {"fault": Fault(entry.recover_from).label} if entry.recover_from else ""
    return {
        "label": str(CostKind(entry.kind).label),
        "note": " · ".join(filter(None, (entry.note, claim))),
        "payer": str(Payer(entry.payer).label),
        "yen": entry.amount_yen,
        "at": when(entry.at, now),
    }


def kind_label(kind: str) -> str:
    """What is wrong, in words."""
    return str(TroubleKind(kind).label)


def when(moment: datetime, now: datetime) -> str:
    """A moment as the desk writes it."""
    return dates.when(moment, now=now, language=get_language() or "ja")


def _carrier(code: str) -> str:
    return str(Carrier(code).label) if code else ""
