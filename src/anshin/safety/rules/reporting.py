"""What a report on a recall says: its periods and rates, after METI's recall handbook.

消費生活用製品のリコールハンドブック, edition of 2019: every three months in the first year, every six months after it;
実施率 = done / target, 補正実施率 = (done + estimated scrapped) / target.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from anshin.safety.terms import Answer, RemedyKind

_FIRST_YEAR = (3, 6, 9, 12)
_LATER = 6
_LONGEST_YEARS = 30


@dataclass(frozen=True, slots=True)
class Period:
    """Days of one report, both included; `is_over` since the last of them has passed."""

    first: date
    last: date
    is_over: bool


def periods(begun_on: date, *, until: date) -> tuple[Period, ...]:
    """The periods from the release on, the one in which `until` lies included; 30 years at most."""
    ends = [*_FIRST_YEAR, *range(12 + _LATER, 12 * _LONGEST_YEARS + 1, _LATER)]
    found, first = [], begun_on
    for months in ends:
        if first > until:
            break
        following = months_after(begun_on, months)
        found.append(Period(first, following - timedelta(days=1), is_over=following <= until))
        first = following
    return tuple(found)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def rate(done: int, target: int) -> float | None:
    """Percent with one decimal, rounded down so that nothing counts as reached that is not; None without a target."""
    if target <= 0:
        return None
    return min(done, target) * 1000 // target / 10


def makes_it_safe(answer: Answer, remedy: RemedyKind) -> bool:
    """Whether a buyer's word alone settles the matter: it is thrown away, or, where there is no remedy, not used."""
    return answer == Answer.THREW_AWAY or (answer == Answer.STOPPED and remedy == RemedyKind.NONE)


def so_far(by_day: Mapping[date, int], last: date, *, first: date = date.min) -> int:
    """The sum of the days from `first` to `last`, both included."""
    return sum(count for day, count in by_day.items() if first <= day <= last)
