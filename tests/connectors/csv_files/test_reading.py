"""Files are read in the encodings that shops meet, and what is no order file is refused with the way out."""

import io
import zipfile

import pytest
from django.utils import translation

from anshin.commerce.ports import FileRow, NotAnOrderFile
from anshin.connectors.csv_files.adapter import CsvOrderFiles
from tests.connectors.csv_files import samples

FILES = CsvOrderFiles()
TEXT = "注文番号,注文日時,備考\r\nA-1,2026/11/16,①髙﨑\r\n"


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_is_found(encoding: str) -> None:
    opened = FILES.open(TEXT.encode(encoding), "orders.csv")
    assert (opened.encoding, opened.headings) == (encoding, ("注文番号", "注文日時", "備考"))
    assert opened.preview == (("A-1", "2026/11/16", "①髙﨑"),)


def test_euc_is_not_taken_for_half_width_kana() -> None:
    text = "注文番号,注文日時,備考\r\nA-1,2026/11/16,よろしくお願いします\r\n"
    opened = FILES.open(text.encode("euc_jp"), "orders.csv")
    assert (opened.encoding, opened.headings[0]) == ("euc_jp", "注文番号")


def test_half_width_kana_stays_shift_jis() -> None:
    text = "注文番号,ﾌﾘｶﾞﾅ\r\nA-1,ﾀｶﾊｼ ﾐｻｷ\r\n"
    opened = FILES.open(text.encode("cp932"), "orders.csv")
    assert opened.preview == (("A-1", "ﾀｶﾊｼ ﾐｻｷ"),)


def xlsx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("orders.csv", TEXT)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (xlsx(), "Save as"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "Save as"),
        (zipped(), "ZIP"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"<html><body><table><tr><td>1,2</td></tr></table></body></html>", "web page"),
        (b"\x00\x01\x02\x03,\x04\x05" * 50, "not a text file"),
        ("注文番号\r\nA-1\r\n".encode("cp932"), "one column"),
        ("注文番号,注文日時\r\n".encode("cp932"), "no orders"),
        ("注文番号,注文日時\r\n,\r\n".encode("cp932"), "no orders"),
        (b'a,b\r\n1,"' + b"x" * 1_100_000, "quotation mark"),
    ],
)
def test_refused_with_the_way_out(content: bytes, words: str) -> None:
    with translation.override("en"), pytest.raises(NotAnOrderFile, match=words):
        FILES.open(content, "orders.csv")


def test_titles_above_the_heading_are_skipped() -> None:
    text = "受注一覧,,\r\n\r\n" + TEXT
    opened = FILES.open(text.encode("cp932"), "orders.csv")
    assert opened.headings == ("注文番号", "注文日時", "備考")
    assert opened.row_count == 1


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    opened = FILES.open(TEXT.replace(",", delimiter).encode("utf-8"), "orders.txt")
    assert (opened.delimiter, len(opened.headings)) == (delimiter, 3)


def test_files_with_the_same_headings_have_one_key() -> None:
    first = FILES.open(TEXT.encode("cp932"), "a.csv")
    same = FILES.open(TEXT.replace("注文番号", " 注文番号 ").encode("utf-8"), "b.csv")
    turned = FILES.open(TEXT.replace("注文番号,注文日時", "注文日時,注文番号").encode("cp932"), "c.csv")
    assert first.header_key == same.header_key != turned.header_key


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-16"])
def test_the_file_of_refused_rows_is_like_the_original(encoding: str) -> None:
    content = samples.rakuten({}, encoding=encoding)
    opened = FILES.open(content, "orders.csv")
    refused = FileRow(7, opened.preview[0])
    with translation.override("en"):
        answer = FILES.refused_file(opened, [(refused, "理由①")])
    again = FILES.open(answer, "refused.csv")
    assert (again.encoding, again.format, again.delimiter) == (encoding, "rakuten", ",")
    assert again.headings == (*opened.headings, "Reason")
    assert again.preview == ((*opened.preview[0], "理由①"),)


def test_a_row_with_too_many_cells_is_refused() -> None:
    from zoneinfo import ZoneInfo

    text = TEXT + "A-2,2026/11/16,x,y\r\nA-3,2026/11/16\r\n"
    opened = FILES.open(text.encode("utf-8"), "orders.csv")
    items = list(FILES.orders(opened, None, zone=ZoneInfo("Asia/Tokyo")))
    assert [type(item).__name__ for item in items] == ["OrderInFile", "RowsRefused", "OrderInFile"]
