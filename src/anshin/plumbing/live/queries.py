"""What an open page has missed and what is new, read from the table of live events."""

from collections.abc import Collection
from datetime import timedelta

from django.db import connection
from django.db.models import Q

from anshin.plumbing.live.models import LiveEvent

LATE_COMMITS = timedelta(seconds=10)
"""On PostgreSQL an event with a lower number may be committed later; a page that comes back gets this much again."""


def newest_id() -> int:
    """The number of the newest event of all shops; 0 when there is none."""
    return LiveEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def missed(shop_id: int, channels: Collection[str], last_id: int) -> list[LiveEvent] | None:
    """The events of these channels after `last_id`, oldest first; None when too much has been forgotten to tell."""
    last = LiveEvent.objects.filter(pk=last_id).first()
    if last is None:
        return None
    after = Q(pk__gt=last_id)
    if connection.vendor == "postgresql":
        after |= Q(pk__lt=last_id, at__gt=last.at - LATE_COMMITS)
    return list(LiveEvent.objects.filter(after, shop_id=shop_id, channel__in=channels).order_by("pk"))


def events_after(last_id: int, limit: int) -> list[LiveEvent]:
    """The next events of all shops, for a hub that looks into the table."""
    return list(LiveEvent.objects.filter(pk__gt=last_id).order_by("pk")[:limit])


def events_of(ids: Collection[int]) -> list[LiveEvent]:
    """The events of these numbers that still exist, oldest first."""
    return list(LiveEvent.objects.filter(pk__in=ids).order_by("pk"))
