"""Files of packing records as warehouses' systems write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from anshin.connectors.csv_files.cells import BadCell
from anshin.connectors.csv_files.packing import CsvPackingFiles, grams
from anshin.delivery.ports import NotAPackingFile, PackedOrder
from anshin.delivery.terms import PackingField

TOKYO = ZoneInfo("Asia/Tokyo")
HEAD = "受注番号,商品コード,検品数,梱包日時,担当者,重量(kg),ロット番号\r\n"


def read(text: str, *, encoding: str = "utf-8") -> list[PackedOrder]:
    files = CsvPackingFiles()
    opened = files.open(text.encode(encoding))
    return list(files.orders(opened.content, opened.fields, zone=TOKYO))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16"])
def test_columns_are_known_by_their_headings_in_any_encoding(encoding):
    opened = CsvPackingFiles().open((HEAD + "A-1,SKU-1,2,2026/11/16 9:05,倉田,0.85,L1\r\n").encode(encoding))
    assert opened.fields == (
        PackingField.NUMBER,
        PackingField.SKU,
        PackingField.QUANTITY,
        PackingField.PACKED_AT,
        PackingField.PACKED_BY,
        PackingField.WEIGHT,
        PackingField.LOT,
    )
    assert opened.row_count == 1


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_row_is_read(mark):
    text = (HEAD + "A-1,SKU-1,２個,2026/11/16 9:05,倉田,0.85,L1\r\n").replace(",", mark)
    (order,) = read(text)
    (item,) = order.items
    assert (order.number, item.sku, item.quantity, item.weight_g, item.lots) == ("A-1", "SKU-1", 2, 850, ("L1",))
    assert item.packed_at == datetime(2026, 11, 16, 0, 5, tzinfo=UTC)
    assert item.packed_by == "倉田"


def test_pieces_scanned_one_by_one_and_rows_apart_are_put_together():
    rows = (
        "A-1,SKU-1,1,2026/11/16 9:05,倉田,,L1\r\n"
        "A-2,SKU-9,1,2026/11/16 9:06,倉田,,\r\n"
        "A-1,sku-1,1,2026/11/16 9:07,森,1.2,L2\r\n"
        "A-1,SKU-2,3,2026/11/16 9:07,森,,\r\n"
    )
    second, first = read(HEAD + rows)
    assert (second.number, first.number, [item.quantity for item in first.items]) == ("A-2", "A-1", [2, 3])
    tote = first.items[0]
    assert (tote.packed_by, tote.weight_g, tote.lots) == ("倉田、森", 1200, ("L1", "L2"))
    assert [row.number for row in tote.rows] == [2, 4]
    assert first.row_count + second.row_count == 4


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",SKU-1,1,2026/11/16 9:05,,,", "order number is missing"),
        ("4.2E+15,SKU-1,1,2026/11/16 9:05,,,", "rounded by a spreadsheet"),
        ("A-1,,1,2026/11/16 9:05,,,", "product number is missing"),
        ("A-1,SKU-1,0,2026/11/16 9:05,,,", "missing or 0"),
        ("A-1,SKU-1,,2026/11/16 9:05,,,", "missing or 0"),
        ("A-1,SKU-1,たくさん,2026/11/16 9:05,,,", "たくさん"),
        ("A-1,SKU-1,1,,,,", "not said when"),
        ("A-1,SKU-1,1,昨日,,,", "昨日"),
        ("A-1,SKU-1,1,2026/11/16 9:05,,重い,", "not a weight"),
        ("A-1,SKU-1,1,2026/11/16 9:05,,,,,x", "more cells"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_and_the_others_are_not(row, reason):
    with translation.override("en"):
        found = read(HEAD + row + "\r\nA-7,SKU-7,1,2026/11/16 9:05,,,\r\n")
    refused = [words for order in found for _row, words in order.refused]
    assert len(refused) == 1 and reason in refused[0]
    assert [item.sku for order in found for item in order.items] == ["SKU-7"]


@pytest.mark.parametrize(
    ("text", "in_kg", "weight_g"),
    [
        ("850", False, 850),
        ("1,234 g", False, 1234),
        ("1.2kg", False, 1200),
        ("１．２", True, 1200),
        ("850g", True, 850),
    ],
)
def test_weights(text, in_kg, weight_g):
    assert grams(text, in_kg=in_kg) == weight_g


@pytest.mark.parametrize("text", ["", "-", "0"])
def test_no_weight(text):
    assert grams(text) is None


@pytest.mark.parametrize("text", ["x", "-5", "9999999", "1.2.3"])
def test_bad_weights(text):
    with pytest.raises(BadCell):
        grams(text, in_kg=True)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", "注文番号,商品\r\n".encode()]
)
def test_what_is_no_table_is_refused(content):
    with pytest.raises(NotAPackingFile):
        CsvPackingFiles().open(content)
