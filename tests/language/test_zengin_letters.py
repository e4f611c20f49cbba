"""What customers type as the name of their account becomes what banks accept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.zengin_letters import NotAHolderName, fit, holder_name, is_allowed, shown, zengin_letters


@pytest.mark.parametrize(
    ("typed", "letters", "changes"),
    [
        ("カシワギ ユキコ", "ｶｼﾜｷﾞ ﾕｷｺ", ()),
        ("カシワギ　ユキコ", "ｶｼﾜｷﾞ ﾕｷｺ", ()),
        ("ｶｼﾜｷﾞ ﾕｷｺ", "ｶｼﾜｷﾞ ﾕｷｺ", ()),
        ("かしわぎ ゆきこ", "ｶｼﾜｷﾞ ﾕｷｺ", ("kana",)),
        ("  カシワギ  ユキコ ", "ｶｼﾜｷﾞ ﾕｷｺ", ()),
        ("キュウヨ イチロウ", "ｷﾕｳﾖ ｲﾁﾛｳ", ("small",)),
        ("ｷｭｳﾖ ｲﾁﾛｳ", "ｷﾕｳﾖ ｲﾁﾛｳ", ("small",)),
        ("スーザン リー", "ｽ-ｻﾞﾝ ﾘ-", ("long_mark",)),
        ("ｽｰｻﾞﾝ ﾘｰ", "ｽ-ｻﾞﾝ ﾘ-", ("long_mark",)),
        ("ヴァン ペーター", "ｳﾞｱﾝ ﾍﾟ-ﾀ-", ("small", "long_mark")),
        ("ヲノ ミヲ", "ｵﾉ ﾐｵ", ("wo",)),
        ("ｦﾉ ﾐｦ", "ｵﾉ ﾐｵ", ("wo",)),
        ("ＳＭＩＴＨ　Ｊｏｈｎ", "SMITH JOHN", ("capitals",)),
        ("smith john 2", "SMITH JOHN 2", ("capitals",)),
        ("カブシキガイシャコモレビ", "ｶ)ｺﾓﾚﾋﾞ", ("legal_form",)),
        ("株式会社コモレビ", "ｶ)ｺﾓﾚﾋﾞ", ("legal_form",)),
        ("㈱コモレビ", "ｶ)ｺﾓﾚﾋﾞ", ("legal_form",)),
        ("(株)コモレビ", "ｶ)ｺﾓﾚﾋﾞ", ("legal_form",)),
        ("コモレビ（株）", "ｺﾓﾚﾋﾞ(ｶ", ("legal_form",)),
        ("コモレビ株式会社", "ｺﾓﾚﾋﾞ(ｶ", ("legal_form",)),
        ("コモレビ カブシキガイシャ シブヤテン", "ｺﾓﾚﾋﾞ(ｶ)ｼﾌﾞﾔﾃﾝ", ("legal_form",)),
        ("ごうどうがいしゃ シオサイ", "ﾄﾞ)ｼｵｻｲ", ("legal_form",)),
        ("有限会社タヌキ", "ﾕ)ﾀﾇｷ", ("legal_form",)),
        ("イッパンシャダンホウジンミドリ", "ｼﾔ)ﾐﾄﾞﾘ", ("legal_form",)),
        ("カ）コモレビ", "ｶ)ｺﾓﾚﾋﾞ", ()),
        ("ジョン・スミス", "ｼﾞﾖﾝ.ｽﾐｽ", ("small",)),
        ("カ\u3099ク", "ｶﾞｸ", ()),
    ],
)
def test_what_people_type(typed, letters, changes):
    name = holder_name(typed)

    assert name.letters == letters
    assert name.changes == changes
    assert is_allowed(name.letters)


@pytest.mark.parametrize(
    ("typed", "reason", "letters"),
    [
        ("", "empty", ""),
        (" 　", "empty", ""),
        ("-.()", "empty", ""),
        ("柏木 由紀子", "kanji", "柏木由紀子"),
        ("カシワギ 由紀子", "kanji", "由紀子"),
        ("𠮷田 タロウ", "kanji", "𠮷田"),
        ("佐々木", "kanji", "佐々木"),
        ("カシワギ, ユキコ", "letter", ","),
        ("カシワギ★", "letter", "★"),
        ("김민수", "letter", None),
        ("カシワギ「ユキコ」", "letter", "「」"),
        ("カシワギ\nユキコ<script>", "letter", "<>"),
    ],
)
def test_what_cannot_be_a_name_is_refused_with_the_letters_in_the_way(typed, reason, letters):
    with pytest.raises(NotAHolderName) as refused:
        holder_name(typed)

    assert refused.value.reason == reason
    assert letters is None or refused.value.letters == letters


def test_too_long_names_are_cut_and_it_is_said():
    name = holder_name("ア" * 31)

    assert (name.letters, name.changes) == ("ｱ" * 30, ("cut",))


@pytest.mark.parametrize(
    ("letters", "most", "fitted"),
    [("ｱｶﾞ", 2, "ｱ"), ("ｱｶﾞ", 3, "ｱｶﾞ"), ("ｱｶﾞｱ", 3, "ｱｶﾞ"), ("ﾊﾟﾊﾟ", 3, "ﾊﾟ"), ("ｱ ｱ", 2, "ｱ"), ("ｶﾞ", 1, "")],
)
def test_a_mark_is_never_cut_off_its_kana(letters, most, fitted):
    assert fit(letters, most) == fitted


def test_read_back_as_people_read():
    assert shown("ｶｼﾜｷﾞ ﾕｷｺ") == "カシワギ ユキコ"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_whatever_is_typed_is_allowed_in_the_end_or_refused(typed):
    try:
        name = holder_name(typed)
    except NotAHolderName:
        return
    assert is_allowed(name.letters)
    assert len(name.letters.encode("cp932")) == len(name.letters) <= 30
    assert holder_name(name.letters).letters == name.letters


@given(st.text(alphabet="アガパヴッー・ァヲ ABc1", min_size=1, max_size=60))
def test_kana_is_never_lost(typed):
    assert len(zengin_letters(typed)) >= len(typed)
