"""When a product accident has to be reported, and when returns of the same defect warn of one.

Source: 消費生活用製品安全法 35条1項 (makers and importers report a serious product accident: name and model of the
product, the accident, how many were made or imported and sold) and 34条2項 (retailers endeavour to tell maker or
importer); 消費生活用製品安全法の規定に基づく重大事故報告等に関する内閣府令 3条 (within 10 days, counted from the day
on which it became known, that day included). From general knowledge, November 2026.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from anshin.safety.terms import SignKind

REPORT_DAYS: Final = 10
FEWEST: Final = 3
"""One defective piece of two sold is half of them, and says nothing."""

QUESTIONS: Final = frozenset({"product.info", "product.stock"})
"""Topics of those who ask about a product: material, use, care, stock. See language.topics.codes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From so many returns on, or from so many percent of the pieces sold."""

    returns: int
    percent: int


def report_by(known_on: date) -> date:
    """The last day for the report; the day of knowledge is the first of ten. Holidays do not make it longer here."""
    return known_on + timedelta(days=REPORT_DAYS - 1)


def days_left(last: date, *, today: date) -> int:
    """Days that are left, today included; 0 or less when the day is over."""
    return (last - today).days + 1


def is_mere_question(kind: SignKind, topics: Collection[str]) -> bool:
    """Whether words of injury stand in a case that only asks: of what a shoe is made, for somebody with an allergy.

    Fire and gas warn whatever the topic is. When a person or a later message says otherwise, the topic warns by itself.
    """
    return kind == SignKind.INJURY and bool(topics) and QUESTIONS.issuperset(topics)


def is_over(*, returns: int, pieces: int, sold: int, limits: Limits) -> bool:
    """Whether so many returns of one defect warn."""
    if returns >= limits.returns:
        return True
    return returns >= FEWEST and sold > 0 and pieces * 100 >= limits.percent * sold
