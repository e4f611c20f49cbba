"""Fiscal years, how much more than the year before, and what leads the news: plain numbers in, plain numbers out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from anshin.insights.terms import Branch, Tally

FIRST_MONTH = 4
STEEP_PERCENT = 40
"""From this growth on a category is marked. Source: JADMA 通販110番, consultations of fiscal year 2018, the three
items of which each rose by 40 % or more."""


@dataclass(frozen=True, slots=True)
class Change:
    """A count beside the count of the year before."""

    before: int
    now: int

    @property
    def more(self) -> int:
        """How many more; below 0 fewer."""
        return self.now - self.before

    @property
    def percent(self) -> Decimal | None:
        """Rise or fall in percent with one decimal, half up; None where there was nothing before."""
        return self._rounded("0.1")

    @property
    def whole_percent(self) -> int | None:
        """The same as a whole number, rounded from the exact share and not from the decimal."""
        rounded = self._rounded("1")
        return None if rounded is None else int(rounded)

    @property
    def is_steep(self) -> bool:
        """Whether it grew by STEEP_PERCENT or more, exactly."""
        return self.before > 0 and self.more * 100 >= STEEP_PERCENT * self.before

    def _rounded(self, step: str) -> Decimal | None:
        if not self.before:
            return None
        return (Decimal(self.more * 100) / self.before).quantize(Decimal(step), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A category in its place; `change` is None where there is no year to compare with."""

    branch: str
    category: str
    count: int
    change: Change | None


def fiscal_year(day: date) -> int:
    """The year in which the fiscal year of `day` begins: April to March."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def first_day(year: int) -> date:
    """1 April of that year."""
    return date(year, FIRST_MONTH, 1)


def totals(tallies: Iterable[Tally], *, of: str) -> dict[tuple[int, str], int]:
    """Sums by year and one field of a tally: `branch`, `category` or `requester`."""
    found: dict[tuple[int, str], int] = {}
    for each in tallies:
        key = (each.year, getattr(each, of))
        found[key] = found.get(key, 0) + each.count
    return found


def change(counts: Mapping[int, int], year: int, *, running: int) -> Change | None:
    """A year beside the one before; None without that year, and for the `running` one, which is not whole yet."""
    if year >= running or year - 1 not in counts:
        return None
    return Change(counts[year - 1], counts.get(year, 0))


def ranked(tallies: Sequence[Tally], year: int, *, running: int) -> list[Ranked]:
    """Categories of `year`, most consultations first, then by name; those that fell to none stand last."""
    counts: dict[tuple[str, str], dict[int, int]] = {}
    years = {each.year for each in tallies}
    for each in tallies:
        of = counts.setdefault((each.branch, each.category), dict.fromkeys(years, 0))
        of[each.year] += each.count
    rows = [
        Ranked(branch, category, by_year.get(year, 0), change(by_year, year, running=running))
        for (branch, category), by_year in counts.items()
        if by_year.get(year) or by_year.get(year - 1)
    ]
    return sorted(rows, key=lambda each: (-each.count, each.branch != Branch.CUSTOMERS, each.category))


def headline(rows: Iterable[Ranked]) -> Ranked | None:
    """The category that grew by most consultations, by the higher share where two did; None when none grew.

    By consultations and not by share: from one to three is +200 %, and no news.
    """
    grown = [each for each in rows if each.change and each.change.before and each.change.more > 0]
    if not grown:
        return None
    return max(grown, key=lambda each: (each.change.more, each.change.percent or 0))  # type: ignore[union-attr]
