"""Reading of what is typed into a search field, of periods, and finding of passages in texts as they were written."""

from datetime import date

import pytest

from anshin.language.content_words import content_words, words_of_query
from anshin.language.periods import Period, read_period
from anshin.language.search_passages import Piece, Wanted, marked, passage, places
from anshin.language.search_queries import LONGEST, read_query
from anshin.language.search_text import plain

TODAY = date(2026, 11, 20)
NAMES = ("担当", "状態", "期間", "owner")


def read(typed):
    query = read_query(typed, filter_names=NAMES)
    texts = [("-" if each.is_excluded else "") + each.written for each in query.texts]
    return texts, [(each.name, each.value) for each in query.filters]


QUERIES = [
    ("返品 高橋", ["返品", "高橋"], []),
    ("返品　高橋", ["返品", "高橋"], []),
    ('返品 "色が 違う" 交換', ["返品", "色が 違う", "交換"], []),
    ("「色が違う」", ["色が違う"], []),
    ("“色が違う”返品", ["色が違う", "返品"], []),
    ('"閉じていない', ["閉じていない"], []),
    ("返品 -交換", ["返品", "-交換"], []),
    ('返品 -"色が違う"', ["返品", "-色が違う"], []),
    ("KM-20417", ["KM-20417"], []),
    ("090 1234 5678 返品", ["090 1234 5678", "返品"], []),
    ("(03)1234-5678", ["(03)1234-5678"], []),
    ("担当:自分 返品", ["返品"], [("担当", "自分")]),
    ("担当：自分　状態：未対応", [], [("担当", "自分"), ("状態", "未対応")]),
    ('担当:"竹内 涼" 返品', ["返品"], [("担当", "竹内 涼")]),
    ("OWNER:me", [], [("owner", "me")]),
    ("電話:なし", ["電話:なし"], []),
    ("期間:", [], [("期間", "")]),
    ("返品、", ["返品"], []),
    ("（返品）", ["返品"], []),
    ("", [], []),
    ('"" 「」', [], []),
    ("-", ["-"], []),
    ("https://shop.example/a?b=1", ["https://shop.example/a?b=1"], []),
]


@pytest.mark.parametrize(("typed", "texts", "filters"), QUERIES)
def test_a_query_is_read_in_parts(typed, texts, filters):
    assert read(typed) == (texts, filters)


def test_a_query_that_is_too_long_is_cut_and_says_so():
    assert read_query("あ" * (LONGEST + 1)).is_cut
    many = read_query(" ".join(f"語{n}" for n in range(20)))
    assert many.is_cut
    assert len(many.texts) == 12
    assert not read_query("返品 高橋").is_cut


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("引越し", ("引ッ越シ",)),
        ("サーバ", ("サーバー",)),
        ("配送状況", ("配送", "状況")),
        ("へんぴん", ()),
        ("km20417", ()),
        ("の", ()),
        ("", ()),
    ],
)
def test_words_of_a_query_are_those_of_the_dictionary(typed, words):
    assert words_of_query(typed) == words


def test_texts_longer_than_the_tokenizer_takes_are_read_in_pieces():
    assert "サーバー" in content_words("あいう。" * 20_000 + "サーバが落ちた。" + "あ" * 60_000)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("返\n品", "返品"),
        ("> 返\n> 品", "返品"),
        ("返品\n\n交換", "返品\n交換"),
        ("usb  cable\nblack", "usb cable black"),
        ("髙橋　一郎", "高橋一郎"),
        ("12,300円", "12300円"),
        ("ひらがなﾊﾝｶｸ", "ヒラガナハンカク"),
    ],
)
def test_a_text_is_written_down_for_searching(text, written):
    assert plain(text) == written


PERIODS = [
    ("今日", date(2026, 11, 20), date(2026, 11, 20)),
    ("昨日", date(2026, 11, 19), date(2026, 11, 19)),
    ("先週", date(2026, 11, 9), date(2026, 11, 15)),
    ("last week", date(2026, 11, 9), date(2026, 11, 15)),
    ("今月", date(2026, 11, 1), date(2026, 11, 20)),
    ("先月", date(2026, 10, 1), date(2026, 10, 31)),
    ("今年", date(2026, 1, 1), date(2026, 11, 20)),
    ("去年", date(2025, 1, 1), date(2025, 12, 31)),
    ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
    ("2024年2月", date(2024, 2, 1), date(2024, 2, 29)),
    ("12月", date(2025, 12, 1), date(2025, 12, 31)),
    ("11月", date(2026, 11, 1), date(2026, 11, 30)),
    ("11/1", date(2026, 11, 1), date(2026, 11, 1)),
    ("12/24", date(2025, 12, 24), date(2025, 12, 24)),
    ("2026-11-01", date(2026, 11, 1), date(2026, 11, 1)),
    ("７日間", date(2026, 11, 14), date(2026, 11, 20)),
    ("過去30日", date(2026, 10, 22), date(2026, 11, 20)),
    ("11/1〜11/13", date(2026, 11, 1), date(2026, 11, 13)),
    ("2026-10..2026-11", date(2026, 10, 1), date(2026, 11, 30)),
    ("11/1から", date(2026, 11, 1), None),
    ("~11/1", None, date(2026, 11, 1)),
]


@pytest.mark.parametrize(("typed", "first_on", "last_on"), PERIODS)
def test_a_period_is_read(typed, first_on, last_on):
    assert read_period(typed, today=TODAY) == Period(first_on, last_on)


@pytest.mark.parametrize("typed", ["", "返品", "13月", "0日", "99999日", "11/13~11/1", "2026-13", "9999", "~"])
def test_what_is_no_period_is_none(typed):
    assert read_period(typed, today=TODAY) is None


PLACES = [
    ("返品", "この返品の件", ["返品"]),
    ("返品", "この返\n> 品の件", ["返\n> 品"]),
    ("ヘンピン", "ﾍﾝﾋﾟﾝとへんぴん", ["ﾍﾝﾋﾟﾝ", "へんぴん"]),
    ("高橋", "髙橋と高橋", ["髙橋", "高橋"]),
    ("km-20417", "ＫＭ－２０４１７とkm20417、KM204170", ["ＫＭ－２０４１７", "km20417"]),
    ("090-1234-5678", "+81 90-1234-5678 か 09012345678", ["+81 90-1234-5678", "09012345678"]),
    ("anker", "Ａｎｋｅｒの充電器", ["Ａｎｋｅｒ"]),
    ("y.k@mail.example", "Y.K@mail.example", ["Y.K@mail.example"]),
    ("a+b(c", "A+B(C", ["A+B(C"]),
]


@pytest.mark.parametrize(("phrase", "text", "expected"), PLACES)
def test_places_are_those_of_the_text_as_written(phrase, text, expected):
    found = places(text, Wanted((phrase,), frozenset()))
    assert [text[start:end] for start, end in found] == expected


def test_a_word_is_found_where_its_letters_are_not():
    text = "明日は打合せです"
    found = places(text, Wanted(("打チ合ワセ",), frozenset({"打チ合ワセ"})))
    assert [text[start:end] for start, end in found] == ["打合せ"]


def test_a_passage_is_cut_around_the_first_place_on_one_line():
    text = "あ" * 100 + "\n返品\n" + "い" * 200
    pieces = passage(text, places(text, Wanted(("返品",), frozenset())), before=5, length=20)
    assert [(each.text, each.is_found) for each in pieces] == [
        ("… ", False),
        ("ああああ ", False),
        ("返品", True),
        (" " + "い" * 12, False),
        (" …", False),
    ]
    assert marked("返品の件", [(0, 2)]) == [Piece("返品", True), Piece("の件", False)]
    assert passage("短い", []) == [Piece("短い", False)]
