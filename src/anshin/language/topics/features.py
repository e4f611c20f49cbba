"""What the classifier sees of a message: its writer's own words, folded, numbers as placeholders, cut into n-grams."""

import hashlib
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from anshin.language.folding import fold
from anshin.language.topics.cues import CUES, cues_in
from anshin.language.topics.urgency_cues import EXCLUDED, KINDS
from anshin.plumbing.mail.quotes import SegmentKind, split_reply

LONGEST_READ: Final = 3_000
"""Characters of the folded text; whoever writes more has said it by then."""
CUE_WEIGHT: Final = 2.0
"""Measured by bench/topics.py: authors never seen 0.67 without cues, 0.72 with, 0.73 at this weight, 0.72 at three."""
_GREETING: Final = re.compile(
    r"(?:いつも)?(?:大変)?お世話に?なって(?:おり|い)ます|お世話様です|はじめまして|初めまして|突然の(?:ご連絡|メール)[^。\n]{0,12}失礼"
    r"(?:いた|致)?します|(?:お忙しい|ご多忙)[^。、\n]{0,10}(?:中|ところ)|恐れ入りますが?|恐縮ですが|(?:何卒|どうぞ)?よろしく"
    r"(?:お(?:願|ねが)い)?(?:いた|致|申し上げ)?し?ます|宜しくお願い(?:いた|致|申し上げ)?し?ます"
)
_PLACEHOLDERS: Final = tuple(
    (re.compile(pattern), f" {name} ")
    for name, pattern in (
        ("§url", r"https?://\S+|www\.\S+"),
        ("§mail", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
        (
            "§yen",
            r"[¥$€£]\s?[0-9][0-9,.]*|(?:nt\$|us\$|hk\$|rmb)\s?[0-9][0-9,.]*|[0-9][0-9,]*\s?(?:円|万円|千円|yen|jpy|元|원|엔)",
        ),
        (
            "§date",
            r"(?:20[0-9]{2}|令和[0-9]{1,2})[年/.-][0-9]{1,2}[月/.-][0-9]{1,2}日?|(?<![0-9])[0-9]{1,2}月[0-9]{1,2}[日号]"
            r"|(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}(?![0-9/])|[0-9]{1,2}월\s?[0-9]{1,2}일",
        ),
        ("§time", r"[0-9]{1,2}:[0-9]{2}|(?:午前|午後)?[0-9]{1,2}時(?:[0-9]{1,2}分)?"),
        ("§phone", r"(?<![0-9])0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}(?![0-9])"),
        (
            "§num",
            r"#\s?[0-9]{3,}|(?<![a-z0-9])[a-z]{1,5}[-_]?[0-9]{3,}[0-9-]*(?![a-z0-9])|[0-9]{3,}-[0-9-]{4,}|[0-9]{5,}",
        ),
    )
)
_DIGITS: Final = re.compile("[0-9]+")
_BREAKS: Final = re.compile(r"[。!?！？\n]+|(?<=[a-z])\.(?=\s|$)")
_LATIN_WORD: Final = re.compile(r"[a-z'’]+")
_SHORTEST, _LONGEST = 1, 4


@dataclass(frozen=True, slots=True)
class Said:
    """What a writer said: the subject and the body's own words, folded and with placeholders, sentence by sentence."""

    subject: str
    sentences: tuple[str, ...]


def own_words(text: str) -> str:
    """The text without quoted mails and signature; all of it where nothing else is there."""
    segments = split_reply(text)
    own = "".join(segment.text for segment in segments if segment.kind is SegmentKind.BODY)
    return own if own.strip() else text


def said(subject: str, text: str) -> Said:
    """The message as the classifier reads it."""
    lines = [fold(line) for line in own_words(text)[: 2 * LONGEST_READ].splitlines()]
    body = "\n".join(line for line in lines if line)[:LONGEST_READ]
    sentences = (part.strip() for part in _BREAKS.split(_plain(body)))
    return Said(_plain(fold(subject[:300])), tuple(part for part in sentences if part))


def grams(message: Said) -> Counter[str]:
    """How often each feature occurs: character n-grams, Latin words and pairs of them, the subject's, and cues."""
    found: Counter[str] = Counter()
    for sentence in message.sentences:
        found.update(_character_grams(sentence))
        found.update(_word_grams(sentence))
    if message.subject:
        found.update(_character_grams(message.subject))
        found.update(_word_grams(message.subject))
        found.update(f"s:{gram}" for gram in _character_grams(message.subject) if len(gram) > 1)
    found.update(cues_in(message.subject, message.sentences))
    return found


def weight(gram: str, count: int) -> float:
    """What a feature counts that occurs `count` times: the second time says less; a cue says more than an n-gram."""
    return (CUE_WEIGHT if gram.startswith("c:") else 1.0) * (1.0 + math.log(count))


def recipe() -> str:
    """What tells one way of making features from another; a model serves only the recipe that it was learnt with."""
    patterns = [*CUES.values(), *KINDS.values(), EXCLUDED, _GREETING, *(pattern for pattern, _ in _PLACEHOLDERS)]
    parts = [*CUES, *KINDS, *(pattern.pattern for pattern in patterns), f"{CUE_WEIGHT} {_SHORTEST} {_LONGEST}"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _plain(text: str) -> str:
    for pattern, name in _PLACEHOLDERS:
        text = pattern.sub(name, text)
    return _GREETING.sub("", _DIGITS.sub("0", text))


def _character_grams(sentence: str) -> Iterator[str]:
    padded = f"^{sentence.replace(' ', '_')}$" if not sentence.isascii() else ""
    for size in range(_SHORTEST, _LONGEST + 1):
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


def _word_grams(sentence: str) -> Iterator[str]:
    words = _LATIN_WORD.findall(sentence)
    for word in words:
        yield f"w:{word}"
        if len(word) > 5:
            yield f"w:{word[:5]}~"
    for first, second in itertools.pairwise(words):
        yield f"w:{first} {second}"
