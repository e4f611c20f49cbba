"""Names of payment methods and carriers as selling systems write them, to ours.

Source: names and the codes 1001 to 1003 from general knowledge of Rakuten and Yahoo!, November 2026.
"""

import re

from anshin.commerce.terms import Carrier, PaymentMethod
from anshin.language.folding import fold

_PAYMENTS: tuple[tuple[PaymentMethod, str], ...] = (  # the first that fits: コンビニ後払い is deferred
    (PaymentMethod.PAYPAY, r"paypay|ペイペイ|payment_a17|payment_a19"),
    (PaymentMethod.AMAZON_PAY, r"amazon\s?pay|アマゾンペイ"),
    (PaymentMethod.DEFERRED, r"後払|あと払|あとばらい|paidy|ペイディ|atone|アトネ|deferred|np掛け払い"),
    (PaymentMethod.CASH_ON_DELIVERY, r"代引|代金引換|\bcod\b|cash on delivery|collect|payment_d1"),
    (PaymentMethod.CONVENIENCE, r"コンビニ|\bcvs\b|convenience|セブンイレブン|ローソン|ファミリーマート|払込票"),
    (PaymentMethod.CARRIER, r"キャリア|ドコモ|d払い|au\s?(?:かんたん|pay)|ソフトバンク|carrier"),
    (PaymentMethod.BANK_TRANSFER, r"銀行|振込|振替|bank|payment_b1"),
    (PaymentMethod.CARD, r"クレジット|カード|card|credit|shopify payments|visa|jcb|master|amex|stripe|payment_a1"),
)
_CARRIERS: tuple[tuple[Carrier, str], ...] = (
    (Carrier.YAMATO, r"ヤマト|クロネコ|yamato|kuroneko|宅急便|ネコポス|^1001$"),
    (Carrier.SAGAWA, r"佐川|sagawa|飛脚|^1002$"),
    (Carrier.JAPAN_POST, r"日本郵便|郵便|ゆうパック|ゆうパケット|レターパック|クリックポスト|japan\s?post|^1003$"),
)


def payment_method(name: str) -> PaymentMethod | None:
    """The method that a name means, OTHER for an unknown name, None for an empty one."""
    plain = fold(name)
    if not plain:
        return None
    return next((method for method, pattern in _PAYMENTS if re.search(pattern, plain)), PaymentMethod.OTHER)


def carrier(name: str) -> Carrier:
    """The carrier that a name or a marketplace's code means."""
    plain = fold(name)
    return next((known for known, pattern in _CARRIERS if re.search(pattern, plain)), Carrier.OTHER)


def says_cancelled(status: str) -> bool:
    """Whether the words of a status say that the order was cancelled. キャンセル待ち is not cancelled yet."""
    plain = fold(status)
    return bool(re.search(r"キャンセル|取消|取り消し|cancel|void", plain)) and not re.search(r"待ち|中$|確認", plain)
