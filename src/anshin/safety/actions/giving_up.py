"""After a restore an owner may say that what waited was done already: then its mails leave with no later call."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Mod
from django.utils.translation import gettext as _

from anshin.plumbing.jobs.actions import locked_hold
from anshin.plumbing.jobs.queries import held_args
from anshin.safety.actions.calling import LANES, SEND
from anshin.safety.actions.keeping import tell_progress
from anshin.safety.models import Advisory, SafetyMail
from anshin.safety.terms import MailState
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def give_up_held(*, by: Membership, now: datetime) -> int:
    """What waits in lanes whose job is held becomes `unsure`; how many mails. Called before the hold is ended.

    Most of it has left since the backup was made, so whoever is told of a correction or withdrawal later is told of it
    here, too: nobody is left out as if they had never been written to. Raises NotAllowed.
    """
    require(by, Permission.RUN_SHOP)
    if locked_hold(by.shop_id) is None:
        return 0
    lanes = {(int(advisory), int(lane)) for advisory, lane in held_args(by.shop_id, SEND)}
    given_up = sum(_give_up(by.shop_id, advisory, lane) for advisory, lane in sorted(lanes))
    for advisory in Advisory.objects.filter(shop_id=by.shop_id, pk__in={advisory for advisory, _lane in lanes}):
        tell_progress(advisory, now=now)
    return given_up


def _give_up(shop_id: int, advisory_id: int, lane: int) -> int:
    waits = Q(state__in=[MailState.WAITING, MailState.DEFERRED]) | Q(state=MailState.SENDING)
    mails = SafetyMail.objects.filter(waits, shop_id=shop_id, advisory=advisory_id)
    words = _("A backup was put back, and an owner said that what waited then had been done already.")
    lying = mails.alias(lane=Mod(F("id"), LANES)).filter(lane=lane)
    return lying.update(state=MailState.UNSURE, next_try_at=None, words=words)
