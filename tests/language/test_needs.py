"""What is missing before a message can be answered."""

import pytest

from anshin.language.topics.codes import TOPICS, Need
from anshin.language.topics.features import said
from anshin.language.topics.needs import MOST_ASKED, missing, need_words, question, said_in


def told(text):
    read = said("", text)
    return said_in([read.subject, *read.sentences])


def test_a_defect_needs_number_model_symptom_time_and_picture():
    asked = [Need.ORDER_NUMBER, Need.MODEL, Need.SYMPTOM, Need.SINCE, Need.PHOTO]
    assert missing(["item.defect"], set()) == asked


def test_what_is_known_is_not_asked_and_nothing_is_asked_twice():
    known = {Need.ORDER_NUMBER, Need.SYMPTOM, Need.PHOTO}
    assert missing(["item.defect", "item.injury"], known) == [Need.MODEL, Need.SINCE]
    assert missing(["product.stock"], {Need.MODEL}) == []


def test_a_shops_own_topic_needs_what_ours_above_it_needs():
    assert missing(["payment.receipt/tax"], set()) == missing(["payment.receipt"], set())


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("先週から電源が入りません", Need.SINCE),
        ("スイッチを押しても音がするだけです", Need.SYMPTOM),
        ("The lid came with a crack", Need.SYMPTOM),
        ("型番はDH-06です", Need.MODEL),
        ("未使用でタグも付いています", Need.CONDITION),
        ("宛名は株式会社みなとで", Need.NAME_ON_RECEIPT),
        ("青に変えてください", Need.WISH),
        ("26cmを注文しましたが、25cmと交換したいです。", Need.WISH),
        ("表書き「御出産御祝」、名前は「沢渡」でお願いしたいです", Need.WISH),
        ("「このカードは使えません」と出ます", Need.SCREEN),
        ("台湾に住んでいます", Need.ADDRESS),
    ],
)
def test_told_already(text, need):
    assert need in told(text)


@pytest.mark.parametrize(
    "text", ["動きません。", "買ったものが動かないです", "壊れています。不良品です。", "It does not work."]
)
def test_a_bare_complaint_tells_nothing(text):
    assert told(text) == set()


def test_the_question_is_one_and_in_the_customers_language():
    needs = [Need.ORDER_NUMBER, Need.PHOTO]
    assert question(needs, "ja") == (
        "お手数ですが、次の点をお知らせいただけますでしょうか。\n・ご注文番号\n・状態の分かるお写真"
    )
    assert question(needs, "ko").count("\n") == 2
    assert question(needs, "fr") == question(needs, "en")
    assert question([], "ja") == ""


def test_every_need_has_words_in_five_languages():
    wanted = {need for topic in TOPICS for need in topic.needs}
    for language in ("ja", "en", "zh-Hans", "zh-Hant", "ko"):
        assert all(need_words(need, language) for need in wanted)
    assert max(len(missing([topic.code], set())) for topic in TOPICS) <= MOST_ASKED
