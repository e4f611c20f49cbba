"""Which products of the shop an entry of a publisher's list may be about, also where only prose names them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from anshin.safety.rules import products
from anshin.safety.rules.matching import Likeness, Sold, folded, likeness
from anshin.safety.terms import Affected, MatchReason

MOST: Final = 30
_IN_PROSE: Final = {MatchReason.GTIN: 95, MatchReason.MODEL: 75, MatchReason.NAME: 45}
_SHORTEST_CODE: Final = 4
_SHORTEST_NAME: Final = 4
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_./]{2,60}")
_DIGITS: Final = re.compile(r"(?<!\d)\d{8}(?:\d{4,6})?(?!\d)")
_GRAM: Final = 3
_LONGEST_TEXT: Final = 20_000


class Catalogue:
    """The shop's products, arranged so that an entry is compared with few of them. Built once for many entries."""

    def __init__(self, kept: Iterable[tuple[int, Sold]]) -> None:
        self._sold = dict(kept)
        self._names = {pk: folded(each.name) for pk, each in self._sold.items()}
        self._by_code: dict[str, set[int]] = {}
        self._by_gtin: dict[str, set[int]] = {}
        self._by_gram: dict[str, set[int]] = {}
        self._by_first: dict[str, set[int]] = {}
        for pk, each in self._sold.items():
            self._put(pk, each)

    def find(self, named: Sequence[Affected], text: str) -> dict[int, Likeness]:
        """Products with the surest reason each, the surest first; at most MOST."""
        found: dict[int, Likeness] = {}
        for each in named:
            for pk in self._candidates(each):
                _keep(found, pk, likeness(each, self._sold[pk]))
        for pk, alike in self._in_prose(text[:_LONGEST_TEXT]):
            _keep(found, pk, alike)
        ranked = sorted(found.items(), key=lambda item: (-item[1].certainty, item[0]))
        return dict(ranked[:MOST])

    def _put(self, pk: int, each: Sold) -> None:
        for code in (each.sku, each.model_number):
            if key := folded(code):
                self._by_code.setdefault(key, set()).add(pk)
        if each.gtin:
            self._by_gtin.setdefault(products.gtin(each.gtin), set()).add(pk)
        name = self._names[pk]
        if len(name) >= _GRAM:
            self._by_first.setdefault(name[:_GRAM], set()).add(pk)
        for gram in _grams(name):
            self._by_gram.setdefault(gram, set()).add(pk)

    def _candidates(self, named: Affected) -> set[int]:
        """All that `likeness` could speak for, and few more."""
        found: set[int] = set()
        if named.gtin:
            found |= self._by_gtin.get(products.gtin(named.gtin), set())
        for code in filter(None, map(folded, (named.sku, named.model_number))):
            found |= self._by_code.get(code, set()) | self._by_gram.get(code[:_GRAM], set())
        if name := folded(named.name):
            found |= self._by_gram.get(name[:_GRAM], set())
            for gram in _grams(name):
                found |= self._by_first.get(gram, set())
        return found

    def _in_prose(self, text: str) -> Iterable[tuple[int, Likeness]]:
        plain = unicodedata.normalize("NFKC", text)
        for digits in set(_DIGITS.findall(plain)):
            for pk in self._by_gtin.get(products.gtin(digits), ()):
                yield pk, Likeness(MatchReason.GTIN, _IN_PROSE[MatchReason.GTIN])
        for code in {folded(each) for each in _CODE.findall(plain)}:
            if _is_telling(code):
                for pk in self._by_code.get(code, ()):
                    yield pk, Likeness(MatchReason.MODEL, _IN_PROSE[MatchReason.MODEL])
        yield from self._names_in(folded(plain))

    def _names_in(self, whole: str) -> Iterable[tuple[int, Likeness]]:
        for gram in _grams(whole):
            for pk in self._by_first.get(gram, ()):
                name = self._names[pk]
                if len(name) >= _SHORTEST_NAME and name in whole:
                    yield pk, Likeness(MatchReason.NAME, _IN_PROSE[MatchReason.NAME])


def rank(matches: Iterable[tuple[int, bool]]) -> int:
    """How far up an entry stands: (certainty, whether it was sold) of its matches. What nobody bought counts half."""
    return max((certainty if is_sold else certainty // 2 for certainty, is_sold in matches), default=0)


def _is_telling(code: str) -> bool:
    """KZ20 tells of one product, 2026 and HTML do not."""
    return len(code) >= _SHORTEST_CODE and any(c.isdigit() for c in code) and any(c.isalpha() for c in code)


def _grams(text: str) -> set[str]:
    return {text[place : place + _GRAM] for place in range(len(text) - _GRAM + 1)}


def _keep(found: dict[int, Likeness], pk: int, alike: Likeness | None) -> None:
    if alike is not None and (pk not in found or found[pk].certainty < alike.certainty):
        found[pk] = alike
