"""The second person: approve, send back. An approval is for exactly what stands there, and is void after a change."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.plumbing.jobs.queue import enqueue
from anshin.safety import events
from anshin.safety.actions import releasing
from anshin.safety.actions.keeping import locked, note, step
from anshin.safety.actions.refusals import IllegalStep, MovedOn, NotReady, OwnWork, ReachesTooMuch, ReasonNeeded
from anshin.safety.models import Advisory, Edition
from anshin.safety.queries import is_asked_twice, matched_products, sought_by, standing_in_the_way, working_content
from anshin.safety.rules import content, reaching
from anshin.safety.terms import AdvisoryState
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_RELEASE = "anshin.safety.jobs.release_due"


@transaction.atomic
def approve(*, by: Membership, advisory_id: int, seen_version: int, now: datetime) -> Advisory:
    """Approve the facts and words that were seen: for release at the publication time, or, of a public advisory, as a
    correction that is live at once.

    Raises NotAllowed, UnknownAdvisory, OwnWork (the author, or who last changed a fact), MovedOn, NotReady,
    ReachesTooMuch, IllegalStep.
    """
    advisory = locked(by, advisory_id, Permission.APPROVE_SAFETY)
    if advisory.author_id == by.pk:
        raise OwnWork
    if advisory.facts_version != seen_version:
        raise MovedOn
    if not standing_in_the_way(advisory).is_ready:
        raise NotReady
    if is_asked_twice(advisory):
        raise ReachesTooMuch
    is_correction = advisory.state == AdvisoryState.RELEASED
    if is_correction and advisory.approved_version == advisory.facts_version:
        raise IllegalStep
    if not is_correction:
        step(advisory, AdvisoryState.APPROVED)
    advisory.approved_by, advisory.approved_at, advisory.approved_version = by, now, advisory.facts_version
    advisory.sent_back_words = ""
    advisory.save()
    edition = Edition.objects.create(
        shop_id=advisory.shop_id,
        advisory=advisory,
        version=advisory.facts_version,
        content=content.to_json(working_content(advisory)),
        reach=reaching.to_json(sought_by(advisory)),
        picture_id=advisory.picture_id,
        author_id=advisory.author_id,
        approved_by=by,
        approved_at=now,
    )
    fact = events.AdvisoryApproved(advisory_id=advisory.pk, version=advisory.facts_version)
    note(advisory, fact, by=by, now=now)
    if is_correction:
        releasing.put_live(advisory, edition, by=by, now=now)
    else:
        call_release(advisory, now=now)
    return advisory


@transaction.atomic
def confirm_wide(*, by: Membership, advisory_id: int, products: int, now: datetime) -> Advisory:
    """Say a second time that the matches, half of the catalogue or more, are meant; `products`: the number shown.

    Asked twice, nothing happens. Raises NotAllowed, UnknownAdvisory, IllegalStep, MovedOn (it is another number now).
    """
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    if advisory.state in {AdvisoryState.WITHDRAWN, AdvisoryState.CLOSED}:
        raise IllegalStep
    if matched_products(sought_by(advisory)) != products:
        raise MovedOn
    if advisory.wide_yes_to != products:
        advisory.wide_yes_to = products
        advisory.save(update_fields=["wide_yes_to"])
        note(advisory, events.AdvisoryWideConfirmed(advisory_id=advisory.pk, products=products), by=by, now=now)
    return advisory


@transaction.atomic
def send_back(*, by: Membership, advisory_id: int, words: str, now: datetime) -> Advisory:
    """Take an approval back, or say no to one that waits; `words` says why.

    Raises NotAllowed, UnknownAdvisory, IllegalStep, ReasonNeeded.
    """
    advisory = locked(by, advisory_id, Permission.APPROVE_SAFETY)
    if not AdvisoryState(advisory.state).is_sealed:
        raise IllegalStep
    if not words.strip():
        raise ReasonNeeded
    void_approval(advisory, reason="sent_back", by=by, now=now)
    advisory.sent_back_words = words.strip()
    advisory.save()
    return advisory


def void_approval(advisory: Advisory, *, reason: str, by: Membership, now: datetime) -> None:
    """Make the approval of a locked advisory void, without saving it. What is public stays as it was approved."""
    if advisory.state == AdvisoryState.APPROVED:
        step(advisory, AdvisoryState.DRAFT)
        advisory.approved_by = advisory.approved_at = advisory.approved_version = None
        note(advisory, events.AdvisoryApprovalWithdrawn(advisory_id=advisory.pk, reason=reason), by=by, now=now)


def call_release(advisory: Advisory, *, now: datetime) -> None:
    """Have whatever is due looked for at the publication time. The job names neither shop nor advisory."""
    if advisory.publish_at is not None:
        enqueue(_RELEASE, run_at=max(advisory.publish_at, now), now=now)
