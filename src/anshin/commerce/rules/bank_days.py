"""Decides on which days Japan's banks work.

Source: 銀行法 第15条第1項 and 銀行法施行令 第5条第1項 (Saturdays, Sundays, national holidays, 31 December to
3 January); general knowledge, November 2026, not fetched.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5
_TURN_OF_THE_YEAR = {(12, 31), (1, 1), (1, 2), (1, 3)}


def is_bank_day(day: date) -> bool:
    """Whether banks work on this day."""
    if day.weekday() >= _SATURDAY or (day.month, day.day) in _TURN_OF_THE_YEAR:
        return False
    return day not in _national_holidays(day.year)


def bank_day_from(day: date) -> date:
    """This day when banks work on it, else the next one on which they do."""
    while not is_bank_day(day):
        day += _DAY
    return day


def bank_days_after(day: date, count: int) -> date:
    """The `count`-th bank day after `day`, which is not counted itself; 0: the day, or the next bank day."""
    if count == 0:
        return bank_day_from(day)
    for _step in range(count):
        day = bank_day_from(day + _DAY)
    return day


def first_transfer_day(at: datetime, *, lead_days: int, cut_off: time) -> date:
    """The first day for which a bank still takes a file of transfers at `at`, the shop's own time.

    A file is taken up to `cut_off` on a bank day; later, or on another day, it counts as handed in on the next bank
    day. Money moves `lead_days` bank days after that.
    """
    day = at.date()
    if not is_bank_day(day) or at.time() >= cut_off:
        day = bank_day_from(day + _DAY)
    return bank_days_after(day, lead_days)


@lru_cache(maxsize=16)
def _national_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("JP", years=year))
