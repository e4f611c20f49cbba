"""Decides which step of a refund may follow which; one table."""

from collections.abc import Mapping

from anshin.commerce.terms import DisputeState, RefundState

STEPS: Mapping[str, frozenset[RefundState]] = {
    RefundState.ASKED: frozenset({RefundState.READY, RefundState.WITHDRAWN}),
    RefundState.READY: frozenset({RefundState.SENDING, RefundState.SETTLED, RefundState.WITHDRAWN}),
    RefundState.SENDING: frozenset({RefundState.READY, RefundState.UNSURE, RefundState.SETTLED, RefundState.FAILED}),
    RefundState.UNSURE: frozenset({RefundState.SENDING, RefundState.SETTLED, RefundState.FAILED}),
    RefundState.SETTLED: frozenset({RefundState.FAILED}),  # a transfer comes back, a card company refuses later
    RefundState.FAILED: frozenset({RefundState.READY, RefundState.SETTLED, RefundState.WITHDRAWN}),
    RefundState.WITHDRAWN: frozenset(),
}
HOLDS_MONEY = frozenset(
    {RefundState.ASKED, RefundState.READY, RefundState.SENDING, RefundState.UNSURE, RefundState.SETTLED}
)
"""States in which the amount counts against what may still go back."""

OPEN = frozenset({RefundState.ASKED, RefundState.READY, RefundState.SENDING, RefundState.UNSURE, RefundState.FAILED})
"""States in which somebody or something still has to do its part."""


TAKES_MONEY = frozenset({DisputeState.OPEN, DisputeState.LOST})
"""States of a dispute in which the customer's bank has the money, or holds it."""


def may_follow(former: str, state: str) -> bool:
    """Whether a refund may go from one state to the other."""
    return state in STEPS.get(former, frozenset())


def change_of_held_yen(former: str, state: str, amount_yen: int) -> int:
    """By how much the order's refunded yen change with this step."""
    return amount_yen * ((state in HOLDS_MONEY) - (former in HOLDS_MONEY))


def needs_second_person(*, amount_yen: int, held_yen: int, limit_yen: int) -> bool:
    """Whether a refund waits for another person: what goes back of the order altogether is above the limit."""
    return amount_yen + held_yen > limit_yen
