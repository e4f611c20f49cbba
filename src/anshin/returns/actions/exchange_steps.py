"""The other half of an exchange, for the verbs of this room: its parcel in `delivery`, and when it is complete."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from anshin.commerce.terms import Fault
from anshin.delivery.actions import NotNow, Wanted, arrange_exchange, decide_exchange, drop_exchange, end_exchange
from anshin.delivery.queries import exchange_of
from anshin.delivery.terms import ReshipmentState
from anshin.plumbing.journal.actors import Actor
from anshin.returns.actions import stepping, telling
from anshin.returns.actions.refusals import ReplacementLeft
from anshin.returns.queries.exchanges import key_of
from anshin.returns.rules import axes
from anshin.returns.terms import Approval, Axis, ExchangeState, MoneyState, Wish

if TYPE_CHECKING:
    from anshin.delivery.models import Reshipment
    from anshin.returns.models import Return
    from anshin.shops.models import Membership

EXCHANGER = Actor.system("exchange")
OWED = (ExchangeState.TO_SEND, ExchangeState.OUT_OF_STOCK)
_OPEN = (ReshipmentState.PLANNED, ReshipmentState.PACKED)
_LEFT = (ReshipmentState.SHIPPED, ReshipmentState.DELIVERED)


def begin(returned: Return, *, by: Actor, member: Membership | None = None, now: datetime) -> None:
    """Open the parcel of an approved, locked exchange; nothing for what is none or has one already."""
    if returned.wish != Wish.EXCHANGE or returned.exchange not in {ExchangeState.NONE, ExchangeState.DROPPED}:
        return
    lines = list(returned.lines.order_by("place"))
    arrange_exchange(
        shop=returned.shop,
        key=key_of(returned),
        case_id=returned.case_id,
        order_id=lines[0].order_id,
        ordered=Wanted(lines[0].name, lines[0].variant, lines[0].quantity, lines[0].sku),
        items=wanted_of(returned, returned.wanted),
        fault=Fault(returned.fault),
        why=_decided_above(returned),
        actor=by,
        now=now,
    )
    stepping.step(returned, Axis.EXCHANGE, ExchangeState.TO_SEND, by=by, member=member, now=now)


def wanted_of(returned: Return, variant: str, *, left: tuple[Reshipment, ...] = ()) -> list[Wanted]:
    """What the customer gets: each line in the variant that was wished for, or the same again; without what `left`."""
    gone = [(each.name, each.quantity) for each in left]
    wanted = []
    for line in returned.lines.order_by("place"):
        if (line.name, line.quantity) in gone:
            gone.remove((line.name, line.quantity))
            continue
        is_same = not variant or variant == line.variant
        wanted.append(Wanted(line.name, variant or line.variant, line.quantity, line.sku if is_same else ""))
    return wanted


def parcels_of(returned: Return) -> list[Reshipment]:
    """Everything that is or was to be sent, in order; nothing where no exchange was opened."""
    found = exchange_of(returned.shop_id, key_of(returned))
    return list(found.reshipments.all()) if found else []


def is_open(parcel: Reshipment) -> bool:
    """Whether it is still to leave."""
    return parcel.state in _OPEN


def has_left(parcel: Reshipment) -> bool:
    """Whether it is with the carrier or the customer."""
    return parcel.state in _LEFT


def look(returned: Return, *, now: datetime) -> None:
    """Take over from `delivery` that the last parcel of a locked exchange has left; the same again changes nothing."""
    parcels = parcels_of(returned)
    left = [each for each in parcels if has_left(each)]
    if returned.exchange == ExchangeState.TO_SEND and left and not any(map(is_open, parcels)):
        stepping.step(returned, Axis.EXCHANGE, ExchangeState.SENT, by=EXCHANGER, now=now)
        telling.tell(returned, "exchanged", sent="\n".join(map(_sent, left)), now=now)
    complete(returned, now=now)


def complete(returned: Return, *, now: datetime) -> None:
    """No money is due once the other thing has left and what had to come back was looked at."""
    if returned.money == MoneyState.NOT_YET and axes.is_exchange_complete(stepping.standing_of(returned)):
        stepping.step(returned, Axis.MONEY, MoneyState.NOT_DUE, by=EXCHANGER, now=now)
        end_exchange(shop=returned.shop, key=key_of(returned), actor=EXCHANGER, now=now)


def drop(returned: Return, *, by: Actor, member: Membership | None = None, why: str = "", now: datetime) -> None:
    """Nothing is sent instead after all. Raises ReplacementLeft when something is under way already."""
    if returned.exchange not in OWED:
        return
    try:
        drop_exchange(shop=returned.shop, key=key_of(returned), actor=by, now=now)
    except NotNow as error:
        raise ReplacementLeft from error
    stepping.step(returned, Axis.EXCHANGE, ExchangeState.DROPPED, by=by, member=member, why=why, now=now)


def follow_decision(returned: Return, *, by: Actor, why: str, now: datetime) -> None:
    """Whose doing it was decides who pays for what has not left."""
    if returned.exchange in OWED and returned.approval == Approval.APPROVED:
        words = why or _decided_above(returned)
        fault = Fault(returned.fault)
        decide_exchange(shop=returned.shop, key=key_of(returned), fault=fault, why=words, actor=by, now=now)


def _decided_above(returned: Return) -> str:
    with translation.override("ja"):
        return _("As decided for return %(number)s.") % {"number": returned}


def _sent(parcel: Reshipment) -> str:
    item = " ".join(filter(None, [parcel.name, parcel.variant, f"× {parcel.quantity}"]))
    return f"{item}\n{parcel.get_carrier_display()} {parcel.tracking_number}".rstrip()
