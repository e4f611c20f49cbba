"""Every text in five languages, word for word where a customer is apologised to."""

from itertools import product

import pytest

from anshin.delivery.letters import apology_block, apology_letter, showing_order
from anshin.delivery.terms import LANGUAGES, ApologyLevel

ITEM = "帆布トートバッグ M 生成り"
LETTER = """柏木 由紀子 様

このたびは、当店の手違いでご注文と異なる品をお届けし、ご迷惑をおかけしました。誠に申し訳ございません。

あらためて「帆布トートバッグ M 生成り」をお送りします。\
お待たせしたうえにお手間までおかけしましたこと、重ねておわび申し上げます。

送り出す前の確認を、品番と写真の二つで行うように改めました。\
お気づきの点がございましたら、どうぞそのままお知らせください。

こもれび雑貨店"""
OUR_FAULT = {
    "ja": "手違い",
    "en": "mistake",
    "zh-Hans": "失误",
    "zh-Hant": "疏失",
    "ko": "실수",
}


def test_the_letter_of_apology_reads():
    assert apology_letter(name="柏木 由紀子", shop="こもれび雑貨店", item=ITEM, language="ja") == LETTER


@pytest.mark.parametrize(("language", "name"), [*product(LANGUAGES, ["", "Kim Minji"])])
def test_the_letter_is_whole_in_every_language(language, name):
    letter = apology_letter(name=name, shop="Komorebi", item=ITEM, language=language)
    assert (ITEM in letter, letter.endswith("Komorebi"), "$" in letter, name in letter) == (True, True, False, True)
    assert OUR_FAULT[language] in letter


@pytest.mark.parametrize(("level", "language"), [*product(ApologyLevel, LANGUAGES)])
def test_only_our_own_fault_is_called_one(level, language):
    block = apology_block(level, item=ITEM, language=language)
    assert ITEM in block and "$" not in block
    assert (OUR_FAULT[language] in block) == (level == ApologyLevel.FAULT)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_order_is_shown_with_what_an_exchange_costs(language):
    text = showing_order(number="KM-20417", item=ITEM, ordered_on="2026-11-16", postage="¥1,540", language=language)
    assert all(each in text for each in ("KM-20417", ITEM, "2026-11-16", "¥1,540")) and "$" not in text


def test_a_language_without_texts_reads_japanese():
    assert apology_block(ApologyLevel.FAULT, item=ITEM, language="th") == apology_block(
        ApologyLevel.FAULT, item=ITEM, language="ja"
    )
