"""What is known of somebody and stands, cut off, at the end of a shortened text: 電話は0800-000-1…"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from anshin.language.one_spelling import squeezed

_TEXT: Final = re.compile(r"[^\x00]+")
_SHORTENED: Final = 60
"""Lists shorten texts to no less than so many characters, with or without a … at the end."""
_LOOKED_AT: Final = 100


class Beginnings:
    """Beginnings of words, of `least` letters at least, by what kind of word it is. `without`: what may stand between
    the letters."""

    def __init__(self, *, least: int, without: re.Pattern[str]) -> None:
        self._least, self._without = least, without
        self._kinds: dict[str, str] = {}

    def learn(self, words: Iterable[tuple[str, str]]) -> None:
        """Each word with its kind."""
        for word, kind in words:
            for length in range(self._least, len(word)):
                self._kinds.setdefault(word[:length], kind)

    def at_ends(self, plain: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and kind of what the shortened ones among the texts end with; texts are parted by NUL."""
        if not self._kinds:
            return
        for found in _TEXT.finditer(plain):
            text = found.group().rstrip()
            bare = text.rstrip("… ")
            if bare == text and len(text) < _SHORTENED:
                continue
            tail = squeezed(bare[-_LOOKED_AT:], self._without)
            base = found.start() + max(len(bare) - _LOOKED_AT, 0)
            for length in range(len(tail.letters), self._least - 1, -1):
                kind = self._kinds.get(tail.letters[-length:])
                start = base + tail.offsets[-length]
                if kind and not _is_inside_a_word(plain, start):
                    yield start, found.start() + len(bare), kind
                    break


def _is_inside_a_word(plain: str, start: int) -> bool:
    pair = plain[max(start - 1, 0) : start + 1]
    return len(pair) == 2 and pair.isascii() and (pair.isalpha() or pair.isdigit())
