"""The classifier that comes with Anshin: up to date, good enough on messages it never saw, kept whole in its file."""

import json
from datetime import date
from pathlib import Path

import pytest

from anshin.language.topics.classify import classify
from anshin.language.topics.codes import BY_CODE, CODES, TOPICS, base_code
from anshin.language.topics.cues import cues_in
from anshin.language.topics.examples import Example, digest, from_values, read_examples
from anshin.language.topics.features import grams, own_words, said
from anshin.language.topics.kana_spellings import in_kanji
from anshin.language.topics.model import BASE_FILE, NotAModel, TopicModel, base_model, proposed

HELD_OUT = Path(__file__).parents[2] / "bench" / "data" / "topics_unseen_first.jsonl"
TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def held_out() -> list[Example]:
    return list(from_values(map(json.loads, HELD_OUT.read_text(encoding="utf-8").splitlines()), "held out"))


def test_the_model_is_made_from_the_examples_and_features_as_they_are() -> None:
    assert base_model().about.digest == digest(), "run ./anshin learn-topics"


def test_every_topic_has_names_and_an_explanation_and_an_example_in_both_languages() -> None:
    assert len(CODES) == len(set(CODES)) == 28
    for topic in TOPICS:
        assert topic.ja and topic.en and topic.explanation_ja and topic.explanation_en and topic.example


def test_the_examples_of_the_topics_are_recognised() -> None:
    wrong = {
        topic.code: best
        for topic in TOPICS
        if (best := classify("", topic.example, sent_on=TODAY).topics[0][0]) != topic.code
    }
    assert len(wrong) <= 2, wrong


def test_the_best_topic_is_right_for_four_of_five_messages_never_seen(held_out: list[Example]) -> None:
    japanese = [example for example in held_out if example.language == "ja"]
    ranked = [[code for code, _ in classify(e.subject, e.text, sent_on=TODAY).topics[:3]] for e in japanese]
    first = sum(e.topics[0] == best[0] for e, best in zip(japanese, ranked, strict=True)) / len(japanese)
    three = sum(e.topics[0] in best for e, best in zip(japanese, ranked, strict=True)) / len(japanese)
    assert first >= 0.80
    assert three >= 0.95


def test_urgent_messages_never_seen_are_found(held_out: list[Example]) -> None:
    found = [classify(e.subject, e.text, sent_on=e.sent_on or TODAY).urgency is not None for e in held_out]
    both = sum(is_found and e.is_urgent for is_found, e in zip(found, held_out, strict=True))
    assert both / sum(e.is_urgent for e in held_out) >= 0.90
    assert both / sum(found) >= 0.75


def test_languages_never_seen_are_found(held_out: list[Example]) -> None:
    right = [classify(e.subject, e.text, sent_on=TODAY).language.language == e.language for e in held_out]
    assert sum(right) / len(right) >= 0.98


def test_nothing_held_out_is_learnt(held_out: list[Example]) -> None:
    learnt = {example.text for example in read_examples()}
    assert not [example.text for example in held_out if example.text in learnt]


def test_what_is_quoted_is_not_what_is_said() -> None:
    mail = (
        "ありがとうございます。よく分かりました。\n\n"
        "2026年11月20日(金) 10:00 こもれび <shop@example.jp>:\n> 返金の手続きをご案内します。\n> 返品はお早めに。\n"
    )
    assert "返金" not in own_words(mail)
    assert not [gram for gram in grams(said("", mail)) if gram.startswith(("c:money_back", "c:return"))]


def test_a_bare_quote_is_read_after_all() -> None:
    assert "返金" in own_words("> 返金の手続きについて\n> ご案内します。\n")


def test_numbers_dates_and_addresses_are_placeholders() -> None:
    sentence = said(
        "", "注文KM-20417、11月3日、03-1234-5678、taro@example.jp、1,980円、https://example.jp/a"
    ).sentences[0]
    for name in ("§num", "§date", "§phone", "§mail", "§yen", "§url"):
        assert name in sentence


def test_a_question_about_the_refund_policy_is_a_question() -> None:
    assert classify("", "返金ポリシーを教えて", sent_on=TODAY).topics[0][0] != "return.refund_status"
    assert classify("", "返金ポリシーを教えて", sent_on=TODAY).urgency is None


def test_a_model_survives_being_written() -> None:
    model = base_model()
    message = said("返品", "サイズが合わないので返品したいです")
    again = TopicModel.from_bytes(model.to_bytes())
    assert again.look(message) == model.look(message)
    assert again.about == model.about


@pytest.mark.parametrize("content", [b"", b"no model", BASE_FILE.read_bytes()[:-40]])
def test_broken_bytes_are_no_model(content: bytes) -> None:
    with pytest.raises(NotAModel):
        TopicModel.from_bytes(content)


def test_unsure_proposes_nothing_and_a_second_topic_must_be_probable() -> None:
    assert proposed([("other", 0.2), ("item.wrong", 0.1)]) == []
    assert proposed([("item.wrong", 0.9), ("return.exchange", 0.4), ("other", 0.1)]) == [
        ("item.wrong", 0.9),
        ("return.exchange", 0.4),
    ]
    assert classify("", "。", sent_on=TODAY).proposed == []


def test_a_shops_own_topic_stands_below_one_of_ours() -> None:
    assert base_code("item.defect/zipper") == "item.defect"
    assert base_code("nothing/zipper") == ""
    assert all(base_code(code) == code for code in BY_CODE)


def test_both_writings_of_chinese_are_one_to_the_classifier() -> None:
    hans, hant = said("退货", "请问怎么退货?已经拆开了"), said("退貨", "請問怎麼退貨?已經拆開了")
    assert (hans.subject, hans.sentences) == (hant.subject, hant.sentences)
    assert hant.lines[1].startswith("請問")


def test_what_is_written_with_kana_or_hangul_stays_as_it_is() -> None:
    assert said("", "発送はいつですか").sentences == ("発送はいつですか",)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("にもつ が とどかない です", "荷物が届かないです"),
        ("ちゅうもんの はこ、 こわれて いました", "注文の箱、壊れていました"),
        ("henpin wa dekimasu ka", "返品 wa dekimasu ka"),
        ("おかねは かえして ください。", "お金は返してください。"),
    ],
)
def test_words_in_kana_and_roman_letters_are_read_as_kanji(written: str, read: str) -> None:
    assert in_kanji(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "注文した商品がこわれていました。交換はできますか。",
        "いえば わかると おもいます",
        "ひとつだけ",
        "an okane-themed gift, shipped to denwa street",
        "",
    ],
)
def test_other_kana_and_other_languages_stay_as_they_are(text: str) -> None:
    assert in_kanji(text).replace(" ", "") == text.replace(" ", "")


def test_whoever_writes_without_kanji_is_understood() -> None:
    found = classify("", "にもつ まだ とどきません。 ついせき うごかない です。", sent_on=TODAY)
    assert found.topics[0][0] == "delivery.late_or_missing"


def test_a_wording_has_the_same_cue_in_every_language() -> None:
    for text in ("荷物がまだ届いていません", "It still hasn't arrived", "还没收到", "還沒收到", "아직 안 왔어요"):
        message = said("", text)
        assert "c:not_here" in cues_in(message.subject, message.sentences), text
