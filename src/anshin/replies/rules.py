"""Decisions of the replies room: what stands between braces, how a macro is filled in, which language is used.

The language of placeholders is only this: {{name}} with a name of terms.Placeholder. Nothing in it is executed, and
no name reaches into anything. Full-width braces count as braces, so that none leaves by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from anshin.language.folding import fold, half_width
from anshin.language.names import katakana
from anshin.language.promises import SpokenPromise, Until
from anshin.replies.terms import Filled, Gap, GapReason, Language, MacroContent, MacroStep, Placeholder

Closing = Callable[[datetime, int], datetime]
LONGEST_NAME = 80
LONGEST_TEXT = 10_000
LONGEST_SNOOZE_DAYS = 60
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
        steps=tuple(step for step in MacroStep.values if step in content.steps),
        snooze_days=min(content.snooze_days, LONGEST_SNOOZE_DAYS),
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


_QUOTED_LINE = re.compile(r"^[ \t]*[>＞].*$", re.MULTILINE)


def own_words(text: str) -> str:
    """The text without the lines that quote somebody else."""
    return _QUOTED_LINE.sub("", text) if ">" in text or "＞" in text else text


# Promises

MORNING = time(10, 0)
"""When the owner of a promise is reminded on its day."""


def promise_key(quote: str) -> str:
    """By which a sentence is known again between the screen and the sending."""
    return sha256(" ".join(fold(quote).split()).encode()).hexdigest()[:16]


def promise_due(spoken: SpokenPromise, *, leaves_at: datetime, closing: Closing, zone: ZoneInfo) -> datetime:
    """By when a promise is to be kept. `closing(start, n)`: when the shop closes on the n-th business day after.

    A day ends when the shop closes, one that is over already at midnight; “soon” is the end of the next business day.
    """
    if spoken.until == Until.HOURS:
        return leaves_at + timedelta(hours=spoken.count)
    if spoken.until == Until.BUSINESS_DAYS:
        return closing(leaves_at, spoken.count)
    if spoken.until == Until.SOON:
        return closing(leaves_at, 1)
    today = leaves_at.astimezone(zone).date()
    day = spoken.on if spoken.until == Until.DAY and spoken.on else today + timedelta(days=spoken.count)
    return day_end(day, at=spoken.at, leaves_at=leaves_at, closing=closing, zone=zone)


def day_end(day: date, *, at: time | None, leaves_at: datetime, closing: Closing, zone: ZoneInfo) -> datetime:
    """The end of a day for a promise, or its named time; never before the reply leaves."""
    due = datetime.combine(day, at, zone) if at else closing(datetime.combine(day, time(12, 0), zone), 0)
    return due if due > leaves_at else datetime.combine(day, time(23, 59), zone)


def promise_check(*, due_at: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """When the owner hears of it next: on the morning of its day, else two hours before, else when it is late."""
    morning = datetime.combine(due_at.astimezone(zone).date(), MORNING, zone)
    return next((at for at in (morning, due_at - timedelta(hours=2)) if after < at < due_at), due_at)


def word_key(word: str) -> str:
    """By which a word of the trade is known: one width, lower case, no space."""
    return fold(word).replace(" ", "")[:60]


def words_in(text: str, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Those of `words` (word to plain one) that stand in the text, as they stand there, in reading order, each once.

    A word of Latin letters counts only as a whole: RMA, not FARMACY. A plain word that holds the word
    itself (返品受付番号 for 受付番号) is not found in itself.
    """
    found: dict[str, tuple[int, str, str]] = {}
    for word, plain in words.items():
        pattern = re.escape(word)
        if word[:1].isascii() and word[-1:].isascii():
            pattern = rf"(?<![0-9A-Za-z]){pattern}s?(?![0-9A-Za-z])"
        hidden = [(each.start(), each.end()) for each in re.finditer(re.escape(plain), text)] if plain else []
        for match in re.finditer(pattern, text, re.IGNORECASE):
            if plain and not any(start <= match.start() and match.end() <= end for start, end in hidden):
                found.setdefault(word, (match.start(), match.group(), plain))
    return [(written, plain) for _at, written, plain in sorted(found.values())]
