"""Times as publishers write them: ISO 8601, RFC 822, American, 20261121, 令和8年11月21日; and what zone they mean."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from anshin.language.dates import read_date
from anshin.language.terms import Grounds
from anshin.plumbing.mail.dates import moment as written_moment

_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?)?", re.I)
_CLOCK: Final = re.compile(r"(午前|午後)?\s*(\d{1,2})\s*[:時]\s*(\d{1,2})?")
_LONGEST: Final = 100
_FULL: Final = frozenset({Grounds.FULL_DATE, Grounds.ERA_DATE})


@dataclass(frozen=True, slots=True)
class Told:
    """A moment in UTC, or that a zone has to be asked for; neither when the words make no sense."""

    at: datetime | None = None
    asks_zone: bool = False


def told(words: str, *, zone: str, today: date, american: bool = False) -> Told:
    """What a time means. A day alone is its first minute. `zone` (IANA) is taken where none is written; "" asks for it.
    `american`: 11/07/2026 is 7 November; without it, that makes no sense, since it may be 11 July."""
    text = words.strip()[:_LONGEST]
    try:
        local, at = _read(text, today=today, american=american)
    except (ValueError, OverflowError):
        return Told()
    if at is not None:
        return Told(at)
    if local is None:
        return Told()
    if not zone:
        return Told(asks_zone=True)
    try:
        return Told(local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))
    except OverflowError:
        return Told()


def _read(text: str, *, today: date, american: bool) -> tuple[datetime | None, datetime | None]:
    """(a time without a zone, a moment): one of them, or none."""
    if found := _COMPACT.fullmatch(text):
        year, month, day = map(int, found.groups())
        return datetime(year, month, day), None  # noqa: DTZ001
    if found := _SLASHED.match(text):
        return _slashed(found, american=american), None
    if re.match(r"[0-9A-Za-z０-９]", text):
        at, defect = written_moment(text)
        if at is not None:
            return (at.replace(tzinfo=None), None) if defect else (None, at)
    if (day_read := read_date(text, today=today)) and day_read.grounds in _FULL:
        return datetime.combine(day_read.on, _clock(text[day_read.end :])), None
    return None, None


def _slashed(found: re.Match[str], *, american: bool) -> datetime | None:
    """11/24/2026 is American, 24/11/2026 European; 11/07/2026 is one of both, and None where nobody knows which."""
    first, second, year = (int(each) for each in found.groups()[:3])
    if not american and first <= 12 and second <= 12 and first != second:
        return None
    month, day = (second, first) if first > 12 and not american else (first, second)
    hour, minute, seconds = (int(each or 0) for each in found.groups()[3:6])
    if half := (found[7] or "").upper():
        hour = hour % 12 + (12 if half == "PM" else 0)
    return datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001


def _clock(rest: str) -> time:
    found = _CLOCK.search(rest[:30])
    if found is None:
        return time()
    hour = int(found[2]) + (12 if found[1] == "午後" and int(found[2]) < 12 else 0)
    return time(hour % 24, int(found[3] or 0))
