"""Words are found again however they are quoted, wrapped or grouped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.passages import LONGEST, STRUCK, PassageRefused, passages


def struck(text: str, *wanted: str) -> str:
    for start, end, instead in reversed(passages(wanted).find(text)):
        text = text[:start] + instead + text[end:]
    return text


@pytest.mark.parametrize(
    "text",
    [
        "番号は4111111111111111です",
        "番号は4111-1111-1111-1111です",
        "番号は4111 1111 1111 1111です",
        "番号は４１１１－１１１１　１１１１ー１１１１です",
        "番号は4111-1111-\n> 1111-1111です",
        "> > 番号は4111 1111\r\n> > 1111 1111です",
        "番号は4111\u200b1111\u200b1111\u200b1111です",
    ],
)
def test_a_number_is_found_in_every_spelling(text: str) -> None:
    answer = struck(text, "4111-1111-1111-1111")
    assert STRUCK in answer
    assert "1" not in answer.translate(str.maketrans("１", "1"))


@pytest.mark.parametrize("text", ["94111111111111111", "41111111111111112", "4111 1111 1111 1112"])
def test_a_longer_or_other_number_stays(text: str) -> None:
    assert struck(text, "4111111111111111") == text


def test_words_are_found_across_wrapped_and_quoted_lines_in_any_case_and_width() -> None:
    text = "> 母の名前は Ｙａｍａｄａ\n> Hanako です。母の名前はyamada hanakoです。"
    assert struck(text, "母の名前は Yamada Hanako") == f"> {STRUCK} です。{STRUCK}です。"


def test_several_passages_at_once() -> None:
    assert struck("A-1234 と 5678 の 4111111111111111", "4111111111111111", "A-1234") == f"{STRUCK} と 5678 の {STRUCK}"


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [("", "too_short"), (" \n ", "too_short"), ("abc", "too_short"), ("1 2 3", "too_short"), ("x" * 1001, "too_long")],
)
def test_refuses(wanted: str, reason: str) -> None:
    with pytest.raises(PassageRefused) as refusal:
        passages([wanted])
    assert refusal.value.reason == reason


@given(st.text(alphabet="abあ漢1-.*(> \n", min_size=4, max_size=30), st.text(alphabet="xy\n> ", max_size=20))
def test_a_passage_is_always_found_in_a_text_that_holds_it(wanted: str, around: str) -> None:
    try:
        finder = passages([wanted])
    except PassageRefused:
        return
    answer = struck(around + wanted + around, wanted)
    assert STRUCK in answer
    assert finder.find(answer) == []


@given(st.text(max_size=200))
def test_nothing_overlaps_and_places_are_inside(text: str) -> None:
    found = passages(["0000", "aaaa"]).find(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)


def test_the_longest_passage_in_a_long_text_takes_no_time() -> None:
    assert passages(["a" * LONGEST]).find(("a" * (LONGEST - 1) + "b ") * 100) == []


def test_its_hints_are_short_pieces_of_the_passage() -> None:
    assert set(passages(["4111-1111-1111-1111"]).hints) == {"4111", "４１１１"}
    assert passages(["名前は 山田花子"]).hints == ("山田花子",)
