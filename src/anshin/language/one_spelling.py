"""One spelling of a text, character for character, so that what is found in it is found in the text as well.

`folding.fold` changes the length of a text; this does not, for what has to be found and marked in place.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from anshin.language.folding import half_width
from anshin.language.kanji_variants import STANDARD_FORM
from anshin.language.names import katakana

BOUNDARY: Final = "\x00"
"""Stands between texts that are looked through at once; no finder reaches across it."""
_UNSEEN: Final = "\u00ad\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff"
SPACES: Final = re.compile(rf"[\s{_UNSEEN}]+")
EVERYTHING_ELSE: Final = re.compile(rf"[\s{_UNSEEN}\-ー・·.,、，'’()/~=+〒_]+")
"""What people put between the parts of a number or an address, or leave out."""
_VOICED: Final = "\u309b"
_HALF_VOICED: Final = "\u309c"


def one_spelling(text: str) -> str:
    """The text of exactly the same length: one width, lower case, katakana for hiragana and half-width kana, variant
    kanji in their standard form. The marks of half-width ｶﾞ stay characters of their own (カ゛)."""
    plain = half_width(text)
    lower = plain.lower()
    if len(lower) != len(plain):  # İ has two letters in lower case
        lower = "".join(each.lower() if len(each.lower()) == 1 else each for each in plain)
    return katakana(lower.translate(_TABLE))


def with_loose_marks(text: str) -> str:
    """The text, in one spelling, with voiced kana as two characters: how it looks when it was in half-width kana."""
    apart = unicodedata.normalize("NFD", text)
    return apart.replace("\u3099", _VOICED).replace("\u309a", _HALF_VOICED)


@dataclass(frozen=True, slots=True)
class Squeezed:
    """What is left of a text, and for each letter its offset in the text."""

    letters: str
    offsets: list[int]


def squeezed(text: str, without: re.Pattern[str]) -> Squeezed:
    """The text without some of its characters."""
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for gap in without.finditer(text):
        pieces.append(text[last : gap.start()])
        offsets.extend(range(last, gap.start()))
        last = gap.end()
    pieces.append(text[last:])
    offsets.extend(range(last, len(text)))
    return Squeezed("".join(pieces), offsets)


def _table() -> dict[int, str]:
    table = {code: standard for code, standard in STANDARD_FORM.items() if len(standard) == 1}
    for code in (*range(0xFF66, 0xFF9E), *range(0xF900, 0xFAFF)):  # half-width kana, compatibility kanji
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            table[code] = STANDARD_FORM.get(ord(plain), plain)
    return table | {0x3099: _VOICED, 0xFF9E: _VOICED, 0x309A: _HALF_VOICED, 0xFF9F: _HALF_VOICED}


_TABLE: Final = _table()
