"""Sending again: at our cost with what belongs into the parcel, or at the customer's once they agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.terms import Carrier
from anshin.delivery import events, rules
from anshin.delivery.actions import standing
from anshin.delivery.actions.refusals import InsertsMissing, NoConsent, UnknownTrouble
from anshin.delivery.models import Consent, Reshipment, Trouble
from anshin.delivery.terms import CostKind, Insert, Payer, ReshipmentState
from anshin.shops import queries as shops

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def plan_reshipment(
    *,
    by: Membership,
    trouble_id: int,
    quantity: int | None = None,
    sku: str = "",
    name: str = "",
    variant: str = "",
    now: datetime,
) -> Reshipment:
    """Have the line sent again, or what `sku`, `name` and `variant` name instead (an exchange).

    Who pays follows from the fault; what the customer pays is refused without their consent.
    Raises NotAllowed, UnknownTrouble, NoFaultYet, NoConsent.
    """
    trouble = standing.locked(by, trouble_id)
    fault = standing.fault_of(trouble)
    payer = rules.payer_of(fault)
    consent = _consent(trouble) if rules.needs_consent(payer) else None
    same = not name.strip()
    reshipment = Reshipment.objects.create(
        shop_id=trouble.shop_id,
        trouble=trouble,
        place=Reshipment.objects.filter(trouble=trouble).count() + 1,
        payer=payer,
        consent=consent,
        sku=trouble.sku if same else sku.strip()[:80],
        name=trouble.name if same else name.strip()[:300],
        variant=trouble.variant if same else variant.strip()[:200],
        quantity=max(quantity or trouble.quantity, 1),
        inserts=[each.value for each in rules.inserts_for(fault)],
        planned_at=now,
    )
    fact = events.ReshipmentPlanned(trouble_id=trouble.pk, reshipment_id=reshipment.pk, payer=payer)
    standing.tell(trouble, fact, shops.actor(by), now)
    return reshipment


@transaction.atomic
def tick_inserts(
    *, by: Membership, reshipment_id: int, inserts: Sequence[Insert], ticked: Sequence[Insert], now: datetime
) -> Reshipment:
    """What belongs into the parcel, and what of it lies there. Raises NotAllowed, UnknownTrouble, NotNow."""
    trouble, reshipment = _locked(by, reshipment_id)
    with standing.in_order():
        if reshipment.state != ReshipmentState.PLANNED:
            raise rules.IllegalStep(f"inserts of one that is {reshipment.state}")
    wanted = [each.value for each in Insert if each in inserts]
    reshipment.inserts, reshipment.ticked = wanted, [code for code in wanted if code in ticked]
    reshipment.save(update_fields=["inserts", "ticked"])
    standing.refresh(trouble, now)
    return reshipment


@transaction.atomic
def mark_packed(*, by: Membership, reshipment_id: int, now: datetime) -> Reshipment:
    """Everything lies in the box. Raises NotAllowed, UnknownTrouble, NotNow, InsertsMissing."""
    trouble, reshipment = _locked(by, reshipment_id)
    missing = [Insert(code) for code in reshipment.inserts if code not in reshipment.ticked]
    if missing:
        raise InsertsMissing(tuple(str(each.label) for each in missing))
    return _moved(trouble, reshipment, ReshipmentState.PACKED, by, now)


@transaction.atomic
def ship(
    *,
    by: Membership,
    reshipment_id: int,
    carrier: Carrier,
    tracking_number: str = "",
    cost_yen: int,
    now: datetime,
) -> Reshipment:
    """The parcel has left; its postage goes into the ledger of whoever pays.

    Raises NotAllowed, UnknownTrouble, NotNow, NoConsent, BadCost.
    """
    trouble, reshipment = _locked(by, reshipment_id)
    if rules.needs_consent(Payer(reshipment.payer)) and reshipment.consent_id is None:
        reshipment.consent = _consent(trouble)
        reshipment.save(update_fields=["consent"])
    reshipment.carrier, reshipment.tracking_number = Carrier(carrier), tracking_number.strip()[:40]
    reshipment.shipped_at = now
    moved = _moved(trouble, reshipment, ReshipmentState.SHIPPED, by, now, "carrier", "tracking_number", "shipped_at")
    payer = Payer(reshipment.payer)
    standing.book(trouble, CostKind.OUTBOUND, cost_yen, payer, by=by, now=now, reshipment=reshipment)
    return moved


@transaction.atomic
def mark_delivered(*, by: Membership, reshipment_id: int, now: datetime) -> Reshipment:
    """It has arrived. Raises NotAllowed, UnknownTrouble, NotNow."""
    return _moved(*_locked(by, reshipment_id), ReshipmentState.DELIVERED, by, now)


@transaction.atomic
def cancel_reshipment(*, by: Membership, reshipment_id: int, now: datetime) -> Reshipment:
    """It is not sent after all. Raises NotAllowed, UnknownTrouble, NotNow."""
    return _moved(*_locked(by, reshipment_id), ReshipmentState.CANCELLED, by, now)


def let_payer_follow(trouble: Trouble, payer: Payer) -> None:
    """What has not left is paid by whom the fault says now; `ship` asks for a consent that is missing."""
    waiting = Reshipment.objects.filter(trouble=trouble, state__in=rules.RESHIPMENT_OPEN)
    waiting.exclude(payer=payer).update(payer=payer, consent=None)


def _consent(trouble: Trouble) -> Consent:
    found = Consent.objects.filter(trouble=trouble).order_by("-id").first()
    if found is None:
        raise NoConsent
    return found


def _locked(by: Membership, reshipment_id: int) -> tuple[Trouble, Reshipment]:
    """The re-shipment and its trouble; the trouble is locked first, as everywhere."""
    trouble_id = Reshipment.objects.filter(shop_id=by.shop_id, pk=reshipment_id).values_list("trouble_id", flat=True)
    trouble = standing.locked(by, trouble_id.first() or 0)
    found = Reshipment.objects.select_for_update().filter(trouble=trouble, pk=reshipment_id).first()
    if found is None:
        raise UnknownTrouble
    return trouble, found


def _moved(
    trouble: Trouble, reshipment: Reshipment, state: ReshipmentState, by: Membership, now: datetime, *names: str
) -> Reshipment:
    former = reshipment.state
    with standing.in_order():
        rules.check_reshipment(former, state)
    reshipment.state = state
    reshipment.save(update_fields=["state", *names])
    fact = events.ReshipmentMoved(
        trouble_id=trouble.pk, reshipment_id=reshipment.pk, former=former, state=reshipment.state
    )
    standing.tell(trouble, fact, shops.actor(by), now)
    return reshipment
