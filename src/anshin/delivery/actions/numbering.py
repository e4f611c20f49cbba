"""Numbers that a carrier's program gave to what is sent again or fetched; nothing moves by that."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.terms import Carrier
from anshin.delivery import events
from anshin.delivery.actions import standing
from anshin.delivery.actions.refusals import NotNow, UnknownTrouble
from anshin.delivery.models import PickUp, Reshipment, Trouble
from anshin.delivery.queries.slips import may_take_number
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def number_reshipment(
    *, by: Membership, reshipment_id: int, carrier: Carrier, tracking_number: str, now: datetime
) -> Reshipment:
    """The number on the slip of a parcel that has not left yet. Raises NotAllowed, UnknownTrouble, NotNow."""
    require(by, Permission.WRITE_SLIPS)
    trouble_id = Reshipment.objects.filter(shop_id=by.shop_id, pk=reshipment_id).values_list("trouble_id", flat=True)
    trouble = standing.locked_trouble(by.shop_id, trouble_id.first() or 0)
    found = Reshipment.objects.select_for_update().get(trouble=trouble, pk=reshipment_id)
    if not may_take_number(found):
        raise NotNow
    if (found.carrier, found.tracking_number) != (carrier, tracking_number):
        found.carrier, found.tracking_number = Carrier(carrier), tracking_number[:40]
        found.save(update_fields=["carrier", "tracking_number"])
        _tell(trouble, carrier, by, now, reshipment_id=found.pk)
    return found


@transaction.atomic
def number_pick_up(*, by: Membership, pick_up_id: int, carrier: Carrier, tracking_number: str, now: datetime) -> PickUp:
    """The number on the slip with which the carrier comes. Raises NotAllowed, UnknownTrouble, NotNow."""
    require(by, Permission.WRITE_SLIPS)
    trouble_id = PickUp.objects.filter(shop_id=by.shop_id, pk=pick_up_id).values_list("trouble_id", flat=True).first()
    trouble = standing.locked_trouble(by.shop_id, trouble_id or 0)
    found = PickUp.objects.select_for_update().filter(trouble=trouble, pk=pick_up_id).first()
    if found is None:
        raise UnknownTrouble
    if not may_take_number(found):
        raise NotNow
    if found.reference != tracking_number:
        found.reference = tracking_number[:40]
        found.carrier = found.carrier or Carrier(carrier)
        found.save(update_fields=["reference", "carrier"])
        _tell(trouble, carrier, by, now, pick_up_id=found.pk)
    return found


def _tell(
    trouble: Trouble, carrier: Carrier, by: Membership, now: datetime, *, reshipment_id: int = 0, pick_up_id: int = 0
) -> None:
    fact = events.NumberGiven(
        trouble_id=trouble.pk, reshipment_id=reshipment_id, pick_up_id=pick_up_id, carrier=str(carrier)
    )
    standing.tell(trouble, fact, shops.actor(by), now)
