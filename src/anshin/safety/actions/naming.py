"""Who may see a sealed advisory, and that somebody looked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.safety import events
from anshin.safety.actions.keeping import locked, note, tell_gone
from anshin.safety.actions.refusals import LastInsider, NotOfThisShop
from anshin.safety.models import Advisory, Insider, Look
from anshin.safety.queries import advisory_by_key
from anshin.safety.terms import LookedAt
from anshin.shops.queries import colleagues
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def name_insider(*, by: Membership, advisory_id: int, membership_id: int, now: datetime) -> Insider:
    """Let a colleague see it from now on; the same again changes nothing.

    Raises NotAllowed, UnknownAdvisory, NotOfThisShop.
    """
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    member = next((each for each in colleagues(by.shop) if each.pk == membership_id), None)
    if member is None:
        raise NotOfThisShop
    named, is_new = Insider.objects.get_or_create(
        advisory=advisory,
        membership=member,
        defaults={"shop_id": advisory.shop_id, "named_by": by, "named_at": now},
    )
    if not is_new and named.removed_at is None:
        return named
    if not is_new:
        named.named_by, named.named_at, named.removed_at = by, now, None
        named.save()
    note(
        advisory,
        events.AdvisoryNamed(advisory_id=advisory.pk, person_id=member.person_id, is_named=True),
        by=by,
        now=now,
    )
    return named


@transaction.atomic
def remove_insider(*, by: Membership, advisory_id: int, membership_id: int, now: datetime) -> None:
    """Let somebody see it no longer; their open pages of it close. Raises NotAllowed, UnknownAdvisory, LastInsider."""
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    named = advisory.insiders.filter(removed_at=None)
    leaving = named.filter(membership_id=membership_id).select_related("membership").first()
    if leaving is None:
        return
    if not named.exclude(pk=leaving.pk).exists():
        raise LastInsider
    leaving.removed_at = now
    leaving.save(update_fields=["removed_at"])
    person_id = leaving.membership.person_id
    note(advisory, events.AdvisoryNamed(advisory_id=advisory.pk, person_id=person_id, is_named=False), by=by, now=now)
    if advisory.number is None:
        tell_gone(advisory, person_id=person_id, now=now)


@transaction.atomic
def look(*, by: Membership, key: str, what: LookedAt, now: datetime) -> Advisory | None:
    """The advisory for a page that shows `what` of it, the look written down while it is sealed; None if there is none
    for this person."""
    advisory = advisory_by_key(by, key)
    if advisory is not None and advisory.number is None:
        Look.objects.create(shop_id=advisory.shop_id, advisory=advisory, membership=by, what=what, at=now)
    return advisory
