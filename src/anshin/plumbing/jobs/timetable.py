"""What runs by the clock. The entries stand in one visible file of the project, which registers them here.

Any number of workers may look at the timetable: each slot is enqueued once. Slots that passed while nothing ran
are made up for with a single run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db import transaction
from django_tasks.base import Task

from anshin.plumbing.jobs import holding, queue
from anshin.plumbing.jobs.models import Job, TimetableMark

ZONE = ZoneInfo("Asia/Tokyo")
SET_BACK = timedelta(hours=1)


class Rhythm(Protocol):
    """When an entry's slots are."""

    def slot(self, now: datetime) -> datetime:
        """The last slot at or before `now`."""

    def first_mark(self, now: datetime) -> datetime:
        """The slot that counts as enqueued when an entry is seen for the first time."""


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many seconds, on whole multiples since 1970; for the first time at once."""

    seconds: int

    def slot(self, now: datetime) -> datetime:
        return datetime.fromtimestamp(int(now.timestamp()) // self.seconds * self.seconds, UTC)

    def first_mark(self, now: datetime) -> datetime:
        return self.slot(now) - timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at this time in Tokyo; for the first time when that time comes."""

    at: time

    def slot(self, now: datetime) -> datetime:
        local = now.astimezone(ZONE)
        day = local.date() if local.time() >= self.at else local.date() - timedelta(days=1)
        return datetime.combine(day, self.at, ZONE).astimezone(UTC)

    def first_mark(self, now: datetime) -> datetime:
        return self.slot(now)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timetable: its name, its rhythm, and the task or the task's dotted path."""

    name: str
    rhythm: Rhythm
    task: "Task[[], Any] | str"


_entries: tuple[Entry, ...] = ()
_seen: dict[str, datetime] = {}


def register(entries: Sequence[Entry]) -> None:
    """Make these the timetable. Raises ValueError when two entries have one name."""
    global _entries  # noqa: PLW0603  one timetable a process is the point of this module
    if len({entry.name for entry in entries}) != len(entries):
        raise ValueError("Two entries of the timetable have the same name.")
    _entries = tuple(entries)
    _seen.clear()


def entries() -> tuple[Entry, ...]:
    """The timetable as registered."""
    return _entries


def enqueue_due(*, now: datetime) -> list[Job]:
    """Enqueue every entry whose slot has come and was not enqueued yet, by whichever worker is first.

    Between slots it costs no query.
    """
    made = []
    for entry in _entries:
        slot = entry.rhythm.slot(now)
        if _seen.get(entry.name) == slot:
            continue
        if job := _enqueue_once(entry, slot, now=now):
            made.append(job)
        _seen[entry.name] = slot
    return made


def _enqueue_once(entry: Entry, slot: datetime, *, now: datetime) -> Job | None:
    with transaction.atomic():
        first = TimetableMark(name=entry.name, slot_at=entry.rhythm.first_mark(now))
        TimetableMark.objects.bulk_create([first], ignore_conflicts=True)
        mark = TimetableMark.objects.filter(name=entry.name)
        moved = mark.filter(slot_at__lt=slot).update(slot_at=slot)
        if not moved:  # a clock that was set back, as the demo's is, must not silence the timetable
            moved = mark.filter(slot_at__gt=now + SET_BACK).update(slot_at=slot)
        if not moved:
            return None
        with holding.begun_by_clock():
            return queue.enqueue(entry.task, now=now, unique_key=f"timetable:{entry.name}")
