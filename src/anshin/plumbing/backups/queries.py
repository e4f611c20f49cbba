"""What the owner's page and the nightly look ask of the backups."""

from datetime import datetime, timedelta

from anshin.plumbing.backups.models import Backup
from anshin.plumbing.backups.terms import State

STALE_AFTER = timedelta(hours=36)
"""A night that was missed, and half a day to mend it."""


def newest(rows: int = 30) -> list[Backup]:
    """The attempts of late, newest first."""
    return list(Backup.objects.order_by("-begun_at", "-id")[:rows])


def newest_whole() -> Backup | None:
    """The newest backup that can be put back."""
    good = Backup.objects.filter(state__in=[State.WHOLE, State.LACKING])
    return good.order_by("-begun_at", "-id").first()


def is_stale(*, now: datetime) -> bool:
    """Whether the newest good backup is too old, or there is none."""
    found = newest_whole()
    return found is None or found.begun_at < now - STALE_AFTER
