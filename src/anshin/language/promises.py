"""Finds what a text of ours promises: that we shall do something, and by when.

For the ledger of promises. Japanese, English, both kinds of Chinese, Korean. What is asked of the customer, what
depends on them, what we refuse and what we say of the usual way is no promise. A hint for a person, who confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from anshin.language.dates import read_dates
from anshin.language.folding import half_width
from anshin.language.promise_words import (
    ASKS,
    BY_HOUR,
    BY_HOUR_EN,
    COMMITS,
    CONTACT,
    KANJI_DIGITS,
    KANJI_SPAN,
    MORNING,
    NOT_OURS,
    SENTENCE,
    SPANS,
    VAGUE,
    WEEKDAY_ZH,
)
from anshin.language.terms import Leaning

_LONGEST_QUOTE = 300
_QUOTED = re.compile(r"^[ \t]*[>＞].*$", re.MULTILINE)
_NOON = time(12, 0)


class Until(StrEnum):
    """How the end of a promise is told."""

    DAY = "day"
    DAYS = "days"
    BUSINESS_DAYS = "business"
    HOURS = "hours"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class SpokenPromise:
    """A sentence in which we promise something. `on` with DAY; `count` with DAYS, BUSINESS_DAYS and HOURS; `at` when a
    time of the day is named."""

    quote: str
    start: int
    until: Until
    on: date | None = None
    count: int = 0
    at: time | None = None


def promises_in(text: str, *, today: date) -> tuple[SpokenPromise, ...]:
    """Every promise in the text in reading order, each sentence once. `today`: the day on which it leaves."""
    found: dict[str, SpokenPromise] = {}
    for start, sentence in _sentences(text):
        promise = _promise(sentence, start, today)
        if promise is not None:
            found.setdefault(promise.quote, promise)
    return tuple(found.values())


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    own = _QUOTED.sub(lambda line: " " * len(line.group()), text)
    for match in SENTENCE.finditer(own):
        if sentence := match.group().strip():
            yield match.start(), sentence


def _promise(sentence: str, start: int, today: date) -> SpokenPromise | None:
    plain = half_width(sentence)
    plain = KANJI_SPAN.sub(
        lambda match: "-".join(match.group().translate(KANJI_DIGITS).replace("、", "").replace("・", "")), plain
    )
    bound = [match for pattern in COMMITS for match in pattern.finditer(plain)]
    if not bound or NOT_OURS.search(plain) or ASKS.search(plain):
        return None
    quote = sentence[:_LONGEST_QUOTE]
    ends = sorted(_ends(plain, today), key=lambda each: each[0])
    before = [end for at, end in ends if at < bound[0].end()]
    if ends:
        until, on, count = before[-1] if before else ends[0][1]
        return SpokenPromise(quote, start, until, on, count, _time_of(plain))
    if VAGUE.search(plain) and CONTACT.search(plain):
        return SpokenPromise(quote, start, Until.SOON)
    return None


def _ends(plain: str, today: date) -> Iterator[tuple[int, tuple[Until, date | None, int]]]:
    """Where an end is told, and which. A length of time hides a date that would be read in the same place."""
    taken: list[tuple[int, int]] = []
    for unit, pattern in SPANS:
        for match in pattern.finditer(plain):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            count = 1 if "one" in match.re.groupindex else int(match["most"])
            yield match.start(), _span(unit, count)
    for read in read_dates(plain, today=today, leaning=Leaning.FUTURE):
        if read.latest_on >= today and not any(read.start < end and start < read.end for start, end in taken):
            yield read.start, (Until.DAY, read.latest_on, 0)
            taken.append((read.start, read.end))
    for match in WEEKDAY_ZH.finditer(plain):
        if not any(match.start() < end and start < match.end() for start, end in taken):
            weekday = "一二三四五六日".find(match[1].replace("天", "日"))
            yield match.start(), (Until.DAY, today + timedelta(days=(weekday - today.weekday()) % 7), 0)


def _span(unit: str, count: int) -> tuple[Until, date | None, int]:
    if unit == "weeks":
        return Until.DAYS, None, count * 7
    return {"business": Until.BUSINESS_DAYS, "hours": Until.HOURS, "days": Until.DAYS}[unit], None, count


def _time_of(plain: str) -> time | None:
    """15時まで, 午前中, by 3 pm."""
    if match := BY_HOUR.search(plain):
        minutes = {None: 0, "半": 30}.get(match[3], int("".join(filter(str.isdigit, match[3] or "")) or 0))
        return _clock(int(match[2]), minutes, is_late=match[1] in {"午後", "下午", "오후"})
    if match := BY_HOUR_EN.search(plain):
        return _clock(int(match[1]) % 12, int(match[2] or 0), is_late=match[3].lower().startswith("p"))
    return _NOON if MORNING.search(plain) else None


def _clock(hour: int, minute: int, *, is_late: bool) -> time | None:
    hour = hour + 12 if is_late and hour < 12 else hour
    return time(hour, minute) if hour < 24 and minute < 60 else None
