"""Bytes of an uploaded file, to a table of text; refuses what is no table with a sentence that says what to do."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.commerce.ports import FileRow, NotAnOrderFile
from anshin.connectors.csv_files.headings import places_of
from anshin.plumbing.files.kinds import kind_of

_DELIMITERS = (",", "\t", ";")
_TITLE_ROWS = 10  # rows above the heading that some exports write
_LARGEST_CELL = 1_000_000
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_WIDE = re.compile("[\u0080-\uffff]")

_SAVE_AS_CSV: str | Promise = gettext_lazy(
    "This is a spreadsheet file. Open it in Excel, choose “Save as” and the type “CSV”, then upload that file."
)
_WITH_WAY = ("application/pdf", "image/")
"""Kinds whose reason ends with how to get the file that is wanted."""


class Source(NamedTuple):
    """Where a kind of file comes from, as sentences that say how to get it."""

    again: str | Promise
    as_csv: str | Promise


ORDERS = Source(
    gettext_lazy("Download it again from your selling system."),
    gettext_lazy("Download the orders as CSV from your selling system instead."),
)
LEDGER = Source(
    gettext_lazy("Save the ledger again where it is kept."),
    gettext_lazy("Save the ledger as CSV in your spreadsheet instead."),
)
STOCK = Source(
    gettext_lazy("Download it again from your cart or warehouse system."),
    gettext_lazy("Download the list of stock as CSV from your cart or warehouse system instead."),
)
PACKING = Source(
    gettext_lazy("Download it again from your warehouse system."),
    gettext_lazy("Download the packing records as CSV from your warehouse system instead."),
)

_REFUSED_KINDS: tuple[tuple[str, str | Promise], ...] = (
    ("application/vnd.openxmlformats-officedocument.spreadsheetml", _SAVE_AS_CSV),
    ("application/x-ole-storage", _SAVE_AS_CSV),
    ("application/pdf", gettext_lazy("This is a PDF.")),
    ("image/", gettext_lazy("This is a picture.")),
    (
        "application/zip",
        gettext_lazy("This is a ZIP file. Unpack it, then upload the CSV file inside."),
    ),
    (
        "text/html",
        gettext_lazy(
            "This is a web page, even if its name ends in .xls or .csv. Open it in Excel and save it as “CSV”."
        ),
    ),
    ("text/xml", _SAVE_AS_CSV),
)


@dataclass(frozen=True, slots=True)
class Table:
    """Text of a file with what is needed to read it again.

    `skipped` rows stand above the heading; `places` tells where each folded heading stands.
    """

    text: str
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    skipped: int
    places: dict[str, int]

    def rows(self) -> Iterator[FileRow]:
        """Rows below the heading that are not empty, numbered as a spreadsheet does. Raises NotAnOrderFile."""
        for number, cells in _records(self.text, self.delimiter):
            if number > self.skipped + 1 and any(cell.strip() for cell in cells):
                yield FileRow(number, tuple(cells))


def read_table(content: bytes, *, source: Source = ORDERS) -> Table:
    """The file as a table; a refusal says how a file of `source` is had. Raises NotAnOrderFile."""
    _refuse_by_kind(content, source)
    text, encoding = _decode(content, source)
    if not text.strip():
        raise NotAnOrderFile(_told(_("The file is empty."), source.again))
    delimiter = max(_DELIMITERS, key=lambda candidate: _width(text, candidate))
    if _width(text, delimiter) < 2:
        raise NotAnOrderFile(
            _("The file has only one column. Download it as CSV, with commas or tabs between the columns.")
        )
    skipped, headings = _heading(text, delimiter)
    return Table(text, encoding, delimiter, headings, skipped, places_of(headings))


def write_table(rows: Iterator[list[str]], *, encoding: str, delimiter: str) -> bytes:
    """Rows as a file in that encoding (with a BOM where it had one); lines end in CRLF as spreadsheets write them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding, errors="replace")


def _refuse_by_kind(content: bytes, source: Source) -> None:
    if not content.strip():
        raise NotAnOrderFile(_told(_("The file is empty."), source.again))
    kind = kind_of(content)
    for refused, reason in _REFUSED_KINDS:
        if kind.startswith(refused) and not (kind == "image/bmp" and b"\x00" not in content):
            raise NotAnOrderFile(_told(reason, source.as_csv) if refused in _WITH_WAY else str(reason))


def _decode(content: bytes, source: Source) -> tuple[str, str]:
    """Text and the name of its encoding; the name also tells whether there was a BOM (utf-8-sig, utf-16)."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, name, source), name
    wide = _utf16_without_mark(content)
    if wide:
        return _strictly(content, wide, source), wide
    if b"\x00" in content:
        raise NotAnOrderFile(_not_text(source))
    return _decode_plain(content, source)


def _decode_plain(content: bytes, source: Source) -> tuple[str, str]:
    for name in ("utf-8", "cp932", "euc_jp"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "cp932" and _looks_like_euc(text):
            continue
        return text, name
    try:
        return content.decode("cp932"), "cp932"
    except UnicodeDecodeError:
        raise NotAnOrderFile(_not_text(source)) from None


def _looks_like_euc(text: str) -> bool:
    """EUC-JP read as Shift_JIS mostly succeeds, but comes out as half-width kana."""
    wide = len(_WIDE.findall(text))
    return wide > 0 and len(_HALF_KANA.findall(text)) > wide / 2


def _utf16_without_mark(content: bytes) -> str:
    head = content[:4000]
    if head[1::2].count(0) > len(head) / 5:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > len(head) / 5 else ""


def _strictly(content: bytes, name: str, source: Source) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        raise NotAnOrderFile(_not_text(source)) from None


def _not_text(source: Source) -> str:
    return _told(_("This is not a text file, or its characters are damaged."), source.again)


def _told(what: str | Promise, way: str | Promise) -> str:
    """What is wrong, then what to do: two sentences."""
    return _("%(what)s %(way)s") % {"what": what, "way": way}


def _width(text: str, delimiter: str) -> int:
    return max((len(cells) for _number, cells in islice(_records(text, delimiter), _TITLE_ROWS)), default=0)


def _heading(text: str, delimiter: str) -> tuple[int, tuple[str, ...]]:
    """How many rows stand above the heading, and the heading: the first row that is half as wide as the widest."""
    width = _width(text, delimiter)
    for number, cells in islice(_records(text, delimiter), _TITLE_ROWS):
        if sum(1 for cell in cells if cell.strip()) * 2 > width:
            return number - 1, tuple(cell.strip() for cell in cells)
    raise NotAnOrderFile(_("The file has no heading row. Download it with the names of the columns in its first row."))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Records with their numbers; line breaks inside quotation marks belong to a cell."""
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise NotAnOrderFile(
                _("Row %(number)s cannot be read. A quotation mark is probably not closed there.") % {"number": number}
            ) from None
        yield number, cells
