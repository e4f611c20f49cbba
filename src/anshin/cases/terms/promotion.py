"""The trouble pattern “buy, promote on social media, get your money and a reward back”, as a case shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bought:
    """An order of the case's customer. `pieces`: of all lines together."""

    number: str
    total_yen: int
    pieces: int


@dataclass(frozen=True, slots=True)
class PromotionAlert:
    """Why the case looks like it: the order, and the customer's words."""

    order: Bought
    words: tuple[str, ...]
