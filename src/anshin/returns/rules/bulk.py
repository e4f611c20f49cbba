"""Which step several returns may take at once, by where each of them stands."""

from typing import Protocol

from anshin.returns.terms import Approval, MoneyState, ParcelState

_WITH_CUSTOMER = frozenset({ParcelState.AWAITED, ParcelState.ON_ITS_WAY})


class Standing(Protocol):
    """Where a return stands, as its row says."""

    approval: str
    parcel: str
    money: str


def may_approve(standing: Standing) -> bool:
    """Whether it waits for approval; one that was refused is approved alone, with a look at it."""
    return standing.approval == Approval.ASKED


def may_confirm(standing: Standing) -> bool:
    """Whether its refund is calculated and waits to be confirmed."""
    return standing.approval == Approval.APPROVED and standing.money == MoneyState.TO_CONFIRM


def may_print(standing: Standing) -> bool:
    """Whether a label is of use: approved, and the item is still with the customer."""
    return standing.approval == Approval.APPROVED and standing.parcel in _WITH_CUSTOMER
