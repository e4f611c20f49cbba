"""Finds every place where given words stand in other texts: quoted, wrapped anew, in other widths or groupings.

For striking out: what is found here goes, so a passage must be long enough to be unmistakable.
"""

import re
from collections.abc import Iterable
from typing import Final

from anshin.language.folding import half_width

STRUCK: Final = "████"
"""What stands where words were struck out; of one length, so that it does not tell theirs."""
SHORTEST: Final = 4
LONGEST: Final = 1_000
_SHORTEST_NUMBER: Final = 8
_BETWEEN: Final = "[\\s>|\u00ad\u200b-\u200f\u2060\ufeff]"
_ALL_BETWEEN: Final = re.compile(_BETWEEN)
_NUMBER: Final = re.compile(rf"(?:[0-9-]|{_BETWEEN})+")

Found = tuple[int, int, str]
"""Start and end in a text, and STRUCK."""


class PassageRefused(ValueError):
    """The passage cannot be sought; `reason`: `too_short` (under 4 characters, a short number) or `too_long`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Passages:
    """Some passages, sought together; made by `passages`."""

    def __init__(self, patterns: tuple[re.Pattern[str], ...], hints: tuple[str, ...]) -> None:
        self._patterns = patterns
        self.hints = hints
        """For each passage short pieces, one of which stands in every text that holds it unbroken: for a database."""

    def find(self, text: str) -> list[Found]:
        """Every place in reading order, without overlaps. Linear in the text."""
        plain = half_width(text)
        spans = sorted(match.span() for pattern in self._patterns for match in pattern.finditer(plain))
        found: list[Found] = []
        for start, end in spans:
            if not found or start >= found[-1][1]:
                found.append((start, end, STRUCK))
        return found


def passages(wanted: Iterable[str]) -> Passages:
    """A finder for these passages.

    Letter case, width, white space, line breaks and quote marks do not count; in a number of eight digits or more
    hyphens do not, either, and it is found only between other characters than digits. Raises PassageRefused.
    """
    patterns, hints = [], []
    for passage in wanted:
        core = _ALL_BETWEEN.sub("", half_width(passage))
        is_number = bool(_NUMBER.fullmatch(half_width(passage))) and sum(map(str.isdigit, core)) >= _SHORTEST_NUMBER
        if is_number:
            core = core.replace("-", "")
        _refuse_unusable(core)
        patterns.append(_number(core) if is_number else _words(core))
        hints += _hints(passage, core, is_number=is_number)
    return Passages(tuple(patterns), tuple(dict.fromkeys(hints)))


def _refuse_unusable(core: str) -> None:
    if len(core) < SHORTEST:
        raise PassageRefused("too_short")
    if len(core) > LONGEST:
        raise PassageRefused("too_long")


def _number(digits: str) -> re.Pattern[str]:
    joint = f"(?:-|{_BETWEEN}){{0,12}}"
    return re.compile("(?<![0-9])" + joint.join(digits) + "(?![0-9])")


def _words(core: str) -> re.Pattern[str]:
    joint = f"{_BETWEEN}{{0,12}}"
    before, after = ("(?<![0-9])" if core[0].isdigit() else ""), ("(?![0-9])" if core[-1].isdigit() else "")
    return re.compile(before + joint.join(map(re.escape, core)) + after, re.IGNORECASE)


def _hints(passage: str, core: str, *, is_number: bool) -> list[str]:
    if is_number:
        wide = str.maketrans("0123456789", "０１２３４５６７８９")
        return [core[:4], core[:4].translate(wide)]
    written = max(_ALL_BETWEEN.sub(" ", passage).split(), key=len, default=core)
    return list({written[:20], half_width(written)[:20]})
