"""Whether some HTML is wild enough to keep a parser busy for minutes; for `html`, which then shows its words only.

An HTML parser's work grows with the square of nesting depth, of attributes on one tag, and of unclosed letter
styles (each is opened again in every block). Real mails stay far below these limits; this scan costs one pass.
"""

import re

MAX_DEPTH = 256
MAX_ATTRIBUTES = 300
MAX_REOPENED = 500_000
MAX_TAGS = 50_000
MAX_REFERENCES = 50_000

_TAG = re.compile(r"<(?:(/?)([A-Za-z][^\s/>]{0,40})|(!--)|[!?])")
_STOP = re.compile(r">|=\s*([\"'])|[\s/]+")
_CLOSES_ITSELF_LISTED = """
    area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr
    p li dd dt tr td th tbody thead option
"""
_CLOSES_ITSELF = frozenset(_CLOSES_ITSELF_LISTED.split())
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
_LETTERS = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "span")
)


def is_wild(html: str) -> bool:
    """Whether the limits are exceeded. Works in time linear in the length of the text."""
    if html.count("&") > MAX_REFERENCES:
        return True
    counter = _Counter()
    position = 0
    for _tag in range(MAX_TAGS):
        found = _TAG.search(html, position)
        if found is None:
            return False
        position, attributes = _past_tag(html, found)
        if attributes > MAX_ATTRIBUTES or (found.group(2) and counter.is_exceeded_by(found.group(2), found.group(1))):
            return True
    return True


class _Counter:
    """How many elements of each name are open."""

    def __init__(self) -> None:
        self.open: dict[str, int] = {}
        self.depth = 0
        self.letters = 0
        self.reopened = 0

    def is_exceeded_by(self, sent_name: str, slash: str) -> bool:
        name = sent_name.lower()
        if name not in _CLOSES_ITSELF and name not in _RAW:
            self._count(name, -1 if slash else 1)
        if not slash:
            self.reopened += self.letters
        return self.depth > MAX_DEPTH or self.reopened > MAX_REOPENED

    def _count(self, name: str, step: int) -> None:
        before = self.open.get(name, 0)
        if before + step < 0:
            return
        self.open[name] = before + step
        self.depth += step
        self.letters += step if name in _LETTERS else 0


def _past_tag(html: str, found: re.Match[str]) -> tuple[int, int]:
    """The position after a tag, comment or raw element, and the number of its attributes."""
    if found.group(3):
        end = html.find("-->", found.end())
        return (len(html) if end < 0 else end + 3), 0
    position, attributes = _past_attributes(html, found.end())
    name = (found.group(2) or "").lower()
    if name in _RAW and not found.group(1):
        closing = re.compile(f"</{name}", re.IGNORECASE).search(html, position)
        position = closing.start() if closing else len(html)
    return position, attributes


def _past_attributes(html: str, position: int) -> tuple[int, int]:
    attributes = 0
    while attributes <= MAX_ATTRIBUTES:
        stop = _STOP.search(html, position)
        if stop is None:
            return len(html), attributes
        if stop.group() == ">":
            return stop.end(), attributes
        attributes += 1
        position = stop.end()
        if stop.group(1):
            close = html.find(stop.group(1), position)
            position = len(html) if close < 0 else close + 1
    return position, attributes
