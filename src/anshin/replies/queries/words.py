"""Words of the trade with their plain ones: those that come with the program, and what the shop made of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from anshin.replies import rules
from anshin.replies.models import PlainWord
from anshin.replies.terms import Language

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_FILE = Path(__file__).resolve().parents[1] / "plain_words.toml"


@dataclass(frozen=True, slots=True)
class WordRow:
    """One line of the dictionary. `pk` None: it comes with the program; `is_off`: nobody is told of it here."""

    pk: int | None
    word: str
    plain: str
    language: str
    is_off: bool = False


def plain_words(shop: Shop, language: str) -> dict[str, str]:
    """Word to plain word for replies in that language, the shop's own over those of the program. One query."""
    found = {rules.word_key(word): (word, plain) for word, plain in _built_in().get(language, {}).items()}
    for row in PlainWord.objects.filter(shop=shop, language=language):
        found[row.key] = (row.word, row.plain)
    return {word: plain for word, plain in found.values() if plain}


def found_words(shop: Shop, text: str, language: str) -> list[tuple[str, str]]:
    """Words of the trade in a reply, as they stand there, each with its plain word. One query."""
    return rules.words_in(rules.own_words(text), plain_words(shop, language))


def word_rows(shop: Shop) -> list[WordRow]:
    """The whole dictionary by language and word: the shop's own, and those of the program it did not change."""
    own = list(PlainWord.objects.filter(shop=shop))
    taken = {(row.language, row.key) for row in own}
    rows = [WordRow(row.pk, row.word, row.plain, row.language, is_off=not row.plain) for row in own]
    rows += [
        WordRow(None, word, plain, language)
        for language, words in _built_in().items()
        for word, plain in words.items()
        if (language, rules.word_key(word)) not in taken
    ]
    order = list(Language.values)
    return sorted(rows, key=lambda row: (order.index(row.language), row.pk is None, rules.word_key(row.word)))


def word_of(shop: Shop, word_id: int) -> PlainWord | None:
    """One of the shop's own words."""
    return PlainWord.objects.filter(shop=shop, pk=word_id).first()


@cache
def _built_in() -> Mapping[str, Mapping[str, str]]:
    with _FILE.open("rb") as file:
        return tomllib.load(file)
