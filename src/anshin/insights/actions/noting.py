"""Noting on the chart what happened on a day: a law in force, a campaign, a disaster."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.insights import events
from anshin.insights.models import Occasion
from anshin.insights.terms import OccasionKind
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LONGEST = 80


class OccasionRefused(Refused):
    """It cannot be noted like this."""


@transaction.atomic
def note_occasion(*, by: Membership, happened_on: date, kind: str, title: str, now: datetime) -> Occasion:
    """Stands on the chart at its day. The same again: noted once. Raises NotAllowed, OccasionRefused."""
    require(by, Permission.IMPORT)
    words = " ".join(title.split())
    if not words:
        raise OccasionRefused(_("Say in a few words what happened."))
    if len(words) > _LONGEST:
        raise OccasionRefused(_("Say it in %(most)s characters or fewer.") % {"most": _LONGEST})
    if kind not in OccasionKind.values:
        raise OccasionRefused(_("Choose what kind of thing happened."))
    found, is_new = Occasion.objects.get_or_create(
        shop_id=by.shop_id,
        happened_on=happened_on,
        title=words,
        defaults={"kind": kind, "noted_by": by, "noted_at": now},
    )
    if is_new:
        fact = events.OccasionNoted(occasion_id=found.pk, kind=kind, happened_on=happened_on.isoformat())
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return found


@transaction.atomic
def remove_occasion(*, by: Membership, occasion_id: int, now: datetime) -> None:
    """Off the chart. Asked twice: done once. Raises NotAllowed."""
    require(by, Permission.IMPORT)
    found = Occasion.objects.select_for_update().filter(shop_id=by.shop_id, pk=occasion_id).first()
    if found is None:
        return
    fact = events.OccasionRemoved(occasion_id=found.pk, kind=found.kind, happened_on=found.happened_on.isoformat())
    found.delete()
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
