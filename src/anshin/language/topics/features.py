"""What the classifier sees of a message: its writer's own words, folded, numbers as placeholders, cut into n-grams."""

import hashlib
import itertools
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from anshin.language.folding import fold
from anshin.language.topics.chinese_forms import FORMS, one_writing
from anshin.language.topics.cues import all_patterns, cues_in
from anshin.language.topics.kana_spellings import MOST_KANJI, STEMS, WORDS, in_kanji
from anshin.plumbing.mail.quotes import SegmentKind, split_reply

LONGEST_READ: Final = 3_000
"""Characters of the folded text; whoever writes more has said it by then."""
CUE_WEIGHT: Final = 1.0
"""Measured by bench/topics.py on 25 Japanese hands never seen: top-1 0.809 at 1, 0.805 at a half, 0.798 at 2."""
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
_WITHOUT_DIGITS: Final = frozenset({" §url ", " §mail "})
_DIGITS: Final = re.compile("[0-9]+")
_BREAKS: Final = re.compile(r"[。!?！？\n]+|(?<=[a-z])\.(?=\s|$)")
_LATIN_WORD: Final = re.compile(r"[a-z'’]+")
_SHORTEST, _LONGEST = 1, 4


@dataclass(frozen=True, slots=True)
class Said:
    """What a writer said, read once for all who judge it.

    `own`: the body without quotes and signature. `lines`: subject and body folded. `subject` and `sentences`: the same
    with placeholders, Chinese in one writing.
    """

    own: str
    lines: tuple[str, ...]
    subject: str
    sentences: tuple[str, ...]


def own_words(text: str) -> str:
    """The text without quoted mails and signature; all of it where nothing else is there."""
    segments = split_reply(text)
    own = "".join(segment.text for segment in segments if segment.kind is SegmentKind.BODY)
    return own if own.strip() else text


def said(subject: str, text: str) -> Said:
    """The message as the classifier reads it."""
    own = own_words(text)
    folded = [fold(line) for line in own[: 2 * LONGEST_READ].splitlines()]
    lines = [line for line in folded if line]
    title = fold(subject[:300])
    plain = in_kanji(one_writing(_plain(f"{title}\n" + "\n".join(lines)[:LONGEST_READ])))
    subject, _, body = plain.partition("\n")
    sentences = (part.strip() for part in _BREAKS.split(body))
    return Said(own, (title, *lines), subject, tuple(part for part in sentences if part))


def grams(message: Said) -> Counter[str]:
    """How often each feature occurs: character n-grams, Latin words and pairs of them, the subject's, and cues."""
    found = [gram for part in (message.subject, *message.sentences) for gram in _grams_of(part)]
    found += [f"s:{gram}" for gram in _character_grams(message.subject) if len(gram) > 1]
    found += cues_in(message.subject, message.sentences)
    return Counter(found)


def factor(gram: str) -> float:
    """What a feature counts beside others: a cue says more than an n-gram."""
    return CUE_WEIGHT if gram.startswith("c:") else 1.0


def weight(gram: str, count: int) -> float:
    """What a feature counts that occurs `count` times: the second time says less than the first."""
    return factor(gram) * (1.0 + math.log(count))


def recipe() -> str:
    """What tells one way of making features from another; a model serves only the recipe that it was learnt with."""
    plain = [_GREETING.pattern, *(pattern.pattern for pattern, _ in _PLACEHOLDERS)]
    tables = [*FORMS.split(), *STEMS.split(), *WORDS.split(), str(MOST_KANJI)]
    parts = [*all_patterns(), *plain, *tables, f"{CUE_WEIGHT} {_SHORTEST} {_LONGEST}"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]


def _plain(text: str) -> str:
    has_digits = bool(_DIGITS.search(text))
    for pattern, name in _PLACEHOLDERS:
        if has_digits or name in _WITHOUT_DIGITS:
            text = pattern.sub(name, text)
    return _GREETING.sub("", _DIGITS.sub("0", text) if has_digits else text)


def _grams_of(part: str) -> list[str]:
    grams = _character_grams(part)
    words = _LATIN_WORD.findall(part)
    if words:
        grams += [f"w:{word}" for word in words]
        grams += [f"w:{word[:5]}~" for word in words if len(word) > 5]
        grams += [f"w:{first} {second}" for first, second in itertools.pairwise(words)]
    return grams


def _character_grams(part: str) -> list[str]:
    if not part or part.isascii():
        return []
    padded = f"^{part.replace(' ', '_')}$"
    length = len(padded)
    return [
        padded[start : start + size] for size in range(_SHORTEST, _LONGEST + 1) for start in range(length - size + 1)
    ]
