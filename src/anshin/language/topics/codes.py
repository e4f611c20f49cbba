"""The topics a message can have: exactly these; a shop adds its own below them. For every room and screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Need(StrEnum):
    """What a clerk must know before the message can be answered."""

    ORDER_NUMBER = "order_number"
    PHOTO = "photo"
    MODEL = "model"
    SYMPTOM = "symptom"
    SINCE = "since"
    WHAT_ARRIVED = "what_arrived"
    TRACKING_NUMBER = "tracking_number"
    ADDRESS = "address"
    NAME_ON_RECEIPT = "name_on_receipt"
    SCREEN = "screen"
    MAIL_ADDRESS = "mail_address"
    SENDER_ADDRESS = "sender_address"
    CONDITION = "condition"
    WISH = "wish"


class TopicSource(StrEnum):
    """Who said what a message is about. A person's word stands; the others give way to it."""

    PERSON = "person"
    FORM = "form"
    SENDER = "sender"
    MODEL = "model"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with its names, when it is right, a message that has it, and what must be known to answer it."""

    code: str
    ja: str
    en: str
    explanation_ja: str
    explanation_en: str
    example: str
    needs: tuple[Need, ...] = ()

    @property
    def group(self) -> str:
        """The part of the code before the dot: order, delivery, item …"""
        return self.code.partition(".")[0]


OTHER: Final = "other"
PHISHING: Final = "account.phishing"
INJURY: Final = "item.injury"

_ORDER, _PHOTO, _MODEL, _SINCE, _CONDITION = Need.ORDER_NUMBER, Need.PHOTO, Need.MODEL, Need.SINCE, Need.CONDITION

TOPICS: Final[tuple[Topic, ...]] = (
    Topic(
        "order.status",
        "注文の状況",
        "Order status",
        "注文が通ったか、今どの段階か、いつ発送されるかを尋ねている。まだ遅れていない。",
        "Asks whether the order went through, where it stands, or when it leaves. Nothing is late yet.",
        "昨日注文したのですが、いつ頃発送になりますか?",
        (_ORDER,),
    ),
    Topic(
        "order.change",
        "注文内容の変更",
        "Change an order",
        "届け先、数量、色、支払い方法など、注文したものを変えたい。",
        "Wants to change address, number, colour, payment or the like of an order already made.",
        "注文したマグカップの色を青から白に変えてもらえますか。",
        (_ORDER, Need.WISH),
    ),
    Topic(
        "order.cancel",
        "注文のキャンセル",
        "Cancel an order",
        "発送前などに注文を取り消したい。",
        "Wants an order undone.",
        "間違えて二重に注文したので、片方をキャンセルしてください。",
        (_ORDER,),
    ),
    Topic(
        "order.not_mine",
        "身に覚えのない注文・請求",
        "An order that is not theirs",
        "注文していない商品、請求書、注文確認が届いた。",
        "Goods, a bill or a confirmation came for something they did not order.",
        "注文した覚えがないのに、そちらから荷物と請求書が届きました。",
        (_PHOTO, Need.WHAT_ARRIVED),
    ),
    Topic(
        "delivery.late_or_missing",
        "届かない・遅れている",
        "Late or missing",
        "予定を過ぎても届かない、配達完了なのに手元にない、追跡が動かない。",
        "Past its day and not here, marked as delivered and not here, or tracking stands still.",
        "配達完了になっていますが、荷物が届いていません。",
        (_ORDER,),
    ),
    Topic(
        "delivery.options",
        "配送の日時・方法・送料",
        "Delivery options",
        "配達の日時指定、置き配、運送会社、送料など、届け方について。",
        "Day and time, drop-off, carrier, postage: how it can be delivered.",
        "時間指定で夜に届けてもらうことはできますか。送料も教えてください。",
    ),
    Topic(
        "delivery.international",
        "海外への配送",
        "Delivery abroad",
        "海外発送の可否、関税、国際送料、転送。",
        "Whether it ships abroad, customs, international postage.",
        "台湾への発送は可能でしょうか。関税はかかりますか。",
        (Need.ADDRESS,),
    ),
    Topic(
        "delivery.damaged",
        "配送中の破損",
        "Damaged on the way",
        "箱がつぶれていた、割れて届いた、濡れていたなど、運ばれるうちの傷み。",
        "The box was crushed or wet, or the item came broken from the way.",
        "箱がつぶれていて、中のグラスが割れていました。",
        (_ORDER, _PHOTO),
    ),
    Topic(
        "item.wrong",
        "違う商品・数量違い",
        "Wrong item",
        "注文と違うもの、色、サイズ、数が届いた。付属品や品物が足りない。",
        "Another item, colour, size or number than ordered came, or something is missing from the box.",
        "Mサイズを頼んだのにLサイズが入っていました。",
        (_ORDER, _PHOTO, Need.WHAT_ARRIVED),
    ),
    Topic(
        "item.defect",
        "不良品・故障",
        "Defect",
        "動かない、壊れた、ほつれ、汚れ、異臭、発煙・ガス漏れ、使っているうちの故障。",
        "Does not work, came apart, is stained or flawed, smokes, leaks, or failed in use.",
        "電気ケトルのスイッチを入れても温まりません。",
        (_ORDER, _MODEL, Need.SYMPTOM, _SINCE, _PHOTO),
    ),
    Topic(
        "item.not_as_pictured",
        "写真・説明と違う",
        "Not as pictured",
        "色、質感、大きさなどが、商品ページの写真や説明と違う。",
        "Colour, feel, size or the like differs from the page's picture or description.",
        "サイトの写真では深緑だったのに、届いたら黄緑でした。",
        (_ORDER, _PHOTO),
    ),
    Topic(
        "item.injury",
        "けが・体調の不調",
        "Injury or illness",
        "商品によるけが、やけど、かぶれ、食後の不調。煙や火だけで人が無事なら不良品に急ぎの印。",
        "The item hurt somebody or made them ill. Smoke or fire with nobody hurt is a defect, and urgent.",
        "充電中に煙が出て、手をやけどしました。",
        (_ORDER, _MODEL, _SINCE, _PHOTO),
    ),
    Topic(
        "return.how",
        "返品の可否・方法",
        "How to return",
        "返品できるか、期限、送料、送り先、手順。返品したいという申し出。",
        "Whether and how something can be sent back, until when, at whose cost; or wants to send it back.",
        "サイズが合わなかったので返品したいのですが、どうすればいいですか。",
        (_ORDER, _CONDITION),
    ),
    Topic(
        "return.exchange",
        "交換",
        "Exchange",
        "別のサイズ、色、または新しい品と取り替えたい。",
        "Wants another size, colour or a new piece instead.",
        "Sサイズに交換していただけますか。",
        (_ORDER, Need.WISH, _CONDITION),
    ),
    Topic(
        "return.refund_status",
        "返金の状況",
        "Refund status",
        "返品やキャンセルの後、返金がいつか、まだ来ない、金額が違う。",
        "After a return or cancellation: when the money comes, or that it has not, or that the sum is wrong.",
        "先月返品した分の返金がまだ振り込まれていません。",
        (_ORDER,),
    ),
    Topic(
        "payment.problem",
        "支払いの不具合",
        "Payment problem",
        "カードが通らない、二重請求、金額違い、支払い方法、振込の仕方。",
        "A card is refused, money was taken twice, the sum is wrong, or how to pay.",
        "クレジットカードがエラーになって決済できません。",
        (_ORDER, Need.SCREEN),
    ),
    Topic(
        "payment.reminder_reply",
        "支払い催促への返事",
        "Reply to a payment reminder",
        "こちらの催促に対する返事。払った、払う予定、待ってほしい、など。",
        "Answers our reminder: has paid, will pay on a day, asks for time.",
        "お支払いのご案内の件、来週金曜に振り込みます。",
        (_ORDER,),
    ),
    Topic(
        "payment.receipt",
        "領収書・請求書",
        "Receipt or invoice",
        "領収書、請求書、納品書、インボイス、宛名の変更。",
        "Receipt, invoice, delivery note, tax number, whose name stands on it.",
        "会社名で領収書を発行してください。",
        (_ORDER, Need.NAME_ON_RECEIPT),
    ),
    Topic(
        "account.password",
        "パスワード・ログイン方法",
        "Password",
        "パスワードを忘れた、再設定メールが来ない、登録内容を変えたい。",
        "Forgot the password, the reset mail does not come, wants to change what is registered.",
        "パスワードを忘れてしまい、再設定のメールも届きません。",
        (Need.MAIL_ADDRESS,),
    ),
    Topic(
        "account.locked",
        "ログインできない・停止・乗っ取り",
        "Locked or taken-over account",
        "アカウントがロックされた、停止された、誰かに使われた疑い。",
        "The account is locked or suspended, or somebody else may be using it.",
        "何度か間違えたらアカウントがロックされてしまいました。",
        (Need.MAIL_ADDRESS, _SINCE),
    ),
    Topic(
        "account.phishing",
        "不審なメール・偽サイト",
        "Suspicious mail or site",
        "店を名乗る不審なメール、SMS、偽サイトを見た、または情報を入れてしまった。",
        "Got a mail or text in the shop's name, saw a fake site, or typed data into one.",
        "御社を名乗るメールが届きましたが、本物でしょうか。",
        (Need.SENDER_ADDRESS, Need.SCREEN),
    ),
    Topic(
        "product.info",
        "商品についての質問",
        "About a product",
        "サイズ、素材、使い方、成分、相性など、買う前や使う上での質問。",
        "Size, material, use, contents, what fits: a question before buying or in use.",
        "このフライパンはIHでも使えますか。",
        (_MODEL,),
    ),
    Topic(
        "product.stock",
        "在庫・再入荷・予約",
        "Stock",
        "在庫があるか、再入荷はいつか、予約や取り置きができるか。",
        "Whether it is in stock, when it comes back, whether it can be kept or pre-ordered.",
        "売り切れの白はいつ再入荷しますか。",
        (_MODEL,),
    ),
    Topic(
        "subscription.change",
        "定期便の変更",
        "Change a subscription",
        "定期便の間隔、次の日、数、届け先、支払いを変える、一回休む。",
        "Interval, next day, number, address or payment of a subscription; skip one.",
        "定期便を2か月に1回にしたいです。次回は休みにしてください。",
        (Need.WISH,),
    ),
    Topic(
        "subscription.cancel",
        "定期便の解約",
        "End a subscription",
        "定期便、サブスクリプション、会員をやめたい。",
        "Wants to end a subscription or membership.",
        "定期購入を解約したいのですが、手続きを教えてください。",
        (Need.MAIL_ADDRESS,),
    ),
    Topic(
        "privacy.third_party",
        "個人情報・第三者からの問い合わせ",
        "Personal data or a third party",
        "個人情報の開示や削除、本人以外(家族、警察、弁護士など)からの問い合わせ、情報の漏れの心配。",
        "Show or erase personal data, somebody else asks about a person (family, police, lawyer), worry about a leak.",
        "個人情報をすべて削除してください。",
    ),
    Topic(
        "campaign.sns",
        "キャンペーン・SNS・クーポン",
        "Campaign and social media",
        "クーポン、ポイント、懸賞、SNSの投稿や企画、メールマガジン。",
        "Coupons, points, prizes, posts and campaigns on social media, newsletters.",
        "インスタのキャンペーンに応募しましたが、当選発表はいつですか。",
    ),
    Topic(
        "other",
        "その他",
        "Other",
        "どれにも当たらない。営業、取材、採用、お礼、ご意見など。",
        "None of these: sales talk, press, jobs, thanks, opinions.",
        "いつも素敵な商品をありがとうございます。",
    ),
)
CODES: Final[tuple[str, ...]] = tuple(topic.code for topic in TOPICS)
BY_CODE: Final[Mapping[str, Topic]] = MappingProxyType({topic.code: topic for topic in TOPICS})


def base_code(code: str) -> str:
    """The project's topic that a shop's own stands below: `item.defect/zipper` → `item.defect`; "" for none."""
    base = code.partition("/")[0]
    return base if base in BY_CODE else ""
