"""Finds in a text as it was written what a search was for, however it is spelled there, and cuts the passage out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from anshin.language.content_words import word_places
from anshin.language.folding import fold
from anshin.language.kanji_variants import STANDARD_FORM
from anshin.language.names import katakana

LONGEST_LOOKED_AT: Final = 20_000
"""Characters of a text in which words are marked."""
_LONGEST_WORDS: Final = 4_000
_BETWEEN: Final = r"[\s>＞|]{0,6}"
_JOINT: Final = r"[-‐‑–—−ー－ｰ/.,，．@_\s()（）]{0,3}"
_PHONE_ZERO: Final = r"(?:[0０]|[+＋][8８][1１][-‐−ー－\s]?(?:[(（][0０][)）])?)[-‐−ー－\s(（]{0,2}"
_SPELLINGS: Final[dict[str, set[str]]] = {}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a passage."""

    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is marked: phrases as search_text writes them, and words in the dictionary's spelling."""

    phrases: tuple[str, ...]
    words: frozenset[str]


def places(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Where in the text something wanted stands: as it is spelled, else by its word. In order, without overlaps."""
    looked_at = text[:LONGEST_LOOKED_AT]
    found: list[tuple[int, int]] = []
    for phrase in wanted.phrases:
        found += [match.span() for match in _pattern(phrase).finditer(looked_at) if match.end() > match.start()]
    if not found and wanted.words and not looked_at.isascii():
        found = word_places(looked_at[:_LONGEST_WORDS], wanted.words)
    return _without_overlaps(found)


def passage(text: str, found: Sequence[tuple[int, int]], *, before: int = 30, length: int = 140) -> list[Piece]:
    """At most `length` characters of the text around the first place, on one line, with what was found marked."""
    first = found[0][0] if found else 0
    start = max(0, first - before)
    end = min(len(text), max(start + length, found[0][1] if found else 0))
    pieces = [Piece("… ", False)] if start else []
    place = start
    for begin, until in found:
        if begin >= end:
            break
        pieces += _piece(text[place:begin], False) + _piece(text[begin : min(until, end)], True)
        place = min(until, end)
    pieces += _piece(text[place:end], False)
    return [*pieces, Piece(" …", False)] if end < len(text) else pieces


def marked(text: str, found: Sequence[tuple[int, int]]) -> list[Piece]:
    """The whole text with what was found marked."""
    return passage(text, found, before=len(text), length=len(text))


def _piece(text: str, is_found: bool) -> list[Piece]:
    one_line = re.sub(r"\s+", " ", text)
    return [Piece(one_line, is_found)] if one_line else []


@lru_cache(maxsize=256)
def _pattern(phrase: str) -> re.Pattern[str]:
    """A pattern for every spelling that the phrase has in a text."""
    digits = "".join(character for character in phrase if character.isdigit())
    is_number = bool(digits) and phrase.isascii() and " " not in phrase and "@" not in phrase
    kept = [character for character in phrase if character.isalnum()] if is_number else list(phrase)
    parts = [_spelled(character) for character in kept]
    if is_number and kept == list(digits) and len(digits) in (10, 11) and digits[0] == "0":
        return re.compile(_PHONE_ZERO + _JOINT.join(parts[1:]))
    if is_number or phrase.isascii():
        edges = r"(?<![0-9A-Za-zＡ-Ｚａ-ｚ０-９])", r"(?![0-9A-Za-zＡ-Ｚａ-ｚ０-９])"
        joint = _JOINT if is_number else ""
        return re.compile((edges[0] if digits else "") + joint.join(parts) + (edges[1] if digits else ""))
    return re.compile(_BETWEEN.join(parts))


def _spelled(character: str) -> str:
    if character.isspace():
        return r"\s+"
    if not _SPELLINGS:
        _learn_spellings()
    forms = sorted({character, *_SPELLINGS.get(character, ())}, key=lambda form: (-len(form), form))
    return forms[0] if len(forms) == 1 and forms[0].isalnum() else f"(?:{'|'.join(map(re.escape, forms))})"


def _learn_spellings() -> None:
    """By the character that search_text writes: everything that it writes so."""
    known: dict[str, set[str]] = {}
    plain = [chr(code) for code in (*range(0x21, 0x7F), *range(0x3041, 0x3097), *range(0xFF01, 0xFFA0))]
    half_kana = [chr(code) + mark for code in range(0xFF66, 0xFF9E) for mark in "ﾞﾟ"]
    voiced = [chr(code) + mark for code in (*range(0x3041, 0x3097), *range(0x30A1, 0x30F7)) for mark in "\u3099\u309a"]
    variants = [chr(code) for code in STANDARD_FORM]
    for form in (*plain, *half_kana, *voiced, *variants):
        written = katakana(fold(form))
        if len(written) == 1:
            known.setdefault(written, set()).add(form)
    known.setdefault("ー", set()).update("ーｰ-－")
    _SPELLINGS.update(known)


def _without_overlaps(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
        elif end > kept[-1][1]:
            kept[-1] = (kept[-1][0], end)
    return kept
