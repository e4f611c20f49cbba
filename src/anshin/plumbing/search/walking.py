"""Walking back in time on PostgreSQL, from window to window: the newest of a word's rows without reading all of them.

The first window holds some hundred documents, as many as a page of a common word needs. How many of them fit says how
wide the next must be: as wide as what is missing, or everything at once where hardly any fits. So a page costs the
same however many documents there are, and a count stops when it has enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from anshin.plumbing.prepared import Prepared, write_returning
from anshin.plumbing.search import dialects
from anshin.plumbing.search.conditions import Expression
from anshin.plumbing.search.models import IndexedDocument, Renewal
from anshin.plumbing.search.seasons import LONG, Window, end_of, start_of, window
from anshin.plumbing.search.terms import Hit, Scope

_WHOLE_GAIN: Final = 2.5
"""Documents of a word that PostgreSQL reads in all of time for the price of one that it looks at in a window. Where
rows do not lie in the order of time it looks at nearly all in it, so windows pay for the commonest words only."""
_LOOKED_UP: Final = 500
"""Rows that are read to show the newest of them for the price of a window or two in which only those are read."""
FIRST: Final = 800
"""Documents of the first window."""
_MANY: Final = 8_000
"""Documents of a wide window; by so many it is told how many the shop has in all."""
_WITH_EDGE: Final = 4_000
"""Documents of a window from which on it pays to count its whole stretches and the edge of it apart."""
_MOST_STRETCHES: Final = 16
_FEW: Final = 8
"""With no more hits in a window all the others are looked up at once, unless they are likely to be many."""
_WIDER: Final = 4
_MUCH_WIDER: Final = 20
"""What seems to lie in a window less than so many times as wide as the last is looked for in one _WIDER times as wide
first: the newest days may be thinner than those before."""

_NEWEST_KEY: Final = Prepared(
    lambda shop: IndexedDocument.objects.filter(shop_id=shop).order_by("-key").values_list("key")[:1], shop=int
)
_KEY_OF_FIRST: Final = Prepared(
    lambda shop: IndexedDocument.objects.filter(shop_id=shop).order_by("-key").values_list("key")[FIRST : FIRST + 1],
    shop=int,
)
_OLDEST_KEY: Final = Prepared(
    lambda shop: IndexedDocument.objects.filter(shop_id=shop).order_by("key").values_list("key")[:1], shop=int
)
_SEEN: Final = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM search_indexeddocument"
    " WHERE shop_id = %s AND key > %s AND key < %s LIMIT %s) AS seen"
)
_KEY_OF_MANY: Final = Prepared(
    lambda shop: IndexedDocument.objects.filter(shop_id=shop).order_by("-key").values_list("key")[_MANY : _MANY + 1],
    shop=int,
)
_RENEWED: set[int] = set()
"""Shops all of whose documents have the tokens of short stretches; there is no way back."""
_sizes: dict[int, tuple[int, float, float]] = {}
"""By shop: its end when that was looked at, about how many documents it has, and keys a document."""
_paces: dict[int, tuple[int, float]] = {}
"""By shop: its end when that was looked at, and keys a document."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What is asked of the documents between two keys, and how they lie in time."""

    expression: Expression
    conditions: list[dialects.Asked]
    scope: Scope
    after: int
    before: int
    end: int  # a key behind which the shop has no document

    def newest_and_count(self, most: int, most_counted: int, *, is_rare: bool = False) -> tuple[list[Hit], int]:
        """The newest `most` hits, and how many there are, counted up to `most_counted` (0: not at all). `is_rare`: they
        are likely to be few, so everything is looked up at once."""
        found: list[Hit] = []
        total, before, documents, pace = 0, min(self.before, self.end), 0 if is_rare else FIRST, 0.0
        while before - 1 > self.after and (len(found) < most or total < most_counted):
            here = self._window(before, documents, pace)
            is_page = len(found) < most
            if not is_page and documents > _WITH_EDGE:
                here = self._without_edge(here)
            hits, number = self._page(here, most, most_counted) if is_page else ([], self._count(here, most_counted))
            if not is_page and not here.tokens and self._is_whole:
                return found[:most], min(number, most_counted)
            found, total, before = found + hits, total + number, here.after + 1
            missing = most_counted - total if len(found) >= most else most - len(found)
            documents = self._next(documents, number, missing)
            if documents and not pace and missing > 0 and len(found) >= most and before - 1 > self.after:
                documents, pace = self._wide(here.after, total, missing)
        return found[:most], min(total, most_counted)

    def _wide(self, after: int, hits: int, missing: int) -> tuple[int, float]:
        """How many documents the window shall have in which to count what is missing, 0 for all of time, and how many
        keys each takes: by what really lies in the windows of the page."""
        end = min(self.before, self.end)
        every, usual = _documents(self.scope.shop_id, self.end)
        limit = _MANY
        if self._is_whole:  # counting the documents of a rare word’s windows would cost more than it could spare
            limit = int(hits * math.sqrt(every / (_WHOLE_GAIN * missing))) + 1
        seen = write_returning(_SEEN, [self.scope.shop_id, after, end, limit])[0][0]
        if seen >= limit and self._is_whole:
            return 0, 0.0
        if seen >= limit and usual:
            seen = max(seen, int((end - after) / usual))
        density = hits / max(seen, 1)
        pace = (end - after) / max(seen, 1)  # the newest days may be thinner than those before
        return int(missing / density * (1.05 + 1 / math.sqrt(hits))) + 1, min(pace, usual or pace)

    def _next(self, documents: int, hits: int, missing: int) -> int:
        """How many documents the next window shall have; 0 for all that are left."""
        if not documents or not hits:
            return 0
        if hits <= _FEW and _documents(self.scope.shop_id, self.end)[0] * hits / documents <= _LOOKED_UP:
            return 0
        likely = int(missing * documents / hits * (1.1 + 2 / math.sqrt(hits))) + 1
        return min(likely, documents * _WIDER) if likely < documents * _MUCH_WIDER else likely

    @property
    def _is_usual(self) -> bool:
        """Whether few other statements differ from this one by more than their values, so that it is worth keeping."""
        return len(self.conditions) <= 1

    @property
    def _is_whole(self) -> bool:
        """Whether every document that fits counts, wherever it lies."""
        return self.after < 0 and self.before >= self.end and not self.conditions

    def _window(self, before: int, documents: int, pace: float) -> Window:
        """The next window with about so many documents, all that are left for 0. `pace`: keys a document, as it is with
        the newest for 0."""
        shop_id = self.scope.shop_id
        pace = (pace or _pace(shop_id, self.end)) if documents else 0.0
        if not pace and self.after < 0:
            return Window(self.after, before)
        first = start_of(max(0, before - 1 - int(documents * pace))) if pace else 0
        here = window(self.scope, max(self.after, first - 1), before, short_from=_first_renewed(shop_id))
        if documents > _MANY and len(here.tokens) > _MOST_STRETCHES:
            # rather look at more documents than at more stretches with each
            first = first // LONG * LONG
            here = window(self.scope, max(self.after, first - 1), before, short_from=_first_renewed(shop_id))
        return here

    def _without_edge(self, here: Window) -> Window:
        """The whole stretches of a window that ends in the middle of one: of these the index knows how many fit, and
        only of the rest, which comes next, rows have to be read."""
        edge = end_of(here.after) - 1
        if here.is_exact or not here.tokens or self.conditions or edge >= here.before - 1:
            return here
        return window(self.scope, edge, here.before, short_from=_first_renewed(self.scope.shop_id))

    def _page(self, here: Window, most: int, most_counted: int) -> tuple[list[Hit], int]:
        dated, limits = self._dated(here), {"after": here.after, "before": here.before}
        if not most_counted:
            asked = dialects.newest(dated, self.conditions, **limits, most=most)
            hits = [Hit(*row) for row in rows(*asked, is_kept=self._is_usual)]
            return hits, len(hits)
        asked = dialects.newest_of_all(dated, self.conditions, **limits, most=most, counted=most_counted)
        found = rows(*asked, is_kept=self._is_usual)
        return [Hit(key, object_id) for _total, key, object_id in found if key is not None], found[0][0]

    def _count(self, here: Window, most: int) -> int:
        """Where the tokens say all, PostgreSQL need not look at the rows."""
        if not self.conditions and (here.is_exact or (not here.tokens and self._is_whole)):
            return int(write_returning(*dialects.number_by_tokens(self._dated(here), most))[0][0])
        limits = {"after": here.after, "before": here.before}
        asked = dialects.number(self._dated(here), self.conditions, **limits, most=most)
        return int(rows(*asked, is_kept=self._is_usual)[0][0])

    def _dated(self, here: Window) -> Expression:
        return ("and", [self.expression, ("or", list(here.tokens))]) if here.tokens else self.expression


def rows(sql: str, values: Sequence[Any], *, is_kept: bool = False) -> list[tuple[Any, ...]]:
    """`is_kept`: the server keeps the statement, as it is one of few that differ by their values only."""
    if is_kept:
        return write_returning(sql, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def end_of_shop(shop_id: int) -> int:
    """The end of the short stretch in which the shop's newest document lies; 0 where there is none."""
    newest = _NEWEST_KEY.tuples(shop=shop_id)
    return end_of(newest[0][0]) if newest else 0


def _pace(shop_id: int, end: int) -> float:
    """How many keys a document of the shop takes, as it is with its newest; looked at again when many are new. 0 for a
    shop with no more than FIRST."""
    known = _paces.get(shop_id)
    if known is None or not 0 <= end - known[0] <= FIRST * known[1] / 4:
        row = _KEY_OF_FIRST.tuples(shop=shop_id)
        if not row:
            return 0.0
        known = _paces[shop_id] = (end, (end - row[0][0]) / FIRST)
    return known[1]


def _documents(shop_id: int, end: int) -> tuple[float, float]:
    """About how many documents the shop has, if it always had as many a day as the newest _MANY have, and how many keys
    each of them takes; (0, 0) for a shop with fewer."""
    known = _sizes.get(shop_id)
    if known is None or not 0 <= end - known[0] <= LONG:
        many, oldest = _KEY_OF_MANY.tuples(shop=shop_id), _OLDEST_KEY.tuples(shop=shop_id)
        pace = (end - many[0][0]) / _MANY if many else 0.0
        known = _sizes[shop_id] = (end, (end - oldest[0][0]) / pace if pace else 0.0, pace)
    return known[1], known[2]


def _first_renewed(shop_id: int) -> int:
    """The key from which on all documents of the shop have the tokens of short stretches."""
    if shop_id in _RENEWED:
        return 0
    row = Renewal.objects.filter(shop_id=shop_id).values_list("key").first()
    if row is None:
        _RENEWED.add(shop_id)
    return row[0] if row else 0
