"""An exchange seen from both sides: the return, and its parcel in `delivery`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.delivery.queries import exchange_of
from anshin.delivery.terms import ReshipmentState
from anshin.returns.models import Return

if TYPE_CHECKING:
    from anshin.delivery.models import Reshipment, Trouble

_OURS = "return:"


def key_of(returned: Return) -> str:
    """Under which the exchange of a return is told to `delivery`."""
    return f"{_OURS}{returned.pk}"


def parcels_of_exchange(returned: Return) -> list[Reshipment]:
    """What has left for the customer, in order. Two queries."""
    found = exchange_of(returned.shop_id, key_of(returned))
    left = (ReshipmentState.SHIPPED, ReshipmentState.DELIVERED)
    return [each for each in found.reshipments.all() if each.state in left] if found else []


def return_of_exchange(trouble: Trouble) -> Return | None:
    """The return to which an exchange belongs; None for every other trouble. One query at most."""
    ours, _colon, number = trouble.key.partition(":")
    if f"{ours}:" != _OURS or not number.isdecimal():
        return None
    return Return.objects.filter(shop_id=trouble.shop_id, pk=int(number)).first()
