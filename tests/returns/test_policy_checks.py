"""A draft says what is wrong with it before any customer reads it; so does the page that a shop has already."""

from dataclasses import replace

import pytest

from anshin.returns.rules.policy_checks import flaws
from anshin.returns.rules.policy_content import Override, PolicyContent
from anshin.returns.rules.policy_notice import look_through
from anshin.returns.rules.policy_wording import denials, foreign_laws, periods_without_beginning
from tests.returns.policy_texts import KOMOREBI


def codes(content, **shown):
    places = {"is_in_cart": True, "is_on_final_page": True} | shown
    return [(each.code, each.field) for each in flaws(content, **places)]


def test_a_whole_policy_has_no_flaw():
    assert codes(KOMOREBI) == []


def test_an_empty_one_lacks_all_three_items():
    assert codes(PolicyContent()) == [
        ("defects_empty", "defect_days"),
        ("mind_empty", "accepts"),
        ("excluded_empty", "excluded_tags"),
    ]
    assert all(each.is_grave for each in flaws(PolicyContent(), is_in_cart=True, is_on_final_page=True))


def test_a_shop_that_takes_nothing_back_need_not_say_what_it_excludes():
    assert codes(replace(PolicyContent(), accepts=False, defect_days=14, defect_start="delivery")) == []


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"start": ""}, ("start_missing", "start")),
        ({"defect_start": ""}, ("start_missing", "defect_start")),
        ({"days": None}, ("days_empty", "days")),
        ({"payer": ""}, ("payer_empty", "payer")),
        ({"defect_ways": ()}, ("ways_empty", "defect_ways")),
        ({"excludes_nothing": True}, ("contradiction_nothing", "excludes_nothing")),
        ({"excluded_tags": ("sale",)}, ("contradiction_goods", "excluded_tags")),
        ({"excludes_opened": True}, ("contradiction_opened", "excludes_opened")),
        ({"allows_used": True}, ("contradiction_used", "excludes_used")),
        ({"excluded_words": "セール品の返品はできません。"}, ("contradiction_goods_words", "excluded_words")),
        ({"excluded_words": "開封済みの商品は返品不可です。"}, ("contradiction_opened", "excluded_words")),
        ({"mind_words": "限定品も7日以内（到着後）ならお受けします。"}, ("contradiction_goods", "mind_words")),
        ({"mind_words": "７日以内にご返送ください。"}, ("words_without_start", "mind_words")),
        ({"law_words": "米国消費者保護法に基づきます。"}, ("foreign_law", "law_words")),
        ({"excluded_words": "不良品でも返品できません。"}, ("right_denied", "excluded_words")),
        ({"overrides": (Override("tag", "sale"),)}, ("own_empty", "overrides")),
        ({"overrides": (Override("tag", "sale", days=3), Override("tag", "sale", days=5))}, ("own_twice", "overrides")),
    ],
)
def test_one_flaw_at_a_time(changes, flaw):
    assert codes(replace(KOMOREBI, **changes)) == [flaw]


def test_foreign_law_is_nobodys_business_abroad():
    assert codes(replace(KOMOREBI, law_words="米国消費者保護法に基づきます。", country="US")) == []


@pytest.mark.parametrize(
    ("cart", "final", "about"), [(False, False, "both"), (False, True, "cart"), (True, False, "final_page")]
)
def test_terms_that_are_not_shown_are_warned_of_and_may_be_published(cart, final, about):
    (found,) = flaws(KOMOREBI, is_in_cart=cart, is_on_final_page=final)
    assert (found.code, found.about, found.is_grave) == ("not_shown", about, False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7日以内にご連絡ください。", ["7日以内"]),
        ("商品到着後７日以内にご連絡ください。", []),
        ("2週間以内。お届けから30日以内。", ["2週間以内"]),
        ("Please write within 7 days.", ["within 7 days"]),
        ("Please write within 7 days of delivery.", []),
        ("送料は全国一律です。", []),
    ],
)
def test_a_period_has_a_beginning(text, found):
    assert periods_without_beginning(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "不良品でも返品できません。",
        "いかなる場合も返品不可",
        "いかなる理由であっても返金には応じられません。",
        "故障していても交換はいたしかねます。",
        "申し訳ございませんが、初期不良の場合でも返金には応じかねます。",
        "お届け間違いであっても返品はお断りしております。",
        "返品は一切お受けしておりません。",
        "All sales are final.",
        "We cannot accept returns even if the item is damaged.",
    ],
)
def test_a_right_denied_is_heard(text):
    assert denials(f"お世話になっております。\n{text}\nよろしくお願いいたします。") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "お客様のご都合による返品は一切お受けできません。",
        "不良品を除き、返品は一切お受けしておりません。",
        "不良品の場合は、送料当店負担で交換いたします。",
        "不良品でも返品できませんか？",
        "食品のため、返品はお受けできません。",
        "ご使用後の商品は返品できません。",
        "We cannot accept returns if you changed your mind.",
    ],
)
def test_what_is_lawful_is_left_alone(text):
    assert denials(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("米国の消費者保護法およびUCCに基づき", ["米国の消費者保護法", "UCC"]),
        ("EU指令に従います。", ["EU指令"]),
        ("日本の消費者契約法と特定商取引法に従います。", []),
        ("アメリカ製のバッグです。", []),
    ],
)
def test_foreign_law_is_recognised(text, found):
    assert foreign_laws(text) == found


def failed(text):
    return [each.code for each in look_through(text) if not each.ok]


def test_a_law_page_without_returns_fails():
    assert failed("販売業者 こもれび雑貨店\n支払方法 クレジットカード\n引渡時期 3日以内に発送") == ["section"]


def test_a_law_page_is_looked_through_item_by_item():
    page = "返品について：商品到着後7日以内にご連絡ください。お客様都合の返品は送料をご負担ください。"
    assert failed(page) == ["defects", "excluded"]
    whole = page + "不良品は当店が送料を負担して交換します。食品は返品できません。"
    assert failed(whole) == []
    assert failed(whole.replace("商品到着後", "")) == ["start"]
    assert failed(whole + "カリフォルニア州法に従います。") == ["foreign_law"]
