"""Folding: spellings that must compare equal, and those that must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.folding import digits_only, fold, half_width
from anshin.language.kanji_variants import STANDARD_FORM

JAPANESE = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x3000, max_codepoint=0x30FF),
        st.characters(min_codepoint=0xFF00, max_codepoint=0xFFEF),
        st.sampled_from("ー-－‐−〜～゛゜\u3099\u309a髙﨑𠮷邉齋　\u200b\ufe0f\U000e0100"),
    )
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＢＣ　１２３", "abc 123"),
        ("ﾊﾟﾋﾟﾌﾟ ｶﾞｷﾞ", "パピプ ガギ"),
        ("カ゛ラス", "ガラス"),
        ("ハ゜ン", "パン"),
        ("が", "が"),
        ("ＫＭ－２０４１７", "km-20417"),
        ("KM‐20417", "km-20417"),
        ("KM‑20417", "km-20417"),
        ("KM–20417", "km-20417"),
        ("KM—20417", "km-20417"),
        ("KM−20417", "km-20417"),
        ("KMー20417", "km-20417"),
        ("KMｰ20417", "km-20417"),
        ("０３ー１２３４ー５６７８", "03-1234-5678"),
        ("1ー2ー3", "1-2-3"),
        ("コーヒー", "コーヒー"),
        ("ｺｰﾋｰ", "コーヒー"),
        ("ｺ-ﾋ-", "コーヒー"),
        ("ﾔﾏﾀﾞ ﾀﾛ-", "ヤマダ タロー"),
        ("テーブル-2", "テーブル-2"),
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("𠮷野家", "吉野家"),
        ("渡邊 渡邉 渡辺", "渡辺 渡辺 渡辺"),
        ("齋藤 齊藤 斎藤 斉藤", "斉藤 斉藤 斉藤 斉藤"),
        ("濵田 濱田 浜田", "浜田 浜田 浜田"),
        ("廣澤", "広沢"),
        ("神社\ufa19", "神社神"),
        ("葛\U000e0100飾", "葛飾"),
        ("ｶﾌﾞ\u200bｼｷ", "カブシキ"),
        ("㈱こもれび", "(株)こもれび"),
        ("  a \t\r\n　b ", "a b"),
        ("１０〜２０", "10~20"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_fold_gives(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(("one", "other"), [("渡辺", "渡部"), ("大阪", "大坂上"), ("はな", "ハナ"), ("1-23", "12-3")])
def test_fold_keeps_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.one_of(st.text(), JAPANESE))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.one_of(st.text(), JAPANESE))
def test_half_width_keeps_the_length(text: str) -> None:
    assert len(half_width(text)) == len(text)


def test_no_standard_form_is_itself_a_variant() -> None:
    assert [form for form in STANDARD_FORM.values() if ord(form) in STANDARD_FORM] == []


def test_variant_table_has_only_single_kanji() -> None:
    assert all(len(form) == 1 for form in STANDARD_FORM.values())
    assert ord("辺") not in STANDARD_FORM


@pytest.mark.parametrize(
    ("written", "digits"),
    [("０９０-１２３４−5678", "09012345678"), ("②²", ""), ("٣", "3"), ("注文12番34", "1234"), ("", "")],
)
def test_digits_only_gives(written: str, digits: str) -> None:
    assert digits_only(written) == digits
