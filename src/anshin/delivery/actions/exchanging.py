"""The parcel of an exchange: opened, held back, replaced and ended by the room above that owns the return.

The exchange is told under a key of that room (`return:12`); the same again gives the same trouble.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.delivery import events, rules
from anshin.delivery.actions import resending, standing
from anshin.delivery.actions.refusals import NotNow
from anshin.delivery.actions.reporting import next_number
from anshin.delivery.models import FaultDecision, Reshipment, Trouble
from anshin.delivery.terms import LONGEST_REASON, Certainty, ReshipmentState, TroubleKind, TroubleState

if TYPE_CHECKING:
    from anshin.commerce.terms import Fault
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Shop

_LEFT = (ReshipmentState.SHIPPED, ReshipmentState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that the customer gets instead."""

    name: str
    variant: str
    quantity: int
    sku: str = ""


@transaction.atomic
def arrange_exchange(
    *,
    shop: Shop,
    key: str,
    case_id: int,
    order_id: int,
    ordered: Wanted,
    items: Sequence[Wanted],
    fault: Fault,
    why: str,
    actor: Actor,
    now: datetime,
) -> Trouble:
    """The exchange with its parcels to be packed; one that has parcels to pack, or some that left, stays as it is.

    `ordered` is what the customer has. Who pays follows from the fault, which the room above has decided; `why` is the
    sentence of that decision.
    """
    number = next_number(shop)  # locks: two that tell the same wait for each other
    trouble = Trouble.objects.select_for_update().filter(shop=shop, key=key).first()
    if trouble is None:
        trouble = Trouble.objects.create(
            shop=shop,
            number=number,
            case_id=case_id,
            order_id=order_id,
            kind=TroubleKind.EXCHANGE,
            state=TroubleState.ARRANGING,
            sku=ordered.sku,
            name=ordered.name,
            variant=ordered.variant,
            quantity=ordered.quantity,
            fault=fault,
            fault_at=now,
            key=key,
            created_at=now,
        )
        _decide(trouble, fault, why, actor, now)
        fact = events.TroubleReported(trouble_id=trouble.pk, number=trouble.number, kind=trouble.kind)
        standing.tell(trouble, fact, actor, now)
    elif trouble.reshipments.exclude(state=ReshipmentState.CANCELLED).exists():
        return trouble
    _take_up(trouble)
    _plan(trouble, items, actor, now)
    return trouble


@transaction.atomic
def replace_exchange(*, shop: Shop, key: str, items: Sequence[Wanted], actor: Actor, now: datetime) -> Trouble | None:
    """Other things are sent instead of those that have not left. None when there is no such exchange."""
    trouble = hold_exchange(shop=shop, key=key, actor=actor, now=now)
    if trouble is not None:
        _take_up(trouble)
        _plan(trouble, items, actor, now)
    return trouble


@transaction.atomic
def hold_exchange(*, shop: Shop, key: str, actor: Actor, now: datetime) -> Trouble | None:
    """Nothing that has not left is packed or sent any more. None when there is no such exchange."""
    trouble = Trouble.objects.select_for_update().filter(shop=shop, key=key).first()
    if trouble is None:
        return None
    for reshipment in trouble.reshipments.select_for_update().filter(state__in=rules.RESHIPMENT_OPEN).order_by("pk"):
        former, reshipment.state = reshipment.state, ReshipmentState.CANCELLED
        reshipment.save(update_fields=["state"])
        fact = events.ReshipmentMoved(
            trouble_id=trouble.pk, reshipment_id=reshipment.pk, former=former, state=reshipment.state
        )
        standing.tell(trouble, fact, actor, now)
    return trouble


@transaction.atomic
def drop_exchange(*, shop: Shop, key: str, actor: Actor, now: datetime) -> None:
    """The exchange is off, and its trouble settled. Raises NotNow when something of it has left."""
    trouble = hold_exchange(shop=shop, key=key, actor=actor, now=now)
    if trouble is None:
        return
    if trouble.reshipments.filter(state__in=_LEFT).exists():
        raise NotNow
    _settle(trouble, actor, now)


@transaction.atomic
def end_exchange(*, shop: Shop, key: str, actor: Actor, now: datetime) -> None:
    """Everything has left and come back: its trouble is settled, unless a parcel is still to be packed."""
    trouble = Trouble.objects.select_for_update().filter(shop=shop, key=key).first()
    if trouble is not None and not trouble.reshipments.filter(state__in=rules.RESHIPMENT_OPEN).exists():
        _settle(trouble, actor, now)


@transaction.atomic
def decide_exchange(*, shop: Shop, key: str, fault: Fault, why: str, actor: Actor, now: datetime) -> None:
    """Whose doing it was has been decided anew above: what has not left is paid by whom that says."""
    trouble = Trouble.objects.select_for_update().filter(shop=shop, key=key).first()
    if trouble is None or trouble.fault == fault:
        return
    trouble.fault, trouble.fault_at = fault, now
    trouble.save(update_fields=["fault", "fault_at"])
    _decide(trouble, fault, why, actor, now)
    resending.let_payer_follow(trouble, rules.payer_of(fault))
    standing.refresh(trouble, now)


def _decide(trouble: Trouble, fault: Fault, why: str, actor: Actor, now: datetime) -> None:
    FaultDecision.objects.create(
        shop_id=trouble.shop_id,
        trouble=trouble,
        fault=fault,
        proposed=fault,
        certainty=Certainty.OPEN,
        reason=why[:LONGEST_REASON],
        by_name=actor.name[:200],
        at=now,
    )


def _take_up(trouble: Trouble) -> None:
    trouble.state, trouble.settled_at = TroubleState.ARRANGING, None
    trouble.save(update_fields=["state", "settled_at"])


def _plan(trouble: Trouble, items: Sequence[Wanted], actor: Actor, now: datetime) -> None:
    fault = standing.fault_of(trouble)
    payer, place = rules.payer_of(fault), trouble.reshipments.count()
    for item in items:
        place += 1
        reshipment = Reshipment.objects.create(
            shop_id=trouble.shop_id,
            trouble=trouble,
            place=place,
            payer=payer,
            sku=item.sku[:80],
            name=item.name[:300],
            variant=item.variant[:200],
            quantity=max(item.quantity, 1),
            inserts=[each.value for each in rules.inserts_for(fault)],
            planned_at=now,
        )
        fact = events.ReshipmentPlanned(trouble_id=trouble.pk, reshipment_id=reshipment.pk, payer=payer)
        standing.tell(trouble, fact, actor, now)


def _settle(trouble: Trouble, actor: Actor, now: datetime) -> None:
    if trouble.state == TroubleState.SETTLED:
        return
    trouble.state, trouble.settled_at = TroubleState.SETTLED, now
    trouble.save(update_fields=["state", "settled_at"])
    standing.tell(trouble, events.TroubleSettled(trouble_id=trouble.pk), actor, now)
