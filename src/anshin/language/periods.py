"""Reads the stretch of days that somebody means by a filter: 先週, 今月, 2026-11, 11/1~11/20, 7日間, last week."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anshin.language.dates import read_date
from anshin.language.folding import fold
from anshin.language.terms import Leaning

_MOST_DAYS: Final = 3_660
_RANGE: Final = re.compile(r"^(?P<first>.*?)\s*(?:\.\.|~|から|以降)\s*(?P<last>.*)$")
_DAYS: Final = re.compile(r"^(?:過去|直近|last)?([0-9]{1,4})(?:日間?|days?|d)$")
_MONTH: Final = re.compile(r"^(?:([0-9]{4})[-/.年])?([0-9]{1,2})月?$")
_YEAR: Final = re.compile(r"^([0-9]{4})年?$")
_NAMED: Final = {
    "today": "今日",
    "yesterday": "昨日",
    "thisweek": "今週",
    "lastweek": "先週",
    "thismonth": "今月",
    "lastmonth": "先月",
    "thisyear": "今年",
    "lastyear": "昨年",
    "本日": "今日",
    "前日": "昨日",
    "前週": "先週",
    "前月": "先月",
    "去年": "昨年",
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first_on` to `last_on`, both included; None for no end on that side."""

    first_on: date | None
    last_on: date | None


def read_period(text: str, *, today: date) -> Period | None:
    """The days that are meant, or None. Days without a year lie in the past."""
    plain = fold(text).replace(" ", "")
    plain = _NAMED.get(plain, plain)
    if (found := _RANGE.match(plain)) and (found["first"] or found["last"]):
        return _range(found["first"], found["last"], today)
    return _single(plain, today)


def _range(first: str, last: str, today: date) -> Period | None:
    begin = _single(first, today) if first else Period(None, None)
    end = _single(last, today) if last else Period(None, None)
    if begin is None or end is None:
        return None
    found = Period(begin.first_on, end.last_on)
    is_backwards = found.first_on and found.last_on and found.first_on > found.last_on
    return None if is_backwards else found


def _single(plain: str, today: date) -> Period | None:
    for read in (_days, _named, _month, _year):
        found = read(plain, today)
        if found:
            return found
    day = read_date(plain, today=today, leaning=Leaning.PAST)
    return Period(day.earliest_on, day.latest_on) if day and day.as_written == plain else None


def _days(plain: str, today: date) -> Period | None:
    found = _DAYS.match(plain)
    if not found or not 0 < int(found[1]) <= _MOST_DAYS:
        return None
    return Period(today - timedelta(days=int(found[1]) - 1), today)


def _named(plain: str, today: date) -> Period | None:
    if plain == "今月":
        return Period(today.replace(day=1), today)
    if plain == "今年":
        return Period(date(today.year, 1, 1), today)
    if plain == "昨年":
        return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    return None


def _month(plain: str, today: date) -> Period | None:
    found = _MONTH.match(plain)
    if not found or not 1 <= int(found[2]) <= 12 or (not found[1] and not plain.endswith("月")):
        return None
    month = int(found[2])
    year = int(found[1]) if found[1] else today.year - (month > today.month)
    if not 1 <= year < 9999:
        return None
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(date(year, month, 1), following - timedelta(days=1))


def _year(plain: str, today: date) -> Period | None:  # noqa: ARG001  one form for all
    found = _YEAR.match(plain)
    if not found or not 1980 <= int(found[1]) < 9999:
        return None
    return Period(date(int(found[1]), 1, 1), date(int(found[1]), 12, 31))
