"""What the publisher does meanwhile: move the time, withdraw. And the end: close, open again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.safety import events
from anshin.safety.actions.approving import call_release, void_approval
from anshin.safety.actions.calling import call_announcement
from anshin.safety.actions.drafting import check_time
from anshin.safety.actions.keeping import locked, note, step
from anshin.safety.actions.refusals import IllegalStep, ReasonNeeded
from anshin.safety.actions.withdrawing import recall
from anshin.safety.models import Advisory
from anshin.safety.terms import AdvisoryState
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def move_time(
    *,
    by: Membership,
    advisory_id: int,
    publish_at: datetime | None,
    zone: str,
    is_published: bool = False,
    now: datetime,
) -> Advisory:
    """The publisher moved the time, or told it. Everything follows: there is no other place where it stands.

    Moved to later, an approval holds; to earlier, a second person approves again, so that nobody alone can hurry it.
    Raises NotAllowed, UnknownAdvisory, IllegalStep, TimeWithoutZone, PastTime.
    """
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    if not AdvisoryState(advisory.state).is_sealed:
        raise IllegalStep
    check_time(publish_at, zone, is_published=is_published, now=now)
    former = advisory.publish_at
    if (former, advisory.publish_zone) == (publish_at, zone):
        return advisory
    if publish_at is None or (former is not None and publish_at < former):
        void_approval(advisory, reason="time", by=by, now=now)
        advisory.author = by
    advisory.publish_at, advisory.publish_zone = publish_at, zone
    advisory.save()
    if former is not None and publish_at is not None:
        fact = events.AdvisoryTimeMoved(advisory_id=advisory.pk, former=former, publish_at=publish_at)
        note(advisory, fact, by=by, now=now)
    if advisory.state == AdvisoryState.APPROVED:
        call_release(advisory, now=now)
    return advisory


@transaction.atomic
def withdraw(*, by: Membership, advisory_id: int, words: str, now: datetime) -> Advisory:
    """The publisher takes it back: sealed, it never happened; public, it leaves the pages, what has not left is not
    sent, and whoever was written to gets a mail that says so.

    Raises NotAllowed, UnknownAdvisory, IllegalStep, ReasonNeeded.
    """
    needed = Permission.APPROVE_SAFETY if _is_public(advisory_id) else Permission.PREPARE_SAFETY
    advisory = locked(by, advisory_id, needed)
    if not words.strip():
        raise ReasonNeeded
    was_public = advisory.number is not None
    step(advisory, AdvisoryState.WITHDRAWN)
    advisory.withdrawn_at, advisory.ended_words = now, words.strip()
    advisory.save()
    note(advisory, events.AdvisoryWithdrawn(advisory_id=advisory.pk, was_public=was_public), by=by, now=now)
    if was_public:
        recall(advisory)
        call_announcement(advisory, now=now)
    return advisory


@transaction.atomic
def close(*, by: Membership, advisory_id: int, words: str, now: datetime) -> Advisory:
    """Remind nobody any more; the page notice stays. Raises NotAllowed, UnknownAdvisory, IllegalStep, ReasonNeeded."""
    advisory = locked(by, advisory_id, Permission.APPROVE_SAFETY)
    if not words.strip():
        raise ReasonNeeded
    step(advisory, AdvisoryState.CLOSED)
    advisory.closed_at, advisory.ended_words = now, words.strip()
    advisory.save()
    note(advisory, events.AdvisoryClosed(advisory_id=advisory.pk, number=advisory.number or 0), by=by, now=now)
    recall(advisory)
    call_announcement(advisory, now=now)
    return advisory


@transaction.atomic
def reopen(*, by: Membership, advisory_id: int, words: str, now: datetime) -> Advisory:
    """Go on with a closed one: whoever has not answered is reminded again. Why it was closed stays as it was written.

    Raises NotAllowed, UnknownAdvisory, IllegalStep, ReasonNeeded.
    """
    advisory = locked(by, advisory_id, Permission.APPROVE_SAFETY)
    if not words.strip():
        raise ReasonNeeded
    if advisory.state != AdvisoryState.CLOSED:
        raise IllegalStep
    step(advisory, AdvisoryState.RELEASED)
    advisory.reopened_at, advisory.reopened_words = now, words.strip()
    advisory.save()
    note(advisory, events.AdvisoryReopened(advisory_id=advisory.pk, number=advisory.number or 0), by=by, now=now)
    call_announcement(advisory, now=now)
    return advisory


def _is_public(advisory_id: int) -> bool:
    return Advisory.objects.filter(pk=advisory_id, number__isnull=False).exists()
