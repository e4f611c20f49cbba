"""Goodwill, and the end of a trouble."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.delivery import events, rules
from anshin.delivery.actions import standing
from anshin.delivery.actions.refusals import BadCost, CannotSettle, MissingWords
from anshin.delivery.models import CostEntry, Trouble
from anshin.delivery.queries import ArrangementsCheck
from anshin.delivery.terms import CostKind, Payer, TroubleState
from anshin.shops import queries as shops

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def give_goodwill(*, by: Membership, trouble_id: int, amount_yen: int, note: str, now: datetime) -> CostEntry:
    """Something the shop gives though nobody can tell whose doing it was: into the ledger, as ours.

    Raises NotAllowed, UnknownTrouble, NoFaultYet, MissingWords, BadCost.
    """
    trouble = standing.locked(by, trouble_id)
    if not note.strip():
        raise MissingWords
    entry = standing.book(trouble, CostKind.GOODWILL, amount_yen, Payer.SHOP, by=by, now=now, note=note.strip())
    if entry is None:
        raise BadCost
    return entry


@transaction.atomic
def settle(*, by: Membership, trouble_id: int, now: datetime) -> Trouble:
    """Say that nothing is left to be done. Raises NotAllowed, UnknownTrouble, CannotSettle, NotNow."""
    trouble = standing.locked(by, trouble_id)
    if trouble.state == TroubleState.SETTLED:
        return trouble
    if why := ArrangementsCheck().why_open(trouble):
        raise CannotSettle((why,))
    with standing.in_order():
        rules.check_trouble(trouble.state, TroubleState.SETTLED)
    trouble.state, trouble.settled_at = TroubleState.SETTLED, now
    trouble.save(update_fields=["state", "settled_at"])
    standing.tell(trouble, events.TroubleSettled(trouble_id=trouble.pk), shops.actor(by), now)
    return trouble


@transaction.atomic
def reopen(*, by: Membership, trouble_id: int, now: datetime) -> Trouble:
    """Something is to be done after all; also the undo of `settle`. Raises NotAllowed, UnknownTrouble."""
    trouble = standing.locked(by, trouble_id)
    if trouble.state != TroubleState.SETTLED:
        return trouble
    trouble.state, trouble.settled_at = TroubleState.ARRANGING, None
    trouble.save(update_fields=["state", "settled_at"])
    standing.tell(trouble, events.TroubleReopened(trouble_id=trouble.pk), shops.actor(by), now)
    return trouble
