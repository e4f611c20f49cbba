"""What stands between braces: values in, decision out."""

import pytest

from anshin.replies import rules
from anshin.replies.terms import GapReason, MacroContent


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("お問い合わせありがとうございます。", []),
        ("{一つだけの括弧} は何でもない", []),
        ("{{customer.name}} 様", [("customer.name", GapReason.EMPTY)]),
        ("{{ Customer.Name }} 様", [("customer.name", GapReason.EMPTY)]),
        ("｛｛order.number｝｝", [("order.number", GapReason.EMPTY)]),
        ("{｛ｏｒｄｅｒ．ｎｕｍｂｅｒ}｝", [("order.number", GapReason.EMPTY)]),
        ("{{customer.password}}", [("customer.password", GapReason.UNKNOWN)]),
        ("{{customer.__class__.__mro__}}", [("customer.__class__.__mro__", GapReason.UNKNOWN)]),
        ("{{today|upper}}{% now %}", [("today|upper", GapReason.UNKNOWN)]),
        ("{{}}", [("…", GapReason.UNKNOWN)]),
        ("{{order.number", [("", GapReason.UNCLOSED)]),
        ("{{order\nnumber}}", [("", GapReason.UNCLOSED)]),
        ("{{today}} と {{promise.date}}", [("today", GapReason.EMPTY), ("promise.date", GapReason.EMPTY)]),
    ],
)
def test_braces_are_found_and_judged(text, found):
    assert [(gap.name, gap.reason) for gap in rules.gaps_in(text)] == found


def test_a_gap_says_where_it_stands():
    text = "ご注文｛｛order.number｝｝の件"
    (gap,) = rules.gaps_in(text)
    assert text[gap.start : gap.end] == "｛｛order.number｝｝"


def test_filling_replaces_what_is_known_and_leaves_the_rest():
    done = rules.fill("{{customer.name}} 様\n{{shipment.tracking}}", {"customer.name": "柏木 由紀子"})
    assert done.text == "柏木 由紀子 様\n{{shipment.tracking}}"
    assert [gap.name for gap in done.gaps] == ["shipment.tracking"]


def test_an_empty_value_counts_as_unknown():
    assert rules.fill("{{order.number}}", {"order.number": ""}).text == "{{order.number}}"


def test_what_is_put_in_is_not_read_again():
    done = rules.fill("{{customer.name}} 様", {"customer.name": "{{today}}", "today": "今日"})
    assert done.text == "{{today}} 様"
    assert done.gaps


@pytest.mark.parametrize(
    ("languages", "wanted", "chosen"),
    [
        (["ja", "en", "ko"], "ko", "ko"),
        (["ja", "en"], "ko", "en"),
        (["ja", "en", "zh-Hans"], "zh-Hant", "en"),
        (["ja"], "en", "ja"),
        (["ja", "en"], "", "ja"),
        (["ja", "en"], "ja", "ja"),
        ([], "ja", ""),
    ],
)
def test_the_language_is_the_customers_else_english(languages, wanted, chosen):
    assert rules.version_for(languages, wanted) == chosen


@pytest.mark.parametrize(
    ("sent", "is_same"),
    [
        ("柏木 様\nお調べします。\n少々お待ちください。", True),
        ("こんにちは。\n柏木 様\nお調べします。\n少々お待ちください。\n\n追伸", True),
        ("柏木 様\nお調べいたします。\n少々お待ちください。", False),
        ("少々お待ちください。", False),
    ],
)
def test_a_reply_is_as_written_when_the_macros_own_words_stand_in_it(sent, is_same):
    assert rules.is_as_written(sent, "{{customer.name}} 様\nお調べします。\n少々お待ちください。") is is_same


@pytest.mark.parametrize("typed", ["はいそう", "ハイソウ", "ﾊｲｿｳ"])
def test_search_keys_do_not_mind_kana_and_width(typed):
    assert rules.search_key(typed) in rules.search_key("ﾊｲｿｳの遅れ")


def test_tidying_drops_what_is_empty_or_double():
    content = MacroContent(
        " 配送  遅れ ", ("other", "other"), {"ja": " 文\r\n", "en": " ", "xx": "?"}, adds_tags=("a", " a ", "")
    )
    tidy = rules.tidy(content)
    assert (tidy.name, tidy.topics, dict(tidy.texts), tidy.adds_tags) == ("配送 遅れ", ("other",), {"ja": "文"}, ("a",))
