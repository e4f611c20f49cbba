"""Patterns written as lists of words: what makes long lists of Japanese wordings readable in this code, and quick.

Python's `re` skips through a text where every alternative begins with a plain character. So alternatives that begin
with a group or a set of characters are written out, and those that cannot be are sought apart.
"""

import re
from collections.abc import Iterable, Iterator

from anshin.language.kanji_variants import STANDARD_FORM

_QUANTIFIERS = "?*+{"
_SPECIAL = ".^$*+?{}[]()|"


class AnyOf:
    """Finds any of some expressions; made by `any_of`."""

    def __init__(self, alternatives: list[str]) -> None:
        self.pattern = "|".join(alternatives)
        plain = [each for each in alternatives if _begins_plainly(each)]
        others = [each for each in alternatives if not _begins_plainly(each)]
        self._parts = tuple(re.compile("|".join(part)) for part in (plain, others) if part)

    def search(self, text: str) -> re.Match[str] | None:
        """A place where one of the expressions stands, not always the first."""
        for part in self._parts:
            found = part.search(text)
            if found:
                return found
        return None

    def sub(self, replacement: str, text: str) -> str:
        """The text with every place replaced."""
        for part in self._parts:
            text = part.sub(replacement, text)
        return text


def any_of(written: str) -> AnyOf:
    """A pattern that finds any of the expressions in folded text.

    White space parts the expressions, `_` stands for a space. Variant kanji are written as `folding.fold` writes them.
    """
    given = (each.replace("_", " ") for each in written.translate(STANDARD_FORM).split())
    return AnyOf(list(dict.fromkeys(_written_out(given))))


def _written_out(alternatives: Iterable[str]) -> Iterator[str]:
    for each in alternatives:
        yield from _expanded(each)


def _expanded(each: str) -> Iterator[str]:
    """The expression, its first group or set of characters written out: (?:ab|c)d becomes abd, cd."""
    if each.startswith("(?:"):
        end = _closing(each)
        if each[end + 1 : end + 2] not in tuple(_QUANTIFIERS):
            for inner in _split(each[3:end]):
                yield from _expanded(inner + each[end + 1 :])
            return
    elif each.startswith("[") and not each.startswith("[^"):
        end = each.index("]")
        characters = each[1:end]
        if each[end + 1 : end + 2] not in tuple(_QUANTIFIERS) and not set(characters) & set("-\\"):
            for character in characters:
                yield re.escape(character) + each[end + 1 :]
            return
    yield each


def _closing(each: str) -> int:
    """Where the group that begins the expression ends."""
    depth, in_set, at = 0, False, 0
    while at < len(each):
        character = each[at]
        if character == "\\":
            at += 1
        elif in_set:
            in_set = character != "]"
        elif character == "[":
            in_set = True
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth == 0:
                return at
        at += 1
    raise ValueError(each)


def _split(inner: str) -> list[str]:
    """The alternatives of the inside of a group."""
    parts, depth, in_set, start = [], 0, False, 0
    for at, character in enumerate(inner):
        if in_set:
            in_set = character != "]"
        elif character == "[":
            in_set = True
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "|" and depth == 0:
            parts.append(inner[start:at])
            start = at + 1
    return [*parts, inner[start:]]


def _begins_plainly(each: str) -> bool:
    """Whether the expression begins with a character that must be there."""
    if each.startswith("\\"):
        return len(each) > 1 and not each[1].isalnum() and each[2:3] not in tuple(_QUANTIFIERS)
    return bool(each) and each[0] not in _SPECIAL and each[1:2] not in tuple(_QUANTIFIERS)
