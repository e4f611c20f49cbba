"""After a restore: what the clock begins and leaves the house is held, shop by shop, until a person says go on.

Since the backup was made it may have been done already, and only people know. What somebody does at a page is not held,
nor what follows from it: the mark "the timetable began it" goes from each job to those that it enqueues.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime

from anshin.plumbing.jobs.models import RestoreHold

HELD = "restored_clock"
"""The reason of a job that waits for this; `restored` is that of one that was waiting when the backup was made."""
REASONS = ("restored", HELD)

_by_clock: ContextVar[bool] = ContextVar("job_by_clock", default=False)


class _Known:
    """Whether this process has seen that no hold is open. None can begin while it runs: a backup is put back only
    where nothing is, before the first process starts."""

    is_none_open = False


def is_by_clock() -> bool:
    """Whether what runs here was begun by the timetable."""
    return _by_clock.get()


@contextmanager
def begun_by_clock(is_so: bool = True) -> Iterator[None]:
    """What is enqueued inside was begun by the timetable, or was not."""
    former = _by_clock.set(is_so)
    try:
        yield
    finally:
        _by_clock.reset(former)


def decided() -> AbstractContextManager[None]:
    """What is enqueued inside goes its way: the room has asked by itself what may leave after a restore."""
    return begun_by_clock(False)


def open_holds() -> Mapping[int, datetime]:
    """The shops that have not gone on since a restore, each with the moment of it; no query where there is none."""
    if _Known.is_none_open:
        return {}
    found = dict(RestoreHold.objects.filter(ended_at=None).values_list("shop_id", "restored_at"))
    _Known.is_none_open = not found
    return found


def is_held(shop_id: int | None) -> bool:
    """Whether what the clock begins in this shop, or for no shop in particular, must wait."""
    found = open_holds()
    return bool(found) if shop_id is None else shop_id in found


def look_again() -> None:
    """Ask the database anew from now on."""
    _Known.is_none_open = False


def none_is_open() -> None:
    """Take for granted that nothing is held; for tests, whose database is new."""
    _Known.is_none_open = True
