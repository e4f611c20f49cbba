"""A customer is shown for a while to somebody who may not know customers: with a reason, and written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import events
from anshin.cases.actions.refusals import Refused, WrongCase
from anshin.cases.models import Case, Reveal
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

REVEAL_MINUTES: Final = 10
LONGEST_REASON: Final = 200


class NoReason(Refused):
    """Nobody is shown a customer without saying why."""

    def __init__(self) -> None:
        super().__init__(_("Write why you need to see the customer. The owner and the managers can read it."))


@transaction.atomic
def reveal_customer(*, by: Membership, case_id: int, reason: str, now: datetime) -> Reveal:
    """Show `by` who the customer of the case is, for ten minutes from `now`. Asked again while it lasts: ten more
    minutes from then, with an entry of its own.

    `reason`: its first 200 characters are kept. Raises NotAllowed, WrongCase, NoReason.
    """
    require(by, Permission.ANSWER)
    case = Case.objects.filter(shop_id=by.shop_id, pk=case_id, merged_into=None).first()
    if case is None:
        raise WrongCase
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        raise NoReason
    until_at = now + timedelta(minutes=REVEAL_MINUTES)
    shown = Reveal.objects.create(
        shop_id=by.shop_id, case=case, member=by, customer_id=case.customer_id, at=now, until_at=until_at
    )
    fact = events.PersonalShown(reason=why, until=until_at.isoformat())
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    return shown
