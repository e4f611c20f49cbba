"""Finds the sums and days of an order that a text of ours states, so that they can be held against what is known.

Only what is named beside its value is a claim: 合計12,300円, ご注文日は11月20日, “shipped on 20 November”. A wish, an estimate, a
later day that is granted and what concerns a second parcel are none.
"""

# ruff: noqa: E501  (a pattern is read in one piece)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from anshin.language.folding import half_width


class Stated(StrEnum):
    """What of an order a text states."""

    TOTAL = "total"
    REFUND = "refund"
    ORDERED_ON = "ordered_on"
    SHIPPED_ON = "shipped_on"
    DELIVERED_ON = "delivered_on"
    DUE_ON = "due_on"
    WISHED_ON = "wished_on"


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that is stated: `amount_yen` of a sum, else `month` and `day`, `year` where it is written.

    `passage` is the label with its value, `value` the value alone, both as they stand in the text.
    """

    what: Stated
    passage: str
    value: str
    amount_yen: int | None = None
    year: int | None = None
    month: int = 0
    day: int = 0

    def is_on(self, day: date) -> bool:
        """Whether the stated day is this one."""
        return (self.month, self.day) == (day.month, day.day) and self.year in {None, day.year}


_YEN: Final = (
    r"(?P<value>[¥￥]\s?(?P<yen>[0-9][0-9,]{0,12})|(?P<yen2>[0-9][0-9,]{0,12})\s?(?:円|yen\b|jpy\b|日元|日圓|엔))"
)
_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH_EN: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DAY: Final = (
    r"(?P<value>(?:(?P<y>20[0-9]{2})\s?[年년/-]\s?)?(?P<m>[0-9]{1,2})\s?[月월/-]\s?(?P<d>[0-9]{1,2})(?:\s?[日日号號일])?(?![0-9/])"
    rf"|(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)day,? )?(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<m2>{_MONTH_EN})(?:,? (?P<y2>20[0-9]{{2}}))?"
    rf"|(?P<m3>{_MONTH_EN}) (?P<d3>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y3>20[0-9]{{2}}))?)"
)
_WEEKDAY: Final = r"(?:\s?[（(][日月火水木金土一二三四五六월화수목금토일星期]{1,3}[)）])?"
_IS: Final = r"(?:は|が|:|：|、|\s|（税込）|\(税込\)|に|で|is|was|of|on|为|為|是|은|는|이|가)*"
_NOT_YET: Final = r"(?![^。\n]{0,10}(?:予定|見込|頃|ごろ|以降|まで(?:に)?延))"
_PATTERNS: Final = tuple(
    (what, re.compile(pattern, re.IGNORECASE))
    for what, pattern in (
        (Stated.TOTAL, rf"(?:合計|総額|総合計)(?:金額|額)?{_IS}{_YEN}"),
        (Stated.TOTAL, rf"(?:ご?(?:請求|注文|購入|決済)|お?支払い?)(?:総)?(?:金額|額){_IS}{_YEN}"),
        (Stated.TOTAL, rf"(?:\btotal (?:amount )?|总额|总计|總額|總計|合计|총액|합계){_IS}{_YEN}"),
        (Stated.REFUND, rf"返金(?:する)?(?:金額|額|の合計|総額)?{_IS}{_YEN}"),
        (Stated.REFUND, rf"{_YEN}\s?(?:を|の|分を)[^。\n、]{{0,10}}返金"),
        (Stated.REFUND, rf"\brefund(?:ed)? (?:you )?(?:the amount )?{_IS}{_YEN}"),
        (Stated.ORDERED_ON, rf"ご?(?:注文|購入)日時?{_IS}{_DAY}{_WEEKDAY}"),
        (Stated.ORDERED_ON, rf"{_DAY}{_WEEKDAY}\s?(?:付け?)?(?:の|に)?、?ご?(?:注文|購入)(?:いただ|頂|され|くださ|の|分|[）)])"),
        (Stated.ORDERED_ON, rf"\b(?:ordered|order date|placed)(?: your order)? {_IS}{_DAY}"),
        (Stated.SHIPPED_ON, rf"(?:発送|出荷)(?:完了)?日{_IS}{_DAY}{_WEEKDAY}{_NOT_YET}"),
        (Stated.SHIPPED_ON, rf"{_DAY}{_WEEKDAY}\s?に?、?[^。\n]{{0,16}}(?:発送|出荷)(?:いた|致)?(?:しました|しており|している|済み|され)"),
        (Stated.SHIPPED_ON, rf"\b(?:shipped|dispatched|sent out) {_IS}{_DAY}"),
        (Stated.DELIVERED_ON, rf"(?:配達|お届け|配送)(?:完了|済み?)日?{_IS}{_DAY}{_WEEKDAY}{_NOT_YET}"),
        (Stated.DELIVERED_ON, rf"{_DAY}{_WEEKDAY}\s?に?、?[^。\n]{{0,16}}(?:配達|お届け|配送)(?:が|を)?(?:完了|済み|いたしました|しました|されました|されており|しており)"),
        (Stated.DELIVERED_ON, rf"\bdelivered (?:to you )?{_IS}{_DAY}"),
        (Stated.DUE_ON, rf"(?:お?支払い?|お?振込み?|入金)の?(?:期限|期日|締切日?){_IS}{_DAY}{_WEEKDAY}{_NOT_YET}"),
        (Stated.WISHED_ON, rf"(?:お届け|配達|配送)?ご?希望日{_IS}{_DAY}{_WEEKDAY}"),
    )
)  # fmt: skip
_SENTENCE: Final = re.compile(r"[^。\n!?！？]+")
_ANOTHER_PARCEL: Final = re.compile(
    r"代わり|代替|代品|交換|再送|再発送|別便|不足分|追加|見積|場合|でしたら|すると|次回|延長|延ば|変更|replacement|exchange|re-?sen[dt]|extend|补发|補發|重发|重發|换货|換貨"
)
"""Sentences about something that the order itself does not tell: a second parcel, an offer, what would be."""


def claims_in(text: str) -> tuple[Claim, ...]:
    """Everything that is stated, in reading order, each passage once. Linear in the text."""
    found: dict[tuple[int, Stated], Claim] = {}
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        if any(character.isdigit() for character in words) and not _ANOTHER_PARCEL.search(words):
            for at, claim in _of_sentence(words):
                found.setdefault((sentence.start() + at, claim.what), claim)
    return tuple(claim for _key, claim in sorted(found.items(), key=lambda each: each[0][0]))


def _of_sentence(words: str) -> Iterator[tuple[int, Claim]]:
    plain = half_width(words)
    if len(plain) != len(words):
        plain = words
    for what, pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            start, end = match.span("value")
            claim = _claim(what, match, passage=words[match.start() : match.end()].strip(), value=words[start:end])
            if claim:
                yield start, claim


def _claim(what: Stated, match: re.Match[str], *, passage: str, value: str) -> Claim | None:
    parts = match.groupdict()
    if "yen" in parts:
        digits = (parts["yen"] or parts["yen2"]).replace(",", "")
        return Claim(what, passage, value, amount_yen=int(digits))
    year = parts["y"] or parts["y2"] or parts["y3"]
    named = parts["m2"] or parts["m3"]
    month = _MONTHS.index(named[:3].lower()) + 1 if named else int(parts["m"])
    day = int(parts["d"] or parts["d2"] or parts["d3"])
    is_day = 1 <= month <= 12 and 1 <= day <= 31
    return Claim(what, passage, value, year=int(year) if year else None, month=month, day=day) if is_day else None
