"""When a publisher's server is asked again, and which entries a list has dropped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

LONGEST: Final = timedelta(days=1)


def wait(*, every_minutes: int, failures: int, retry_after: timedelta | None = None) -> timedelta:
    """Until the next question: the feed's own time, doubled with each failure in a row, at most a day; never sooner
    than the server wants."""
    own = timedelta(minutes=every_minutes)
    doubled: timedelta = max(own, min(own * (1 << min(failures, 12)), LONGEST))
    return max(doubled, retry_after or timedelta())


def window_start(published: Iterable[datetime | None]) -> datetime | None:
    """Since when a list is complete: its oldest entry. What is older has only run out of the list. None where no entry
    says when it was published: then the list is taken as complete."""
    return min((each for each in published if each is not None), default=None)


def is_gone(published_at: datetime | None, *, since: datetime | None) -> bool:
    """Whether an entry that the list does not have any more was taken out, and not only pushed out by newer ones."""
    if since is None:
        return published_at is None
    return published_at is not None and published_at > since
