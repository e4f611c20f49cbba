"""Replaces words inside HTML wherever a person would read them, also when tags stand between their letters.

For masking and striking out. Knows nothing of what is sought: the caller's function says where in the plain words.
Linear in the HTML. Nothing is parsed into a tree, so broken markup stays as broken as it was.
"""

import html
import re
from collections.abc import Callable, Iterable

Change = tuple[int, int, str]
"""Start and end in a text, and what stands there afterwards."""
Finder = Callable[[str], Iterable[Change]]

_TOKEN = re.compile(
    r"(?P<skip><!--.*?(?:-->|\Z)|<(?P<raw>script|style)\b.*?(?:</(?P=raw)\s*>|\Z))"
    r"|(?P<tag><[/!?a-zA-Z][^>]*(?:>|\Z))|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});?)",
    re.DOTALL | re.IGNORECASE,
)
_BREAKS = re.compile(r"</?(?:p|div|br|hr|li|ul|ol|tr|table|h[1-6]|blockquote|pre)\b", re.IGNORECASE)
_LONGEST_PLAIN_TAG = 12
"""Without attributes: </blockquote>, nearly. What is longer may say something."""
_CELL = re.compile(r"</?t[dh]\b", re.IGNORECASE)


def replaced_in_html(markup: str, find: Finder) -> str:
    """The HTML with every change that `find` names for its words, its tags' attributes and its comments."""
    words, places, marks = _words(markup)
    edits: list[Change] = []
    for start, end, instead in find(words):
        edits += _edits(places[start:end], html.escape(instead))
    for start, end in marks:
        for begin, stop, instead in find(markup[start:end]):
            edits.append((start + begin, start + stop, html.escape(instead)))
    return replaced(markup, edits)


def words_of_markup(markup: str) -> str:
    """The HTML's words as a person would read them, then its tags with their attributes, and its comments."""
    words: list[str] = []
    marks: list[str] = []
    last = 0
    for token in _TOKEN.finditer(markup):
        words.append(markup[last : token.start()])
        last = token.end()
        if token["entity"]:
            words.append(html.unescape(token[0]))
            continue
        words.append(_gap(token[0]))
        if len(token[0]) > _LONGEST_PLAIN_TAG:
            marks.append(token[0])
    return "\n".join(["".join([*words, markup[last:]]), *marks])


def replaced(text: str, changes: Iterable[Change]) -> str:
    """The text with the changes made; of two that overlap the earlier wins."""
    pieces, last = [], 0
    for start, end, instead in sorted(changes):
        if start >= last:
            pieces += [text[last:start], instead]
            last = end
    return "".join([*pieces, text[last:]]) if pieces else text


def _words(markup: str) -> tuple[str, list[tuple[int, int] | None], list[tuple[int, int]]]:
    """The plain words; where in the markup each of their characters stands (None: nowhere); tags and comments."""
    words: list[str] = []
    places: list[tuple[int, int] | None] = []
    marks: list[tuple[int, int]] = []
    last = 0
    for token in _TOKEN.finditer(markup):
        _take(markup, last, token.start(), words, places)
        last = token.end()
        if token["entity"]:
            shown = html.unescape(token[0])
            words.append(shown)
            places += [token.span()] * len(shown)
            continue
        marks.append(token.span())
        if gap := _gap(token[0]):
            words.append(gap)
            places.append(None)
    _take(markup, last, len(markup), words, places)
    return "".join(words), places, marks


def _gap(tag: str) -> str:
    """What stands between the words before and behind a tag."""
    return "\n" if _BREAKS.match(tag) else " " if _CELL.match(tag) else ""


def _take(markup: str, start: int, end: int, words: list[str], places: list[tuple[int, int] | None]) -> None:
    words.append(markup[start:end])
    places += [(at, at + 1) for at in range(start, end)]


def _edits(places: Iterable[tuple[int, int] | None], instead: str) -> list[Change]:
    """The new words where the first letter stood, the other letters gone; the tags between them stay."""
    edits: list[Change] = []
    for place in places:
        if place is not None and (not edits or place[0] >= edits[-1][1]):
            edits.append((*place, "" if edits else instead))
    return edits
