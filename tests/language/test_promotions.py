"""Words of the offer “buy, promote, get money and a reward back”, and words that only sound like it."""

import pytest

from anshin.language.promotions import PromotionSign, promotion_signs, speaks_of_offer

REWARD, PROXY, PROMOTION, MONEY_BACK = PromotionSign


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("SNSで宣伝すると代金が戻ってきて報酬ももらえると聞きました。", {REWARD, PROMOTION, MONEY_BACK}),
        ("インスタに写真を投稿する代理購入のお仕事です。", {PROXY, PROMOTION}),
        ("御社の商品を買って宣伝すれば、全額が運営会社から振り込まれるそうです。", {PROMOTION, MONEY_BACK}),
        ("モニター料の入金日はいつですか。ＳＮＳで拡散しました。", {REWARD, PROMOTION}),
        ("They said I would get my money back and a reward if I promote it.", {REWARD, PROMOTION, MONEY_BACK}),
        ("他们说在网上宣传就能拿到报酬，货款也会返还。", {REWARD, PROMOTION, MONEY_BACK}),
        ("對方說只要幫忙宣傳就有報酬。", {REWARD, PROMOTION}),
        ("SNS에 홍보하면 보수를 준다고 했어요.", {REWARD, PROMOTION}),
    ],
)
def test_the_offer_is_recognised_in_five_languages(text, signs):
    found = promotion_signs(text)
    assert {each.sign for each in found} == signs
    assert speaks_of_offer(found)


@pytest.mark.parametrize(
    "text",
    [
        "代金を振り込みました。ご確認をお願いします。",
        "宣伝と違う商品が届きました。全額返金してもらえますか。",
        "創業20周年の宣伝用に、名入れで200枚お願いします。",
        "モニターを返品したので、代金はいつ戻りますか。",
        "謝礼品として社員150名に配ります。領収書をお願いします。",
        "インスタのキャンペーンに応募しました。結果はいつですか。",
        "I used my reward points. When does the promotion end?",
        "유지보수 비용이 얼마인가요?",
    ],
)
def test_ordinary_words_are_not_the_offer(text):
    assert not speaks_of_offer(promotion_signs(text))
    assert not {REWARD, PROXY} & {each.sign for each in promotion_signs(text)}
