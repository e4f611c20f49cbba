"""Reading the index: pages of hits, newest or best first, and how many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from anshin.plumbing.pages import keyset
from anshin.plumbing.prepared import Prepared, write_returning
from anshin.plumbing.search import dialects
from anshin.plumbing.search.conditions import Expression, halves, is_searchable
from anshin.plumbing.search.index import SLOTS
from anshin.plumbing.search.models import IndexedDocument
from anshin.plumbing.search.seasons import seasons, windows
from anshin.plumbing.search.terms import MOST_COUNTED, Hit, Hits, Part, Ranking, Scope, Term

_NEWEST = 2**62
_COMMON = 3_000
"""From so many hits on PostgreSQL goes from stretch to stretch of time."""
_RARE: Final = 100
"""With fewer hits in the newest stretch it counts the others all at once."""

_NEWEST_KEY: Final = Prepared(
    lambda shop: IndexedDocument.objects.filter(shop_id=shop).order_by("-key").values_list("key")[:1], shop=int
)


class NothingToSearch(ValueError):
    """The query asks for nothing that the index could find."""


def find(
    terms: Sequence[Term],
    scope: Scope,
    *,
    ranking: Ranking = Ranking.NEWEST,
    size: int,
    cursor: str = "",
    within: QuerySet[Any] | None = None,
    since: datetime | None = None,
    expected: int = 0,
) -> Hits:
    """The page of hits after `cursor`. `within`: rows whose ids the documents must have. `since`: the earliest moment
    that a document may be of. `expected`: what `count` said, by which the way is chosen.

    Raises NothingToSearch, keyset.BadCursor.
    """
    query = _Query(terms, scope, within, since=since, is_common=expected > _COMMON)
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
    since: datetime | None = None,
) -> tuple[Hits, int]:
    """The first page by newest, and what `count` says of the same; for less than both would cost.

    Raises NothingToSearch.
    """
    query = _Query(terms, scope, within, since=since)
    found, total = query.newest_and_count(size + 1)
    shown = found[:size]
    return Hits(shown, _cursor(1, shown[-1], Ranking.NEWEST) if len(found) > size else ""), total


def count(
    terms: Sequence[Term], scope: Scope, *, within: QuerySet[Any] | None = None, since: datetime | None = None
) -> int:
    """How many documents fit; MOST_COUNTED + 1 when there are more than MOST_COUNTED. Raises NothingToSearch."""
    return _Query(terms, scope, within, since=since).count(MOST_COUNTED + 1)


class _Query:
    """A query that has been checked."""

    def __init__(
        self,
        terms: Sequence[Term],
        scope: Scope,
        within: QuerySet[Any] | None,
        *,
        since: datetime | None = None,
        is_common: bool = False,
    ) -> None:
        self.terms = [term for term in terms if is_searchable(term)]
        if not any(not term.is_excluded for term in self.terms) or not scope.areas:
            raise NothingToSearch
        self.scope, self.within, self.is_common = scope, within, is_common
        self.floor = max(0, int(since.timestamp())) * SLOTS - 1 if since else -1

    def hits(self, parts: Sequence[Part], *, before: int, most: int, among: Collection[int] = ()) -> list[Hit]:
        """The newest hits in these parts before a key, newest first."""
        found: list[Hit] = []
        for after, until in self._windows(before, among):
            found += self._between(parts, max(after, self.floor), until, most - len(found), among)
            if len(found) >= most or after <= self.floor:
                break
        return found

    def _windows(self, before: int, among: Collection[int]) -> Iterable[tuple[int, int]]:
        if connection.vendor == "sqlite" or among:
            return [(-1, before)]
        if not self.is_common:
            return [(-1, min(before, self._end) if self.floor >= 0 else before)]
        shown = IndexedDocument.objects.filter(shop_id=self.scope.shop_id, key__lt=before)
        newest = shown.order_by("-key").values_list("key", flat=True).first()
        return [] if newest is None else windows(newest)

    def _between(self, parts: Sequence[Part], after: int, before: int, most: int, among: Collection[int]) -> list[Hit]:
        """The newest hits between two keys. What is in doubt need not be looked for below a page of certain ones."""
        found: list[Hit] = []
        for expression, conditions in self._halves(parts, among):
            if len(found) >= most:
                after = found[most - 1].key
            asked = dialects.newest(
                self._dated(expression, after, before), conditions, after=after, before=before, most=most
            )
            found += [Hit(*row) for row in _rows(*asked)]
        return sorted(found, key=lambda hit: -hit.key)[:most]

    def _dated(self, expression: Expression, after: int, before: int) -> Expression:
        stretches = () if connection.vendor == "sqlite" else seasons(self.scope, after, before)
        return ("and", [expression, ("or", list(stretches))]) if stretches else expression

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

    def newest_and_count(self, most: int) -> tuple[list[Hit], int]:
        """The newest hits in all parts, and how many there are."""
        if connection.vendor == "sqlite":
            found = self.hits(self.scope.parts, before=_NEWEST, most=most)
            return found, len(found) if len(found) < most else self.count(MOST_COUNTED + 1)
        hits: list[Hit] = []
        total = 0
        for expression, conditions in self._halves(self.scope.parts):
            newest, number = self._newest_and_count(expression, conditions, most, MOST_COUNTED + 1 - total)
            hits, total = hits + newest, total + number
        return sorted(hits, key=lambda hit: -hit.key)[:most], total

    def _newest_and_count(
        self, expression: Expression, conditions: list[dialects.Asked], most: int, most_counted: int
    ) -> tuple[list[Hit], int]:
        """Of one half. Once the page is full, what is older is only counted."""
        found: list[Hit] = []
        total, stretches = 0, list(self._stretches())
        while stretches and (total < most_counted or len(found) < most):
            after, before = stretches.pop(0)
            dated = self._dated(expression, after, before)
            if len(found) < most:
                limits = {"most": most, "counted": MOST_COUNTED + 1}
                asked = dialects.newest_of_all(dated, conditions, after=after, before=before, **limits)
                rows = _rows(*asked, is_kept=not conditions)
                found += [Hit(key, object_id) for _total, key, object_id in rows if key is not None]
                total += rows[0][0]
            else:
                left = most_counted - total
                asked = dialects.number(dated, conditions, after=after, before=before, most=left)
                total += _rows(*asked, is_kept=not conditions)[0][0]
            if stretches and total < _RARE:
                stretches = [(self.floor, stretches[0][1])]
        return found[:most], min(total, most_counted)

    def count(self, most: int) -> int:
        total = 0
        for expression, conditions in self._halves(self.scope.parts):
            total += self._count(expression, conditions, most - total)
        return total

    def _count(self, expression: Expression, conditions: list[dialects.Asked], most: int) -> int:
        """Those that meet one half of the query: what is common is counted before all its rows were looked up."""
        total, stretches = 0, list(self._stretches())
        while stretches and total < most:
            after, before = stretches.pop(0)
            dated = self._dated(expression, after, before)
            asked = dialects.number(dated, conditions, after=after, before=before, most=most - total)
            total += _rows(*asked, is_kept=not conditions)[0][0]
            if stretches and total < _RARE:
                stretches = [(self.floor, stretches[0][1])]
        return total

    def _stretches(self) -> Iterable[tuple[int, int]]:
        """Where to count one after the other, as (after, before)."""
        if connection.vendor == "sqlite":
            return [(self.floor, _NEWEST)]
        if self.floor >= 0:
            return [(self.floor, self._end)]
        return windows(self._end - 1)

    @cached_property
    def _end(self) -> int:
        """The key behind which the shop has no document."""
        rows = _NEWEST_KEY.tuples(shop=self.scope.shop_id)
        return rows[0][0] + 1 if rows else 1

    def _halves(
        self, parts: Sequence[Part], among: Collection[int] = ()
    ) -> list[tuple[Expression, list[dialects.Asked]]]:
        """The query's two halves, each as an expression and conditions."""
        asked = halves(self.terms, self.scope, parts)
        both: list[dialects.Asked] = []
        if among:
            both.append((f"{dialects.key_column()} IN ({', '.join(['%s'] * len(among))})", list(among)))
        if self.within is not None:
            both.append(dialects.is_among(self.within))
        found: list[tuple[Expression, list[dialects.Asked]]] = []
        if asked.certain is not None:
            found.append((asked.certain, both))
        if asked.in_doubt is not None:
            found.append((asked.in_doubt, [*both, *(dialects.looked_at(look, parts) for look in asked.looks)]))
        return found


def _rows(sql: str, values: Sequence[Any], *, is_kept: bool = False) -> list[tuple[Any, ...]]:
    """`is_kept`: the server keeps the statement, as it is one of few that differ by their values only."""
    if is_kept:
        return write_returning(sql, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


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
