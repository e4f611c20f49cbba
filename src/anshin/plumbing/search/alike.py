"""Documents that are about the same as a given one: those that share what is rare among the shop's documents.

What counts are the words of head and body, every two neighbouring kanji, and words of Latin letters. How rare a word
is, is known from the shop's newest documents, so a shop's own greeting and signature weigh nothing and the name of a
thing weighs much.
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from anshin.plumbing.search import dialects
from anshin.plumbing.search.conditions import Expression
from anshin.plumbing.search.hashing import hashes, word_hashes
from anshin.plumbing.search.models import IndexedDocument, IndexedPart
from anshin.plumbing.search.terms import Part, Scope

_PARTS: Final = (Part.HEAD, Part.BODY)
_SAMPLE: Final = 300
_KNOWN_FOR: Final = timedelta(hours=1)
_MOST_SHOPS: Final = 50
_ASKED: Final = 10
"""Words of the document, its rarest, of which another must have two to be looked at."""
_LOOKED_AT: Final = 60
_LONGEST: Final = 6_000
_LEAST: Final = 0.05
"""Below this two documents have no more in common than any two letters to a shop."""
_FEWEST: Final = 8
"""Words that a document must have to be compared: two with hardly any are alike by chance."""
_KANJI_PAIR: Final = re.compile("(?=([\u4e00-\u9fff\u3005]{2}))")
_LATIN: Final = re.compile(r"[a-z]{4,20}")


@dataclass(frozen=True, slots=True)
class Alike:
    """Another document and how much it is like the one asked about, from 0 to 1."""

    object_id: int
    likeness: float


@dataclass(frozen=True, slots=True)
class _Rarity:
    read_at: datetime
    documents: int
    times: Mapping[str, int]
    squares: dict[str, float] = field(default_factory=dict)  # of the weights of all words in `times`

    def weight(self, word: str) -> float:
        """How much the word tells."""
        return math.log((self.documents + 1) / (self.times.get(word, 0) + 1)) + 0.1

    def squared(self, words: Iterable[str]) -> float:
        """What all these words tell together."""
        unheard = self.weight("") ** 2
        return sum(self.squares.get(word, unheard) for word in words)


_known: dict[tuple[int, str], _Rarity] = {}
_lock = threading.Lock()


def alike(
    kind: str, object_id: int, scope: Scope, *, now: datetime, within: QuerySet[Any] | None = None, most: int
) -> list[Alike]:
    """The documents most like this one, best first; none when it is not in the index or like no other.

    `within`: rows whose ids the others must have. Inner parts are never compared. Four queries, two more once an hour.
    """
    row = IndexedDocument.objects.filter(shop_id=scope.shop_id, kind=kind, object_id=object_id).first()
    if row is None:
        return []
    own = _words([row.key]).get(row.key, frozenset())
    rarity = _rarity(scope.shop_id, kind, now)
    asked = _telling(own, rarity) if len(own) >= _FEWEST else []
    keys = _with_two_of(asked, scope, within, but=row.key) if len(asked) > 1 else {}
    others = _words(keys)
    length = rarity.squared(own)
    found = []
    for key, other in keys.items():
        words = others.get(key, frozenset())
        likeness = rarity.squared(own & words) / (math.sqrt(length * rarity.squared(words)) or 1)
        if likeness >= _LEAST and len(words) >= _FEWEST:
            found.append(Alike(other, likeness))
    return sorted(found, key=lambda each: -each.likeness)[:most]


def _words(keys: Iterable[int]) -> dict[int, frozenset[str]]:
    """What each document says, as words and pairs of kanji."""
    rows = IndexedPart.objects.filter(document_id__in=list(keys), part__in=_PARTS)
    found: dict[int, set[str]] = {}
    for key, text, words in rows.values_list("document_id", "text", "words"):
        known = found.setdefault(key, set())
        known.update(words.split())
        known.update(_KANJI_PAIR.findall(text[:_LONGEST]))
        known.update(_LATIN.findall(text[:_LONGEST]))
    return {key: frozenset(words) for key, words in found.items()}


def _rarity(shop_id: int, kind: str, now: datetime) -> _Rarity:
    """In how many of the newest documents each word stands; looked at again after an hour."""
    with _lock:
        known = _known.get((shop_id, kind))
    if known and timedelta(0) <= now - known.read_at < _KNOWN_FOR and known.documents >= min(_SAMPLE, 20):
        return known
    newest = IndexedDocument.objects.filter(shop_id=shop_id, kind=kind).order_by("-key")
    sample = _words(newest.values_list("key", flat=True)[:_SAMPLE])
    times: Counter[str] = Counter()
    for words in sample.values():
        times.update(words)
    fresh = _Rarity(now, len(sample), times)
    fresh.squares.update({word: fresh.weight(word) ** 2 for word in times})
    with _lock:
        while len(_known) >= _MOST_SHOPS:
            _known.pop(next(iter(_known)))
        _known[shop_id, kind] = fresh
    return fresh


def _telling(words: Iterable[str], rarity: _Rarity) -> list[str]:
    """The words that tell most, the rarest first. Those that no other document has come last and few: nothing is
    found by them in the sample, but perhaps among what is older."""
    ranked = sorted(words, key=lambda word: (-rarity.weight(word), word))
    unheard = [word for word in ranked if rarity.times.get(word, 0) < 2][: _ASKED // 3]
    known = [word for word in ranked if rarity.times.get(word, 0) >= 2]
    return known[: _ASKED - len(unheard)] + unheard


def _with_two_of(words: list[str], scope: Scope, within: QuerySet[Any] | None, *, but: int) -> dict[int, int]:
    """Key and object of the newest documents that have at least two of these words."""
    each = [_token(word, scope) for word in words]
    later: list[Expression] = []
    two: list[Expression] = []
    for tokens in reversed(each):
        if later:
            two.append(("and", [("or", tokens), ("or", list(later))]))
        later += tokens
    two_of: Expression = ("or", two)
    conditions: list[dialects.Asked] = [(f"{dialects.key_column()} <> %s", [but])]
    if within is not None:
        conditions.append(dialects.is_among(within))
    sql, values = dialects.newest(two_of, conditions, after=-1, before=2**62, most=_LOOKED_AT)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def _token(word: str, scope: Scope) -> list[Expression]:
    """A word of the dictionary, or two letters, wherever they may stand."""
    makers = (hashes, word_hashes) if len(word) == 2 else (hashes,) if word.isascii() else (word_hashes,)
    return [maker(scope.shop_id, area, part)[word] for maker in makers for area in scope.areas for part in _PARTS]
