"""When a product accident has to be reported, and when returns of the same defect warn of one.

Sources, all read 2026-11-27:
消費生活用製品安全法 35条1項・2項, 施行規則3条 (makers and importers report a serious product accident within 10 days:
name and model of the product, the accident, how many were made or imported and sold): METI,
www.meti.go.jp/product_safety/producer/point/04-1.html.
The day of knowledge is the first of the ten; accidents that are not serious go to NITE, also from retailers: notice of
the Consumer Affairs Agency, www.dokeiren.gr.jp/library/news/660/.
Serious: death, carbon monoxide poisoning however slight, 30 days of treatment and more, after-effects, and what the
fire brigade calls a fire, be it only smoke; also with an unknown cause, but not where plainly no defect was the cause;
in doubt the Agency is asked: the Agency's leaflet on article 35 (“消費生活用製品安全法に基づく重大製品事故の報告義務”).
34条2項: retailers, repairers and fitters endeavour to tell maker or importer, and help with what these do:
MAFF, www.maff.go.jp/j/syouan/seisaku/syouhi_seihin/index.html (1)–(3), and handbook 2018 of Agency and METI, contents.
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
