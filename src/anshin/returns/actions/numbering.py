"""Numbers that a carrier's program gave to returns for which the shop writes the slip."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.commerce.terms import Carrier
from anshin.plumbing.journal.actions import record
from anshin.returns import events
from anshin.returns.actions import stepping
from anshin.returns.actions.refusals import IllegalStep
from anshin.returns.queries.slips import may_take_number
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.returns.models import Return
    from anshin.shops.models import Membership


@transaction.atomic
def number_return(*, by: Membership, return_id: int, carrier: Carrier, tracking_number: str, now: datetime) -> Return:
    """The number on a slip that the customer has not sent off yet; nothing moves by that.

    Raises NotAllowed, UnknownReturn, IllegalStep.
    """
    require(by, Permission.WRITE_SLIPS)
    returned = stepping.locked_return(by.shop_id, return_id)
    if not may_take_number(returned):
        raise IllegalStep
    if (returned.carrier, returned.tracking_number) != (carrier, tracking_number):
        returned.carrier, returned.tracking_number = str(Carrier(carrier)), tracking_number[:40]
        returned.save(update_fields=["carrier", "tracking_number"])
        fact = events.NumberGiven(return_id=returned.pk, number=returned.number, carrier=str(carrier))
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=returned.case_id)
        stepping.announce(returned, now=now)
    return returned
