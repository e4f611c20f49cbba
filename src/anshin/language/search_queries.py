"""Reads what a person typed into a search field: words, phrases in quotes, what to leave out, and filters.

    担当:自分 期間:先週 返品 "色が違う" -交換

Which words make a filter the caller says; what they mean is the caller's business. A filter nobody knows is a word.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from anshin.language.content_words import words_of_query
from anshin.language.folding import fold, half_width
from anshin.language.names import katakana
from anshin.language.search_text import joined
from anshin.plumbing.search.grams import PHONE

LONGEST: Final = 300
MOST_TERMS: Final = 12
_QUOTES: Final = {'"': '"', "“": "”", "”": "”", "„": "“", "「": "」", "『": "』", "〝": "〟"}
_WORD: Final = re.compile(r"[^\s\"“”„「『〝]+")
_FILTER: Final = re.compile(r"(?P<name>[^\s:\"“「『-][^\s:\"“「『]{0,19}):(?P<value>\S*)")
_EDGES: Final = " \t。、，．,.!?！？・;:()（）[]［］【】〈〉《》<>＜＞…‥'"


@dataclass(frozen=True, slots=True)
class WantedText:
    """Words to be found: as written, plain (see search_text), and by their dictionary's spelling.

    A phrase in quotes is found only as it stands, so it has no `words`.
    """

    written: str
    plain: str
    words: tuple[str, ...] = ()
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class WantedFilter:
    """A filter, `name` in the caller's spelling; where it stood in the text."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What somebody asked for. `is_cut`: more than LONGEST characters or MOST_TERMS words; the rest was left out."""

    texts: tuple[WantedText, ...]
    filters: tuple[WantedFilter, ...]
    is_cut: bool = False


def read_query(typed: str, *, filter_names: Collection[str] = ()) -> SearchQuery:
    """The query in parts, in the order in which they were typed."""
    text = typed[:LONGEST]
    known = {fold(name): name for name in filter_names}
    texts: list[WantedText] = []
    filters: list[WantedFilter] = []
    place, even = 0, half_width(text)
    while place < len(text):
        place, found = _next(text, even, place, known)
        if isinstance(found, WantedFilter):
            filters.append(found)
        elif found and found.plain:
            texts.append(found)
    return SearchQuery(
        tuple(texts[:MOST_TERMS]), tuple(filters), is_cut=len(typed) > LONGEST or len(texts) > MOST_TERMS
    )


def _next(text: str, even: str, place: int, known: dict[str, str]) -> tuple[int, WantedText | WantedFilter | None]:
    """The part that begins at `place`, and where the next one may begin."""
    if even[place].isspace():
        return place + 1, None
    if (number := PHONE.match(even, place)) and _ends_word(even, number.end()):
        return number.end(), _text(text[place : number.end()], is_quoted=True)
    is_excluded = even[place] == "-" and place + 1 < len(text) and not even[place + 1].isspace()
    start = place + is_excluded
    if (closing := _QUOTES.get(text[start])) is not None:
        end = text.find(closing, start + 1)
        end = len(text) if end < 0 else end
        return end + 1, _text(text[start + 1 : end], is_quoted=True, is_excluded=is_excluded)
    if not is_excluded and (found := _FILTER.match(even, place)) and (name := known.get(fold(found["name"]))):
        return _filter(text, found, name)
    word = _WORD.match(even, start)
    if word is None:
        return start + 1, None
    return word.end(), _text(text[start : word.end()], is_quoted=False, is_excluded=is_excluded)


def _filter(text: str, found: re.Match[str], name: str) -> tuple[int, WantedFilter]:
    """A filter; its value may stand in quotes."""
    start, end = found.start("value"), found.end()
    if start < len(text) and (closing := _QUOTES.get(text[start])) is not None:
        close = text.find(closing, start + 1)
        close = len(text) if close < 0 else close
        return close + 1, WantedFilter(name, text[start + 1 : close].strip(), found.start(), close + 1)
    return end, WantedFilter(name, text[start:end].strip(), found.start(), end)


def _ends_word(text: str, end: int) -> bool:
    return end == len(text) or text[end].isspace()


def _text(written: str, *, is_quoted: bool, is_excluded: bool = False) -> WantedText:
    trimmed = written if is_quoted else written.strip(_EDGES)
    spelled = joined(trimmed)
    words = () if is_quoted else words_of_query(spelled)
    return WantedText(trimmed.strip(), katakana(spelled), words, is_excluded)
