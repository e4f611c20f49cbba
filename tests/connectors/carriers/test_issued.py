"""What B2クラウド, e飛伝Ⅲ and ゆうプリR give out after printing, in the encodings and shapes they do."""

from __future__ import annotations

import pytest

from anshin.connectors.carriers import b2, ehiden, yupri
from anshin.connectors.carriers.issued import CarrierIssuedFiles
from anshin.slips.ports import IssuedRow, NotIssuedSlips


def read(text: str, encoding: str = "cp932"):
    return CarrierIssuedFiles().read(text.encode(encoding))


@pytest.mark.parametrize(
    ("text", "format", "carrier"),
    [
        ("お客様管理番号,送り状種類,クール区分,伝票番号\r\nD-0001-1,0,,444413758703\r\n", "b2", "yamato"),
        ("お問い合せ送り状No.,出荷日,お客様管理番号\r\n444413758703,2026/11/20,D-0001-1\r\n", "ehiden", "sagawa"),
        ("お問い合わせ送り状Ｎｏ．,お客様管理ナンバー\r\n444413758703,D-0001-1\r\n", "ehiden", "sagawa"),
        ("お客様側管理番号,お問い合わせ番号,配達ステータス\r\nD-0001-1,444413758703,10\r\n", "yupri", "japan_post"),
    ],
)
@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-8", "utf-16"])
def test_each_program_is_known_by_its_headings(text, format, carrier, encoding):
    found = read(text, encoding)
    assert (found.format, found.carrier) == (format, carrier)
    assert found.rows == (IssuedRow(2, "D-0001-1", "444413758703"),)


@pytest.mark.parametrize("columns", [b2, ehiden], ids=["b2", "ehiden"])
def test_the_file_that_we_wrote_is_read_once_it_has_numbers(columns):
    empty = ",".join(columns.HEADINGS) + "\r\n" + "," * (len(columns.HEADINGS) - 2) + "x\r\n"
    found = read(empty)
    assert found.rows == (IssuedRow(2, "", ""),)


def test_our_file_for_yupri_has_no_numbers_and_says_so():
    with pytest.raises(NotIssuedSlips):
        read(",".join(yupri.HEADINGS) + "\r\nx\r\n")


def test_rows_above_the_headings_blank_rows_tabs_and_guarded_numbers():
    head = "出荷実績一覧\r\n\r\nお客様管理番号\t伝票番号\r\n\r\n"
    text = head + 'D-1-1\t="444413758703"\r\n' + "D-2-1\t'444413758714\r\nD-3-1\r\n"
    with pytest.raises(NotIssuedSlips):
        read(text)  # the title has no tab, so the delimiter cannot be told from it
    found = read(text.replace("出荷実績一覧", "出荷実績一覧\t\t"))
    assert [(row.row, row.tracking_number) for row in found.rows] == [
        (5, "444413758703"),
        (6, "444413758714"),
        (7, ""),
    ]
