"""Decides when a mailbox is silent for unusually long, from what it is used to. Values in, decision out.

Only opening time counts: nights, closed days and holidays never make a mailbox silent. A mailbox is used to so many
mails in each hour of each weekday, and to pauses of a certain length between two of them. It is silent when about
EXPECTED mails should have come since the last one and none did: were mails independent of each other, that would
happen by chance in about 1 of 3,000 such stretches (e to the power of -8). Since they are not quite, the pause must
also be longer than any pause that is usual there.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]

EXPECTED = 8.0
"""So many mails must be overdue."""
SHORTEST_SILENCE = timedelta(hours=2)
"""Of opening time; a shorter pause is never called silence."""
BEYOND_USUAL = 1.5
"""So many times longer than the longest usual pause."""
FEWEST_DAYS = 14
"""Open days that must have been seen; before that a mailbox is new and nothing is known of it."""
FEWEST_MAILS = 40
OUTAGES_IGNORED = 1
"""So many of the longest pauses do not count as usual: one past outage must not make us deaf for weeks."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a mailbox is used to: mails an open hour by weekday (0 = Monday) and hour, and its longest usual pause."""

    rates: tuple[tuple[float, ...], ...]
    usual_pause_minutes: int


@dataclass(frozen=True, slots=True)
class Silence:
    """How long no mail has come, in minutes of opening time, and how many mails usually come in such a stretch."""

    open_minutes: int
    expected_count: int
    usual_pause_minutes: int


def learn(moments: Sequence[datetime], spans: Sequence[Span], zone: ZoneInfo) -> Rhythm | None:
    """What the mailbox is used to, from the moments of its mails (ascending) and the opening time in which they came.

    None while too little is known.
    """
    if not moments:
        return None
    first, last = moments[0], moments[-1]  # before the first it did not exist, after the last it may be silent
    spans = [(max(begin, first), min(end, last)) for begin, end in spans if begin < last and end > first]
    days = {begin.astimezone(zone).date() for begin, _end in spans}
    inside = [moment for moment in moments if _is_inside(moment, spans)]
    if len(days) < FEWEST_DAYS or len(inside) < FEWEST_MAILS:
        return None
    seconds = [[0.0] * 24 for _weekday in range(7)]
    for weekday, hour, length in _hours(spans, zone):
        seconds[weekday][hour] += length.total_seconds()
    mails = [[0] * 24 for _weekday in range(7)]
    for moment in inside:
        local = moment.astimezone(zone)
        mails[local.weekday()][local.hour] += 1
    rates = tuple(
        tuple(count * 3600 / length if length else 0.0 for count, length in zip(row, lengths, strict=True))
        for row, lengths in zip(mails, seconds, strict=True)
    )
    return Rhythm(rates, _usual_pause(moments, spans))


def silence(rhythm: Rhythm, spans: Sequence[Span], zone: ZoneInfo) -> Silence | None:
    """Whether the opening time since the last mail, `spans`, makes an unusually long silence; None when it does not."""
    passed = sum((end - begin for begin, end in spans), timedelta())
    expected = sum(rhythm.rates[weekday][hour] * (length / HOUR) for weekday, hour, length in _hours(spans, zone))
    usual = timedelta(minutes=rhythm.usual_pause_minutes)
    if passed < SHORTEST_SILENCE or expected < EXPECTED or passed < usual * BEYOND_USUAL:
        return None
    return Silence(int(passed / timedelta(minutes=1)), round(expected), rhythm.usual_pause_minutes)


def _usual_pause(moments: Sequence[datetime], spans: Sequence[Span]) -> int:
    """Minutes of opening time between two mails at most, but for past outages."""
    passed = [timedelta()]
    for begin, end in spans:
        passed.append(passed[-1] + end - begin)
    begins = [begin for begin, _end in spans]

    def open_time_until(moment: datetime) -> timedelta:
        place = bisect_right(begins, moment)
        if not place:
            return timedelta()
        begin, end = spans[place - 1]
        return passed[place - 1] + min(moment, end) - begin

    marks = [open_time_until(moment) for moment in moments]
    pauses = sorted((after - before for before, after in pairwise(marks)), reverse=True)
    return int(pauses[OUTAGES_IGNORED] / timedelta(minutes=1)) if len(pauses) > OUTAGES_IGNORED else 0


def _is_inside(moment: datetime, spans: Sequence[Span]) -> bool:
    place = bisect_right(spans, moment, key=lambda span: span[0])
    return place > 0 and moment < spans[place - 1][1]


def _hours(spans: Sequence[Span], zone: ZoneInfo) -> list[tuple[int, int, timedelta]]:
    """The stretches cut at full hours: weekday, hour, length."""
    parts = []
    for begin, end in spans:
        moment = begin
        while moment < end:
            local = moment.astimezone(zone)
            next_hour = (
                moment + HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            )
            parts.append((local.weekday(), local.hour, min(next_hour, end) - moment))
            moment = next_hour
    return parts
