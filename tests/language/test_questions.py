"""Which questions of a customer a reply leaves without a word."""

import pytest

from anshin.language.questions import questions_in, unanswered

SHOE = "この靴の素材は何ですか。また、この靴はいつ入荷しますか。"


@pytest.mark.parametrize(
    ("asked", "reply", "left"),
    [
        ("送料はいくらですか。ギフト包装はできますか。", "送料は全国一律550円です。", ["ギフト包装はできますか。"]),
        (SHOE, "靴の素材は綿です。", ["また、この靴はいつ入荷しますか。"]),
        (SHOE, "素材は綿です。次は12月中旬の予定です。", []),
        ("サイズは23.5cmありますか？色違いはありますか？", "23.5cmがございます。", ["色違いはありますか？"]),
        ("再販はいつですか。取り置きはお願いできますか。", "15日に入荷します。", ["取り置きはお願いできますか。"]),
        ("送料はいくらですか。納期は教えてください。", "(1) 550円です。\n(2) 3日ほどです。", []),
        ("届きません。いつ届きますか？", "お調べします。", []),  # one question: whatever is said answers it
        ("送料はいくらですか。ご確認いただけますでしょうか。", "承知しました。", []),  # the second is mere manners
        ("> 送料は？\n> 包装は？\nありがとうございました。", "どういたしまして。", []),
        ("Do you ship to Taiwan? Can I pay with PayPal?", "We ship to Taiwan.", ["Can I pay with PayPal?"]),
        ("請問還有庫存嗎？可以寄到台灣嗎？", "目前有庫存。", ["可以寄到台灣嗎？"]),
        ("着払いですか?包装は外してもよいですか?", "元払いでお送りください。", ["包装は外してもよいですか?"]),
        ("可以寄到酒店吗?请问来得及吗?", "酒店可以。11月20日送达。", []),
        ("재고가 있나요? 배송은 언제 되나요?", "재고가 있습니다.", ["배송은 언제 되나요?"]),
    ],
)
def test_the_missing_one_is_named(asked, reply, left):
    assert list(unanswered([asked], reply)) == left


def test_what_is_said_in_anger_is_no_question():
    assert questions_in(["どうなっているんですか。無視ですか？ 返金してもらえますか？"]) == ("返金してもらえますか？",)
    assert unanswered([SHOE], " ") == ()
