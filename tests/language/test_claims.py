"""Which sums and days of an order a text states."""

import pytest

from anshin.language.claims import Stated, claims_in


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("ご注文の合計は12,300円です。", [(Stated.TOTAL, "12,300円", 12_300)]),
        ("総額：¥4,280（税込）", [(Stated.TOTAL, "¥4,280", 4_280)]),
        ("返金額は３，９８０円です。", [(Stated.REFUND, "３，９８０円", 3_980)]),
        ("3,980円をカードへご返金いたします。", [(Stated.REFUND, "3,980円", 3_980)]),
        ("ご注文日：2026年11月20日（金）", [(Stated.ORDERED_ON, "2026年11月20日", (2026, 11, 20))]),
        ("11/18に発送いたしました。", [(Stated.SHIPPED_ON, "11/18", (None, 11, 18))]),
        ("11月20日にお届けが完了しております。", [(Stated.DELIVERED_ON, "11月20日", (None, 11, 20))]),
        ("お支払い期限は11月30日です。", [(Stated.DUE_ON, "11月30日", (None, 11, 30))]),
        ("お届け希望日は12月1日で承りました。", [(Stated.WISHED_ON, "12月1日", (None, 12, 1))]),
        ("It was shipped on 20 November 2026.", [(Stated.SHIPPED_ON, "20 November 2026", (2026, 11, 20))]),
        ("Your order total is ¥12,300.", [(Stated.TOTAL, "¥12,300", 12_300)]),
        ("発送日は12月1日の予定です。送料は550円です。", []),
        ("代わりの品を11月25日に発送いたしました。", []),
        ("お支払い期限を12月5日まで延長いたします。", []),
        ("20個の場合、合計は58,000円です。", []),
        ("2月45日に発送いたしました。", []),
    ],
)
def test_what_is_named_beside_its_value_is_a_claim(text, stated):
    found = [
        (each.what, each.value, each.amount_yen if each.amount_yen is not None else (each.year, each.month, each.day))
        for each in claims_in(text)
    ]
    assert found == stated
