"""How a text is written down for searching: two spellings that a person takes for the same become one."""

import re
from dataclasses import dataclass
from typing import Final

from anshin.language.content_words import content_words
from anshin.language.folding import fold
from anshin.language.names import katakana

_QUOTE_MARKS: Final = re.compile(r"^[ \t\u3000]*[>＞|][>＞| \t\u3000]*", re.MULTILINE)
_BLANK_LINES: Final = re.compile(r"\r?\n(?:[ \t\u3000]*\r?\n)+")
_BREAK: Final = "\ue000"  # stands for a blank line while the text is folded, which would swallow it
_THOUSANDS: Final = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_NEEDLESS_SPACE: Final = re.compile(r"(?<=[^\x00-\u024f]) | (?=[^\x00-\u024f])")


@dataclass(frozen=True, slots=True)
class SearchText:
    """`plain`: what is compared, each paragraph on its line; `words`: its words in their dictionary's spelling."""

    plain: str
    words: frozenset[str]


def search_text(text: str) -> SearchText:
    """The text as an index takes it in. Linear in the text."""
    spelled = joined(text)
    return SearchText(katakana(spelled), frozenset(content_words(spelled)))


def plain(text: str) -> str:
    """The text as it is compared in a search: folded, kana as katakana, broken lines of Japanese joined again."""
    return katakana(joined(text))


def joined(text: str) -> str:
    """The text folded, without quote marks, the commas of thousands, and the spaces and line breaks inside Japanese."""
    marked = _BLANK_LINES.sub(_BREAK, _QUOTE_MARKS.sub("", text))
    return _NEEDLESS_SPACE.sub("", _THOUSANDS.sub("", fold(marked))).replace(_BREAK, "\n")
