"""When the page of a product should be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anshin.returns.terms import Reason

PAGE_REASONS = frozenset({Reason.NOT_AS_PICTURED, Reason.ORDERED_WRONG, Reason.CHANGED_MIND})
"""What a page can prevent: a broken or another item is no matter of words and pictures."""
FEWEST = 3
"""One return of two pieces sold is half of them, and says nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From so many returns for one reason on, or from so many percent of the pieces sold."""

    returns: int
    percent: int


@dataclass(frozen=True, slots=True)
class Figure:
    """How often a product came back for one reason, and how many pieces."""

    reason: str
    returns: int
    pieces: int


def product_key(sku: str, name: str) -> str:
    """What stands for one product: its number, its name where it has none."""
    return sku or name


def over_limit(figures: Iterable[Figure], sold: int, limits: Limits) -> Figure | None:
    """The most frequent reason that passes a limit; None when none does."""
    over = [each for each in figures if each.reason in PAGE_REASONS and _is_over(each, sold, limits)]
    return max(over, key=lambda each: (each.returns, each.pieces, each.reason), default=None)


def _is_over(figure: Figure, sold: int, limits: Limits) -> bool:
    if figure.returns >= limits.returns:
        return True
    return figure.returns >= FEWEST and sold > 0 and figure.pieces * 100 >= limits.percent * sold
