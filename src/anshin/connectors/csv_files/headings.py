"""Headings of order files: compared however they are spelled, and proposed meanings for files of no known format."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from anshin.commerce.terms import OrderField
from anshin.language.folding import fold

# From general knowledge of Japanese carts and marketplaces, November 2026; the first that fits wins.
_SYNONYMS: dict[OrderField, str] = {
    OrderField.NUMBER: "注文番号 受注番号 注文id 受注id オーダー番号 オーダーid 伝票番号 取引番号 "
    "受注no 注文no orderid orderno ordernumber order order# ordername amazonorderid",
    OrderField.ORDERED_AT: "注文日時 受注日時 注文日 受注日 購入日時 購入日 申込日 申込日時 受付日時 受付日 "
    "orderdate orderedat ordertime date createdat purchasedate",
    OrderField.BUYER_NAME: "注文者名 注文者氏名 購入者名 購入者氏名 お客様名 顧客名 氏名 名前 お名前 注文者 "
    "購入者 ご注文者名 注文者姓 注文者名字 注文者(姓) 注文者名(姓) 注文者(名) "
    "注文者名(名) 姓 名 お名前(姓) お名前(名) customername buyername name "
    "billingname customer",
    OrderField.BUYER_KANA: "注文者名カナ 注文者カナ 注文者氏名カナ フリガナ ふりがな カナ 氏名カナ "
    "お客様名カナ 購入者名カナ 注文者名フリガナ 注文者フリガナ お名前(セイ) "
    "お名前(メイ) kana buyerkana",
    OrderField.BUYER_MAIL: "メールアドレス 注文者メールアドレス 購入者メールアドレス メール 注文者メール "
    "eメール email mail mailaddress emailaddress buyeremail customeremail",
    OrderField.BUYER_PHONE: "電話番号 注文者電話番号 購入者電話番号 お電話番号 注文者tel tel 電話 phone "
    "phonenumber buyerphone customerphone billingphone",
    OrderField.RECIPIENT_NAME: "送付先名 送付先氏名 配送先名 配送先氏名 届け先名 お届け先名 お届け先氏名 "
    "届け先氏名 受取人名 送付先姓 配送先姓 お届け先姓 配送先(姓) 配送先(名) お届け先 "
    "送付先 配送先 shippingname recipientname recipient shipto",
    OrderField.RECIPIENT_POSTCODE: "送付先郵便番号 配送先郵便番号 届け先郵便番号 お届け先郵便番号 郵便番号 〒 "
    "shippingzip zip zipcode postcode postalcode shippingpostcode",
    OrderField.RECIPIENT_ADDRESS: "送付先住所 配送先住所 届け先住所 お届け先住所 住所 住所1 住所2 住所3 都道府県 "
    "市区町村 番地 建物名 配送先都道府県 配送先住所1 配送先住所2 配送先住所3 "
    "送付先都道府県 お届け先都道府県 お届け先住所1 お届け先住所2 お届け先住所3 "
    "送付先住所1 送付先住所2 送付先住所3 送付先市区町村 配送先市区町村 "
    "お届け先市区町村 address shippingaddress address1 address2 shippingaddress1 "
    "shippingaddress2 prefecture state city",
    OrderField.RECIPIENT_PHONE: "送付先電話番号 配送先電話番号 届け先電話番号 お届け先電話番号 配送先tel "
    "お届け先tel shippingphone recipientphone",
    OrderField.PRODUCT: "商品名 品名 商品 アイテム名 商品名称 productname itemname product item title lineitemname",
    OrderField.SKU: "商品番号 商品コード 品番 型番 sku 商品管理番号 管理番号 商品id jan janコード "
    "itemcode productcode itemid productid lineitemsku",
    OrderField.VARIANT: "規格 バリエーション オプション 選択肢 項目・選択肢 カラー サイズ 色 variant option variation",
    OrderField.QUANTITY: "数量 個数 注文数 購入数 点数 quantity qty lineitemquantity",
    OrderField.UNIT_PRICE: "単価 価格 販売価格 商品単価 単価(税込) 税込単価 販売単価 unitprice price "
    "itemprice lineitemprice",
    OrderField.SHIPPING: "送料 送料合計 配送料 送料(税込) 配送料金 shipping shippingcost shippingfee shippingcharge",
    OrderField.FEE: "手数料 決済手数料 代引手数料 代引料 支払手数料 手数料合計 fee paymentfee",
    OrderField.DISCOUNT: "値引き 値引 割引 割引額 値引額 割引金額 クーポン クーポン利用額 discount discountamount",
    OrderField.TOTAL: "合計 合計金額 請求金額 支払合計 支払金額 お支払い合計 お支払金額 総合計 総額 "
    "注文合計 total totalprice amount totalamount grandtotal",
    OrderField.PAYMENT: "支払方法 決済方法 支払い方法 お支払方法 お支払い方法 支払方法名 決済 paymentmethod payment",
    OrderField.DUE_ON: "支払期限 支払い期限 お支払期限 振込期限 入金期限 duedate paymentdue",
    OrderField.PAID_AT: "入金日 入金日時 支払日 支払日時 決済日 決済日時 入金確認日 paidat paymentdate paiddate",
    OrderField.CARRIER: "配送業者 配送会社 運送会社 配送業者名 配送方法 carrier shippingcarrier shippingmethod",
    OrderField.TRACKING: "追跡番号 送り状番号 お問い合わせ番号 お問合せ番号 お荷物伝票番号 出荷伝票番号 "
    "配送伝票番号 問い合わせ番号 問合せ番号 送状番号 trackingnumber tracking "
    "trackingno",
    OrderField.SHIPPED_AT: "発送日 出荷日 発送日時 出荷日時 発送完了日 出荷完了日 shippedat shipdate shippingdate",
    OrderField.DELIVERED_AT: "配達完了日 配達日 お届け完了日 到着日 deliveredat deliverydate",
    OrderField.STATUS: "ステータス 注文ステータス 受注ステータス 状態 対応状況 受注状態 注文状況 status orderstatus",
    OrderField.WISHED_ON: "お届け希望日 配送希望日 配達希望日 届け希望日 希望日 お届け日指定 配送日指定 お届け日",
    OrderField.REMARK: "備考 コメント お客様コメント 注文備考 備考欄 ご要望 通信欄 note notes remark "
    "comment comments memo",
}


@lru_cache(maxsize=4096)
def heading_key(heading: str) -> str:
    """The heading as it is compared: folded, without spaces, underscores and hyphens."""
    return fold(heading).replace(" ", "").replace("_", "").replace("-", "")


def places_of(headings: Sequence[str]) -> dict[str, int]:
    """Where each heading stands; of two equal ones the first."""
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        places.setdefault(heading_key(heading), place)
    return places


def header_key(headings: Sequence[str]) -> str:
    """64 hexadecimal characters for these headings in this order."""
    return hashlib.sha256("\n".join(map(heading_key, headings)).encode()).hexdigest()


def propose(headings: Sequence[str]) -> tuple[OrderField | None, ...]:
    """What each column seems to mean by its heading; None where nothing fits."""
    return tuple(_meanings().get(heading_key(heading)) for heading in headings)


@lru_cache(maxsize=1)
def _meanings() -> dict[str, OrderField]:
    found: dict[str, OrderField] = {}
    for meaning, names in _SYNONYMS.items():
        for name in names.split():
            found.setdefault(heading_key(name), meaning)
    return found
