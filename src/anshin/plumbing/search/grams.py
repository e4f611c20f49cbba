"""Cuts plain text (as language.search_text writes it) into the tokens of the index. No dictionary, no database.

Japanese: single kanji, and every two neighbouring characters. Latin letters and digits: whole words, their parts
where letters meet digits, and neighbours joined without what stands between (KM-20417 is also km20417). Telephone
numbers: as the digits that one dials in Japan. Mail addresses: whole, and in parts.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

LATIN: Final = "0-9a-z\u00c0-\u024f"
_MOST_PARTS: Final = 6
_LONGEST: Final = 120
_MAIL: Final = re.compile(r"[0-9a-z][0-9a-z._%+'-]*@[0-9a-z-]+(?:\.[0-9a-z-]+)+")
_LATIN: Final = re.compile(rf"[{LATIN}]+(?:[-._/,:+'@][{LATIN}]+)*")
_PART: Final = re.compile(r"[0-9]+|[a-z\u00c0-\u024f]+")
_JAPANESE: Final = re.compile(r"[^\W\u0000-\u024f]+")
_KANJI: Final = re.compile("[\u3005\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
PHONE: Final = re.compile(r"(?<![0-9a-z])(?:\+81[-. ]?(?:\(0\))?[-. ]?|\(?0)[1-9](?:[-.() ]{0,2}[0-9]){7,10}(?![0-9])")


def tokens_of_text(text: str) -> set[str]:
    """Every token under which the text is to be found."""
    found: set[str] = set()
    for run in _JAPANESE.findall(text):
        found.update(map("".join, pairwise(run)))
    found.update(_KANJI.findall(text))
    for match in _LATIN.finditer(text):
        found.update(_of_latin(match.group()))
    if "@" in text:
        found.update(match.group()[:_LONGEST] for match in _MAIL.finditer(text))
    found.update(phone_digits(match.group()) for match in PHONE.finditer(text))
    found.discard("")
    return found


def tokens_of_phrase(phrase: str) -> tuple[list[str], bool]:
    """The tokens that every text with this phrase has, and whether a text with them has it for certain."""
    if (number := PHONE.fullmatch(phrase)) and (digits := phone_digits(number.group())):
        return [digits], True
    if _MAIL.fullmatch(phrase) and len(phrase) <= _LONGEST:
        return [phrase], True
    pieces = list(_pieces(phrase))
    found = list(dict.fromkeys(token for piece in pieces for token in _of_piece(piece)))
    is_whole = pieces == [phrase] and len(found) == 1
    return found, is_whole and (len(phrase) <= 2 or not _JAPANESE.fullmatch(phrase))


def phone_digits(written: str) -> str:
    """The digits as dialled in Japan; "" when there are not as many as a Japanese number has (10 or 11).

    Source: 電気通信番号計画 (令和元年総務省告示第6号).
    """
    digits = "".join(character for character in written if "0" <= character <= "9")
    if written.startswith("+81"):
        digits = "0" + digits[2:].lstrip("0")
    return digits if len(digits) in (10, 11) else ""


def _pieces(phrase: str) -> Iterator[str]:
    place = 0
    while place < len(phrase):
        match = _LATIN.match(phrase, place) or _JAPANESE.match(phrase, place)
        if match:
            yield match.group()
        place = match.end() if match else place + 1


def _of_piece(piece: str) -> list[str]:
    """What a text with this piece of a phrase has."""
    if _JAPANESE.fullmatch(piece):
        return ["".join(pair) for pair in pairwise(piece)] if len(piece) > 1 else _KANJI.findall(piece)
    parts = _PART.findall(piece)
    return ["".join(parts)[:_LONGEST]] if len(parts) <= _MOST_PARTS else [part[:_LONGEST] for part in parts]


def _of_latin(chunk: str) -> Iterator[str]:
    """The chunk's parts, and up to six neighbours joined."""
    parts = _PART.findall(chunk)
    for start in range(len(parts)):
        joined = ""
        for part in parts[start : start + _MOST_PARTS]:
            joined += part
            yield joined[:_LONGEST]
