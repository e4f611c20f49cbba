"""Reading figures over years: tallies by fiscal year, ledgers that were read, what happened meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from anshin.insights import rules
from anshin.insights.models import Consultation, LedgerFile, LedgerGap, Occasion
from anshin.insights.rules import Change, Ranked
from anshin.insights.terms import Branch, Requester, Tally
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop

PAGE_ROWS = 50
MOST_YEARS = 10
"""Fiscal years on one chart, newest ones."""


@dataclass(frozen=True, slots=True)
class YearRow:
    """One fiscal year: its counts by branch and requester, each beside the year before."""

    year: int
    is_running: bool
    total: int
    change: Change | None
    branches: dict[str, int]
    branch_changes: dict[str, Change | None]
    requesters: dict[str, int]


@dataclass(frozen=True, slots=True)
class Years:
    """Years, oldest first; `ranked` and `headline` are of the newest whole year, or of `chosen`."""

    years: list[YearRow]
    chosen: int | None
    ranked: list[Ranked]
    headline: Ranked | None


def years_of(shop: Shop, *, today: date, chosen: int | None = None) -> Years:
    """Counts of the newest MOST_YEARS fiscal years up to `today`'s. One query."""
    running = rules.fiscal_year(today)
    tallies = _tallies(shop, first=running - MOST_YEARS + 1, last=running)
    if not tallies:
        return Years([], None, [], None)
    first, last = min(each.year for each in tallies), max(each.year for each in tallies)
    known = range(first, last + 1)
    if chosen is None or chosen not in known:
        chosen = last if last < running or first == last else last - 1
    ranked = rules.ranked(tallies, chosen, running=running)
    return Years(_year_rows(tallies, known, running), chosen, ranked, rules.headline(ranked))


def occasions_of(shop: Shop, *, first: int, last: int) -> list[Occasion]:
    """What happened in these fiscal years, oldest first."""
    span = (rules.first_day(first), rules.first_day(last + 1))
    rows = Occasion.objects.filter(shop=shop, happened_on__gte=span[0], happened_on__lt=span[1])
    return list(rows.order_by("happened_on", "id"))


def ledgers_of(shop: Shop, *, cursor: str = "") -> Page[LedgerFile]:
    """Ledgers that were read, newest first. Raises BadCursor."""
    rows = LedgerFile.objects.filter(shop=shop).select_related("read_by__person")
    return page_of(rows, order=("-id",), size=PAGE_ROWS, cursor=cursor)


def ledger_by_id(shop: Shop, pk: int) -> LedgerFile | None:
    """One ledger of this shop."""
    people = ("read_by__person", "taken_back_by__person")
    return LedgerFile.objects.filter(shop=shop, pk=pk).select_related(*people).first()


def gaps_of(ledger: LedgerFile, *, cursor: str = "") -> Page[LedgerGap]:
    """Rows that were not taken in, in the file's order. Raises BadCursor."""
    return page_of(LedgerGap.objects.filter(ledger=ledger), order=("row",), size=PAGE_ROWS, cursor=cursor)


def _tallies(shop: Shop, *, first: int, last: int) -> list[Tally]:
    span = {"received_on__gte": rules.first_day(first), "received_on__lt": rules.first_day(last + 1)}
    rows = (
        Consultation.objects.filter(shop=shop, **span)
        .values_list(ExtractYear("received_on"), ExtractMonth("received_on"), "branch", "category", "requester")
        .annotate(counted=Sum("count"))
        .order_by()
    )
    return [
        Tally(rules.fiscal_year(date(year, month, 1)), branch, category, requester, counted)
        for year, month, branch, category, requester, counted in rows
    ]


def _year_rows(tallies: list[Tally], known: range, running: int) -> list[YearRow]:
    by_branch, by_requester = rules.totals(tallies, of="branch"), rules.totals(tallies, of="requester")
    branches = {code: {year: by_branch.get((year, code), 0) for year in known} for code in Branch.values}
    total = {year: sum(branches[code][year] for code in Branch.values) for year in known}
    return [
        YearRow(
            year=year,
            is_running=year >= running,
            total=total[year],
            change=rules.change(total, year, running=running),
            branches={code: branches[code][year] for code in Branch.values},
            branch_changes={code: rules.change(branches[code], year, running=running) for code in Branch.values},
            requesters={code: by_requester.get((year, code), 0) for code in Requester.values},
        )
        for year in known
    ]
