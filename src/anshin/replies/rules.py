"""Decisions of the replies room: what stands between braces, how a macro is filled in, which language is used.

The language of placeholders is only this: {{name}} with a name of terms.Placeholder. Nothing in it is executed, and
no name reaches into anything. Full-width braces count as braces, so that none leaves by mistake.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from anshin.language.folding import fold, half_width
from anshin.language.names import katakana
from anshin.replies.terms import Filled, Gap, GapReason, Language, MacroContent, Placeholder

LONGEST_NAME = 80
LONGEST_TEXT = 10_000
_OPEN = re.compile(r"\{\{")
_WHOLE = re.compile(r"\{\{([^{}\n]{0,80})\}\}")
_KNOWN = frozenset(Placeholder.values)
_SIGN = re.compile("[{｛]")


def gaps_in(text: str) -> tuple[Gap, ...]:
    """Everything in a text that must not leave: whatever stands between braces, or behind two opening ones."""
    return tuple(_places(text)) if _SIGN.search(text) else ()


def wrong_in(text: str) -> tuple[Gap, ...]:
    """What cannot be saved in a macro: names that nobody knows, and braces without an end."""
    return tuple(gap for gap in gaps_in(text) if gap.reason != GapReason.EMPTY)


def placeholders_in(text: str) -> frozenset[str]:
    """The known names that a text uses."""
    return frozenset(gap.name for gap in gaps_in(text) if gap.reason == GapReason.EMPTY)


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """The text with every placeholder replaced that has a value; the others stay as gaps.

    What is put in is not read again: a customer named {{today}} stays what they are, and does not leave.
    """
    parts, at = [], 0
    for gap in gaps_in(text):
        value = values.get(gap.name, "") if gap.reason == GapReason.EMPTY else ""
        parts += [text[at : gap.start], value or text[gap.start : gap.end]]
        at = gap.end
    filled = "".join([*parts, text[at:]])
    return Filled(filled, gaps_in(filled))


def is_as_written(sent: str, template: str) -> bool:
    """Whether a reply holds a macro's own words unchanged and in order, whatever stands in its placeholders."""
    at = 0
    for piece in _pieces(template):
        found = sent.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def version_for(languages: Collection[str], wanted: str) -> str:
    """The language in which a macro is sent to a customer who writes `wanted`: theirs, else English, else Japanese."""
    choices = [wanted or Language.JA.value]
    if wanted not in {"", Language.JA}:
        choices.append(Language.EN.value)
    return next((each for each in [*choices, Language.JA.value] if each in languages), next(iter(languages), ""))


def search_key(*texts: str) -> str:
    """The words by which a macro is found: one width, one kana, no spaces."""
    return " ".join(katakana(fold(text)) for text in texts if text)[:1000]


def tidy(content: MacroContent) -> MacroContent:
    """The content without empty languages, doubled topics and tags, and white space at the ends."""
    texts = {code: content.texts.get(code, "").replace("\r\n", "\n").strip() for code in Language.values}
    return MacroContent(
        name=" ".join(content.name.split())[:LONGEST_NAME],
        topics=tuple(dict.fromkeys(content.topics)),
        texts={code: text for code, text in texts.items() if text},
        closes_with=content.closes_with,
        adds_tags=tuple(dict.fromkeys(tag.strip() for tag in content.adds_tags if tag.strip())),
    )


def _places(text: str) -> Iterator[Gap]:
    plain, at = half_width(text), 0
    while found := _OPEN.search(plain, at):
        whole = _WHOLE.match(plain, found.start())
        if whole is None:
            yield Gap(found.start(), found.end(), "", GapReason.UNCLOSED)
            at = found.end()
            continue
        name = whole[1].strip().lower()
        reason = GapReason.EMPTY if name in _KNOWN else GapReason.UNKNOWN
        yield Gap(whole.start(), whole.end(), name or "…", reason)
        at = whole.end()


def _pieces(template: str) -> Iterator[str]:
    at = 0
    for gap in gaps_in(template):
        if piece := template[at : gap.start].strip():
            yield piece
        at = gap.end
    if piece := template[at:].strip():
        yield piece
