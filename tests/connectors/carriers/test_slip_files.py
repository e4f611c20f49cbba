"""The columns of each carrier's program by position, and what is said about everything that does not fit."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from anshin.commerce.terms import Carrier, Recipient
from anshin.connectors.carriers.adapter import CarrierSlipFiles
from anshin.delivery.ports import Consignment, SlipAccount

SHOP = Recipient("こもれび雑貨店", "180-0004", "東京都武蔵野市吉祥寺本町99-1-1 こもれびビル3階", "0422-00-0000")
CUSTOMER = Recipient(
    "髙﨑 由紀子", "〒150-0001", "東京都渋谷区神宮前99-2-3 ハイツ神宮前201", "０８０－００００－１００７"
)
ACCOUNT = SlipAccount(customer_code="0422000000", freight_number="01", slip_kind="1100780")
SHIP_ON = date(2026, 11, 27)
CODES = ("b2", "ehiden", "yupri")
COUNTS = {"b2": 97, "ehiden": 74, "yupri": 117}


def parcel(**changes):
    values = {"number": "D-0012-1", "sender": SHOP, "receiver": CUSTOMER, "goods": ("帆布のトートバッグ", "お詫びの品")}
    return Consignment(**(values | changes))


def written(code, *parcels, account=ACCOUNT):
    with translation.override("ja"):
        return CarrierSlipFiles().write(code, parcels or (parcel(),), ship_on=SHIP_ON, account=account)


def table(made):
    text = made.content.decode("cp932")
    assert text.endswith("\r\n")
    return list(csv.reader(StringIO(text, newline="")))


def filled(made, row=1):
    """{position from 1: cell} of everything that is not empty."""
    return {place: cell for place, cell in enumerate(table(made)[row], start=1) if cell}


def test_a_parcel_for_yamato_by_position():
    made = written("b2", parcel(wished_on=date(2026, 12, 1), remark="再送"))
    assert filled(made) == {
        1: "D-0012-1", 2: "0", 5: "2026/11/27", 6: "2026/12/01", 9: "080-0000-1007", 11: "150-0001",
        12: "東京都渋谷区神宮前99-2-3 ハイツ神宮前201", 16: "髙﨑 由紀子", 20: "0422-00-0000", 22: "180-0004",
        23: "東京都武蔵野市吉祥寺本町99-1-1 こもれびビル3階", 25: "こもれび雑貨店", 28: "帆布のトートバッグ",
        30: "お詫びの品", 33: "再送", 40: "0422000000", 42: "01",
    }  # fmt: skip
    assert made.warnings == ()


def test_a_parcel_for_sagawa_by_position():
    made = written("ehiden", parcel(wished_on=date(2026, 12, 1), remark="再送"))
    assert filled(made) == {
        3: "080-0000-1007", 4: "150-0001", 5: "東京都渋谷区神宮前99-2-3", 6: "ハイツ神宮前201", 8: "髙﨑 由紀子",
        10: "D-0012-1", 11: "0422000000", 18: "0422-00-0000", 19: "180-0004", 20: "東京都武蔵野市吉祥寺本町",
        21: "99-1-1 こもれびビル3階", 22: "こもれび雑貨店", 24: "001", 25: "帆布のトートバッグ", 26: "お詫びの品",
        27: "再送", 42: "1", 43: "000", 44: "001", 45: "2026/12/01", 58: "1", 61: "2026/11/27",
    }  # fmt: skip
    assert made.warnings == ()


def test_a_parcel_for_japan_post_by_position():
    made = written("yupri", parcel(wished_on=date(2026, 12, 1), remark="再送"))
    assert filled(made) == {
        1: "D-0012-1", 2: "20261127", 6: "0", 7: "0", 8: "0", 11: "1100780", 13: "150-0001",
        14: "東京都渋谷区神宮前99-2-3 ハイツ神宮前201", 17: "髙﨑 由紀子", 19: "0", 20: "080-0000-1007", 30: "180-0004",
        31: "東京都武蔵野市吉祥寺本町99-1-1 こもれびビル3階", 34: "こもれび雑貨店", 37: "0422-00-0000", 65: "20261201",
        72: "1", 73: "再送", 75: "D-0012-1", 103: "帆布のトートバッグ、お詫びの品", 104: "1",
    }  # fmt: skip
    assert made.warnings == ()


@pytest.mark.parametrize(
    ("code", "place", "prepaid", "collect"), [("b2", 2, "0", "5"), ("ehiden", 58, "1", "2"), ("yupri", 8, "0", "1")]
)
def test_who_pays_has_its_code(code, place, prepaid, collect):
    assert filled(written(code))[place] == prepaid
    assert filled(written(code, parcel(is_collect=True)))[place] == collect


def test_a_code_that_is_not_certain_is_said():
    made = written("ehiden", parcel(is_collect=True))
    assert [(each.number, each.column) for each in made.warnings] == [("D-0012-1", "元着区分")]
    assert "e飛伝Ⅲ" in made.warnings[0].words


@pytest.mark.parametrize("code", CODES)
def test_headings_come_first_and_every_row_has_all_columns(code):
    rows = table(written(code, parcel(number="R-0312"), parcel(number="R-0313")))
    assert [len(row) for row in rows] == [COUNTS[code]] * 3
    assert all(rows[0])
    assert [("R-0312" in rows[1]), ("R-0313" in rows[2])] == [True, True]


@pytest.mark.parametrize("code", CODES)
def test_characters_that_the_file_cannot_hold_are_replaced_and_named(code):
    made = written(code, parcel(receiver=Recipient("𠮷野 刘훈", CUSTOMER.postcode, CUSTOMER.lines, CUSTOMER.phone)))
    assert "〓野 〓〓" in filled(made).values()
    assert len(made.warnings) == 1
    assert made.warnings[0].number == "D-0012-1"
    for character in ("𠮷", "刘", "훈", "〓"):
        assert character in made.warnings[0].words


@pytest.mark.parametrize("code", CODES)
def test_what_cp932_has_is_kept(code):
    made = written(code, parcel(goods=("髙﨑彅①㈱～Ⅲ", "−〜—")))
    said = "".join(filled(made).values())
    assert "髙﨑彅①㈱～Ⅲ" in said
    assert "－～―" in said
    assert made.warnings == ()


@pytest.mark.parametrize(("code", "cuts"), [("b2", 1), ("ehiden", 1), ("yupri", 1)])
def test_an_address_that_is_too_long_fills_its_columns_and_the_rest_is_said(code, cuts):
    lines = "東京都渋谷区" + "あ" * 200 + "終"
    made = written(code, parcel(receiver=Recipient(CUSTOMER.name, CUSTOMER.postcode, lines, CUSTOMER.phone)))
    assert len(made.warnings) == cuts
    rest = made.warnings[0].words.split("「")[1].split("」")[0]
    assert "".join(cell for cell in filled(made).values() if "あ" in cell) + rest == lines


@pytest.mark.parametrize("code", CODES)
def test_what_is_missing_is_said(code):
    made = written(code, parcel(receiver=Recipient("髙﨑 由紀子")))
    assert sorted({each.column.rstrip("１") for each in made.warnings}) == [
        "お届け先住所", "お届け先郵便番号", "お届け先電話番号",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "columns"),
    [("b2", ["請求先顧客コード", "運賃管理番号"]), ("ehiden", ["お客様コード"]), ("yupri", ["送り状種別"])],
)
def test_what_the_contract_gave_is_asked_for_once_a_file(code, columns):
    made = written(code, parcel(), parcel(number="D-2"), account=SlipAccount())
    assert [(each.number, each.column) for each in made.warnings] == [("", column) for column in columns]


def test_goods_that_have_no_column_are_said():
    made = written("ehiden", parcel(goods=tuple(f"品{number}" for number in range(1, 8)), remark="再送"))
    assert [filled(made)[place] for place in range(25, 30)] == ["品1", "品2", "品3", "品4", "品5"]
    assert [("品6" in each.words, "品7" in each.words, "再送" in each.words) for each in made.warnings] == [
        (True, False, False), (False, True, False), (False, False, True),
    ]  # fmt: skip


def test_the_formats_name_their_carriers_and_what_to_set_up():
    with translation.override("ja"):
        formats = CarrierSlipFiles().formats()
    assert [(each.code, each.carrier) for each in formats] == [
        ("b2", Carrier.YAMATO), ("ehiden", Carrier.SAGAWA), ("yupri", Carrier.JAPAN_POST),
    ]  # fmt: skip
    assert all(each.hint for each in formats)


def test_an_unknown_format_is_refused():
    with pytest.raises(KeyError):
        written("dhl")


TEXT = st.text(max_size=120)


@given(name=TEXT, lines=TEXT, goods=TEXT, code=st.sampled_from(CODES))
def test_whatever_people_write_the_table_stays_whole_and_nothing_vanishes_unsaid(name, lines, goods, code):
    made = written(code, parcel(receiver=Recipient(name, "1500001", lines, "0300000000"), goods=(goods,)))
    rows = table(made)
    assert [len(row) for row in rows] == [COUNTS[code]] * 2
    assert not any("\n" in cell or "\r" in cell for cell in rows[1])
    kept = "".join(rows[1]) + "".join(each.words for each in made.warnings)
    lost = [each for each in name if each.isalnum() and each not in kept]
    assert lost == []
