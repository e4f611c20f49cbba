"""The release at the publication time: state, number and the live edition in one commit, never before."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from anshin.safety import events
from anshin.safety.actions.calling import call_announcement
from anshin.safety.actions.keeping import locked, note, step
from anshin.safety.actions.refusals import IllegalStep, NeverEarly
from anshin.safety.models import Advisory, AdvisoryNumbering, Edition
from anshin.safety.queries import to_release
from anshin.safety.rules import steps
from anshin.safety.terms import AdvisoryState
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

log = logging.getLogger(__name__)

TOLERATED = timedelta(seconds=1)
"""By how much the clock of the server and that of the database may differ before somebody is warned."""


def release_due(*, now: datetime, ahead: timedelta = timedelta(0)) -> int:
    """Release every approved advisory whose time has come, by the server's clock and by the database's; how many.

    `ahead`: by how much `now` is ahead of the database's clock (plumbing.clock.ahead_of_database). Where the two
    differ, the one that is behind decides: late by that much, but not early. Safe to run twice and beside itself: each
    advisory is locked and looked at again.
    """
    if abs(ahead) > TOLERATED:
        log.warning("The server's clock and the database's differ by %.1f seconds.", ahead.total_seconds())
    moment = min(now, now - ahead)
    return sum(_release(advisory_id, now=moment) for advisory_id in to_release(moment))


def release_by_hand(*, by: Membership, advisory_id: int, now: datetime, ahead: timedelta = timedelta(0)) -> Advisory:
    """Release one whose time has come and which the clockwork has not released: it was stopped, or its job failed.

    Before the time always refused, by whichever clock is behind. Asked twice, or after the clockwork: nothing happens.
    Raises NotAllowed, UnknownAdvisory, NeverEarly, IllegalStep (it is not approved, or was withdrawn).
    """
    moment = min(now, now - ahead)
    with transaction.atomic():
        advisory = locked(by, advisory_id, Permission.APPROVE_SAFETY)
        if advisory.state == AdvisoryState.RELEASED:
            return advisory
        if not steps.is_time(advisory.publish_at, now=moment):
            raise NeverEarly
        if not _release(advisory_id, now=moment, by=by):
            raise IllegalStep
        advisory.refresh_from_db()
    return advisory


@transaction.atomic
def _release(advisory_id: int, *, now: datetime, by: Membership | None = None) -> bool:
    advisory = Advisory.objects.select_for_update().filter(pk=advisory_id, state=AdvisoryState.APPROVED).first()
    if advisory is None or not steps.is_time(advisory.publish_at, now=now):
        return False
    step(advisory, AdvisoryState.RELEASED)
    advisory.number = _next_number(advisory.shop_id)
    advisory.released_at = now
    advisory.save()
    edition = Edition.objects.filter(advisory=advisory, version=advisory.facts_version).latest("pk")
    edition.live_at = now
    edition.save(update_fields=["live_at"])
    late = steps.late_seconds(advisory.publish_at, released_at=now) if advisory.publish_at else 0
    note(
        advisory,
        events.AdvisoryReleased(advisory_id=advisory.pk, number=advisory.number, late_seconds=late),
        by=by,
        now=now,
    )
    call_announcement(advisory, now=now)
    return True


def put_live(advisory: Advisory, edition: Edition, *, by: Membership, now: datetime) -> None:
    """Show a correction instead of what stood there."""
    edition.live_at = now
    edition.save(update_fields=["live_at"])
    fact = events.AdvisoryCorrected(advisory_id=advisory.pk, number=advisory.number or 0, version=edition.version)
    note(advisory, fact, by=by, now=now)
    call_announcement(advisory, now=now)


def _next_number(shop_id: int) -> int:
    AdvisoryNumbering.objects.get_or_create(shop_id=shop_id)
    AdvisoryNumbering.objects.filter(pk=shop_id).update(last_number=F("last_number") + 1)
    return AdvisoryNumbering.objects.values_list("last_number", flat=True).get(pk=shop_id)
