"""Fills `insights.ledger_files`: a ledger of consultations as an association or an office keeps it in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from anshin.commerce.ports import FileRow, NotAnOrderFile
from anshin.connectors.csv_files import cells
from anshin.connectors.csv_files.cells import BadCell, clean
from anshin.connectors.csv_files.headings import heading_key
from anshin.connectors.csv_files.reading import LEDGER, read_table
from anshin.insights.ports import NotALedger
from anshin.insights.terms import MOST_IN_A_ROW, Branch, Requester, Told, Untold
from anshin.language.folding import fold, half_width

# From general knowledge of such ledgers, November 2026; the first that stands in a file wins.
_COLUMNS: Final = {
    "reference": "受付番号 相談番号 管理番号 番号 no reference number",
    "day": "受付日 相談日 受付年月日 日付 年月日 receivedon date",
    "requester": "会員区分 相談者区分 相談者 区分 会員 requester member",
    "branch": "大分類 分類1 大項目 branch",
    "category": "小分類 分類2 小項目 分類 相談内容 category",
    "count": "件数 相談件数 数 count",
}
_NEEDED: Final = ("day", "requester", "branch", "category")
_REQUESTERS: Final = {
    "会員": Requester.MEMBER,
    "正会員": Requester.MEMBER,
    "賛助会員": Requester.MEMBER,
    "member": Requester.MEMBER,
    "非会員": Requester.NON_MEMBER,
    "会員外": Requester.NON_MEMBER,
    "non-member": Requester.NON_MEMBER,
    "non_member": Requester.NON_MEMBER,
}
_BRANCHES: Final = {
    "顧客対応": Branch.CUSTOMERS,
    "customers": Branch.CUSTOMERS,
    "顧客対応以外": Branch.OTHER,
    "その他": Branch.OTHER,
    "other": Branch.OTHER,
}


class CsvLedgerFiles:
    """Ledgers as CSV or TSV, in UTF-8, Shift_JIS or EUC-JP."""

    def rows(self, content: bytes) -> Iterator[Told | Untold]:
        """Each row as it can be read, or why not. Raises NotALedger."""
        try:
            table = read_table(content, source=LEDGER)
            places = {name: _place(table.places, names) for name, names in _COLUMNS.items()}
            if any(places[name] is None for name in _NEEDED):
                raise NotALedger(_("The ledger needs the columns 受付日, 会員区分, 大分類 and 小分類."))
            for row in table.rows():
                try:
                    yield _told(row, places)
                except BadCell as error:
                    yield Untold(row.number, str(error), " | ".join(clean(cell) for cell in row.cells)[:400])
        except NotAnOrderFile as error:
            raise NotALedger(str(error)) from error


def _place(places: dict[str, int], names: str) -> int | None:
    return next((places[key] for name in names.split() if (key := heading_key(name)) in places), None)


def _told(row: FileRow, places: dict[str, int | None]) -> Told:
    def cell(name: str) -> str:
        at = places[name]
        return clean(row.cells[at]) if at is not None and at < len(row.cells) else ""

    requester = _REQUESTERS.get(fold(cell("requester")))
    if requester is None:
        raise BadCell(_("“%(value)s” is neither 会員 nor 非会員.") % {"value": cell("requester")[:40]})
    branch = _BRANCHES.get(fold(cell("branch")))
    if branch is None:
        raise BadCell(_("“%(value)s” is neither 顧客対応 nor 顧客対応以外.") % {"value": cell("branch")[:40]})
    category = half_width(cell("category"))
    if not category or len(category) > 80:
        raise BadCell(_("The category is missing or longer than 80 characters."))
    return Told(
        row=row.number,
        reference=_reference(cell("reference")),
        received_on=_day(cell("day")),
        requester=requester,
        branch=branch,
        category=category,
        count=_count(cell("count"), has_column=places["count"] is not None),
    )


def _reference(text: str) -> str:
    plain = half_width(text)
    if len(plain) > 40:
        raise BadCell(_("The number is longer than 40 characters."))
    return plain


def _day(text: str) -> date:
    found = cells.day(text)
    if found is None:
        raise BadCell(_("The date is missing."))
    return found


def _count(text: str, *, has_column: bool) -> int:
    if not has_column:
        return 1
    found = cells.pieces(text)
    if found is None or not 1 <= found <= MOST_IN_A_ROW:
        raise BadCell(_("“%(value)s” is no count of 1 or more.") % {"value": text[:40]})
    return found
