"""Finds a shop's own order numbers in what people write; for intake, search and the order's unique column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from anshin.language.folding import fold, half_width

_LONGEST_FORMAT: Final = 40
_SHORTEST_DIGITS: Final = 3
# Digit groupings that are something else in Japan unless a cue word says otherwise: postcodes, phone numbers, dates,
# payment cards, parcel numbers.
_EVERYDAY_GROUPINGS: Final = frozenset(
    {
        (3, 4),
        (2, 4, 4),
        (3, 3, 4),
        (3, 4, 4),
        (4, 2, 4),
        (4, 3, 3),
        (4, 3, 4),
        (5, 1, 4),
        (4, 3),
        (4, 4),
        (2, 4),
        (3, 3),
    }
    | {(4, 2, 2), (2, 2, 2), (4, 2), (2, 2), (4, 4, 4), (4, 4, 4, 4), (4, 4, 3)}
)
_LINE_BREAK: Final = r"\r?\n[ \t>]{0,8}"
_LOOSE_JOINT: Final = rf"[ \t]{{0,3}}-{{0,2}}[ \t]{{0,3}}(?:{_LINE_BREAK}-?[ \t]{{0,3}})?"
_EXACT_JOINT: Final = rf"(?:{_LINE_BREAK})?[ \t]?-[ \t]?(?:{_LINE_BREAK})?"
_CUE: Final = re.compile(
    r"注文|オーダー|受注|購入番号|取引番号|(?<![a-z])order|(?<![a-z])purchase|#|订单|訂單|訂購|주문", re.IGNORECASE
)
_OTHER_CUE: Final = re.compile(
    r"追跡|伝票|送り状|問い?合わ?せ(?:番号|no)|お問合|電話|携帯|tel|fax|phone|mobile|〒|郵便|口座|カード番号|会員番号"
    r"|品番|型番|商品番号|jan|tracking|zip|account|item|円|¥|￥",
    re.IGNORECASE,
)
_CUE_REACH_BEFORE: Final = 28
_CUE_REACH_AFTER: Final = 12


class FormatRefused(ValueError):
    """The declared order number format cannot be used; `reason` is a word a form can translate.

    Reasons: `empty`, `too_long` (over 40 characters), `unknown_character`, `too_few_digits` (under 3 `#`).
    """

    def __init__(self, *, format: str, reason: str) -> None:
        super().__init__(f"{format!r}: {reason}")
        self.format = format
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """An order number in a text: canonical as the shop writes it, and where it stood (offsets in characters)."""

    number: str
    as_written: str
    start: int
    end: int
    format: str
    cue: str = ""
    """The word that made it an order number (注文), empty where its shape alone was enough."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    format: str
    exact: re.Pattern[str] | None
    loose: re.Pattern[str]
    has_letters: bool


class NumberFinder:
    """Finds the order numbers of one shop; made by `compile_formats`, kept as long as the formats stay."""

    def __init__(self, patterns: tuple[_Pattern, ...]) -> None:
        self._patterns = patterns

    def find(self, text: str) -> tuple[FoundNumber, ...]:
        """Every order number in the text in reading order, without overlaps; the same number may come twice."""
        plain = half_width(text)
        found = [number for pattern in self._patterns for number in _candidates(pattern, plain, text)]
        return _without_overlaps(found)


def compile_formats(formats: Iterable[str]) -> NumberFinder:
    """A finder for the formats a shop declares.

    Shapes: `#` is one digit, `-` a joint, letters and digits stand for themselves in either case:
    `KM-#####`, `komorebi-########`, `######-########-##########` (Rakuten), `###-#######-#######` (Amazon).
    A format with letters is found with or without its joints. One without letters is found by its exact grouping,
    unless that is also the grouping of a phone number, postcode, date or card, or else beside a cue word (注文番号).
    Raises: FormatRefused.
    """
    unique = dict.fromkeys(half_width(declared).strip() for declared in formats)
    return NumberFinder(tuple(_pattern(declared) for declared in unique))


def key(number: str) -> str:
    """The order number as it is kept in the unique column: folded, letters and digits only.

    `ＫＭ－２０４１７`, `km 20417` and `KM-20417` have one key; a text without letters and digits has the empty key.
    """
    return "".join(character for character in fold(number) if character.isalnum())


def _pattern(declared: str) -> _Pattern:
    _refuse_unusable(declared)
    groups = [group for group in declared.split("-") if group]
    has_letters = any(character.isalpha() for character in declared)
    grouping = tuple(len(group) for group in groups)
    exact = None
    if not has_letters and len(groups) > 1 and grouping not in _EVERYDAY_GROUPINGS:
        exact = _bounded(_EXACT_JOINT.join(map(_group, groups)), has_letters=False)
    return _Pattern(
        format=declared,
        exact=exact,
        loose=_bounded(_LOOSE_JOINT.join(map(_loose_group, groups)), has_letters=has_letters),
        has_letters=has_letters,
    )


def _refuse_unusable(declared: str) -> None:
    if not declared:
        raise FormatRefused(format=declared, reason="empty")
    if len(declared) > _LONGEST_FORMAT:
        raise FormatRefused(format=declared, reason="too_long")
    if not re.fullmatch(r"[#A-Za-z0-9-]+", declared):
        raise FormatRefused(format=declared, reason="unknown_character")
    if declared.count("#") < _SHORTEST_DIGITS:
        raise FormatRefused(format=declared, reason="too_few_digits")


def _group(group: str) -> str:
    runs = re.findall(r"#+|[^#]+", group)
    return "".join(f"[0-9]{{{len(run)}}}" if run[0] == "#" else re.escape(run) for run in runs)


def _loose_group(group: str) -> str:
    """The group with a joint wherever letters meet digits: KM##### is also written KM-20417."""
    pieces = re.findall(r"[#0-9]+|[A-Za-z]+", group)
    return _LOOSE_JOINT.join(map(_group, pieces))


def _bounded(core: str, *, has_letters: bool) -> re.Pattern[str]:
    before, after = r"(?<![0-9A-Za-z])(?<![0-9]-)", r"(?![0-9A-Za-z])(?!-[0-9])"
    if not has_letters:
        before += r"(?<![A-Za-z]-)(?<![0-9][.,/:])(?<![¥+\\])"
        after += r"(?![.,/:][0-9])(?![ \t]?円)"
    return re.compile(before + core + after, re.IGNORECASE | re.ASCII)


def _candidates(pattern: _Pattern, plain: str, text: str) -> Iterable[FoundNumber]:
    for match in pattern.loose.finditer(plain):
        shaped = pattern.has_letters or (pattern.exact is not None and pattern.exact.fullmatch(plain, *match.span()))
        cue = _cue_beside(plain, *match.span())
        if shaped or cue:
            yield FoundNumber(
                number=_canonical(pattern.format, match.group()),
                as_written=text[match.start() : match.end()],
                start=match.start(),
                end=match.end(),
                format=pattern.format,
                cue=cue,
            )


def _canonical(declared: str, written: str) -> str:
    characters = iter(character for character in written if character.isascii() and character.isalnum())
    return "".join(
        place if place == "-" else (next(characters) if place == "#" else (next(characters), place)[1])
        for place in declared
    )


def _cue_beside(plain: str, start: int, end: int) -> str:
    """The cue word that belongs to the number: the nearest label before it, or one right after it on its line."""
    before = plain[max(0, start - _CUE_REACH_BEFORE) : start]
    labels = [(match.end(), match.group()) for match in _CUE.finditer(before)]
    others = [match.end() for match in _OTHER_CUE.finditer(before)]
    if labels and labels[-1][0] > max(others, default=0) and before[labels[-1][0] :].count("\n") <= 1:
        return labels[-1][1]
    if others and "\n" not in before[others[-1] :]:
        return ""
    after = re.split(r"[\n0-9]", plain[end : end + _CUE_REACH_AFTER], maxsplit=1)[0]
    match = _CUE.search(after)
    return match.group() if match else ""


def _without_overlaps(found: list[FoundNumber]) -> tuple[FoundNumber, ...]:
    kept: list[FoundNumber] = []
    for number in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return tuple(kept)
