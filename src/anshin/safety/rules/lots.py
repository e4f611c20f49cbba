"""Whether a lot lies in a range, compared as people read lots: runs of digits as numbers, the rest as text.

A lot written longer than an end of the range belongs to it when it begins like that end: 2511-03 is of 2511.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_RUNS = re.compile(r"\d+|\D+")

Key = tuple[tuple[int, int, str], ...]


def fits(lot: str, ranges: Sequence[tuple[str, str]]) -> bool | None:
    """Whether the lot lies in one of the ranges, both ends in; None when it is written so differently that nobody can
    say: one has letters in front and the other has not."""
    told = key(lot)
    if not told:
        return None
    answers = [_fits(told, key(start), key(end)) for start, end in ranges]
    if True in answers:
        return True
    return None if None in answers else False


@lru_cache(maxsize=4096)
def key(lot: str) -> Key:
    """The lot in comparable form; width, case and blanks do not count."""
    folded = "".join(unicodedata.normalize("NFKC", lot).casefold().split())
    return tuple((0, int(run), "") if run.isdecimal() else (1, 0, run) for run in _RUNS.findall(folded))


def _fits(told: Key, start: Key, end: Key) -> bool | None:
    if not start or not end:
        return None
    prefix = _prefix(told)
    if prefix != _prefix(start) or prefix != _prefix(end):
        return False if prefix and _prefix(start) and _prefix(end) else None
    return start <= told and told[: len(end)] <= end


def _prefix(lot: Key) -> str:
    return lot[0][2]
