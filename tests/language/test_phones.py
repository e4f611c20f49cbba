"""Telephone numbers: one key for every way of writing one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.phones import Phone, read_phone


@pytest.mark.parametrize(
    "written",
    [
        "090-1234-5678",
        "０９０－１２３４－５６７８",
        "09012345678",
        "090 1234 5678",
        "090ー1234ー5678",
        "090(1234)5678",
        "+81 90-1234-5678",
        "＋８１ー９０ー１２３４ー５６７８",
        "+81 (0)90 1234 5678",
        "TEL: 090-1234-5678",
        "携帯：090-1234-5678",
        "9012345678",
        "819012345678",
        "090-1234-5678 内線12",
        "090-1234-5678（代表）",
        "090-1234-5678 / 03-1111-2222",
        "電話番号は09012345678です",
        "\u202d090-1234-5678\u202c",
    ],
)
def test_one_mobile_number_has_one_key(written: str) -> None:
    assert read_phone(written) == Phone(key="+819012345678", shown="090-1234-5678")


@pytest.mark.parametrize(
    ("written", "key", "shown"),
    [
        ("03-1234-5678", "+81312345678", "03-1234-5678"),
        ("312345678", "+81312345678", "03-1234-5678"),
        ("０１２０（４４４）５５５", "+81120444555", "0120-444-555"),
        ("050-3123-4567", "+815031234567", "050-3123-4567"),
        ("+1 650-253-0000", "+16502530000", "+1 650-253-0000"),
        ("+86 138 0013 8000", "+8613800138000", "+86 138 0013 8000"),
    ],
)
def test_reads(written: str, key: str, shown: str) -> None:
    assert read_phone(written) == Phone(key=key, shown=shown)


@pytest.mark.parametrize("written", ["", "なし", "-", "110", "1234", "090-1234-567890", "0" * 100, "柏木"])
def test_reads_no_number_in(written: str) -> None:
    assert read_phone(written) is None


def test_a_foreign_region_reads_its_own_numbers() -> None:
    assert read_phone("650-253-0000", region="US") == Phone(key="+16502530000", shown="(650) 253-0000")


@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    phone = read_phone(text)
    assert phone is None or read_phone(phone.key) is not None
