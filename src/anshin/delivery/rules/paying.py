"""What follows from whose doing it was: who pays, what is fetched, what lies in the parcel, how far we apologise."""

from anshin.commerce.terms import Fault
from anshin.delivery.terms import ApologyLevel, Insert, Payer, TroubleKind


def payer_of(fault: Fault) -> Payer:
    """Who bears the postage. Only a decided mistake of the customer is the customer's; unknown is goodwill of ours."""
    return Payer.CUSTOMER if fault == Fault.CUSTOMER else Payer.SHOP


def needs_consent(payer: Payer) -> bool:
    """Whether the customer must have agreed before anything is sent (requirement 48)."""
    return payer == Payer.CUSTOMER


def needs_pick_up(kind: TroubleKind, fault: Fault) -> bool:
    """Whether we have the carrier fetch what came (requirement 45): where something came that should not be there and
    it was not the customer."""
    return kind in {TroubleKind.WRONG_ITEM, TroubleKind.DAMAGED} and fault not in {Fault.CUSTOMER, Fault.UNKNOWN}


def inserts_for(fault: Fault) -> tuple[Insert, ...]:
    """What goes into the parcel beside the goods (requirement 46), in packing order."""
    if fault == Fault.SHOP:
        return (Insert.LETTER, Insert.SAMPLE)
    return (Insert.LETTER,) if fault in {Fault.CARRIER, Fault.MARKETPLACE} else ()


def recover_from(fault: Fault) -> Fault | None:
    """From whom costs of ours may be claimed back later."""
    return fault if fault in {Fault.CARRIER, Fault.MARKETPLACE} else None


def apology_for(fault: Fault | None) -> ApologyLevel:
    """How far we apologise (requirement 53); what is not decided, or not known, is no fault yet."""
    levels = {
        Fault.SHOP: ApologyLevel.FAULT,
        Fault.MARKETPLACE: ApologyLevel.FAULT,
        Fault.CARRIER: ApologyLevel.CARRIER,
        Fault.CUSTOMER: ApologyLevel.MISUNDERSTANDING,
    }
    return levels.get(fault, ApologyLevel.EXPERIENCE) if fault else ApologyLevel.EXPERIENCE
