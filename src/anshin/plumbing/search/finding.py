"""Reading the index: pages of hits, newest or best first, and how many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from anshin.plumbing.pages import keyset
from anshin.plumbing.search import dialects
from anshin.plumbing.search.conditions import Expression, halves, is_searchable
from anshin.plumbing.search.index import SLOTS
from anshin.plumbing.search.terms import MOST_COUNTED, Hit, Hits, Part, Ranking, Scope, Term
from anshin.plumbing.search.walking import Walk, end_of_shop, rows

_NEWEST: Final = 2**62
_FEW: Final = 500
"""With fewer certain hits than these those in doubt are likely to be few, too."""
_SPILL: Final = SLOTS * SLOTS
"""Keys from the beginning of a second in which documents of the second before may stand that found no place there."""


class NothingToSearch(ValueError):
    """The query asks for nothing that the index could find."""


@dataclass(frozen=True, slots=True)
class Span:
    """A period. Documents of moments from `since` until before `until` lie in it, earlier ones do not, later ones do
    when their rows are among `rows`."""

    since: datetime | None
    until: datetime | None
    rows: QuerySet[Any]


def find(
    terms: Sequence[Term],
    scope: Scope,
    *,
    ranking: Ranking = Ranking.NEWEST,
    size: int,
    cursor: str = "",
    within: QuerySet[Any] | None = None,
    span: Span | None = None,
) -> Hits:
    """The page of hits after `cursor`. `within`: rows whose ids the documents must have.

    Raises NothingToSearch, keyset.BadCursor.
    """
    query = _Query(terms, scope, within, span)
    tier, key = _place(cursor, ranking)
    found: list[tuple[int, Hit]] = []
    if tier == 0:
        found = [(0, hit) for hit in query.hits((Part.HEAD,), before=key, most=size + 1)]
        key = _NEWEST if len(found) <= size else key
    if len(found) <= size:
        rest = query.rest if ranking == Ranking.BEST else query.hits
        found += [(1, hit) for hit in rest(scope.parts, before=key, most=size + 1 - len(found))]
    shown = found[:size]
    more = len(found) > size
    return Hits([hit for _tier, hit in shown], _cursor(*shown[-1], ranking) if more else "")


def find_first(
    terms: Sequence[Term],
    scope: Scope,
    *,
    size: int,
    within: QuerySet[Any] | None = None,
    span: Span | None = None,
) -> tuple[Hits, int]:
    """The first page by newest, and what `count` says of the same; for less than both would cost.

    Raises NothingToSearch.
    """
    found, total = _Query(terms, scope, within, span).newest_and_count(size + 1, MOST_COUNTED + 1)
    shown = found[:size]
    return Hits(shown, _cursor(1, shown[-1], Ranking.NEWEST) if len(found) > size else ""), total


def count(terms: Sequence[Term], scope: Scope, *, within: QuerySet[Any] | None = None, span: Span | None = None) -> int:
    """How many documents fit; MOST_COUNTED + 1 when there are more than MOST_COUNTED. Raises NothingToSearch."""
    return _Query(terms, scope, within, span).newest_and_count(0, MOST_COUNTED + 1)[1]


class _Reach(NamedTuple):
    """Documents after one key and before another, and the rows among which they must be."""

    after: int
    before: int
    within: QuerySet[Any] | None


def _reaches(within: QuerySet[Any] | None, span: Span | None) -> Iterator[_Reach]:
    """The parts of time in which to search, the newest first."""
    before = _NEWEST
    if span and span.until:
        before = _first_key(span.until)
        yield _Reach(before - 1, _NEWEST, span.rows)
    if span is None or span.since is None:
        yield _Reach(-1, before, within)
        return
    first = _first_key(span.since)
    certain = min(first + _SPILL, before)
    yield _Reach(certain - 1, before, within)
    yield _Reach(first - 1, certain, span.rows)


def _first_key(moment: datetime) -> int:
    return max(0, int(moment.timestamp())) * SLOTS


class _Query:
    """A query that has been checked."""

    def __init__(self, terms: Sequence[Term], scope: Scope, within: QuerySet[Any] | None, span: Span | None) -> None:
        self.terms = [term for term in terms if is_searchable(term)]
        if not any(not term.is_excluded for term in self.terms) or not scope.areas:
            raise NothingToSearch
        self.scope, self.reaches = scope, list(_reaches(within, span))
        self._among: dict[int, dialects.Asked] = {}

    def hits(self, parts: Sequence[Part], *, before: int, most: int, among: Collection[int] = ()) -> list[Hit]:
        """The newest hits in these parts before a key, newest first. `among`: only those of these keys."""
        found: list[Hit] = []
        lowest, highest = (min(among) - 1, max(among) + 1) if among else (-1, _NEWEST)
        for reach in self.reaches:
            after, end = max(reach.after, lowest), min(reach.before, before, highest)
            if end - 1 > after and len(found) < most:
                found += self._between(parts, _Reach(after, end, reach.within), most - len(found), 0, among)[0]
        return found

    def rest(self, parts: Sequence[Part], *, before: int, most: int) -> list[Hit]:
        """As `hits`, without those that already fit by their heads."""
        found: list[Hit] = []
        while len(found) < most:
            portion = self.hits(parts, before=before, most=most)
            if portion:
                keys = [hit.key for hit in portion]
                by_head = {hit.key for hit in self.hits((Part.HEAD,), before=_NEWEST, most=len(keys), among=keys)}
                found += [hit for hit in portion if hit.key not in by_head]
                before = keys[-1]
            if len(portion) < most:
                break
        return found[:most]

    def newest_and_count(self, most: int, most_counted: int) -> tuple[list[Hit], int]:
        """The newest hits in all parts, and how many there are, counted up to `most_counted`."""
        hits: list[Hit] = []
        total = 0
        for reach in self.reaches:
            if reach.before - 1 > reach.after and (len(hits) < most or total < most_counted):
                newest, number = self._between(self.scope.parts, reach, most - len(hits), most_counted - total)
                hits, total = hits + newest, total + number
        return hits, total

    def _between(
        self, parts: Sequence[Part], reach: _Reach, most: int, most_counted: int, among: Collection[int] = ()
    ) -> tuple[list[Hit], int]:
        """The newest hits of one reach, and how many there are. Where nothing is counted, what is in doubt need not be
        looked for below a page of certain ones."""
        found: list[Hit] = []
        total = 0
        for place, (expression, conditions) in enumerate(self._halves(parts, reach.within, among)):
            counted = max(0, most_counted - total)
            after = found[most - 1].key if not counted and len(found) >= most > 0 else reach.after
            if after >= reach.before - 1 or (not counted and most <= 0):
                break
            if connection.vendor == "sqlite":
                hits, number = self._read(expression, conditions, (after, reach.before), most, counted)
            else:
                walk = Walk(expression, conditions, self.scope, after, reach.before, self._end)
                hits, number = walk.newest_and_count(max(0, most), counted, is_rare=place > 0 and total < _FEW)
            found, total = found + hits, total + number
        return sorted(found, key=lambda hit: -hit.key)[: max(0, most)], total

    def _read(
        self, expression: Expression, conditions: list[dialects.Asked], ends: tuple[int, int], most: int, counted: int
    ) -> tuple[list[Hit], int]:
        """As SQLite reads: newest first, and no further than it must."""
        limits = {"after": ends[0], "before": ends[1]}
        hits: list[Hit] = []
        if most > 0:
            hits = [Hit(*row) for row in rows(*dialects.newest(expression, conditions, **limits, most=most))]
            if len(hits) < most or not counted:
                return hits, min(len(hits), counted)
        return hits, int(rows(*dialects.number(expression, conditions, **limits, most=counted))[0][0]) if counted else 0

    @cached_property
    def _end(self) -> int:
        return end_of_shop(self.scope.shop_id)

    def _is_among(self, rows_wanted: QuerySet[Any]) -> dialects.Asked:
        """Put together once, though several parts of time may ask for the same."""
        key = id(rows_wanted)
        if key not in self._among:
            self._among[key] = dialects.is_among(rows_wanted)
        return self._among[key]

    def _halves(
        self, parts: Sequence[Part], within: QuerySet[Any] | None, among: Collection[int]
    ) -> list[tuple[Expression, list[dialects.Asked]]]:
        """The query's two halves, each as an expression and conditions."""
        asked = halves(self.terms, self.scope, parts)
        both: list[dialects.Asked] = []
        if among:
            both.append((f"{dialects.key_column()} IN ({', '.join(['%s'] * len(among))})", list(among)))
        if within is not None:
            both.append(self._is_among(within))
        found: list[tuple[Expression, list[dialects.Asked]]] = []
        if asked.certain is not None:
            found.append((asked.certain, both))
        if asked.in_doubt is not None:
            found.append((asked.in_doubt, [*both, *(dialects.looked_at(look, parts) for look in asked.looks)]))
        return found


def _place(cursor: str, ranking: Ranking) -> tuple[int, int]:
    """(tier, key) after which to go on; by newest there is only the second tier."""
    if not cursor:
        return (0 if ranking == Ranking.BEST else 1), _NEWEST
    _backwards, (kind, tier, key) = keyset.decode(cursor, keys=3)
    if kind != ranking.value or tier not in (0, 1) or type(key) is not int:
        raise keyset.BadCursor(cursor)
    return tier, key


def _cursor(tier: int, hit: Hit, ranking: Ranking) -> str:
    return keyset.encode(False, [ranking.value, tier, hit.key])
