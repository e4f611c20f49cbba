"""What becomes of a whole request from what the policy says of its lines."""

from collections.abc import Sequence

from anshin.commerce.terms import Fault
from anshin.returns.terms import Judged, Payer, Reason, Verdict

_WORST_FIRST = (Verdict.REFUSED, Verdict.NEEDS_PERSON, Verdict.ALLOWED)
_THEIR_OWN = frozenset({Reason.CHANGED_MIND, Reason.ORDERED_WRONG})
TOPICS = {
    Reason.NOT_AS_PICTURED: "item.not_as_pictured",
    Reason.DEFECT: "item.defect",
    Reason.DAMAGED: "delivery.damaged",
    Reason.WRONG_ITEM: "item.wrong",
    Reason.MISSING_PART: "item.defect",
    Reason.TOO_LATE: "delivery.late_or_missing",
}
"""Topic of the case by the reason; the others are about how to return."""


def verdict_of(judged: Sequence[Judged]) -> Verdict:
    """The verdict of the whole: lines that differ are for a person."""
    verdicts = {each.verdict for each in judged}
    if len(verdicts) > 1:
        return Verdict.NEEDS_PERSON
    return next(verdict for verdict in _WORST_FIRST if verdict in verdicts)


def payer_of(judged: Sequence[Judged], along_with: Payer | None = None) -> Payer:
    """Who pays the postage of the one parcel: the shop as soon as one line in it is at its cost."""
    payers = {along_with, *(each.payer for each in judged)}
    return Payer.SHOP if Payer.SHOP in payers else Payer.CUSTOMER


def fault_at_first(reasons: Sequence[str]) -> Fault:
    """The customer's only where they say so themselves; everything else has to be found out."""
    return Fault.CUSTOMER if all(reason in _THEIR_OWN for reason in reasons) else Fault.UNKNOWN


def payer_by_fault(fault: Fault, payer: Payer) -> Payer:
    """Who pays once the fault is decided; as the policy said while it is not known or is the customer's."""
    return Payer.SHOP if fault in {Fault.SHOP, Fault.CARRIER, Fault.MARKETPLACE} else payer
