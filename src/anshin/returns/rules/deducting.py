"""Decides what may be taken off the refund where accessories did not come back: a proposal, which a person confirms."""

from collections.abc import Iterable
from dataclasses import dataclass

from anshin.commerce.terms import Fault
from anshin.returns.terms import Reason


@dataclass(frozen=True, slots=True)
class Lacking:
    """What came back of one item without some of its accessories. `quantity`: the pieces that were looked at."""

    reason: str
    unit_price_yen: int
    quantity: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deduction:
    """Units: yen. `names`: the accessories that are missing, each once."""

    yen: int
    names: tuple[str, ...]


def deduction_for(items: Iterable[Lacking], *, fault: Fault, percent: int) -> Deduction | None:
    """`percent` of the item's price for each accessory that is missing, at most the price; None for nothing.

    Only where it was the customer's doing: whoever had it sent wrong, broken or without the part pays nothing for it,
    and an unknown fault is never the customer's.
    """
    lacking = [each for each in items if each.missing and each.reason != Reason.MISSING_PART]
    if not lacking or fault != Fault.CUSTOMER or not percent:
        return None
    yen = sum(
        min(each.unit_price_yen * percent * len(each.missing) // 100, each.unit_price_yen * each.quantity)
        for each in lacking
    )
    return Deduction(yen, tuple(dict.fromkeys(name for each in lacking for name in each.missing))) if yen else None
