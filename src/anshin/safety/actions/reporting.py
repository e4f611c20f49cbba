"""What reports need beside what happened: how often a notice was shown, how many items are thrown away unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from anshin.safety import events
from anshin.safety.actions.keeping import locked, note
from anshin.safety.actions.refusals import IllegalStep, ReasonNeeded, TooManyScrapped
from anshin.safety.models import Advisory, PageShow, ScrapEstimate
from anshin.safety.queries import report
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def estimate_scrapped(*, by: Membership, advisory_id: int, items: int, ground: str, now: datetime) -> ScrapEstimate:
    """Write down how many affected items are thrown away without a word (推定廃棄数), and on what ground.

    Raises NotAllowed, UnknownAdvisory, IllegalStep before the release, ReasonNeeded, TooManyScrapped.
    """
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    if advisory.number is None:
        raise IllegalStep
    if not ground.strip():
        raise ReasonNeeded
    found = report(advisory, now=now)
    if not 0 <= items <= found.target - found.done:
        raise TooManyScrapped(max(0, found.target - found.done))
    made = ScrapEstimate.objects.create(
        shop_id=advisory.shop_id, advisory=advisory, items=items, ground=ground.strip()[:300], by=by, at=now
    )
    fact = events.ScrapEstimated(advisory_id=advisory.pk, number=advisory.number, items=items)
    note(advisory, fact, by=by, now=now)
    return made


@transaction.atomic
def count_shown(*, shop_id: int, times: Mapping[int, int], first_at: datetime) -> None:
    """Add how often public notices, by their number, were given to shops' pages since `first_at`."""
    on = first_at.astimezone(UTC).date()
    for advisory in Advisory.objects.filter(shop_id=shop_id, number__in=list(times)):
        row = {"shop_id": shop_id, "first_at": first_at}
        shown, _is_new = PageShow.objects.get_or_create(advisory=advisory, on=on, defaults=row)
        PageShow.objects.filter(pk=shown.pk).update(times=F("times") + times[advisory.number or 0])
