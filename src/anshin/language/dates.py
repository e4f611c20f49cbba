"""Reads the dates people write (令和6年4月1日, 11/2, 来週金曜, 先週) against a given day.

For promises to pay, for date fields and for what is urgent; the forms are in `date_forms`, `named_days`, `spoken_days`.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from anshin.language.date_forms import READERS, WEEKDAYS, Frame, Reader
from anshin.language.folding import half_width
from anshin.language.named_days import NAMED_DAY_READERS
from anshin.language.spoken_days import SPOKEN_DAY_READERS
from anshin.language.terms import Leaning, ReadDate

_ALL_READERS: Final = (*READERS, *NAMED_DAY_READERS, *SPOKEN_DAY_READERS)
_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def read_date(text: str, *, today: date, leaning: Leaning = Leaning.NEAREST) -> ReadDate | None:
    """The first date in the text, or None; see `read_dates`."""
    return next(iter(read_dates(text, today=today, leaning=leaning)), None)


def read_dates(text: str, *, today: date, leaning: Leaning = Leaning.NEAREST) -> tuple[ReadDate, ...]:
    """Every date in the text in reading order, `today` being the day in the shop's zone on which it was written.

    A week runs from Monday to Sunday, so 来週金曜 is the Friday of the next such week. A date without a year takes the
    year in which its weekday fits, else the one `leaning` asks for. Days that do not exist (2月30日) are no dates;
    lengths of time (14日以内, 3日間) are none either. Era years are counted on even past the era's end (平成33年).
    """
    plain = half_width(text).translate(_ASCII_LOWER)
    frame = Frame(today, leaning)
    found = [read for pattern, reader in _ALL_READERS for read in _read_with(pattern, reader, frame, plain, text)]
    kept: list[ReadDate] = []
    for read in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or read.start >= kept[-1].end:
            kept.append(read)
    return tuple(kept)


def weekday_ja(day: date) -> str:
    """The weekday as one character, 月 to 日."""
    return WEEKDAYS[day.weekday()]


def _read_with(pattern: re.Pattern[str], reader: Reader, frame: Frame, plain: str, text: str) -> Iterator[ReadDate]:
    for match in pattern.finditer(plain):
        try:
            days = reader(match, frame)
        except (ValueError, OverflowError):  # a day the calendar does not have
            continue
        if days:
            yield ReadDate(
                on=days.on,
                earliest_on=days.earliest_on or days.on,
                latest_on=days.latest_on or days.on,
                grounds=days.grounds,
                as_written=text[match.start() : match.end()],
                start=match.start(),
                end=match.end(),
            )
