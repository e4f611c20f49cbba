"""Sockets of the commerce room: whoever can read order files plugs in here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from anshin.commerce.terms import IncomingLines, IncomingOrder, OrderField, SalesChannel
from anshin.plumbing.sockets import Socket


class NotAnOrderFile(Exception):
    """The file cannot be read as orders; `str(error)` says why and what to do, for the person who brought it."""

    permanent = True


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """How to read a file that no format describes: the meaning of each column in order, None for an unused one."""

    channel: SalesChannel
    fields: tuple[OrderField | None, ...]


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that can be read as a table. `plan` is what its columns mean, or seem to mean when `format` is empty.

    `preview` holds its first rows, at most ten; `row_count` counts rows below the heading that are not empty;
    `header_key` is the same for every file with the same headings in the same order.
    """

    content: bytes = field(repr=False)
    format: str
    format_name: str
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    row_count: int
    header_key: str
    plan: ColumnPlan


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row as it stands in the file. `number` is what a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderInFile:
    """An order with the rows that tell it."""

    rows: tuple[FileRow, ...]
    told: IncomingOrder | IncomingLines


@dataclass(frozen=True, slots=True)
class RowsRefused:
    """Rows that cannot be an order, with the reason in words for a clerk."""

    rows: tuple[FileRow, ...]
    reason: str


class OrderFiles(Protocol):
    """Reads order files of selling systems. Pure: the same bytes give the same answers in the same order."""

    def open(self, content: bytes, file_name: str) -> OpenedFile:
        """The file as a table. Raises NotAnOrderFile."""

    def orders(
        self, opened: OpenedFile, plan: ColumnPlan | None, *, zone: ZoneInfo
    ) -> Iterator[OrderInFile | RowsRefused]:
        """Every row of the file exactly once, put together by order; `plan` overrules the recognised format.

        `zone` is where moments without an offset are meant.
        """

    def refused_file(self, opened: OpenedFile, refused: Iterable[tuple[FileRow, str]]) -> bytes:
        """A file like the opened one, in its encoding, with these rows and a last column for the reasons."""


order_files: Socket[OrderFiles] = Socket("commerce.order_files")
