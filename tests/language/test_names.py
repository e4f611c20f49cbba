"""Names: honorifics, avatars, matching and the order of readings."""

import pytest

from anshin.language.names import (
    family_name,
    hiragana,
    initial,
    is_company,
    katakana,
    reading_key,
    same_person_name,
    sort_key,
    split_honorific,
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("柏木 由紀子 様", ("柏木 由紀子", "様")),
        ("柏木様", ("柏木", "様")),
        ("柏木さま", ("柏木", "さま")),
        ("酒井さん", ("酒井", "さん")),
        ("柏木殿", ("柏木", "殿")),
        ("株式会社こもれび　御中", ("株式会社こもれび", "御中")),
        ("お菓子屋さん", ("お菓子屋さん", "")),
        ("様", ("様", "")),
        ("Mr. Tanaka", ("Tanaka", "Mr.")),
        ("Ms Yuki Tanaka", ("Yuki Tanaka", "Ms")),
        ("Mrinal Sen", ("Mrinal Sen", "")),
        (" 柏木 ", ("柏木", "")),
        ("", ("", "")),
    ],
)
def test_split_honorific_gives(name: str, parts: tuple[str, str]) -> None:
    assert split_honorific(name) == parts


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("柏木 由紀子", "柏"),
        ("髙橋様", "髙"),
        ("𠮷田", "𠮷"),
        ("yuki Tanaka", "Y"),
        ("ｙｕｋｉ", "Y"),
        ("ﾔﾏﾀﾞ", "ヤ"),
        ("株式会社こもれび 御中", "こ"),
        ("（株）山田商店", "山"),
        ("㈱山田商店", "山"),
        ("「山田」", "山"),
        ("ßen", "S"),
        ("様", "様"),
        ("…", "?"),
        ("", "?"),
    ],
)
def test_initial_is(name: str, shown: str) -> None:
    assert initial(name) == shown


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("柏木 由紀子", "柏木"),
        ("柏木　由紀子様", "柏木"),
        ("かしわぎ ゆきこ", "かしわぎ"),
        ("柏木由紀子", None),
        ("Yukiko Kashiwagi", None),
        ("柏木 マリア 由紀子", None),
        ("株式会社 こもれび", None),
        ("", None),
    ],
)
def test_family_name_is_guessed_only_at_a_space(name: str, family: str | None) -> None:
    assert family_name(name) == family


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("柏木 由紀子", "柏木由紀子様"),
        ("髙橋　一郎", "高橋一郎"),
        ("渡邉・花", "渡辺花"),
        ("カシワギ ユキコ", "かしわぎゆきこ"),
        ("ｶｼﾜｷﾞ ﾕｷｺ", "カシワギユキコ"),
        ("Yuki TANAKA", "tanaka, yuki"),
        ("Mr. Yuki Tanaka", "Yuki Tanaka"),
    ],
)
def test_same_person_name(one: str, other: str) -> None:
    assert same_person_name(one, other)
    assert same_person_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("柏木 由紀子", "柏木 由紀"),
        ("柏木", "柏木 由紀子"),
        ("柏木", "カシワギ"),
        ("渡辺", "渡部"),
        ("花 渡辺", "渡辺 花"),
        ("", ""),
        ("様", ""),
        ("・", "・"),
    ],
)
def test_not_the_same_person_name(one: str, other: str) -> None:
    assert not same_person_name(one, other)


@pytest.mark.parametrize(
    "name",
    [
        "株式会社こもれび",
        "㈱こもれび",
        "こもれび（株）",
        "医療法人 白樺会",
        "Komorebi Inc.",
        "KOMOREBI CO., LTD.",
        "ＮＰＯ法人みどり",
    ],
)
def test_is_company(name: str) -> None:
    assert is_company(name)


@pytest.mark.parametrize("name", ["柏木 由紀子", "Vince Incledon", "Lincoln", "株 太郎", ""])
def test_is_not_company(name: str) -> None:
    assert not is_company(name)


def test_kana_kinds_turn_into_each_other() -> None:
    assert katakana("かしわぎ ゔぁー漢字ゝ") == "カシワギ ヴァー漢字ヽ"
    assert hiragana("カシワギ ヴァー漢字ヽ") == "かしわぎ ゔぁー漢字ゝ"
    assert hiragana("ヷ") == "ヷ"


def test_reading_key_ignores_kind_width_and_spaces() -> None:
    assert reading_key("ｶｼﾜｷﾞ　ゆきこ") == reading_key("かしわぎ・ユキコ") == "カシワギユキコ"


def test_readings_sort_as_in_a_japanese_list() -> None:
    expected = [
        "アイザワ",
        "いとう",
        "カトウ アイ",
        "ガトウ アイ",
        "カトウ ユウ",
        "キョウ",
        "サト ユウ",
        "サトウ",
        "サトウ アイ",
        "さとう アイコ",
        "ショウ",
        "シヨウジ",
        "ハーバ",
        "ハアビ",
        "ワタナベ",
    ]
    assert sorted(sorted(expected), key=sort_key) == expected
