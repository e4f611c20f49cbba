"""What is missing before a message can be answered, and one question for it in the customer's language."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from anshin.language.topics.codes import BY_CODE, Need, base_code
from anshin.language.topics.patterns import AnyOf, any_of

MOST_ASKED: Final = 5
"""Nobody answers a longer list."""
_SAID: Final[Mapping[Need, AnyOf]] = MappingProxyType(
    {
        Need.MODEL: any_of(r"""
型番 品番 型式 モデル 商品名 商品コード jan 品名 model sku item_(?:no|number|code) 型号 型號 모델 품번
"""),
        Need.SYMPTOM: any_of(r"""
電源 スイッチ ボタン ランプ 点滅 点灯 押し 異音 音[がもは] 煙 臭 匂 におい 熱く 熱い 発熱 漏れ 水が 割れ ひび 折れ 欠け
外れ 取れ 破れ 裂け ほつれ 穴[があ] 汚れ 染み シミ 傷 キズ 曲が 剥が はが 緩 ゆる 詰ま 充電 画面 エラー 表示 温ま 冷え
回ら 開か 閉ま 閉じ 点か つきませ つかな 光ら 鳴ら 鳴り 止ま 途中で 切れ 反応 へこ ずれ 変色 色落ち 縮 接続 つなが 起動
power_ switch button light_ blink noise smoke smell leak crack torn broke_off snapped scratch stain screen error charg
loose stuck turn_on 电源 電源 开关 開關 按钮 按鈕 闪 閃 声音 聲音 冒烟 冒煙 漏水 裂 断了 斷了 破了 划痕 刮痕 屏幕 螢幕
报错 전원 스위치 버튼 램프 깜빡 소리 연기 냄새 금이 깨져 부러 찢 얼룩 화면 충전 에러
"""),
        Need.SINCE: any_of(r"""
昨日 今日 今朝 先週 先月 おととい 一昨日 日前 週間前 か月前 [ヶカ]月前 年前 最初から 届いた時から 届いてすぐ
買ってすぐ §date yesterday since ago last_(?:week|month|year) 昨天 上周 上週 前天 어제 지난 처음부터
"""),
        Need.CONDITION: any_of(r"""
未使用 未開封 開封 使って 使用し 試着 タグ 洗っ 箱(?:は|も|が) 袖を通 履い 着用 unworn unused unopened tags
opened worn 吊牌 沒用 没用 未拆 拆封 안_?뜯 미개봉 개봉 사용
"""),
        Need.WISH: any_of(r"""
(?:に|へ)(?:変更|変え|替え|交換|して|直し) 希望 [0-9]+(?:個|本|枚|点|足|袋|か月|ヶ月|週間)に 住所を 宛てに
に送って (?:cm|サイズ|号|色|[smlSML]|違い|」)と_?(?:交換|取り?替え)
」[でに](?:お願い|変更) (?:色|サイズ|cm|個|本|枚|点|袋)[でに]お願い
instead change_(?:it|to|the) want_(?:a|the|it|to) 換成 换成 改成 改为 改為 으로 로_?(?:변경|교환|바꿔)
"""),
        Need.WHAT_ARRIVED: any_of(r"""
入って(?:い|お|る|ま|た) が届 が来 のに .{0,12}でした 足りな 足りませ got_(?:a|the|an|two|only) received 收到
受到 왔어 받았
"""),
        Need.NAME_ON_RECEIPT: any_of(r"""
宛名 様で 会社名 株式会社 有限会社 合同会社 名義 made_out_to company 抬头 抬頭 회사명 상호
"""),
        Need.SENDER_ADDRESS: any_of(r"""
§mail §url @ から来 送信元 アドレスは from_the_address 发件人 寄件人 보낸_?사람
"""),
        Need.SCREEN: any_of(r"""
「[^」]+」 エラー と(?:出|表示) error message says 提示 显示 顯示 오류 라고_?(?:뜨|나)
"""),
        Need.ADDRESS: any_of(r"""
在住 台湾 香港 アメリカ 米国 中国 韓国 カナダ ハワイ 豪州 オーストラリア イギリス フランス ドイツ シンガポール
タイ 国は to_[a-z]+_\? ship_to post_to taiwan usa u\.s\. canada australia singapore finland germany france 寄到
台灣 한국 대만 미국
"""),
        Need.MAIL_ADDRESS: any_of(r"""
§mail
"""),
        Need.TRACKING_NUMBER: any_of(r"""
追跡番号 問い?合わ?せ番号 伝票番号 tracking_(?:no|number) 快递单号 追蹤 운송장
"""),
    }
)
_WORDS_JA: Final[Mapping[Need, str]] = MappingProxyType(
    {
        Need.ORDER_NUMBER: "ご注文番号",
        Need.PHOTO: "状態の分かるお写真",
        Need.MODEL: "商品名または型番",
        Need.SYMPTOM: "具体的な症状(どこが、どのようになるか)",
        Need.SINCE: "いつ頃からの症状か",
        Need.WHAT_ARRIVED: "実際に届いた品物",
        Need.TRACKING_NUMBER: "お荷物の問い合わせ番号",
        Need.ADDRESS: "お届け先の国と地域",
        Need.NAME_ON_RECEIPT: "領収書の宛名",
        Need.SCREEN: "画面に出ている文字",
        Need.MAIL_ADDRESS: "ご登録のメールアドレス",
        Need.SENDER_ADDRESS: "そのメールの送信元アドレス",
        Need.CONDITION: "商品の状態(未使用か、箱やタグがあるか)",
        Need.WISH: "どのように変更するか",
    }
)
_WORDS_EN: Final[Mapping[Need, str]] = MappingProxyType(
    {
        Need.ORDER_NUMBER: "your order number",
        Need.PHOTO: "a photo that shows it",
        Need.MODEL: "the name or model of the item",
        Need.SYMPTOM: "what exactly it does or does not do",
        Need.SINCE: "since when this has happened",
        Need.WHAT_ARRIVED: "what actually arrived",
        Need.TRACKING_NUMBER: "the tracking number",
        Need.ADDRESS: "the country it should go to",
        Need.NAME_ON_RECEIPT: "the name for the receipt",
        Need.SCREEN: "the words on the screen",
        Need.MAIL_ADDRESS: "the mail address of your account",
        Need.SENDER_ADDRESS: "the address that mail came from",
        Need.CONDITION: "the item's condition (unused? box and tags?)",
        Need.WISH: "what it should be changed to",
    }
)
_WORDS_HANS: Final[Mapping[Need, str]] = MappingProxyType(
    {
        Need.ORDER_NUMBER: "订单号",
        Need.PHOTO: "能看清状况的照片",
        Need.MODEL: "商品名称或型号",
        Need.SYMPTOM: "具体的症状(哪里、出现什么情况)",
        Need.SINCE: "从什么时候开始的",
        Need.WHAT_ARRIVED: "实际收到的商品",
        Need.TRACKING_NUMBER: "快递单号",
        Need.ADDRESS: "收货的国家和地区",
        Need.NAME_ON_RECEIPT: "收据的抬头",
        Need.SCREEN: "画面上显示的文字",
        Need.MAIL_ADDRESS: "注册的邮箱地址",
        Need.SENDER_ADDRESS: "那封邮件的发件地址",
        Need.CONDITION: "商品的状态(是否未使用、包装和吊牌是否还在)",
        Need.WISH: "希望改成什么",
    }
)
_WORDS_HANT: Final[Mapping[Need, str]] = MappingProxyType(
    {
        Need.ORDER_NUMBER: "訂單編號",
        Need.PHOTO: "能看清狀況的照片",
        Need.MODEL: "商品名稱或型號",
        Need.SYMPTOM: "具體的症狀(哪裡、出現什麼情況)",
        Need.SINCE: "從什麼時候開始的",
        Need.WHAT_ARRIVED: "實際收到的商品",
        Need.TRACKING_NUMBER: "貨運單號",
        Need.ADDRESS: "收貨的國家和地區",
        Need.NAME_ON_RECEIPT: "收據的抬頭",
        Need.SCREEN: "畫面上顯示的文字",
        Need.MAIL_ADDRESS: "註冊的電子信箱",
        Need.SENDER_ADDRESS: "那封郵件的寄件地址",
        Need.CONDITION: "商品的狀態(是否未使用、包裝和吊牌是否還在)",
        Need.WISH: "希望改成什麼",
    }
)
_WORDS_KO: Final[Mapping[Need, str]] = MappingProxyType(
    {
        Need.ORDER_NUMBER: "주문 번호",
        Need.PHOTO: "상태를 알 수 있는 사진",
        Need.MODEL: "상품명 또는 모델명",
        Need.SYMPTOM: "구체적인 증상(어디가 어떻게 되는지)",
        Need.SINCE: "언제부터 그런지",
        Need.WHAT_ARRIVED: "실제로 받으신 상품",
        Need.TRACKING_NUMBER: "운송장 번호",
        Need.ADDRESS: "받으실 국가와 지역",
        Need.NAME_ON_RECEIPT: "영수증에 적을 이름",
        Need.SCREEN: "화면에 나오는 문구",
        Need.MAIL_ADDRESS: "가입하신 메일 주소",
        Need.SENDER_ADDRESS: "그 메일을 보낸 주소",
        Need.CONDITION: "상품 상태(미사용 여부, 상자와 택 유무)",
        Need.WISH: "어떻게 변경하실지",
    }
)
_QUESTIONS: Final[Mapping[str, tuple[str, str, Mapping[Need, str]]]] = MappingProxyType(
    {
        "ja": ("お手数ですが、次の点をお知らせいただけますでしょうか。", "・", _WORDS_JA),
        "en": ("To help you quickly, could you please tell us:", "- ", _WORDS_EN),
        "zh-Hans": ("为了尽快为您处理，请告知以下信息：", "・", _WORDS_HANS),
        "zh-Hant": ("為了盡快為您處理，請告知以下資訊：", "・", _WORDS_HANT),
        "ko": ("빠르게 도와드릴 수 있도록 아래 내용을 알려 주시겠어요?", "- ", _WORDS_KO),
    }
)


def missing(topics: Iterable[str], known: Collection[Need]) -> list[Need]:
    """What these topics need and nobody knows yet, in the order in which it is asked, at most MOST_ASKED."""
    wanted = [need for code in topics if (topic := BY_CODE.get(base_code(code))) for need in topic.needs]
    return [need for need in dict.fromkeys(wanted) if need not in known][:MOST_ASKED]


def said_in(lines: Iterable[str]) -> set[Need]:
    """What the writer has told already, as far as words show; `lines` folded, with placeholders for dates."""
    whole = "\n".join(lines)
    return {need for need, pattern in _SAID.items() if pattern.search(whole)}


def need_words(need: Need, language: str) -> str:
    """What is needed, as customers say it; in English for a language that we do not write."""
    return _QUESTIONS.get(language, _QUESTIONS["en"])[2][need]


def question(needs: Iterable[Need], language: str) -> str:
    """One question that asks for all of it, as a text of several lines; "" for nothing."""
    opening, mark, words = _QUESTIONS.get(language, _QUESTIONS["en"])
    asked = [f"{mark}{words[need]}" for need in needs]
    return "\n".join([opening, *asked]) if asked else ""
