"""Fills the commerce room's socket for order files with files of delimited text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from anshin.commerce.ports import ColumnPlan, FileRow, NotAnOrderFile, OpenedFile, OrderInFile, RowsRefused
from anshin.commerce.terms import IncomingLines, IncomingOrder, OrderField, SalesChannel
from anshin.connectors.csv_files import headings as headings_
from anshin.connectors.csv_files.cells import BadCell, Row, clean
from anshin.connectors.csv_files.formats import KNOWN, by_hand
from anshin.connectors.csv_files.formats.shape import Format
from anshin.connectors.csv_files.reading import Table, read_table, write_table

_PREVIEW_ROWS = 10


class CsvOrderFiles:
    """Order files as CSV or TSV: of known systems by their headings, of others by a plan that a clerk makes once."""

    def open(self, content: bytes, file_name: str) -> OpenedFile:  # noqa: ARG002  content tells more than its name
        """The file as a table. Raises NotAnOrderFile."""
        table = read_table(content)
        found = _format_of(table)
        row_count, preview = 0, []
        for row in table.rows():
            row_count += 1
            if row_count <= _PREVIEW_ROWS:
                preview.append(row.cells)
        if not row_count:
            raise NotAnOrderFile(
                _("The file has headings but no orders below them. Choose a longer period and download again.")
            )
        return OpenedFile(
            content=content,
            format=found.key if found else "",
            format_name=str(found.name) if found else "",
            encoding=table.encoding,
            delimiter=table.delimiter,
            headings=table.headings,
            preview=tuple(preview),
            row_count=row_count,
            header_key=headings_.header_key(table.headings),
            plan=_plan(table, found),
        )

    def orders(
        self, opened: OpenedFile, plan: ColumnPlan | None, *, zone: ZoneInfo
    ) -> Iterator[OrderInFile | RowsRefused]:
        """Every row of the file exactly once, put together by order number. Raises NotAnOrderFile."""
        table = read_table(opened.content)
        known = None if plan else _format_of(table)
        plan = plan or opened.plan
        for rows in _by_number(table, _number_places(table, known, plan)):
            yield _order(rows, table, known, plan, zone)

    def refused_file(self, opened: OpenedFile, refused: Iterable[tuple[FileRow, str]]) -> bytes:
        """The refused rows under the file's headings, with the reasons in a last column."""
        width = len(opened.headings)
        rows = ([*_padded(row.cells, width), reason] for row, reason in refused)
        heading = [*opened.headings, _("Reason")]
        return write_table(chain([heading], rows), encoding=opened.encoding, delimiter=opened.delimiter)


def _format_of(table: Table) -> Format | None:
    return next((known for known in KNOWN if known.fits(table.places)), None)


def _plan(table: Table, found: Format | None) -> ColumnPlan:
    if found is None:
        return ColumnPlan(SalesChannel.OWN, headings_.propose(table.headings))
    meanings = {headings_.heading_key(heading): meaning for heading, meaning in found.columns.items()}
    fields = tuple(meanings.get(headings_.heading_key(heading)) for heading in table.headings)
    return ColumnPlan(found.channel, fields)


def _number_places(table: Table, known: Format | None, plan: ColumnPlan) -> list[int]:
    """The columns whose first filled cell is the order number."""
    if known is None:
        return [place for place, meaning in enumerate(plan.fields) if meaning == OrderField.NUMBER]
    keys = map(headings_.heading_key, known.number)
    return [table.places[key] for key in keys if key in table.places]


def _by_number(table: Table, places: Sequence[int]) -> Iterator[list[FileRow]]:
    """The rows of each order together, in the order of their last rows; rows without a number alone.

    The file is read twice, so that only orders whose rows lie apart are held in memory.
    """
    last = {_number(row, places): row.number for row in table.rows()}
    waiting: dict[str, list[FileRow]] = {}
    for row in table.rows():
        number = _number(row, places)
        if not number:
            yield [row]
            continue
        waiting.setdefault(number, []).append(row)
        if last[number] == row.number:
            yield waiting.pop(number)


def _number(row: FileRow, places: Sequence[int]) -> str:
    return next((found for place in places if place < len(row.cells) and (found := clean(row.cells[place]))), "")


def _order(
    rows: list[FileRow], table: Table, known: Format | None, plan: ColumnPlan, zone: ZoneInfo
) -> OrderInFile | RowsRefused:
    try:
        for row in rows:
            _refuse_overlong(row, len(table.headings))
        return OrderInFile(tuple(rows), _told(rows, table, known, plan, zone))
    except BadCell as error:
        return RowsRefused(tuple(rows), str(error))


def _refuse_overlong(row: FileRow, width: int) -> None:
    if any(cell.strip() for cell in islice(row.cells, width, None)):
        raise BadCell(
            _("Row %(number)s has more cells than there are headings. A quotation mark or comma is probably misplaced.")
            % {"number": row.number}
        )


def _told(
    rows: list[FileRow], table: Table, known: Format | None, plan: ColumnPlan, zone: ZoneInfo
) -> IncomingOrder | IncomingLines:
    if known is None:
        named = by_hand.columns_of(plan, table.headings)
        return by_hand.read_order([by_hand.Named(Row(row, table.places), named) for row in rows], plan, zone)
    return known.read([Row(row, table.places) for row in rows], zone)


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]
