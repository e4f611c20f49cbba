"""Stretches of time as tokens, for PostgreSQL: a GIN index hands out all rows of a word, however old, before the newest
can be chosen. A stretch beside the word lets it skip the others. FTS5 reads newest first and needs none of this.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from anshin.plumbing.search.hashing import hashes
from anshin.plumbing.search.terms import Part, Scope

LENGTH: Final = 2**26
"""Keys of one stretch: 12 days."""
MOST: Final = 9
"""Stretches that may stand beside a word; for more it is not worth it."""
_WINDOWS: Final = (1, MOST - 1)


def season(shop_id: int, area: str, key: int) -> str:
    """The token of the stretch in which a document lies."""
    return hashes(shop_id, area, Part.HEAD)[f"\x01{key // LENGTH}"]


def seasons(scope: Scope, after: int, before: int) -> Sequence[str]:
    """The tokens of all stretches between two keys; none when there are too many."""
    first, last = (after + 1) // LENGTH, (before - 1) // LENGTH
    if not 0 <= last - first < MOST:
        return ()
    return [season(scope.shop_id, area, number * LENGTH) for area in scope.areas for number in range(first, last + 1)]


def windows(newest: int) -> Iterator[tuple[int, int]]:
    """Stretches of time from a key backwards, each longer than the one before, as (after, before)."""
    before = newest + 1
    for length in _WINDOWS:
        after = max(0, (newest // LENGTH + 1 - length) * LENGTH) - 1
        yield after, before
        newest, before = after, after + 1
    yield -1, before
