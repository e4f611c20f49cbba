"""Which of the shop's products somebody means by a number or by a part of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from anshin.commerce.models import Product
from anshin.language.folding import fold
from anshin.language.search_text import plain

if TYPE_CHECKING:
    from anshin.shops.models import Shop

SHORTEST_NUMBER: Final = 4
MOST_LOOKED_AT: Final = 20_000
_MOST_KEPT: Final = 2**15
"""Names and numbers whose bare forms are kept: those of a large catalogue, some 40 MB at most."""
_SHORTEST_NAME: Final = 4
_BETWEEN: Final = re.compile(r"[\s\-‐‑‒–—―−ー・./_]*")


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product that was named, and whether by a number of its own."""

    sku: str
    name: str
    by_number: bool


def products_named(shop: Shop, text: str) -> list[NamedProduct]:
    """The products whose number, JAN or model number stands in a short text, else those of which half a name does.

    Width, case and hyphens do not matter. One query, among MOST_LOOKED_AT products.
    """
    said, names = fold(text), SaidWords(text)
    if not names.bare:
        return []
    rows = Product.objects.filter(shop=shop).order_by("pk")
    columns = rows.values_list("sku", "name", "name_en", "gtin", "model_number")[:MOST_LOOKED_AT]
    found = []
    for sku, name, name_en, gtin, model_number in columns:
        if any(names.may_hold(number) and _stands(number, said) for number in (sku, gtin, model_number)):
            found.append(NamedProduct(sku, name, by_number=True))
        elif names.name_half(name) or names.name_half(name_en):
            found.append(NamedProduct(sku, name, by_number=False))
    return [each for each in found if each.by_number] or found


def is_named(name: str, text: str) -> bool:
    """Whether half of the name stands in the text in one piece."""
    return SaidWords(text).name_half(name)


class SaidWords:
    """A text prepared once to be held against all names and numbers of a catalogue: a name costs a microsecond."""

    def __init__(self, text: str) -> None:
        self.bare = bare(text)
        self._pieces = {self.bare[at : at + _SHORTEST_NAME] for at in range(len(self.bare) - _SHORTEST_NAME + 1)}

    def may_hold(self, number: str) -> bool:
        """Whether the number's beginning stands there; only then it is worth looking closer."""
        return bool(number) and _kept_bare(number)[:SHORTEST_NUMBER] in self._pieces

    def has_number(self, number: str) -> bool:
        """Whether the number stands there, without regard to what is beside it."""
        return self.may_hold(number) and _kept_bare(number) in self.bare

    def has_word(self, word: str) -> bool:
        return _kept_bare(word) in self.bare

    def name_half(self, name: str) -> bool:
        """Whether half of the name stands there in one piece: 「はじめの一歩」 is 子ども靴「はじめの一歩」."""
        if not name:
            return False
        beginnings, halves = _kept_halves(name)
        if halves:
            return not self._pieces.isdisjoint(beginnings) and any(half in self.bare for half in halves)
        whole = _kept_bare(name)
        return len(whole) > 1 and whole in self.bare


def bare(text: str) -> str:
    """Letters and digits only, in one width and kana."""
    return "".join(filter(str.isalnum, plain(text)))


@lru_cache(_MOST_KEPT)
def _kept_bare(name: str) -> str:
    return bare(name)


@lru_cache(_MOST_KEPT)
def _kept_halves(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Beginnings of the halves of a name, and these; none of a name that is shorter than a beginning."""
    whole = bare(name)
    size = max(_SHORTEST_NAME, (len(whole) + 1) // 2)
    halves = tuple(whole[at : at + size] for at in range(len(whole) - size + 1))
    return frozenset(half[:_SHORTEST_NAME] for half in halves), halves


def _stands(number: str, said: str) -> bool:
    """KZ-20A stands in ＫＺ２０Ａ and kz 20a, not in kz-20ab."""
    signs = [re.escape(sign) for sign in fold(number) if sign.isalnum()]
    if len(signs) < SHORTEST_NUMBER:
        return False
    return re.search(f"(?<![a-z0-9]){_BETWEEN.pattern.join(signs)}(?![a-z0-9])", said) is not None
