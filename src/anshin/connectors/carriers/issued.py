"""Fills `slips.issued_files`: what B2クラウド, e飛伝Ⅲ and ゆうプリR give out after printing (送り状発行済データ)."""

import codecs
import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Final

from django.utils.translation import gettext as _

from anshin.commerce.terms import Carrier
from anshin.slips.ports import IssuedRow, IssuedSlips, NotIssuedSlips

_ABOVE: Final = 10
"""Rows that may stand above the headings."""


@dataclass(frozen=True, slots=True)
class _Program:
    """Which columns tell our number and the carrier's; the first heading that there is counts."""

    code: str
    name: str
    carrier: Carrier
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


# Headings are compared folded (_key), so width, spaces, dots and middle dots make no difference.
_PROGRAMS: Final = (
    _Program("b2", "B2クラウド", Carrier.YAMATO, ("お客様管理番号",), ("伝票番号",)),
    _Program(
        "ehiden",
        "e飛伝Ⅲ",
        Carrier.SAGAWA,
        ("お客様管理番号", "お客様管理ナンバー"),
        ("お問い合せ送り状No.", "お問い合わせ送り状No.", "お問合せ送り状No."),
    ),
    _Program(
        "yupri",
        "ゆうプリR",
        Carrier.JAPAN_POST,
        ("お客様側管理番号",),
        ("お問い合わせ番号", "お問い合せ番号", "お問合せ番号"),
    ),
)


class CarrierIssuedFiles:
    """Reads CSV in CP932, UTF-8 or UTF-16, with the headings in one of the first ten rows."""

    def read(self, content: bytes) -> IssuedSlips:
        """Every row that is not empty. Raises NotIssuedSlips."""
        rows = _rows(_text(content))
        for place, cells in enumerate(rows[:_ABOVE]):
            for program in _PROGRAMS:
                columns = _columns(program, cells)
                if columns is not None:
                    return _issued(program, rows[place + 1 :], columns, first=place + 2)
        raise NotIssuedSlips(_no_headings(rows))


def _text(content: bytes) -> str:
    if not content.strip():
        raise NotIssuedSlips(_("The file is empty. Give the slips out once more in the carrier’s program."))
    if content[:4] == b"PK\x03\x04":
        raise NotIssuedSlips(_("This is a spreadsheet or a ZIP file. Bring the CSV as the carrier’s program saved it."))
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotIssuedSlips(_("This is no text file, or its characters are damaged. Give it out once more as CSV."))


def _rows(text: str) -> list[list[str]]:
    first = text.lstrip().split("\n", 1)[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise NotIssuedSlips(_("The file cannot be read as CSV. Give it out once more.")) from error


def _columns(program: _Program, cells: Sequence[str]) -> tuple[int, int] | None:
    places = {key: place for place, cell in reversed(list(enumerate(cells))) if (key := _key(cell))}
    ours = next((places[_key(each)] for each in program.ours if _key(each) in places), None)
    theirs = next((places[_key(each)] for each in program.theirs if _key(each) in places), None)
    return None if ours is None or theirs is None else (ours, theirs)


def _issued(program: _Program, rows: list[list[str]], columns: tuple[int, int], *, first: int) -> IssuedSlips:
    ours, theirs = columns
    found = tuple(
        IssuedRow(first + place, _cell(cells, ours), _cell(cells, theirs))
        for place, cells in enumerate(rows)
        if any(cell.strip() for cell in cells)
    )
    if not found:
        raise NotIssuedSlips(_("The file has headings but no slips below them. Choose the day of printing."))
    return IssuedSlips(program.code, program.name, program.carrier, found)


def _cell(cells: Sequence[str], place: int) -> str:
    """What stands there, without the signs with which programs keep spreadsheets from changing numbers (="…", ')."""
    text = cells[place].strip() if place < len(cells) else ""
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.lstrip("'").strip()


def _key(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(character for character in folded if character.isalnum())


def _no_headings(rows: list[list[str]]) -> str:
    keys = {_key(cell) for row in rows[:_ABOVE] for cell in row}
    named = {_key(each) for program in _PROGRAMS for each in (*program.ours, *program.theirs)}
    if keys & named:
        return _(
            "The file lacks a column: our number (お客様管理番号) and the carrier’s (伝票番号, お問い合せ送り状No., "
            "お問い合わせ番号) are both needed. Choose both in the carrier’s program and give it out once more."
        )
    return _(
        "These are not the printed slips of B2クラウド, e飛伝Ⅲ or ゆうプリR. Give them out with headings in the first "
        "row, and bring that file without opening it in a spreadsheet."
    )
