"""Which step may follow which, for a trouble, a re-shipment and a pick-up."""

from collections.abc import Mapping

from anshin.delivery.terms import PickUpState as Pick
from anshin.delivery.terms import ReshipmentState as Ship
from anshin.delivery.terms import TroubleState as Trouble

TROUBLE_MAY_BECOME: Mapping[Trouble, frozenset[Trouble]] = {
    Trouble.LOOKING: frozenset({Trouble.ARRANGING}),
    Trouble.ARRANGING: frozenset({Trouble.SETTLED}),
    Trouble.SETTLED: frozenset({Trouble.ARRANGING}),
}
RESHIPMENT_MAY_BECOME: Mapping[Ship, frozenset[Ship]] = {
    Ship.PLANNED: frozenset({Ship.PACKED, Ship.CANCELLED}),
    Ship.PACKED: frozenset({Ship.SHIPPED, Ship.PLANNED, Ship.CANCELLED}),
    Ship.SHIPPED: frozenset({Ship.DELIVERED}),
    Ship.DELIVERED: frozenset(),
    Ship.CANCELLED: frozenset(),
}
PICK_UP_MAY_BECOME: Mapping[Pick, frozenset[Pick]] = {
    Pick.TO_BOOK: frozenset({Pick.BOOKED, Pick.WAIVED}),
    Pick.BOOKED: frozenset({Pick.BOOKED, Pick.COLLECTED, Pick.MISSED, Pick.WAIVED}),
    Pick.MISSED: frozenset({Pick.BOOKED, Pick.WAIVED}),
    Pick.COLLECTED: frozenset(),
    Pick.WAIVED: frozenset({Pick.TO_BOOK}),
}
"""A booked one is booked again when another day is agreed."""
RESHIPMENT_OPEN = frozenset({Ship.PLANNED, Ship.PACKED})
"""Something is still to be done by us."""
PICK_UP_OPEN = frozenset({Pick.TO_BOOK, Pick.MISSED})


class IllegalStep(ValueError):
    """This step cannot follow that one: a mistake in the program, or two people at once."""


def check_trouble(former: str, state: str) -> None:
    """Raises IllegalStep."""
    if Trouble(state) not in TROUBLE_MAY_BECOME[Trouble(former)]:
        raise IllegalStep(f"trouble: {former} → {state}")


def check_reshipment(former: str, state: str) -> None:
    """Raises IllegalStep."""
    if Ship(state) not in RESHIPMENT_MAY_BECOME[Ship(former)]:
        raise IllegalStep(f"re-shipment: {former} → {state}")


def check_pick_up(former: str, state: str) -> None:
    """Raises IllegalStep."""
    if Pick(state) not in PICK_UP_MAY_BECOME[Pick(former)]:
        raise IllegalStep(f"pick-up: {former} → {state}")
