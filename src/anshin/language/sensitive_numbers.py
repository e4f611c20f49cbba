"""Finds numbers in a text that a shop should not keep: payment cards, their security codes, My Number (個人番号).

For the warning beside a message, for masks in lists, and for striking them out. A number is taken for what it is by
its shape, its check digit and the words around it; an order or parcel number must never be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anshin.language.card_ranges import is_card_range
from anshin.language.folding import half_width

MASK: Final = "•"
_JOINT: Final = r"[ \t]{0,2}-?[ \t]{0,2}"
_BREAK: Final = r"[ \t]{0,3}-?[ \t]{0,3}\r?\n[ \t>|]{0,12}-?[ \t]{0,3}"
_CHAIN: Final = re.compile(rf"(?<![0-9A-Za-z])[0-9]+(?:(?:{_BREAK}|{_JOINT})[0-9]+)*(?![0-9A-Za-z])")
_RUN: Final = re.compile("[0-9]+")
_ENOUGH_DIGITS: Final = re.compile(r"(?:[0-9][^0-9A-Za-z]{0,20}){11}[0-9]")
_CARD_LAYOUTS: Final = (
    (4, 4, 4, 4),
    (4, 6, 5),
    (4, 6, 4),
    (4, 4, 4, 4, 3),
    (4, 4, 4, 4, 2),
    (4, 4, 4, 4, 1),
    (6, 13),
    (4, 3, 3, 3),
    *((length,) for length in range(13, 20)),
)
_MY_NUMBER_LAYOUTS: Final = ((4, 4, 4), (12,))
_LAYOUTS_BY_FIRST: Final = {
    first: [layout for layout in (*_CARD_LAYOUTS, *_MY_NUMBER_LAYOUTS) if layout[0] == first]
    for first in {layout[0] for layout in (*_CARD_LAYOUTS, *_MY_NUMBER_LAYOUTS)}
}
_FEWEST_DIGITS: Final = 12
_CARD_CUE: Final = re.compile(
    r"クレジット|クレカ|(?<!会員)(?<!ポイント)カード(?:の?番号|[ ]?no)|credit ?card|card (?:number|no)|"
    r"visa|master ?card|mastercard|jcb|amex|american express|diners|信用卡|신용카드",
    re.IGNORECASE,
)
_MY_NUMBER_CUE: Final = re.compile(
    r"マイナンバー|マイナ番号|個人番号|my[ -]?number|通知カード|特定個人情報", re.IGNORECASE
)
_OTHER_CUE: Final = re.compile(
    r"追跡|伝票|送り状|問い?合わ?せ(?:番号|no)|お問合|荷物|配送|ヤマト|佐川|ゆうパック|クロネコ|注文|受注|オーダー|購入番号"
    r"|取引(?:番号|id)|決済(?:番号|id)|払込|支払い?番号|受付番号|電話|携帯|tel|fax|phone|口座|会員|ポイント|品番|型番|商品番号|jan|ean|isbn|imei|シリアル"
    r"|製造番号|法人番号|登録番号|tracking|waybill|shipment|parcel|order|invoice|transaction|serial|item|订单|快递|주문|송장",
    re.IGNORECASE,
)
_LABELS: Final = re.compile(r"[^\n。!?]{0,16}|[^\n。!?]{0,4}[ \t]*\r?\n[ \t>]{0,8}")
_GOODS_CUE: Final = re.compile(r"注文|受注|オーダー|伝票|追跡|送り状|商品番号|tracking|order|parcel", re.IGNORECASE)
_CODE: Final = re.compile(
    r"(?:セキュリティー?・?コード|card security code|security code|cvv2?|cvc2?|cid)"
    r"(?:番号|number)?[ \t]{0,3}(?:[:=はが]|です|is)?[ \t]{0,3}(?:\r?\n[ \t>]{0,8})?([0-9]{3,4})(?![0-9A-Za-z]|-[0-9])",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"'、。「」()]+", re.IGNORECASE)
_REACH_BEFORE: Final = 40
_REACH_AFTER: Final = 16


class NumberKind(StrEnum):
    """What a number is."""

    CARD = "card"
    SECURITY_CODE = "security_code"
    MY_NUMBER = "my_number"


class Certainty(StrEnum):
    """`certain`: shape, check digit and either its grouping or the words beside it agree. `likely`: bare digits."""

    CERTAIN = "certain"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True)
class SensitiveNumber:
    """A number and where it stood (offsets in characters). `digits` are its digits as 0–9."""

    kind: NumberKind
    certainty: Certainty
    start: int
    end: int
    digits: str


def find_numbers(text: str) -> tuple[SensitiveNumber, ...]:
    """Every sensitive number of the text in reading order, without overlaps. Linear in the text.

    Cards: a brand's range and length, the check digit, and a usual grouping (4-4-4-4, 4-6-5, none …), also in
    full-width digits, across a line break and in quoted lines. Not beside a word for another number (注文番号, 追跡,
    JAN …) unless a word for a card is nearer; not in an address (URL) and not with 13 digits without such a word.
    My Number: 12 digits with a valid check digit beside マイナンバー, 個人番号 and the like, since a parcel number has
    12 digits, too. Security codes: three or four digits behind their name.
    """
    plain = half_width(text)
    if not _ENOUGH_DIGITS.search(plain) and not _CODE.search(plain):
        return ()
    found = [*_long_numbers(plain), *_codes(plain)]
    return _without_overlaps(found)


def masked(text: str) -> str:
    """The text with every sensitive digit as •, of the same length. Of a card the last four digits stay.

    Source: PCI DSS v4.0.1, requirement 3.4.1 (a shown card number: at most the BIN and the last four digits),
    June 2024, read 2026-11-26.
    """
    pieces, last = [], 0
    for start, end, mask in masks(text):
        pieces += [text[last:start], mask]
        last = end
    return "".join([*pieces, text[last:]]) if pieces else text


def masks(text: str) -> list[tuple[int, int, str]]:
    """Start, end and mask of every sensitive number of the text."""
    return [(number.start, number.end, masked_number(text, number)) for number in find_numbers(text)]


def masked_number(text: str, number: SensitiveNumber) -> str:
    """The stretch of the text where the number stands, masked."""
    stretch = text[number.start : number.end]
    hidden = len(number.digits) - (4 if number.kind == NumberKind.CARD else 0)
    shown = []
    for character in stretch:
        is_hidden = character.isdecimal() and hidden > 0
        hidden -= is_hidden
        shown.append(MASK if is_hidden else character)
    return "".join(shown)


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the check digit of the others.

    Source: ISO/IEC 7812-1:2017 annex B, "Luhn formula for computing modulus 10 double-add-double check digits",
    as described in "Luhn algorithm", Wikipedia, read 2026-11-26.
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def my_number_holds(digits: str) -> bool:
    """Whether twelve digits end in the check digit of a My Number.

    11 minus the remainder of Σ Pn×Qn by 11, and 0 when that remainder is 0 or 1; Pn is the n-th digit from the right
    without the check digit, Qn is n+1 for n ≤ 6 and n-5 for n ≥ 7.
    Source: 平成26年総務省令第85号 (行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による
    通知カード及び個人番号カード並びに情報提供ネットワークシステムによる特定個人情報の提供等に関する省令) 第5条,
    read 2026-11-26.
    """
    body = [int(digit) for digit in reversed(digits[:11])]
    total = sum(digit * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(body, 1))
    remainder = total % 11
    return len(digits) == 12 and int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def _long_numbers(plain: str) -> Iterator[SensitiveNumber]:
    addresses = [match.span() for match in _ADDRESS.finditer(plain)]
    for chain in _CHAIN.finditer(plain):
        if chain.end() - chain.start() < _FEWEST_DIGITS:
            continue
        for runs in _readings(plain, *chain.span()):
            yield from _numbers_in(plain, runs, addresses)


def _readings(plain: str, start: int, end: int) -> list[list[tuple[int, int]]]:
    """The stretch as runs of digits: once with a line break between two runs, once with a break inside one."""
    runs = [match.span() for match in _RUN.finditer(plain, start, end)]
    joined: list[tuple[int, int]] = []
    for run in runs:
        if joined and "\n" in plain[joined[-1][1] : run[0]]:
            joined[-1] = (joined[-1][0], run[1])
        else:
            joined.append(run)
    return [runs] if joined == runs else [runs, joined]


def _numbers_in(plain: str, runs: list[tuple[int, int]], addresses: list[tuple[int, int]]) -> Iterator[SensitiveNumber]:
    lengths = [len(_digits(plain, *run)) for run in runs]
    for first in range(len(runs)):
        for layout in _LAYOUTS_BY_FIRST.get(lengths[first], ()):
            if tuple(lengths[first : first + len(layout)]) != layout:
                continue
            start, end = runs[first][0], runs[first + len(layout) - 1][1]
            if number := _read(plain, start, end, is_grouped=len(layout) > 1, addresses=addresses):
                yield number


def _read(
    plain: str, start: int, end: int, *, is_grouped: bool, addresses: list[tuple[int, int]]
) -> SensitiveNumber | None:
    digits = _digits(plain, start, end)
    if len(digits) == 12:
        is_ours = my_number_holds(digits) and _cue(plain, start, end, _MY_NUMBER_CUE) is True
        return SensitiveNumber(NumberKind.MY_NUMBER, Certainty.CERTAIN, start, end, digits) if is_ours else None
    if not is_card_range(digits) or not luhn_holds(digits) or len(set(digits)) == 1:
        return None
    cue = _cue(plain, start, end, _CARD_CUE)
    in_address = any(begin <= start and end <= stop for begin, stop in addresses)
    if cue is False or (cue is None and (in_address or len(digits) == 13 or _is_part_of_more(plain, start, end))):
        return None
    if cue is None and not is_grouped and _is_among_goods(plain, start):
        return None
    certainty = Certainty.CERTAIN if cue or is_grouped else Certainty.LIKELY
    return SensitiveNumber(NumberKind.CARD, certainty, start, end, digits)


def _cue(plain: str, start: int, end: int, wanted: re.Pattern[str]) -> bool | None:
    """True: a word near it says so, and no label of another number is nearer. False: such a label. None: neither.

    A label stands on the same line, in the same sentence, at most a few letters before; or alone on the line above.
    """
    before = plain[max(0, start - _REACH_BEFORE) : start]
    ours = max((match.end() for match in wanted.finditer(before)), default=-1)
    others = max((match.end() for match in _OTHER_CUE.finditer(before)), default=-1)
    if others > ours and _LABELS.fullmatch(before, others):
        return False
    if ours >= 0 and before[ours:].count("\n") <= 1:
        return True
    after = re.split(r"[\n0-9]", plain[end : end + _REACH_AFTER], maxsplit=1)[0]
    if wanted.search(after):
        return True
    return False if _OTHER_CUE.search(after) else None


def _is_among_goods(plain: str, start: int) -> bool:
    """Whether orders or parcels are spoken of just before: bare digits are theirs, then."""
    return bool(_GOODS_CUE.search(plain[max(0, start - _REACH_BEFORE) : start]))


def _is_part_of_more(plain: str, start: int, end: int) -> bool:
    """Whether joints lead to further digits, so that this is a stretch of a longer number; or it is an amount."""
    before, after = plain[max(0, start - 2) : start], plain[end : end + 2]
    return bool(
        re.search(r"[0-9][-.,/:]$|[¥+\\]$", before) or re.search(r"^[-.,/:][0-9]|^[ \t]?円", after) or "@" in after[:1]
    )


def _codes(plain: str) -> Iterator[SensitiveNumber]:
    for match in _CODE.finditer(plain):
        start, end = match.span(1)
        yield SensitiveNumber(NumberKind.SECURITY_CODE, Certainty.CERTAIN, start, end, match.group(1))


def _digits(plain: str, start: int, end: int) -> str:
    return "".join(character for character in plain[start:end] if "0" <= character <= "9")


def _without_overlaps(found: list[SensitiveNumber]) -> tuple[SensitiveNumber, ...]:
    kept: list[SensitiveNumber] = []
    for number in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return tuple(kept)
