"""Marks in the place of what tells who somebody is, however it is spelled."""

import pytest

from anshin.language.personal import Known, PersonalKind, Shapes, Veil, each_over

NAME, MAIL, PHONE = PersonalKind.NAME, PersonalKind.MAIL, PersonalKind.PHONE
KNOWN = [
    Known(NAME, "柏木 由紀子"),
    Known(NAME, "カシワギ ユキコ"),
    Known(MAIL, "y-kashiwagi@mail.example"),
    Known(PHONE, "0800-000-1007"),
    Known(PersonalKind.POSTCODE, "180-0004"),
    Known(PersonalKind.ADDRESS, "東京都武蔵野市吉祥寺本町99-2-2 メゾン泉303"),
]


def over(text, *known, **more):
    return Veil(known or KNOWN, **more).over(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("柏木由紀子です", "●●です"),
        ("柏木　由紀子様", "●●様"),
        ("柏木\n由紀子", "●●"),
        ("柏木です。", "●●です。"),
        ("かしわぎゆきこ / ｶｼﾜｷﾞ ﾕｷｺ", "●● / ●●"),
        ("Y-Kashiwagi@Mail.Example へ", "●●@●● へ"),
        ("ｙ－ｋａｓｈｉｗａｇｉ＠ｍａｉｌ．ｅｘａｍｐｌｅ", "●●@●●"),
        ("電話０８００ー０００ー１００７", "電話●●●-●●●●-●●●●"),
        ("+81 800-000-1007", "●●●-●●●●-●●●●"),
        ("〒180-0004、1800004", "●●●-●●●●、●●●-●●●●"),
        ("吉祥寺本町９９−２−２のメゾン泉３０３です", "●●●●●●の●●●●●●です"),
    ],
)
def test_what_is_known_is_marked_in_every_spelling(text, shown):
    assert over(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("妻は a.b+c@docomo.ne.jp です", "妻は ●●@●● です"),
        ("03-1234-5678か090 1234 5678", "●●●-●●●●-●●●●か●●●-●●●●-●●●●"),
        ("大阪府大阪市北区梅田3-1-1 ビル5F", "●●●●●●"),
        ("口座番号：7654321", "口座番号：●●●●●●●"),
        ("https://shop.example/p/komorebi/visit/abc/ を開いて", "https://●●●● を開いて"),
    ],
)
def test_what_has_the_shape_of_it_is_marked_whoever_it_belongs_to(text, shown):
    assert Veil([]).over(text) == shown
    assert Veil([], shapes=Shapes.LEFT).over(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "注文 KM-20417、追跡 4415-7284-2443、2026-11-27 14:00、¥1,234,567",
        "250-1234567-1234567",
        "https://shop.example/s/komorebi/c/1049",
        "返品は7日以内です",
    ],
)
def test_other_numbers_and_words_stay(text):
    assert over(text) == text


def test_a_short_name_is_marked_only_where_somebody_is_called_so():
    hayashi = Known(NAME, "林 りか")
    assert over("林様、森林と林道の件", hayashi) == "●●様、森林と林道の件"
    assert over("林", hayashi) == "●●"


def test_a_name_without_a_space_is_known_by_its_beginning():
    assert over("佐藤です。佐藤健太より", Known(NAME, "佐藤健太")) == "●●です。●●より"


def test_latin_names_are_marked_as_whole_words_only():
    assert over("Sleep, LEE and Annabel Lee", Known(NAME, "Ann Lee")) == "Sleep, ●● and Annabel ●●"


def test_what_stands_for_nobody_is_no_name():
    assert over("お客様のご注文", Known(NAME, "お客様")) == "お客様のご注文"


def test_the_shops_own_address_stays():
    assert over("support@komorebi.example", kept=["Support@komorebi.example"]) == "support@komorebi.example"


def test_marks_can_be_words_of_their_own():
    assert over("柏木様へ", marks={NAME: "{{customer.name}}"}, shapes=Shapes.LEFT) == "{{customer.name}}様へ"


def test_many_texts_are_read_at_once_and_none_reaches_into_the_next():
    assert each_over(Veil(KNOWN), ["柏木", "a", "03-12", "34-5678", ""]) == ["●●", "a", "03-12", "34-5678", ""]
    assert each_over(Veil(KNOWN), []) == []


def test_a_short_name_in_kana_is_none_inside_of_a_longer_word():
    name = Known(NAME, "喜屋武 キャン")
    assert over("キャンセルとサイキャン", name) == "キャンセルとサイキャン"
    assert over("キャンです。キャン様、ｷｬﾝより、きゃんと申します", name) == "●●です。●●様、●●より、●●と申します"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("三雲様から電話", "●●様から電話"),
        ("三雲　達也 様、ｽﾐｽ様ではなくスミス様", "●● 様、ｽﾐｽ様ではなく●●様"),
        ("本日三雲様が来店、John O'Neil様も", "●●様が来店、●●様も"),
        ("柏木 由紀子様", "●●様"),
    ],
)
def test_a_name_that_nobody_knows_is_marked_before_sama(text, shown):
    assert Veil([]).over(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "お客様、皆様、ご担当者様、購入者様、お届け先様、オーナー様、株主様",
        "同様の仕様、木目模様、様々な様子、多種多様、奥様、お子様用、2名様、貴社様",
    ],
)
def test_sama_behind_what_is_no_name_marks_nothing(text):
    assert Veil([]).over(text) == text


@pytest.mark.parametrize(
    ("end", "shown"),
    [
        ("0800-000-1", "●●●-●●●●-●●●●"),
        ("y-kashiw", "●●@●●"),
        ("柏木由紀", "●●"),
        ("東京都武蔵野市吉", "●●●●●●"),
        ("8,000円です", "8,000円です"),
    ],
)
def test_what_is_cut_off_at_the_end_of_a_shortened_text_is_marked(end, shown):
    long = "先日のバッグの件でご連絡しました。" * 4
    assert over(f"{long}{end}") == f"{long}{shown}"
    assert over(f"連絡は{end}…").rstrip("…") == f"連絡は{shown}"
    assert each_over(Veil(KNOWN), ["¥1,800", f"{long}{end}", "吉祥"]) == ["¥1,800", long + shown, "吉祥"]
