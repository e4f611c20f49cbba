"""Decides whether a return invoice (適格返還請求書) is due, and what it says. Values in, values out.

Sources, read 2026-11-26: 消費税法57条の4第3項 (who gives one and its five contents) and 消費税法施行令70条の9第3項2号
(none below ¥10,000 with tax), as quoted by keiri.fun/?p=1952 and fp-soken.or.jp No392 after the 国税庁 Q&A; the limit
is that of the whole return, not of each rate (tax-com.sakura.ne.jp, 2023-05-08). 施行令70条の10: rounded once a rate.
Check digit: 平成26年財務省令第70号 第2条.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from anshin.returns.rules.settling import Item, by_rate
from anshin.returns.terms import ItemKind

LEAST_YEN = 10_000
REDUCED_RATE = 8
_NUMBER = re.compile(r"T[0-9]{13}")


def registration_number(typed: str) -> str | None:
    """The number as it is written (T and 13 digits); None when it is none, or its check digit does not fit."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", typed)).upper()
    if not _NUMBER.fullmatch(number) or int(number[1]) != check_digit(number[2:]):
        return None
    return number


def check_digit(base: str) -> int:
    """The first digit of a 法人番号, from its other twelve."""
    return 9 - sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base))) % 9


def counted(items: Sequence[Item]) -> list[Item]:
    """What lessens the price of the sale: all but postage of the way back, which one side laid out for the other."""
    return [item for item in items if item.kind != ItemKind.RETURN_POSTAGE]


def sums(items: Sequence[Item]) -> dict[int, tuple[int, int]]:
    """Tax rate to (yen with tax, tax within, rounded down once)."""
    rows = counted(items)
    return {rate: pair for rate, pair in by_rate(rows, max(sum(row.amount_yen for row in rows), 0)).items() if pair[0]}


def is_due(registration: str, by_rates: dict[int, tuple[int, int]]) -> bool:
    """Whether an invoice has to be given: by registered shops, from ¥10,000 on."""
    return bool(registration) and sum(amount for amount, _tax in by_rates.values()) >= LEAST_YEN
