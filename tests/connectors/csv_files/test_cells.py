"""Amounts, days and numbers are read however people, carts and spreadsheets write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from anshin.commerce.terms import Carrier, PaymentMethod
from anshin.connectors.csv_files import cells, words
from anshin.connectors.csv_files.cells import BadCell

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234", 1234),
        ("¥1,234", 1234),
        ("￥１，２３４", 1234),
        ("1,234円", 1234),
        ("\\1,234", 1234),
        ("1234.00", 1234),
        ("-500", -500),
        ("▲500", -500),
        ("(500)", -500),
        ("0", 0),
        ("-", None),
        ("-99999", None),
    ],
)
def test_an_amount_is_read(text: str, amount: int | None) -> None:
    assert cells.yen(text) == amount


@pytest.mark.parametrize("text", ["12.5", "abc", "1e5", "12 USD", "９９９９９９９９９９９９９９"])
def test_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        cells.yen(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026/11/16 9:05",
        "2026-11-16 09:05:00",
        "２０２６／１１／１６　９：０５",
        "2026年11月16日 9時5分",
        "2026-11-16T09:05:00+09:00",
        "2026-11-16T00:05:00Z",
        "2026-11-15 19:05:00 -0500",
        "2026-11-16 00:05:00 UTC",
        "2026.11.16 9:05",
        "20261116 9:05",
    ],
)
def test_a_moment_is_read(text: str) -> None:
    assert cells.moment(text, zone=TOKYO) == datetime(2026, 11, 16, 0, 5, tzinfo=UTC)


def test_an_afternoon_is_read() -> None:
    assert cells.moment("2026/11/16 午後3:05", zone=TOKYO) == datetime(2026, 11, 16, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["11/16/2026", "2026/13/1", "2026/11/16 25:00", "46342", "明日"])
def test_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        cells.moment(text, zone=TOKYO)


def test_a_wish_never_stops_an_order() -> None:
    assert cells.wished_day("11/20の午前") is None
    assert cells.wished_day("2026/11/20(金)") == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "number"), [("2", 2), ("２", 2), ("2.0", 2), ("2個", 2), ("1,000", 1000), ("0", 0), ("-", None)]
)
def test_a_number_of_pieces_is_read(text: str, number: int | None) -> None:
    assert cells.pieces(text) == number


@pytest.mark.parametrize("text", ["-1", "1.5", "二つ", "99999999"])
def test_no_number_of_pieces_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        cells.pieces(text)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("1000001", "100-0001"),
        ("〒100-0001", "100-0001"),
        ("600001", "060-0001"),
        ("１００－０００１", "100-0001"),
        ("SW1A 1AA", "SW1A 1AA"),
        ("", ""),
    ],
)
def test_a_postcode_is_read(text: str, postcode: str) -> None:
    assert cells.postcode(text) == postcode


@pytest.mark.parametrize(
    ("cell", "text"),
    [('="00123"', "00123"), ("'0901", "0901"), ("  x ", "x"), ("a\x00b", "ab"), ('="a""b"', 'a"b'), ("'tis", "'tis")],
)
def test_a_cell_is_cleaned(cell: str, text: str) -> None:
    assert cells.clean(cell) == text


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("クレジットカード", PaymentMethod.CARD),
        ("コンビニ後払い", PaymentMethod.DEFERRED),
        ("コンビニ決済（前払い）", PaymentMethod.CONVENIENCE),
        ("PayPayクレジット", PaymentMethod.PAYPAY),
        ("Ａｍａｚｏｎ Ｐａｙ", PaymentMethod.AMAZON_PAY),
        ("代金引換", PaymentMethod.CASH_ON_DELIVERY),
        ("銀行振込", PaymentMethod.BANK_TRANSFER),
        ("ドコモ払い", PaymentMethod.CARRIER),
        ("謎ペイ", PaymentMethod.OTHER),
        ("", None),
    ],
)
def test_a_payment_is_known_by_its_name(name: str, method: PaymentMethod | None) -> None:
    assert words.payment_method(name) == method


@pytest.mark.parametrize(
    ("name", "carrier"),
    [
        ("ヤマト運輸", Carrier.YAMATO),
        ("1002", Carrier.SAGAWA),
        ("ゆうパケット", Carrier.JAPAN_POST),
        ("西濃運輸", Carrier.OTHER),
    ],
)
def test_a_carrier_is_known_by_its_name(name: str, carrier: Carrier) -> None:
    assert words.carrier(name) == carrier


@pytest.mark.parametrize(
    ("status", "is_cancelled"),
    [
        ("キャンセル", True),
        ("注文取消し", True),
        ("Cancelled", True),
        ("キャンセル確定待ち", False),
        ("新規受付", False),
    ],
)
def test_a_status_says_cancelled(status: str, is_cancelled: bool) -> None:
    assert words.says_cancelled(status) == is_cancelled
