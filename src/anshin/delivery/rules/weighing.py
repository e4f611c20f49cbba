"""What order, packing record and photos say about whose doing it was (requirement 43).

Nothing points to the customer but photos that show what was ordered and no record against them: whatever cannot be
told stays unknown.
"""

from anshin.commerce.terms import Fault
from anshin.delivery.terms import (
    ArrivedAs,
    BoxState,
    Certainty,
    Evidence,
    Finding,
    Packed,
    TroubleKind,
    Why,
)

_WEIGHT_MARGIN = 0.10
"""Boxes and paper differ; a tenth more or less says something."""


def weigh(evidence: Evidence) -> Finding:
    """The proposal and its reasons. Certainty is `open` exactly when the fault is unknown."""
    if evidence.page_differs:
        return _found(evidence, Fault.MARKETPLACE, Certainty.LIKELY, Why.PAGE_DIFFERS)
    if (recorded := _recorded_mistake(evidence)) is not None:
        return recorded
    by_kind = {
        TroubleKind.WRONG_ITEM: _wrong_item,
        TroubleKind.DAMAGED: _damaged,
        TroubleKind.MISSING_PART: _missing_part,
        TroubleKind.NOT_ARRIVED: _not_arrived,
        TroubleKind.EXCHANGE: _exchange,
    }
    return by_kind[evidence.kind](evidence)


def _recorded_mistake(evidence: Evidence) -> Finding | None:
    """Our own record says that we packed something else; unless the photos show that the right thing came."""
    packed = evidence.packed
    if packed is None:
        return None
    shows_right = evidence.has_photos and evidence.arrived_as == ArrivedAs.AS_ORDERED
    if _is_other(evidence, packed):
        why = Why.PACKED_OTHER
    elif packed.quantity < evidence.ordered.quantity:
        why = Why.PACKED_TOO_FEW
    else:
        return None
    if shows_right:
        return _unknown(evidence, why, Why.ARRIVED_AS_ORDERED)
    return _found(evidence, Fault.SHOP, Certainty.CLEAR, why)


def _wrong_item(evidence: Evidence) -> Finding:
    if not evidence.has_photos:
        return _unknown(evidence, _record(evidence), Why.NO_PHOTOS)
    if evidence.arrived_as == ArrivedAs.AS_ORDERED:
        if _weighs_wrong(evidence.packed):
            return _unknown(evidence, Why.ARRIVED_AS_ORDERED, Why.WEIGHT_OFF)
        sure = Certainty.CLEAR if evidence.packed else Certainty.LIKELY
        return _found(evidence, Fault.CUSTOMER, sure, Why.ARRIVED_AS_ORDERED, _record(evidence))
    if evidence.arrived_as == ArrivedAs.OTHER_ITEM:
        return _other_item(evidence)
    return _unknown(evidence, _record(evidence), Why.NOT_LOOKED_AT)


def _other_item(evidence: Evidence) -> Finding:
    """The photos show another item, and the record (if any) does not admit it."""
    packed = evidence.packed
    if _weighs_wrong(packed):
        return _found(evidence, Fault.SHOP, Certainty.CLEAR, Why.ARRIVED_OTHER, Why.WEIGHT_OFF)
    if packed is not None and packed.has_photo:
        return _unknown(evidence, Why.ARRIVED_OTHER, Why.RECORD_AGAINST_PHOTO)
    return _found(evidence, Fault.SHOP, Certainty.LIKELY, Why.ARRIVED_OTHER, _record(evidence))


def _damaged(evidence: Evidence) -> Finding:
    if not evidence.has_photos:
        return _unknown(evidence, Why.NO_PHOTOS)
    if evidence.box in {BoxState.DAMAGED, BoxState.OPENED}:
        why = Why.BOX_DAMAGED if evidence.box == BoxState.DAMAGED else Why.BOX_OPENED
        sure = Certainty.CLEAR if evidence.packed and evidence.packed.has_photo else Certainty.LIKELY
        return _found(evidence, Fault.CARRIER, sure, why, _record(evidence))
    if evidence.box == BoxState.SOUND:
        return _found(evidence, Fault.SHOP, Certainty.LIKELY, Why.BOX_SOUND)
    return _unknown(evidence, Why.BOX_NOT_TOLD)


def _missing_part(evidence: Evidence) -> Finding:
    if _weighs_wrong(evidence.packed):
        return _found(evidence, Fault.SHOP, Certainty.LIKELY, Why.WEIGHT_OFF)
    if not evidence.has_photos:
        return _unknown(evidence, _record(evidence), Why.NO_PHOTOS)
    if evidence.arrived_as == ArrivedAs.AS_ORDERED:
        return _found(evidence, Fault.CUSTOMER, Certainty.LIKELY, Why.ARRIVED_AS_ORDERED, _record(evidence))
    if evidence.box == BoxState.OPENED:
        return _found(evidence, Fault.CARRIER, Certainty.LIKELY, Why.BOX_OPENED)
    return _unknown(evidence, _record(evidence))


def _not_arrived(evidence: Evidence) -> Finding:
    if not evidence.was_shipped:
        return _found(evidence, Fault.SHOP, Certainty.CLEAR, Why.NEVER_SHIPPED)
    return _unknown(evidence, Why.ASK_THE_CARRIER)


def _exchange(evidence: Evidence) -> Finding:
    return _unknown(evidence, Why.WITH_THE_RETURN)


def _is_other(evidence: Evidence, packed: Packed) -> bool:
    return bool(packed.sku and evidence.ordered.sku) and packed.sku.casefold() != evidence.ordered.sku.casefold()


def _weighs_wrong(packed: Packed | None) -> bool:
    if packed is None or not packed.weight_g or not packed.expected_g:
        return False
    return abs(packed.weight_g - packed.expected_g) > packed.expected_g * _WEIGHT_MARGIN


def _record(evidence: Evidence) -> Why:
    return Why.PACKED_RIGHT if evidence.packed else Why.NOT_RECORDED


def _unknown(evidence: Evidence, *why: Why) -> Finding:
    return _found(evidence, Fault.UNKNOWN, Certainty.OPEN, *why)


def _found(evidence: Evidence, fault: Fault, certainty: Certainty, *why: Why) -> Finding:
    packed = evidence.packed
    values: dict[str, str | int] = {
        "ordered": evidence.ordered.label,
        "ordered_quantity": evidence.ordered.quantity,
        "packed": (packed.name or packed.sku) if packed else "",
        "packed_quantity": packed.quantity if packed else 0,
        "weight": (packed.weight_g or 0) if packed else 0,
        "expected": (packed.expected_g or 0) if packed else 0,
    }
    return Finding(fault, certainty, why, values)
