"""Unlabelled Chinese and Korean is told from Japanese where both kana and everyday words say so, and nowhere else."""

import pytest

from anshin.plumbing.mail.charsets import decode

FOREIGN = [
    ("gb18030", "gb18030", "您好，我想询问订单KM-20480的发货时间。请问什么时候可以收到？谢谢。"),
    ("gb2312", "gb18030", "商品收到了，但是颜色不对，请问可以退货吗？我们没有拆开包装。"),
    ("big5", "cp950", "您好，我的訂單請問何時出貨？已經等了一個星期了，謝謝您的回覆。"),
    ("big5", "cp950", "收到的杯子破損了，想要換貨，請問需要什麼手續嗎？這是第二次了。"),
    ("euc-kr", "cp949", "안녕하세요. 주문번호 KM-20502의 배송 조회를 부탁드립니다. 감사합니다."),
]
JAPANESE = [
    "株式会社山田商店営業第一部東京都千代田区丸内一丁目二番三号",
    "注文番号二〇三一一 商品代金八千八百円 送料六百六十円 合計九千四百六十円",
    "至急御連絡願候 有限会社青葉工務店 代表取締役 三浦直樹",
    "ﾔﾏﾀﾞ ﾀﾛｳ ﾄｳｷｮｳﾄ ﾁﾖﾀﾞｸ ﾏﾙﾉｳﾁ 1-2-3",
    "先週注文した急須がまだ届いていません。確認をお願いします。",
    "不良品返品希望 色違 数量不足 箱破損 交換希望",
]


@pytest.mark.parametrize(("codec", "used", "text"), FOREIGN)
@pytest.mark.parametrize("label", ["", "us-ascii", "utf-8"])
def test_a_letter_from_the_neighbours_is_read_without_a_label(codec: str, used: str, text: str, label: str) -> None:
    decoded = decode(text.encode(codec), label)
    assert (decoded.text, decoded.choice.used, decoded.choice.reason) == (text, used, "guessed")


@pytest.mark.parametrize("text", JAPANESE)
@pytest.mark.parametrize("codec", ["cp932", "euc_jp"])
def test_japanese_stays_japanese_even_without_hiragana(codec: str, text: str) -> None:
    decoded = decode(text.encode(codec))
    assert decoded.choice.used in ("cp932", "euc-jp")


@pytest.mark.parametrize("text", [text[:5] for _codec, _used, text in FOREIGN])
def test_a_few_characters_are_not_enough(text: str) -> None:
    assert decode(text.encode("gb18030")).choice.used != "cp949"


@pytest.mark.parametrize(("codec", "used", "text"), FOREIGN)
def test_a_long_letter_cut_inside_a_character_is_read(codec: str, used: str, text: str) -> None:
    assert decode((text * 900).encode(codec)).choice.used == used
