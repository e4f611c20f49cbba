"""The file for the bank, byte by byte against the layout."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.commerce.ports import Debtor, Transfer, TransferFileRefused
from anshin.commerce.terms import AccountKind
from anshin.connectors.bank_files import records
from anshin.connectors.bank_files.adapter import ZenginFiles
from anshin.language.zengin_letters import is_allowed

DAY = date(2026, 12, 4)
DEBTOR = Debtor("1234567890", "ｶ)ｺﾓﾚﾋﾞｻﾞﾂｶﾃﾝ", "0001", "ミズホ", "001", "トウキヨウ", AccountKind.CURRENT, "0123456")
HEADER = [  # first byte, last byte, content; bytes are counted from 1 as in the layout
    (1, 1, b"1"),
    (2, 3, b"21"),
    (4, 4, b"0"),
    (5, 14, b"1234567890"),
    (15, 54, b"\xb6)\xba\xd3\xda\xcb\xde\xbb\xde\xc2\xb6\xc3\xdd".ljust(40)),
    (55, 58, b"1204"),
    (59, 62, b"0001"),
    (63, 77, b"\xd0\xbd\xde\xce".ljust(15)),
    (78, 80, b"001"),
    (81, 95, b"\xc4\xb3\xb7\xd6\xb3".ljust(15)),
    (96, 96, b"2"),
    (97, 103, b"0123456"),
    (104, 120, b" " * 17),
]
DATA = [
    (1, 1, b"2"),
    (2, 5, b"9900"),
    (6, 20, b"\xd5\xb3\xc1\xd6".ljust(15)),
    (21, 23, b"018"),
    (24, 38, b"\xbe\xde\xdb\xb2\xc1\xca\xc1".ljust(15)),
    (39, 42, b"0000"),
    (43, 43, b"1"),
    (44, 50, b"1234567"),
    (51, 80, b"\xb6\xbc\xdc\xb7\xde \xd5\xb7\xba".ljust(30)),
    (81, 90, b"0000008680"),
    (91, 91, b"0"),
    (92, 101, b"0000000001"),
    (102, 111, b"0000000000"),
    (112, 112, b"7"),
    (113, 113, b" "),
    (114, 120, b" " * 7),
]
TRAILER = [(1, 1, b"8"), (2, 7, b"000002"), (8, 19, b"000000009180"), (20, 120, b" " * 101)]


def transfer(line=1, amount_yen=8_680, **changes):
    values = {
        "bank_code": "9900",
        "bank_kana": "ユウチヨ",
        "branch_code": "018",
        "branch_kana": "ゼロイチハチ",
        "kind": AccountKind.ORDINARY,
        "number": "1234567",
        "holder": "ｶｼﾜｷﾞ ﾕｷｺ",
    }
    return Transfer(line=line, amount_yen=amount_yen, **{**values, **changes})


def written(*transfers, debtor=DEBTOR, has_line_ends=True):
    return ZenginFiles().write(debtor, transfers, transfer_on=DAY, has_line_ends=has_line_ends)


def assert_layout(record, fields):
    assert len(record) == 120
    assert [last - first + 1 for first, last, _content in fields] == [len(content) for *_place, content in fields]
    assert sum(len(content) for *_place, content in fields) == 120
    for first, last, content in fields:
        assert record[first - 1 : last] == content, f"bytes {first} to {last}"


def test_the_four_records_stand_where_the_layout_says():
    header, first, second, trailer, end, rest = written(transfer(), transfer(2, 500)).split(b"\r\n")

    assert_layout(header, HEADER)
    assert_layout(first, DATA)
    assert second[80:90] + second[91:101] == b"0000000500" + b"0000000002"
    assert_layout(trailer, TRAILER)
    assert end == b"9" + b" " * 119
    assert rest == b""


def test_without_line_ends_records_follow_each_other():
    content = written(transfer(), has_line_ends=False)

    assert len(content) == 4 * 120
    assert [content[place] for place in range(0, 480, 120)] == list(b"1289")
    assert b"\r" not in content


@pytest.mark.parametrize(("kind", "byte"), [("ordinary", b"1"), ("current", b"2"), ("savings", b"4")])
def test_kinds_of_account(kind, byte):
    assert written(transfer(kind=AccountKind(kind)), has_line_ends=False)[120 + 42 : 120 + 43] == byte


def test_a_name_that_is_too_long_is_cut_but_never_off_its_mark():
    record = records.data(transfer(holder="ｱ" * 29 + "ｶﾞ"))

    assert record[50:80] == b"\xb1" * 29 + b" "


def test_the_highest_sums_fit():
    most = 9_999_999_999
    content = written(transfer(amount_yen=most), transfer(2, most), has_line_ends=False)

    assert content[120 + 80 : 120 + 90] == b"9999999999"
    assert content[360 + 7 : 360 + 19] == b"019999999998"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "12345678"}, "number"),
        ({"number": "12 4567"}, "number"),
        ({"number": "１２３"}, "number"),
        ({"bank_code": "00001"}, "bank_code"),
        ({"holder": "柏木"}, "holder"),
        ({"holder": "ﾞｱ"}, "holder"),
        ({"amount_yen": 10_000_000_000}, "amount_yen"),
        ({"amount_yen": -1}, "amount_yen"),
    ],
)
def test_what_does_not_fit_is_refused_without_naming_the_account(change, field):
    with pytest.raises(TransferFileRefused) as refused:
        written(transfer(), transfer(2, **change))

    assert field in str(refused.value)
    assert "2" in str(refused.value)
    assert "1234567" not in str(refused.value)


def test_an_empty_file_is_refused():
    with pytest.raises(TransferFileRefused):
        written()


def test_the_shops_own_account_must_fit():
    with pytest.raises(TransferFileRefused, match="client_code"):
        written(transfer(), debtor=replace(DEBTOR, client_code="12345678901"))


letters = st.text(alphabet="ｱｶｷﾞﾟﾊﾝ AZ09()-.", min_size=1, max_size=40).filter(
    lambda text: is_allowed(text) and any(letter.isalnum() for letter in text)
)


@given(st.lists(st.tuples(letters, st.integers(1, 10**9)), min_size=1, max_size=20), st.booleans())
def test_whatever_is_transferred_every_record_has_its_length_and_the_sums_are_right(lines, has_line_ends):
    transfers = [transfer(place, yen, holder=holder) for place, (holder, yen) in enumerate(lines, 1)]
    content = written(*transfers, has_line_ends=has_line_ends)

    step = 122 if has_line_ends else 120
    assert len(content) == step * (len(lines) + 3)
    kept = [content[place : place + 120] for place in range(0, len(content), step)]
    assert bytes(record[0] for record in kept) == b"1" + b"2" * len(lines) + b"89"
    assert sum(int(record[80:90]) for record in kept[1:-2]) == int(kept[-2][7:19]) == sum(yen for _name, yen in lines)
    assert int(kept[-2][1:7]) == len(lines)
    for record in kept[1:-2]:
        assert is_allowed(record[50:80].decode("cp932"))
