"""Cells of order files, to values: people, carts and spreadsheets write one amount, day or number in many ways."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import NoReturn, TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from anshin.commerce.ports import FileRow
from anshin.connectors.csv_files.headings import heading_key
from anshin.language.folding import digits_only, half_width

T = TypeVar("T")

_MOST_YEN = 10**12
_MOST_PIECES = 1_000_000
_LONGEST_SHOWN = 40
_YEN_SIGNS = re.compile(r"[\s,¥\\￥円()▲△−-]|yen$|jpy$|^jpy", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?|(\d{2})(\d{2}))")
_TIME = re.compile(r"(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?)?分?")
_OFFSET = re.compile(r"(Z|UTC|JST|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
_NO_DAY = frozenset({"", "-", "なし", "指定なし", "希望なし", "未定", "0000-00-00", "0000/00/00"})
_NO_AMOUNT = frozenset({"", "-", "-9999", "-99999"})  # Rakuten writes -9999 and -99999 for "not known yet"


class BadCell(Exception):
    """A cell cannot be read; `str(error)` names its column and what stands in it."""


class Row:
    """One row whose cells are found by heading, however that is spelled; of two equal headings the first counts."""

    __slots__ = ("_cells", "number")

    def __init__(self, row: FileRow, places: dict[str, int]) -> None:
        self.number = row.number
        self._cells = (row.cells, places)

    def has(self, heading: str) -> bool:
        """Whether the file has such a column."""
        return heading_key(heading) in self._cells[1]

    def text(self, *headings: str) -> str:
        """What stands in the first of these columns that is not empty, cleaned."""
        cells, places = self._cells
        for heading in headings:
            place = places.get(heading_key(heading))
            if place is not None and place < len(cells):
                found = clean(cells[place])
                if found:
                    return found
        return ""

    def joined(self, *headings: str, by: str = "") -> str:
        """What stands in these columns together, empty ones left out."""
        return by.join(filter(None, (self.text(heading) for heading in headings)))

    def yen(self, *headings: str) -> int | None:
        """Whole yen, None for an empty cell. Raises BadCell."""
        return _read(yen, self, headings)

    def pieces(self, *headings: str) -> int | None:
        """A number of pieces, None for an empty cell. Raises BadCell."""
        return _read(pieces, self, headings)

    def moment(self, *headings: str, zone: ZoneInfo) -> datetime | None:
        """A moment, None for an empty cell. Raises BadCell."""
        return _read(lambda text: moment(text, zone=zone), self, headings)

    def day(self, *headings: str) -> date | None:
        """A day, None for an empty cell. Raises BadCell."""
        return _read(day, self, headings)


def clean(cell: str) -> str:
    """The cell without a spreadsheet's ="…" and leading apostrophe, control characters and outer spaces."""
    text = cell.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        text = text[2:-1].replace('""', '"')
    elif text.startswith("'") and text[1:2].isdigit():
        text = text[1:]
    return text if text.isprintable() else _CONTROL.sub("", text).strip()


def order_number(text: str) -> str:
    """An order number as written. Raises BadCell when it is missing or a spreadsheet has rounded it."""
    if not text:
        raise BadCell(_("The order number is missing."))
    if _ROUNDED.fullmatch(text):
        raise BadCell(
            _("The order number “%(text)s” was rounded by a spreadsheet. Upload the file as you downloaded it.")
            % {"text": text}
        )
    return text


def yen(text: str) -> int | None:
    """Whole yen from ¥1,234, １，２３４円, 1234.00, ▲500. Raises BadCell."""
    plain = half_width(text).strip()
    is_negative = plain.startswith(("-", "▲", "△", "−")) or (plain.startswith("(") and plain.endswith(")"))
    bare = _YEN_SIGNS.sub("", plain)
    if plain in _NO_AMOUNT:
        return None
    if not re.fullmatch(r"[0-9]{1,13}(?:\.[0-9]{1,6})?", bare):
        _bad(text, _("“%(text)s” is not an amount of yen."))
    amount = Decimal(bare)
    if amount != amount.to_integral_value() or amount > _MOST_YEN:
        _bad(text, _("“%(text)s” is not an amount of whole yen."))
    return -int(amount) if is_negative else int(amount)


def pieces(text: str) -> int | None:
    """A number of pieces from 2, ２, 2.0, 2個. Raises BadCell."""
    plain = half_width(text).replace(",", "").strip().rstrip("個点枚本箱袋")
    if plain in {"", "-"}:
        return None
    if not re.fullmatch(r"[0-9]{1,7}(?:\.0+)?", plain) or int(plain.split(".")[0]) > _MOST_PIECES:
        _bad(text, _("“%(text)s” is not a number of pieces."))
    return int(plain.split(".")[0])


def moment(text: str, *, zone: ZoneInfo) -> datetime | None:
    """A moment from 2026/11/16 9:05, 2026-11-16T09:05:00+09:00, 2026年11月16日; a day alone is its midnight.

    `zone` is meant where no offset stands. Raises BadCell.
    """
    plain = half_width(text).strip()
    if plain in _NO_DAY:
        return None
    found = _DAY.match(plain)
    if not found:
        _bad(text, _("“%(text)s” is not a date. Write it like 2026/11/16."))
    try:
        return _moment(found, plain[found.end() :], zone)
    except ValueError:
        _bad(text, _("“%(text)s” is not a date. Write it like 2026/11/16."))


def day(text: str) -> date | None:
    """A day from the same spellings, whatever time and weekday stand after it. Raises BadCell."""
    plain = half_width(text).strip()
    if plain in _NO_DAY:
        return None
    found = _DAY.match(plain)
    if not found:
        _bad(text, _("“%(text)s” is not a date. Write it like 2026/11/16."))
    try:
        return _date(found)
    except ValueError:
        _bad(text, _("“%(text)s” is not a date. Write it like 2026/11/16."))


def wished_day(text: str) -> date | None:
    """A wished day; None when the words name none, since a wish must not stop an order."""
    try:
        return day(text)
    except BadCell:
        return None


def postcode(text: str) -> str:
    """A Japanese postcode as 060-0001, also when a spreadsheet took its leading zeros; anything else as written."""
    digits = digits_only(text)
    if len(digits) in {5, 6, 7} and not re.search("[A-Za-z]", text):
        digits = digits.zfill(7)
        return f"{digits[:3]}-{digits[3:]}"
    return text


def split_postcode(first: str, second: str) -> str:
    """A postcode from two columns of three and four digits."""
    head, tail = digits_only(first), digits_only(second)
    return postcode(f"{head.zfill(3)}{tail.zfill(4)}") if head and tail else postcode(first)


def _read(reader: Callable[[str], T | None], row: Row, headings: tuple[str, ...]) -> T | None:
    heading = next((name for name in headings if row.text(name)), headings[0])
    text = row.text(heading)
    if not text:
        return None
    try:
        return reader(text)
    except BadCell as error:
        raise BadCell(_("Column “%(heading)s”: %(what)s") % {"heading": heading, "what": error}) from None


def _bad(text: str, sentence: str) -> NoReturn:
    shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
    raise BadCell(sentence % {"text": shown})


def _date(found: re.Match[str]) -> date:
    year, month, day_of_month, short_month, short_day = found.groups()
    return date(int(year), int(month or short_month), int(day_of_month or short_day))


def _moment(found: re.Match[str], rest: str, zone: ZoneInfo) -> datetime:
    clock = _TIME.search(rest)
    parts = [int(part or 0) for part in clock.groups()] if clock else [0, 0, 0]
    if parts[0] < 12 and re.search("午後|PM", rest, re.IGNORECASE):
        parts[0] += 12
    offset = _OFFSET.search(rest.strip())
    local = datetime.combine(_date(found), time(parts[0], parts[1], parts[2]), tzinfo=zone)
    if not offset or offset.group(1).upper() == "JST":
        return local
    name = "+0000" if offset.group(1).upper() in {"Z", "UTC"} else offset.group(1).replace(":", "")
    return datetime.strptime(f"{local:%Y-%m-%d %H:%M:%S}{name}", "%Y-%m-%d %H:%M:%S%z")
