"""Order files as each selling system writes them, with invented people and goods."""

import csv
import io
from collections.abc import Iterable, Sequence


def _names(text: str) -> list[str]:
    return text.split()


RAKUTEN_HEADINGS = _names(
    """
    注文番号 ステータス サブステータスID サブステータス 注文日時 注文日 注文時間 発送完了報告日時 支払方法名
    楽天会員フラグ 商品合計金額 送料合計 代引料合計 請求金額 合計金額 ポイント利用額 クーポン利用総額
    注文者姓 注文者名 注文者姓カナ 注文者名カナ 注文者電話番号1 注文者電話番号2 注文者電話番号3
    注文者メールアドレス 送付先ID のし 送付先郵便番号1 送付先郵便番号2 送付先住所都道府県 送付先住所郡市区
    送付先住所それ以降の住所 送付先姓 送付先名 送付先電話番号1 送付先電話番号2 送付先電話番号3 商品明細ID
    商品名 商品番号 商品管理番号 単価 個数 項目・選択肢 お届け日指定 コメント ギフト配送希望 お荷物伝票番号
    配送会社 商品毎税込価格
    """
)
RAKUTEN_ROW = {
    "注文番号": "421951-20261110-0302246615",
    "ステータス": "500",
    "注文日時": "2026-11-10 9:05:00",
    "注文日": "2026-11-10",
    "注文時間": "9:05:00",
    "発送完了報告日時": "2026-11-12 18:00:00",
    "支払方法名": "クレジットカード",
    "送料合計": "770",
    "代引料合計": "0",
    "請求金額": "25070",
    "ポイント利用額": "400",
    "クーポン利用総額": "300",
    "注文者姓": "髙橋",
    "注文者名": "美咲",
    "注文者姓カナ": "タカハシ",
    "注文者名カナ": "ミサキ",
    "注文者電話番号1": "90",
    "注文者電話番号2": "1234",
    "注文者電話番号3": "5678",
    "注文者メールアドレス": "abc123@pc.fw.rakuten.example",
    "送付先ID": "1",
    "送付先郵便番号1": "60",
    "送付先郵便番号2": "1",
    "送付先住所都道府県": "北海道",
    "送付先住所郡市区": "札幌市中央区",
    "送付先住所それ以降の住所": "北一条西①丁目",
    "送付先姓": "髙橋",
    "送付先名": "健",
    "送付先電話番号1": "011",
    "送付先電話番号2": "222",
    "送付先電話番号3": "3333",
    "商品名": "木の椅子①",
    "商品番号": "CHAIR-1",
    "商品管理番号": "chair-1",
    "単価": "11000",
    "商品毎税込価格": "12100",
    "個数": "2",
    "項目・選択肢": "色:ナラ\n脚:丸",
    "お届け日指定": "2026-11-20",
    "コメント": "夜に\r\nお願いします",
    "ギフト配送希望": "1",
    "お荷物伝票番号": "1234-5678-9012",
    "配送会社": "1001",
}
YAHOO_ORDER_HEADINGS = _names(
    """
    OrderId OrderTime OrderStatus BillLastName BillFirstName BillLastNameKana BillFirstNameKana
    BillMailAddress BillPhoneNumber ShipLastName ShipFirstName ShipZipCode ShipPrefecture ShipCity
    ShipAddress1 ShipAddress2 ShipPhoneNumber PayMethodName PayDate ShipCharge PayCharge GiftWrapCharge
    Discount UsePoint TotalPrice ShipRequestDate ShipCompanyCode ShipInvoiceNumber1 ShipInvoiceNumber2
    ShipDate ArrivalDate NeedGiftWrap BuyerComments
    """
)
YAHOO_ORDER_ROW = {
    "OrderId": "komorebi-10000021",
    "OrderTime": "2026/11/11 21:30",
    "OrderStatus": "2",
    "BillLastName": "﨑山",
    "BillFirstName": "直樹",
    "BillLastNameKana": "サキヤマ",
    "BillFirstNameKana": "ナオキ",
    "BillMailAddress": "naoki@example.jp",
    "BillPhoneNumber": "0312345678",
    "ShipLastName": "﨑山",
    "ShipFirstName": "直樹",
    "ShipZipCode": "1000001",
    "ShipPrefecture": "東京都",
    "ShipCity": "千代田区",
    "ShipAddress1": "千代田1-1",
    "ShipAddress2": "",
    "ShipPhoneNumber": "0312345678",
    "PayMethodName": "PayPay残高等",
    "PayDate": "2026/11/11 21:31",
    "ShipCharge": "500",
    "PayCharge": "0",
    "GiftWrapCharge": "200",
    "Discount": "-100",
    "UsePoint": "50",
    "TotalPrice": "2,350",
    "ShipRequestDate": "指定なし",
    "ShipCompanyCode": "1002",
    "ShipInvoiceNumber1": "400011112222",
    "ShipInvoiceNumber2": "400011113333",
    "ShipDate": "2026/11/12",
    "ArrivalDate": "",
    "NeedGiftWrap": "true",
    "BuyerComments": "",
}
YAHOO_ITEM_HEADINGS = _names(
    """
    OrderId LineId ItemId Title SubCode ItemOption UnitPrice Quantity
    """
)
AMAZON_HEADINGS = _names(
    """
    order-id order-item-id purchase-date payments-date buyer-email buyer-name buyer-phone-number sku
    product-name quantity-purchased currency item-price item-tax shipping-price shipping-tax recipient-name
    ship-address-1 ship-address-2 ship-address-3 ship-city ship-state ship-postal-code ship-country
    ship-phone-number item-promotion-discount ship-promotion-discount payment-method
    """
)
AMAZON_ROW = {
    "order-id": "249-1234567-7654321",
    "order-item-id": "55501",
    "purchase-date": "2026-11-15T23:30:00+00:00",
    "payments-date": "2026-11-15T23:31:00+00:00",
    "buyer-email": "x1y2@marketplace.amazon.example",
    "buyer-name": "佐藤 花子",
    "sku": "CUP-1",
    "product-name": "湯のみ",
    "quantity-purchased": "2",
    "currency": "JPY",
    "item-price": "3000.00",
    "shipping-price": "440.00",
    "recipient-name": "佐藤 花子",
    "ship-address-1": "北区1-2-3",
    "ship-address-2": "ハイツ201",
    "ship-city": "大阪市",
    "ship-state": "大阪府",
    "ship-postal-code": "530-0001",
    "ship-country": "JP",
    "ship-phone-number": "06-1234-5678",
    "item-promotion-discount": "-300.00",
    "ship-promotion-discount": "0",
    "payment-method": "CVS",
}
AMAZON_ALL_HEADINGS = _names(
    """
    amazon-order-id merchant-order-id purchase-date last-updated-date order-status fulfillment-channel
    sales-channel ship-service-level product-name sku asin item-status quantity currency item-price item-tax
    shipping-price shipping-tax gift-wrap-price gift-wrap-tax item-promotion-discount
    ship-promotion-discount ship-city ship-state ship-postal-code ship-country promotion-ids
    """
)
SHOPIFY_HEADINGS = [
    *["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Currency", "Subtotal"],
    *["Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method", "Created at"],
    *["Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Billing Name", "Billing Phone"],
    *["Shipping Name", "Shipping Address1", "Shipping Address2", "Shipping Company", "Shipping City", "Shipping Zip"],
    *["Shipping Province", "Shipping Country", "Shipping Phone", "Notes", "Cancelled at", "Payment Method", "Id"],
    *["Phone", "Shipping Province Name"],
]
SHOPIFY_ROW = {
    "Name": "#1001",
    "Email": "emi@example.jp",
    "Financial Status": "paid",
    "Paid at": "2026-11-16 09:06:00 +0900",
    "Fulfilled at": "2026-11-17 10:00:00 +0900",
    "Currency": "JPY",
    "Shipping": "500",
    "Total": "3700",
    "Discount Amount": "300",
    "Shipping Method": "ヤマト運輸",
    "Created at": "2026-11-16 09:05:00 +0900",
    "Lineitem quantity": "1",
    "Lineitem name": "急須 - 黒",
    "Lineitem price": "3000",
    "Lineitem sku": "POT-BK",
    "Billing Name": "山﨑 恵美",
    "Billing Phone": "+819011112222",
    "Shipping Name": "山﨑 恵美",
    "Shipping Address1": "本町1-1",
    "Shipping Address2": "メゾン101",
    "Shipping City": "横浜市中区",
    "Shipping Zip": "'231-0005",
    "Shipping Province": "JP-14",
    "Shipping Province Name": "神奈川県",
    "Shipping Phone": "",
    "Notes": '="急ぎ"',
    "Payment Method": "Shopify Payments",
}
EC_CUBE_HEADINGS = _names(
    """
    注文ID 注文番号 会員ID お名前(姓) お名前(名) お名前(セイ) お名前(メイ) 会社名 郵便番号 都道府県(名称)
    住所1 住所2 メールアドレス TEL 小計 値引き 送料 税金 合計 支払合計 対応状況(ID) 対応状況(名称)
    支払方法(ID) 支払方法(名称) 受注日 入金日 注文詳細ID 商品ID 商品規格ID 商品名 商品コード 規格名1 規格名2
    規格分類名1 規格分類名2 価格 個数 税率 税率ルール(ID) 明細区分(ID) 明細区分(名称) 出荷ID
    配送先_お名前(姓) 配送先_お名前(名) 配送先_郵便番号 配送先_都道府県(名称) 配送先_住所1 配送先_住所2
    配送先_TEL 配送業者(名称) お届け希望日 送料 発送日 出荷伝票番号
    """
)
EC_CUBE_ROW = {
    "注文ID": "77",
    "注文番号": "20417",
    "お名前(姓)": "内田",
    "お名前(名)": "徹",
    "お名前(セイ)": "ウチダ",
    "お名前(メイ)": "トオル",
    "メールアドレス": "uchida@example.jp",
    "TEL": "08012345678",
    "値引き": "200",
    "送料": "660",
    "支払合計": "2,990",
    "対応状況(ID)": "6",
    "対応状況(名称)": "入金済み",
    "支払方法(名称)": "銀行振込",
    "受注日": "2026/11/14 8:00",
    "入金日": "2026/11/15 12:00",
    "商品名": "布巾",
    "商品コード": "CLOTH",
    "規格分類名1": "藍",
    "規格分類名2": "大",
    "価格": "1000",
    "個数": "2",
    "税率": "10",
    "税率ルール(ID)": "1",
    "明細区分(ID)": "1",
    "配送先_お名前(姓)": "内田",
    "配送先_お名前(名)": "徹",
    "配送先_郵便番号": "0600001",
    "配送先_都道府県(名称)": "北海道",
    "配送先_住所1": "札幌市中央区",
    "配送先_住所2": "1-1",
    "配送先_TEL": "08012345678",
    "配送業者(名称)": "サンプル宅配",
    "お届け希望日": "2026/11/18",
    "発送日": "",
    "出荷伝票番号": "",
}


def table(
    headings: Sequence[str], rows: Iterable[dict[str, str]], *, encoding: str = "cp932", delimiter: str = ","
) -> bytes:
    """A file with these columns; of columns with the same name only the first is filled."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        left = dict(row)
        writer.writerow([left.pop(heading, "") for heading in headings])
    return text.getvalue().encode(encoding)


def rakuten(*changes: dict[str, str], encoding: str = "cp932") -> bytes:
    """One row for each dictionary of changes to the sample order."""
    return table(RAKUTEN_HEADINGS, [{**RAKUTEN_ROW, **change} for change in changes], encoding=encoding)
