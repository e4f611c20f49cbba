"""Fills `delivery.packing_files`: what warehouses' systems and check terminals (検品) write of each parcel.

There is no common form: every system names its columns itself, so a clerk names those which the headings do not tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from anshin.commerce.ports import FileRow, NotAnOrderFile
from anshin.connectors.csv_files import cells
from anshin.connectors.csv_files.cells import BadCell, clean
from anshin.connectors.csv_files.headings import header_key, heading_key
from anshin.connectors.csv_files.reading import PACKING, Table, read_table, write_table
from anshin.delivery.ports import NotAPackingFile, OpenedPackingFile, PackedItem, PackedOrder, PackedRow
from anshin.delivery.terms import PackingField
from anshin.language.folding import fold, half_width

_PREVIEW_ROWS = 10
_HEAVIEST_G = 1_000_000
_WEIGHT = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,4})?)\s*(kg|g|キロ|グラム)?", re.IGNORECASE)
# From general knowledge of warehouse systems in Japan, November 2026; the first that fits wins.
_SYNONYMS: dict[PackingField, str] = {
    PackingField.NUMBER: "注文番号 受注番号 注文id 受注id オーダー番号 受注no 注文no 出荷指示番号 orderid orderno "
    "ordernumber order",
    PackingField.SKU: "商品コード 商品番号 品番 sku skuコード 商品sku 品目コード jan janコード バーコード 検品コード "
    "itemcode productcode code",
    PackingField.NAME: "商品名 品名 品目名 商品名称 itemname productname name",
    PackingField.QUANTITY: "数量 検品数 検品数量 梱包数 梱包数量 出荷数 出荷数量 個数 実績数 quantity qty count",
    PackingField.PACKED_AT: "梱包日時 検品日時 梱包完了日時 検品完了日時 梱包日 検品日 出荷検品日時 作業日時 完了日時 "
    "packedat packdate checkedat datetime",
    PackingField.PACKED_BY: "梱包者 検品者 担当者 作業者 梱包担当者 検品担当者 担当 作業者名 担当者名 packer "
    "packedby operator",
    PackingField.WEIGHT: "重量 総重量 重さ 重量(g) 重量(kg) 実重量 梱包重量 荷物重量 weight weightg weight(g) "
    "weight(kg) weightkg",
    PackingField.LOT: "ロット ロット番号 ロットno lot lotno lotnumber 製造番号 シリアル シリアル番号 シリアルno serial "
    "serialnumber",
}


class CsvPackingFiles:
    """Packing records as CSV or TSV."""

    def open(self, content: bytes) -> OpenedPackingFile:
        """The file as a table. Raises NotAPackingFile."""
        table = _table(content)
        count, preview = 0, []
        for row in _rows(table):
            count += 1
            if count <= _PREVIEW_ROWS:
                preview.append(row.cells)
        if not count:
            raise NotAPackingFile(_("The file has headings but no rows below them. Choose a longer period."))
        return OpenedPackingFile(
            content=content,
            encoding=table.encoding,
            delimiter=table.delimiter,
            headings=table.headings,
            preview=tuple(preview),
            row_count=count,
            header_key=header_key(table.headings),
            fields=_proposed(table.headings),
        )

    def orders(self, content: bytes, fields: Sequence[PackingField | None], *, zone: ZoneInfo) -> Iterator[PackedOrder]:
        """Every row exactly once, the rows of an order together where its last one stands; the file is read twice."""
        table = _table(content)
        reader = _Reader(table, fields, zone)
        last = {reader.number(row): row.number for row in _rows(table)}
        waiting: dict[str, list[FileRow]] = {}
        for row in _rows(table):
            number = reader.number(row)
            if not number:
                yield reader.order("", [row])
                continue
            waiting.setdefault(number, []).append(row)
            if last[number] == row.number:
                yield reader.order(number, waiting.pop(number))

    def refused_file(self, opened: OpenedPackingFile, refused: Iterable[tuple[PackedRow, str]]) -> bytes:
        """The refused rows under the file's headings, with the reasons in a last column."""
        width = len(opened.headings)
        rows = ([*row.cells[:width], *[""] * (width - len(row.cells)), reason] for row, reason in refused)
        heading = [*opened.headings, _("Reason")]
        return write_table(chain([heading], rows), encoding=opened.encoding, delimiter=opened.delimiter)


class _Reader:
    """Reads rows by the meaning of their columns."""

    def __init__(self, table: Table, fields: Sequence[PackingField | None], zone: ZoneInfo) -> None:
        self._width, self._zone = len(table.headings), zone
        self._places = {
            meaning: [place for place, named in enumerate(fields) if named == meaning] for meaning in PackingField
        }
        weights = self._places[PackingField.WEIGHT]
        self._in_kg = any("kg" in fold(table.headings[place]) for place in weights if place < self._width)

    def number(self, row: FileRow) -> str:
        return self._text(row, PackingField.NUMBER)

    def order(self, number: str, rows: Sequence[FileRow]) -> PackedOrder:
        """The rows of one order, those of the same product put together."""
        items: dict[str, PackedItem] = {}
        refused: list[tuple[PackedRow, str]] = []
        for row in rows:
            told = PackedRow(row.number, row.cells)
            try:
                cells.order_number(number)
                item = self._item(row, told)
            except BadCell as error:
                refused.append((told, str(error)))
                continue
            key = fold(item.sku or item.name)
            items[key] = _together(items[key], item) if key in items else item
        return PackedOrder(number, tuple(items.values()), tuple(refused))

    def _item(self, row: FileRow, told: PackedRow) -> PackedItem:
        if any(cell.strip() for cell in row.cells[self._width :]):
            raise BadCell(_("The row has more cells than there are headings. A comma is probably misplaced."))
        sku, name = self._text(row, PackingField.SKU)[:80], self._text(row, PackingField.NAME, by=" ")[:300]
        if not sku and not name:
            raise BadCell(_("The product number is missing."))
        quantity = cells.pieces(self._text(row, PackingField.QUANTITY))
        if not quantity:
            raise BadCell(_("The quantity is missing or 0. Write how many pieces were packed."))
        lot = self._text(row, PackingField.LOT)
        return PackedItem(
            rows=(told,),
            sku=sku,
            name=name,
            quantity=quantity,
            packed_at=self._moment(row),
            packed_by=self._text(row, PackingField.PACKED_BY, by=" ")[:100],
            weight_g=grams(self._text(row, PackingField.WEIGHT), in_kg=self._in_kg),
            lots=(lot,) if lot else (),
        )

    def _moment(self, row: FileRow) -> datetime:
        found = cells.moment(self._text(row, PackingField.PACKED_AT, by=" "), zone=self._zone)
        if found is None:
            raise BadCell(_("It is not said when it was packed. Write day and time like 2026/11/16 9:05."))
        return found

    def _text(self, row: FileRow, meaning: PackingField, *, by: str = "") -> str:
        found = (clean(row.cells[place]) for place in self._places[meaning] if place < len(row.cells))
        return by.join(filter(None, found))


def grams(text: str, *, in_kg: bool = False) -> int | None:
    """Whole grams from 850, 1,234 g, 1.2kg; None for an empty cell. A unit in the cell overrules the heading's.

    Raises BadCell.
    """
    plain = half_width(text).replace(",", "").strip()
    if plain in {"", "-"}:
        return None
    found = _WEIGHT.fullmatch(plain)
    if not found:
        raise BadCell(_("“%(text)s” is not a weight. Write it like 850 g or 1.2 kg.") % {"text": text[:40]})
    is_kg = (found[2] or ("kg" if in_kg else "g")).lower() in {"kg", "キロ"}
    weight = int((Decimal(found[1]) * (1000 if is_kg else 1)).to_integral_value())
    if weight > _HEAVIEST_G:
        raise BadCell(_("“%(text)s” is not a weight. Write it like 850 g or 1.2 kg.") % {"text": text[:40]})
    return weight or None


def _together(first: PackedItem, second: PackedItem) -> PackedItem:
    """Two rows of one product: scanned one by one, or taken from two lots."""
    packers = dict.fromkeys(filter(None, (*first.packed_by.split("、"), second.packed_by)))
    return PackedItem(
        rows=first.rows + second.rows,
        sku=first.sku,
        name=first.name or second.name,
        quantity=first.quantity + second.quantity,
        packed_at=max(first.packed_at, second.packed_at),
        packed_by="、".join(packers)[:100],
        weight_g=second.weight_g or first.weight_g,
        lots=tuple(dict.fromkeys(first.lots + second.lots)),
    )


def _proposed(headings: Sequence[str]) -> tuple[PackingField | None, ...]:
    """What each column seems to mean; a meaning is proposed once, for the first heading that fits."""
    taken: set[PackingField] = set()
    found: list[PackingField | None] = []
    for heading in headings:
        meaning = _meanings().get(heading_key(heading))
        found.append(meaning if meaning not in taken else None)
        if meaning:
            taken.add(meaning)
    return tuple(found)


@lru_cache(maxsize=1)
def _meanings() -> dict[str, PackingField]:
    found: dict[str, PackingField] = {}
    for meaning, names in _SYNONYMS.items():
        for name in names.split():
            found.setdefault(heading_key(name), meaning)
    return found


def _table(content: bytes) -> Table:
    try:
        return read_table(content, source=PACKING)
    except NotAnOrderFile as error:
        raise NotAPackingFile(str(error)) from error


def _rows(table: Table) -> Iterator[FileRow]:
    try:
        yield from table.rows()
    except NotAnOrderFile as error:
        raise NotAPackingFile(str(error)) from error
