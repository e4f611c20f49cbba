"""Stretches of time as tokens, for PostgreSQL: a GIN index hands out all rows of a word, however old, before the newest
can be chosen. A stretch beside the word lets it skip the others. FTS5 reads newest first and needs none of this.

Each document has two: a long stretch and a short one. Many cases make a long one too wide for a page of 25, few make
short ones too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from anshin.plumbing.search.hashing import hashes
from anshin.plumbing.search.terms import Part, Scope

LONG: Final = 2**26
"""Keys of a long stretch: 12 days."""
SHORT: Final = 2**22
"""Keys of a short stretch: 18 hours."""
MOST: Final = 48
"""Stretches that may stand beside a word."""


def season(shop_id: int, area: str, key: int) -> str:
    """The token of the long stretch in which a document lies."""
    return hashes(shop_id, area, Part.HEAD)[f"\x01{key // LONG}"]


def short_season(shop_id: int, area: str, key: int) -> str:
    """The token of its short stretch."""
    return hashes(shop_id, area, Part.HEAD)[f"\x02{key // SHORT}"]


@dataclass(frozen=True, slots=True)
class Window:
    """The keys after one and before another, with tokens of stretches in which they all lie; none when there would be
    too many. `is_exact`: no other key lies in these."""

    after: int
    before: int
    tokens: tuple[str, ...] = ()
    is_exact: bool = False


def window(scope: Scope, after: int, before: int, *, short_from: int = 0) -> Window:
    """The window between two keys. Documents before `short_from` may lack the token of their short stretch."""
    first, end = max(0, after + 1), max(0, before)
    stretches: list[tuple[int, int]] = []
    for stretch in _stretches(first, end, short_from):
        if len(stretches) >= MOST:
            return Window(after, before)
        stretches.append(stretch)
    if not stretches:
        return Window(after, before)
    lowest, highest = stretches[0][0], stretches[-1][0] + stretches[-1][1]
    tokens = [_token(scope.shop_id, area, *each) for area in scope.areas for each in stretches]
    return Window(after, before, tuple(tokens), is_exact=lowest == first and highest == end)


def start_of(key: int) -> int:
    """The key with which its short stretch begins."""
    return key // SHORT * SHORT


def end_of(key: int) -> int:
    """The first key after its short stretch."""
    return start_of(key) + SHORT


def _stretches(first: int, end: int, short_from: int) -> Iterator[tuple[int, int]]:
    """(first key, length) of stretches from `first` to `end`, as few as possible that hold little else."""
    place = first
    while place < end:
        long = place // LONG * LONG
        is_long = place < short_from or (place - long < SHORT and long + LONG - end < SHORT)
        start, length = (long, LONG) if is_long else (start_of(place), SHORT)
        yield start, length
        place = start + length


def _token(shop_id: int, area: str, start: int, length: int) -> str:
    return (season if length == LONG else short_season)(shop_id, area, start)
