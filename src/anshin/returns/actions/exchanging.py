"""What becomes of an exchange: sent, out of stock, another variant, or money back instead."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.delivery.actions import hold_exchange, replace_exchange
from anshin.delivery.queries import trouble_by_id
from anshin.returns.actions import exchange_steps, settling, stepping, telling
from anshin.returns.actions.refusals import IllegalStep, VariantNeeded
from anshin.returns.queries.exchanges import key_of, return_of_exchange
from anshin.returns.terms import Approval, Axis, ExchangeState, InspectionState, Wish
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.returns.models import Return
    from anshin.shops.models import Membership, Shop

_LOOKED_AT = (InspectionState.GOOD, InspectionState.DIFFERS, InspectionState.NOT_NEEDED)
_LONGEST_VARIANT = 200


@transaction.atomic
def send_exchange(*, by: Membership, return_id: int, now: datetime) -> Return:
    """Open the parcel of an exchange that has none: approved before parcels were opened by themselves, or cancelled
    in `delivery`. Raises NotAllowed, UnknownReturn, IllegalStep."""
    returned = _exchange(by, return_id)
    if returned.exchange in {ExchangeState.NONE, ExchangeState.DROPPED}:
        exchange_steps.begin(returned, by=shops.actor(by), member=by, now=now)
        return returned
    is_waiting = any(map(exchange_steps.is_open, exchange_steps.parcels_of(returned)))
    if returned.exchange != ExchangeState.TO_SEND or is_waiting:
        raise IllegalStep
    return _send(returned, returned.wanted, by, now)


@transaction.atomic
def mark_out_of_stock(*, by: Membership, return_id: int, why: str = "", now: datetime) -> Return:
    """What the customer wished for cannot be sent: nothing more is packed, the customer is told, and customer service
    has to find a way by the time in which it answers. Raises NotAllowed, UnknownReturn, IllegalStep."""
    returned = _exchange(by, return_id)
    if returned.exchange == ExchangeState.OUT_OF_STOCK:
        return returned
    who = shops.actor(by)
    hold_exchange(shop=by.shop, key=key_of(returned), actor=who, now=now)
    stepping.step(returned, Axis.EXCHANGE, ExchangeState.OUT_OF_STOCK, by=who, member=by, why=why, now=now)
    telling.tell(returned, "out_of_stock", sent=returned.wanted, now=now)
    return returned


@transaction.atomic
def send_another(*, by: Membership, return_id: int, variant: str, now: datetime) -> Return:
    """Send another variant than was wished for, on which the customer and the shop agree. Raises NotAllowed,
    UnknownReturn, IllegalStep, VariantNeeded."""
    returned = _exchange(by, return_id)
    variant = " ".join(variant.replace("\x00", "").split())[:_LONGEST_VARIANT]
    if not variant:
        raise VariantNeeded
    if returned.exchange not in exchange_steps.OWED:
        raise IllegalStep
    return _send(returned, variant, by, now)


@transaction.atomic
def refund_instead(*, by: Membership, return_id: int, why: str = "", now: datetime) -> Return:
    """The money goes back instead: from here the return is one with a refund, with its ordinary settlement. Raises
    NotAllowed, UnknownReturn, IllegalStep, ReplacementLeft."""
    returned = _exchange(by, return_id)
    who = shops.actor(by)
    if returned.exchange not in exchange_steps.OWED:
        raise IllegalStep
    exchange_steps.drop(returned, by=who, member=by, why=why, now=now)
    returned.wish = Wish.REFUND
    returned.save(update_fields=["wish"])
    if returned.inspection in _LOOKED_AT:
        settling.propose(returned, now=now)
    telling.tell(returned, "refund_instead", now=now)
    return returned


@transaction.atomic
def follow_exchange(*, shop: Shop, trouble_id: int, now: datetime) -> Return | None:
    """A parcel has moved in `delivery`: where it was an exchange's last, the customer is told, and the exchange is
    complete if everything is back. None when it is no exchange; the same again changes nothing."""
    trouble = trouble_by_id(shop, trouble_id)
    found = return_of_exchange(trouble) if trouble is not None else None
    if found is None:
        return None
    returned = stepping.locked_return(shop.pk, found.pk)
    exchange_steps.look(returned, now=now)
    return returned


def _exchange(by: Membership, return_id: int) -> Return:
    require(by, Permission.HANDLE_RETURNS)
    returned = stepping.locked_return(by.shop_id, return_id)
    if returned.wish != Wish.EXCHANGE or returned.approval != Approval.APPROVED:
        raise IllegalStep
    return returned


def _send(returned: Return, variant: str, by: Membership, now: datetime) -> Return:
    who, left = shops.actor(by), tuple(filter(exchange_steps.has_left, exchange_steps.parcels_of(returned)))
    items = exchange_steps.wanted_of(returned, variant, left=left)
    if not items:
        raise IllegalStep
    replace_exchange(shop=by.shop, key=key_of(returned), items=items, actor=who, now=now)
    returned.wanted = variant
    returned.save(update_fields=["wanted"])
    stepping.step(returned, Axis.EXCHANGE, ExchangeState.TO_SEND, by=who, member=by, why=variant, now=now)
    return returned
