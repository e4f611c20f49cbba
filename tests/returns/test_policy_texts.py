"""The texts that customers read, letter by letter, and numbers that agree with them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from anshin.returns.rules.policy_clauses import articles, clause
from anshin.returns.rules.policy_content import PolicyContent
from anshin.returns.rules.policy_documents import KINDS, document, order_summary
from anshin.returns.rules.policy_sentences import LANGUAGES, sentences
from tests.returns.policy_texts import KOMOREBI

_APRIL = date(2026, 4, 1)
GOLDEN = Path(__file__).parent / "policy_golden"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_as_it_was_agreed(kind, language):
    written = document(KOMOREBI, kind, label=sentences(language).label(_APRIL, 1), language=language)
    path = GOLDEN / f"{kind}.{written.language}.txt"
    if kind == "law" and language != "ja":
        assert written.language == "ja"
        return
    assert f"{written.title}\n\n{written.text}\n" == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_is_found_by_its_code_and_stands_in_the_whole_text(language):
    whole = document(KOMOREBI, "full", label="", language=language).text
    for article in articles(KOMOREBI, language):
        for paragraph in article.paragraphs:
            quoted = clause(KOMOREBI, paragraph.code, language)
            assert (quoted.number, quoted.text) == (paragraph.number, paragraph.text)
            assert quoted.text in whole


def test_numbers_close_up_where_an_article_is_missing():
    short = PolicyContent(accepts=False, defect_days=7, defect_start="delivery", photo_reasons=())
    assert [each.code for each in articles(short)] == ["scope", "mind", "fault", "steps"]
    assert clause(short, "mind.period").number == "第2条"
    assert clause(short, "fault.pictured").number == "第3条2項"


def test_an_order_of_sale_goods_tells_the_stricter_terms_first():
    lines = order_summary(KOMOREBI, label="2026年4月1日版", tags=["sale"], skus=[]).split("\n")
    assert lines[1] == "・セール品は、到着から7日以内のご連絡に限り、お客様のご都合による返品をお受けします。"
    plain = order_summary(KOMOREBI, label="2026年4月1日版", tags=[], skus=[]).split("\n")
    assert lines[2:] == plain[1:]
    assert "食品" in order_summary(KOMOREBI, label="", tags=["food"], skus=[])


def test_what_the_shop_wrote_itself_stands_in_every_language():
    own = replace(KOMOREBI, mind_words="ギフト包装は返金できません。")
    for language in LANGUAGES:
        assert "ギフト包装は返金できません。" in document(own, "help", label="", language=language).text
