"""EC-CUBE 4's 受注CSV: one row per position; shipping, fees and discounts are positions too. Sources: README.md."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, OrderField, Recipient, SalesChannel
from anshin.connectors.csv_files import cells, words
from anshin.connectors.csv_files.cells import Row
from anshin.connectors.csv_files.formats import shape
from anshin.language.folding import digits_only

_PRODUCT, _FEE = "1", "3"  # 明細区分(ID): 1 商品, 2 送料, 3 手数料, 4 割引, 5 税, 6 ポイント
_CANCELLED = "3"  # 対応状況(ID): 注文取消し
_ROUNDING = {"1": ROUND_HALF_UP, "2": ROUND_FLOOR, "3": ROUND_CEILING}


def _order(rows: Sequence[Row], zone: ZoneInfo) -> IncomingOrder:
    first = rows[0]
    fees = [row for row in rows if row.text("明細区分(ID)") == _FEE]
    return IncomingOrder(
        channel=SalesChannel.EC_CUBE,
        number=cells.order_number(first.text("注文番号", "注文ID")),
        ordered_at=shape.ordered_at(first, "受注日", "注文日時", "登録日", zone=zone),
        buyer=Buyer(
            name=first.joined("お名前(姓)", "お名前(名)", by=" "),
            kana=first.joined("お名前(セイ)", "お名前(メイ)", by=" "),
            mail=first.text("メールアドレス"),
            phone=first.text("TEL"),
        ),
        recipient=Recipient(
            name=first.joined("配送先_お名前(姓)", "配送先_お名前(名)", by=" "),
            postcode=cells.postcode(first.text("配送先_郵便番号")),
            lines=first.joined("配送先_都道府県(名称)", "配送先_住所1", "配送先_住所2"),
            phone=first.text("配送先_TEL"),
        ),
        lines=tuple(_line(row) for row in rows if row.text("明細区分(ID)") in {"", _PRODUCT} and row.text("商品名")),
        shipping_yen=first.yen("送料") or 0,
        fee_yen=sum(_with_tax(row) or 0 for row in fees) or first.yen("手数料") or 0,
        discount_yen=shape.sum_of(first, "値引き"),
        total_yen=first.yen("支払合計", "合計"),
        payments=shape.payment(first.text("支払方法(名称)"), paid_at=first.moment("入金日", zone=zone)),
        shipments=shape.shipment(
            first.text("配送業者(名称)"), first.text("出荷伝票番号"), first.moment("発送日", zone=zone)
        ),
        is_cancelled=first.text("対応状況(ID)") == _CANCELLED or words.says_cancelled(first.text("対応状況(名称)")),
        wished_on=shape.wished_on(first, "お届け希望日"),
        remark=first.text("配達用メモ"),
    )


def _line(row: Row) -> IncomingLine:
    return IncomingLine(
        name=row.text("商品名"),
        quantity=row.pieces("個数") or 1,
        unit_price_yen=_with_tax(row),
        sku=row.text("商品コード"),
        variant=row.joined("規格分類名1", "規格分類名2", by=" "),
    )


def _with_tax(row: Row) -> int | None:
    """The price with tax: EC-CUBE keeps prices of positions without it and tells its rate and rounding beside."""
    price = row.yen("価格")
    rate = row.text("税率").rstrip("%")
    if price is None or not rate:
        return price
    try:
        tax = Decimal(price) * Decimal(rate) / 100
    except InvalidOperation:
        return price
    rounding = _ROUNDING.get(digits_only(row.text("税率ルール(ID)")), ROUND_HALF_UP)
    return price + int(tax.to_integral_value(rounding=rounding))


ORDERS = shape.Format(
    key="ec_cube",
    name=_("EC-CUBE 4 orders"),
    channel=SalesChannel.EC_CUBE,
    number=("注文番号", "注文ID"),
    signs=("お名前(姓)", "受注日"),
    one_of=("対応状況(ID)", "対応状況(名称)", "配送先_お名前(姓)", "明細区分(ID)", "商品規格ID"),
    read=_order,
    columns={
        "注文番号": OrderField.NUMBER,
        "受注日": OrderField.ORDERED_AT,
        "対応状況(名称)": OrderField.STATUS,
        "お名前(姓)": OrderField.BUYER_NAME,
        "お名前(名)": OrderField.BUYER_NAME,
        "お名前(セイ)": OrderField.BUYER_KANA,
        "お名前(メイ)": OrderField.BUYER_KANA,
        "メールアドレス": OrderField.BUYER_MAIL,
        "TEL": OrderField.BUYER_PHONE,
        "配送先_お名前(姓)": OrderField.RECIPIENT_NAME,
        "配送先_お名前(名)": OrderField.RECIPIENT_NAME,
        "配送先_郵便番号": OrderField.RECIPIENT_POSTCODE,
        "配送先_都道府県(名称)": OrderField.RECIPIENT_ADDRESS,
        "配送先_住所1": OrderField.RECIPIENT_ADDRESS,
        "配送先_住所2": OrderField.RECIPIENT_ADDRESS,
        "配送先_TEL": OrderField.RECIPIENT_PHONE,
        "商品名": OrderField.PRODUCT,
        "商品コード": OrderField.SKU,
        "規格分類名1": OrderField.VARIANT,
        "規格分類名2": OrderField.VARIANT,
        "価格": OrderField.UNIT_PRICE,
        "個数": OrderField.QUANTITY,
        "送料": OrderField.SHIPPING,
        "値引き": OrderField.DISCOUNT,
        "支払合計": OrderField.TOTAL,
        "支払方法(名称)": OrderField.PAYMENT,
        "入金日": OrderField.PAID_AT,
        "配送業者(名称)": OrderField.CARRIER,
        "出荷伝票番号": OrderField.TRACKING,
        "発送日": OrderField.SHIPPED_AT,
        "お届け希望日": OrderField.WISHED_ON,
    },
)
