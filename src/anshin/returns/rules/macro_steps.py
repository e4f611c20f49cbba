"""Which macros fit where a return stands."""

from __future__ import annotations

from anshin.replies.terms import MacroStep
from anshin.returns.terms import Approval, Wish
from anshin.returns.terms import InspectionState as Inspected
from anshin.returns.terms import MoneyState as Money
from anshin.returns.terms import ParcelState as Parcel

_HERE = frozenset({Parcel.HERE, Parcel.PARTLY_HERE})
_LOOKED_AT = frozenset({Inspected.GOOD, Inspected.DIFFERS, Inspected.NOT_NEEDED})


def macro_steps(*, approval: str, parcel: str, inspection: str, money: str, wish: str) -> list[MacroStep]:
    """The steps that a reply would tell of now, the one that fits best first; none for a return that was withdrawn."""
    if approval == Approval.ASKED:
        return [MacroStep.RECEIVED]
    if approval != Approval.APPROVED:
        return [MacroStep.REFUSED] if approval == Approval.REFUSED else []
    exchanged = [MacroStep.EXCHANGED] if wish == Wish.EXCHANGE else []
    if money in {Money.FAILED, Money.PAID}:
        return [MacroStep.FAILED if money == Money.FAILED else MacroStep.PAID]
    if money == Money.NOT_DUE or inspection in _LOOKED_AT or parcel in _HERE:
        looked_at = [MacroStep.INSPECTED if inspection in _LOOKED_AT else MacroStep.ARRIVED]
        return [*([] if money == Money.NOT_DUE else looked_at), *exchanged]
    return [MacroStep.APPROVED, MacroStep.AWAITED]
