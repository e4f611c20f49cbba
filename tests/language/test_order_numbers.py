"""Order numbers found in what people write, and everything that only looks like one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.order_numbers import FormatRefused, FoundNumber, compile_formats, key

FORMATS = (
    "KM-#####",
    "komorebi-########",
    "######-########-##########",
    "###-#######-#######",
)
FINDER = compile_formats(FORMATS)
RAKUTEN = "412345-20261101-0123456789"
AMAZON = "250-1234567-7654321"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("KM-20417", "KM-20417"),
        ("注文番号：ＫＭ２０４１７です", "KM-20417"),
        ("km-20417の件", "KM-20417"),
        ("ＫＭ－２０４１７", "KM-20417"),
        ("KM‐20417", "KM-20417"),
        ("KMー２０４１７", "KM-20417"),
        ("KM 20417", "KM-20417"),
        ("KM　20417", "KM-20417"),
        ("KM - 20417", "KM-20417"),
        ("KM-\n20417", "KM-20417"),
        ("KM-\r\n> 20417", "KM-20417"),
        ("KM\n-20417", "KM-20417"),
        ("【KM-20417】", "KM-20417"),
        ("Re: [KM-20417] 返品", "KM-20417"),
        ("https://shop.example/orders/KM-20417?x=1", "KM-20417"),
        ("KM-20417、", "KM-20417"),
        ("KM-20417.", "KM-20417"),
        ("Komorebi-10000417", "komorebi-10000417"),
        ("komorebi10000417", "komorebi-10000417"),
        ("ｋｏｍｏｒｅｂｉ－１００００４１７", "komorebi-10000417"),
        (RAKUTEN, RAKUTEN),
        ("４１２３４５－２０２６１１０１－０１２３４５６７８９", RAKUTEN),
        ("412345-20261101-\n0123456789", RAKUTEN),
        ("412345-20261101\n-0123456789", RAKUTEN),
        ("注文番号：412345202611010123456789", RAKUTEN),
        ("受注番号 412345 20261101 0123456789", RAKUTEN),
        (AMAZON, AMAZON),
        ("250ー1234567ー7654321", AMAZON),
        ("order number is 250 1234567 7654321", AMAZON),
        ("25012345677654321の注文について", AMAZON),
        ("ご注文No.25012345677654321", AMAZON),
    ],
)
def test_finds(text: str, number: str) -> None:
    assert [found.number for found in FINDER.find(text)] == [number]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KM-2041",
        "KM-204177",
        "KM-20417A",
        "SKM-20417",
        "9KM-20417",
        "KM-20417-2",
        "電話 090-1234-5678",
        "〒150-0001",
        "250-1234567-76543210",
        "1250-1234567-7654321",
        "25012345677654321",
        "412345202611010123456789",
        "追跡番号 25012345677654321",
        "注文した商品の追跡番号は25012345677654321です",
        "250 1234567 7654321",
        "2-250-1234567-7654321",
    ],
)
def test_finds_nothing_in(text: str) -> None:
    assert FINDER.find(text) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("注文番号：20417", ["20417"]),
        ("注文番号\n20417", ["20417"]),
        ("ご注文 No. ２０４１７ です", ["20417"]),
        ("Order #20417", ["20417"]),
        ("#20417", ["20417"]),
        ("20417の注文です", ["20417"]),
        ("20417番の注文", ["20417"]),
        ("20417", []),
        ("合計 20417円", []),
        ("注文の合計は20417円", []),
        ("注文の合計は¥20417", []),
        ("注文番号 120417", []),
        ("注文 1,20417", []),
        ("注文しました。郵便番号 20417", []),
        ("注文番号はわかりません\n電話 20417", []),
    ],
)
def test_a_bare_run_of_digits_needs_a_cue(text: str, found: list[str]) -> None:
    assert [each.number for each in compile_formats(["#####"]).find(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("090-1234-5678", []), ("注文番号 090-1234-5678", ["090-1234-5678"]), ("注文の件、電話 090-1234-5678", [])],
)
def test_a_format_shaped_like_a_phone_number_needs_a_cue(text: str, found: list[str]) -> None:
    assert [each.number for each in compile_formats(["###-####-####"]).find(text)] == found


def test_says_where_and_how_it_was_written() -> None:
    text = "先日の注文番号：ＫＭ－２０４１７です"
    assert FINDER.find(text) == (
        FoundNumber(number="KM-20417", as_written="ＫＭ－２０４１７", start=8, end=16, format="KM-#####", cue="注文"),
    )
    assert text[8:16] == "ＫＭ－２０４１７"


def test_finds_several_in_reading_order_with_repeats() -> None:
    text = f"KM-00002 と {AMAZON} と km00002"
    assert [found.number for found in FINDER.find(text)] == ["KM-00002", AMAZON, "KM-00002"]


def test_the_longer_of_two_overlapping_formats_wins() -> None:
    finder = compile_formats(["########", "komorebi-########"])
    assert [found.number for found in finder.find("注文番号 komorebi-10000417")] == ["komorebi-10000417"]


def test_a_format_without_joints_is_found_with_them() -> None:
    assert [found.number for found in compile_formats(["KM#####"]).find("KM-20417")] == ["KM20417"]


def test_look_alike_letters_do_not_break_it() -> None:
    assert FINDER.find("\u212aM-20417 \u017fM-20417") == ()


def test_without_formats_nothing_is_found() -> None:
    assert compile_formats([]).find("KM-20417") == ()


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("KM-##", "too_few_digits"),
        ("KM_#####", "unknown_character"),
        ("注文#####", "unknown_character"),
        ("#" * 41, "too_long"),
    ],
)
def test_refuses_a_format(declared: str, reason: str) -> None:
    with pytest.raises(FormatRefused) as refused:
        compile_formats(["KM-#####", declared])
    assert refused.value.reason == reason


def test_full_width_formats_are_taken_as_plain_ones() -> None:
    assert [found.number for found in compile_formats(["ＫＭ－＃＃＃＃＃"]).find("KM20417")] == ["KM-20417"]


@pytest.mark.parametrize("written", ["KM-20417", "ＫＭ－２０４１７", "km 20417", "#KM20417", "KMー20417"])
def test_spellings_of_one_number_have_one_key(written: str) -> None:
    assert key(written) == "km20417"


def test_a_text_without_letters_and_digits_has_the_empty_key() -> None:
    assert key(" －・ ") == ""


@given(st.text())
def test_any_text_can_be_searched(text: str) -> None:
    for found in FINDER.find(text):
        assert text[found.start : found.end] == found.as_written


@given(st.integers(0, 99999), st.sampled_from(["", "-", "－", " ", "‐", "-\n"]), st.text("あ漢、。 \n", max_size=20))
def test_every_number_is_found_in_japanese_text(serial: int, joint: str, around: str) -> None:
    text = f"{around}KM{joint}{serial:05}{around}"
    assert [found.number for found in FINDER.find(text)] == [f"KM-{serial:05}"]


@pytest.mark.parametrize("piece", ["1", "KM", "KM-", "- ", "1-", "注文", "12345\n> "])
def test_a_long_text_is_searched_in_seconds(piece: str) -> None:
    before = time.process_time()
    FINDER.find(piece * (300_000 // len(piece)))
    assert time.process_time() - before < 5
