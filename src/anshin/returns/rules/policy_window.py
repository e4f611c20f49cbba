"""Until which day something may be sent back, on the shop's own calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LAW_DAYS = 8
_LONGEST_CLOSURE_DAYS = 60
_DAY = timedelta(days=1)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The date that a clock on the shop's wall shows."""
    return moment.astimezone(zone).date()


def last_day(start_on: date, days: int, *, is_closed: Callable[[date], bool] | None = None) -> date:
    """The last day of “within `days` days of …”. The day of the event itself is not counted.

    `is_closed`: given when the policy moves an end on a closed day to the next open one; a shop closed for longer
    than two months gets no more than that.
    Source: Civil Code of Japan, article 140 (the first day is not counted), article 142 (end on a holiday).
    """
    last = start_on + timedelta(days=days)
    if is_closed is None:
        return last
    moved = last
    while is_closed(moved) and (moved - last).days < _LONGEST_CLOSURE_DAYS:
        moved += _DAY
    return moved


def last_day_by_law(delivered_on: date) -> date:
    """The eighth day from delivery, the day of delivery being the first.

    Source: 特定商取引に関する法律 第15条の3第1項 (引渡しを受けた日から起算して八日), read 2026-11-26.
    """
    return delivered_on + timedelta(days=LAW_DAYS - 1)
