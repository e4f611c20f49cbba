"""Fills `commerce.stock_files`: the list of stock that a cart, a marketplace or a warehouse system gives out.

There is no common form, but the three columns that count have few names, so nobody is asked to name them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from anshin.commerce.ports import FileRow, IncomingStock, NotAnOrderFile, RowsRefused
from anshin.connectors.csv_files import cells
from anshin.connectors.csv_files.cells import BadCell, clean
from anshin.connectors.csv_files.headings import heading_key
from anshin.connectors.csv_files.reading import STOCK, read_table
from anshin.language.folding import half_width

# From general knowledge of carts and warehouse systems in Japan, November 2026; the first that stands in a file wins.
_SKU: Final = (
    "商品番号 商品コード skuコード sku 品番 商品管理番号 管理番号 商品id システム連携用sku番号 "
    "itemcode productcode code"
)
_NAME: Final = "商品名 品名 商品名称 商品 itemname productname name title"
_VARIANT: Final = "規格 バリエーション 色・サイズ カラー サイズ variant option"
_QUANTITY: Final = (
    "在庫数 在庫数量 現在庫数 現在庫 販売可能数 販売可能在庫 引当可能数 在庫 残数 "
    "stock quantity qty available inventory"
)
_NEXT: Final = (
    "次回入荷予定日 入荷予定日 次回入荷日 入荷予定 次回入荷 再入荷予定日 nexton restock restockdate expectedon"
)


class CsvStockFiles:
    """Lists of stock as CSV or TSV."""

    def rows(self, content: bytes) -> Iterator[IncomingStock | RowsRefused]:
        """Each row as it can be read, or why not. Raises NotAnOrderFile."""
        table = read_table(content, source=STOCK)
        places = {name: _place(table.places, names) for name, names in _COLUMNS.items()}
        if places["sku"] is None or places["quantity"] is None:
            raise NotAnOrderFile(
                _("The list needs a column with product numbers and one with the stock: 商品番号 and 在庫数.")
            )
        for row in table.rows():
            try:
                yield _told(row, places)
            except BadCell as error:
                yield RowsRefused((row,), str(error))


_COLUMNS: Final = {"sku": _SKU, "name": _NAME, "variant": _VARIANT, "quantity": _QUANTITY, "next": _NEXT}


def _place(places: dict[str, int], names: str) -> int | None:
    return next((places[key] for name in names.split() if (key := heading_key(name)) in places), None)


def _told(row: FileRow, places: dict[str, int | None]) -> IncomingStock:
    def cell(name: str) -> str:
        at = places[name]
        return clean(row.cells[at]) if at is not None and at < len(row.cells) else ""

    if not cell("sku"):
        raise BadCell(_("The product number is missing."))
    quantity = _pieces(cell("quantity"))
    if quantity is None:
        raise BadCell(_("The stock is missing. Write 0 where nothing is left."))
    return IncomingStock(
        row=row,
        sku=cell("sku")[:80],
        name=cell("name")[:300],
        variant=cell("variant")[:200],
        quantity=quantity,
        next_on=cells.day(cell("next")),
    )


def _pieces(text: str) -> int | None:
    """A number of pieces; fewer than none, which systems write for back orders, is none."""
    plain = half_width(text).strip()
    owed = plain[1:] if plain[:1] in {"-", "▲", "△", "−"} and len(plain) > 1 else ""
    return 0 if owed and cells.pieces(owed) is not None else cells.pieces(text)
