"""The language of a text, by its scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.language.detect import guess_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("商品がまだ届きません。", "ja"),
        ("ﾏﾀﾞ ﾄﾄﾞｷﾏｾﾝ", "ja"),
        ("注文番号KM-20417のAnker PowerCoreを返品したいです", "ja"),
        ("キャンセル", "ja"),
        ("Nimotsu mada konai desu. Shirabete kudasai.", "ja"),
        ("henpin wa dekimasu ka?", "ja"),
        ("Konnichiwa! I ordered a lamp and it has not arrived.", "en"),
        ("Sumimasen, can you send it to my hotel?", "en"),
        ("至急返信願います", "ja"),
        ("配送状況確認願。返品済、払戻希望", "ja"),
        ("領収書希望", "ja"),
        ("宛名変更希望", "ja"),
        ("這個商品還沒收到", "zh-Hant"),
        ("这个商品还没收到", "zh-Hans"),
        ("Hello, my order has not arrived yet. Could you check it please?", "en"),
        ("Hi,\nWhere is my package?\n\n柏木由紀子\nhttps://example.jp/あいうえお", "en"),
        ("Refund please KM-20417", "en"),
        ("你好,我的订单还没有发货,请问什么时候能收到?", "zh-Hans"),
        ("您好，請問我的訂單什麼時候會發貨？謝謝", "zh-Hant"),
        ("請協助退貨與退款", "zh-Hant"),
        ("謝謝請問", "zh-Hant"),
        ("电话号码少打了一位，末尾加个7", "zh-Hans"),
        ("能退不？", "zh-Hans"),
        ("放喺門口就得，唔使簽收", "zh-Hant"),
        ("在京都旅游时在「さくら堂」网站买的，想退货", "zh-Hans"),
        ("返品希望", "ja"),
        ("返送10/8。受領10/10。返金未確認。本日11/5。", "ja"),
        ("対応 iPhone 15 Pro Max?", "ja"),
        ("Apple Payで「Payment failed: card declined」と出ます。", "ja"),
        ("PO No.6612の品番訂正です。誤 HB-32 / 正 HB-35。", "ja"),
        ("상품이 아직 도착하지 않았습니다.", "ko"),
        ("주문번호 KM-20417 환불해 주세요 大阪", "ko"),
        ("Где мой заказ? Спасибо", "other"),
        ("สินค้ายังไม่ถึง", "other"),
        ("Bonjour, je n'ai pas reçu les produits, merci", "other"),
        ("Ich habe die Bestellung nicht erhalten, bitte", "other"),
    ],
)
def test_guesses(text: str, language: str) -> None:
    assert guess_language(text, default="xx").language == language


@pytest.mark.parametrize("text", ["", "KM-20417", "090-1234-5678", "a@example.com", "!!!", "👍"])
def test_nothing_to_go_by_gives_the_default_without_certainty(text: str) -> None:
    guess = guess_language(text, default="en")
    assert (guess.language, guess.certainty) == ("en", 0.0)


def test_only_han_without_marks_gives_the_default_with_little_certainty() -> None:
    for text in ("宝物属医体区随声", "時間問題電話書籍", "山本"):
        guess = guess_language(text, default="xx")
        assert (guess.language, guess.certainty) == ("xx", 0.3), text


def test_plain_japanese_is_certain() -> None:
    assert guess_language("まだ届きません。").certainty == 1.0


def test_one_smiley_in_katakana_does_not_make_english_japanese() -> None:
    assert guess_language("thank you so much for the order ¯\\_(ツ)_/¯").language == "en"


@given(st.text())
def test_certainty_is_a_share(text: str) -> None:
    assert 0.0 <= guess_language(text).certainty <= 1.0
