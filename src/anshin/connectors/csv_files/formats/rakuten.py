"""Orders as Rakuten's RMS writes them (通常購入データ, Shift_JIS), one row per item. Sources: README.md."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, OrderField, Recipient, SalesChannel
from anshin.connectors.csv_files import cells, words
from anshin.connectors.csv_files.cells import Row
from anshin.connectors.csv_files.formats import shape

_CANCELLED = "900"  # キャンセル確定


def _order(rows: Sequence[Row], zone: ZoneInfo) -> IncomingOrder:
    first = rows[0]
    total = first.yen("請求金額", "合計金額")
    return IncomingOrder(
        channel=SalesChannel.RAKUTEN,
        number=cells.order_number(first.text("注文番号", "受注番号")),
        ordered_at=shape.ordered_at(first, "注文日時", "注文日", zone=zone),
        buyer=Buyer(
            name=first.joined("注文者姓", "注文者名", by=" ") or first.joined("注文者名字", "注文者名前", by=" "),
            kana=first.joined("注文者姓カナ", "注文者名カナ", by=" "),
            mail=first.text("注文者メールアドレス", "メールアドレス"),
            phone=first.joined("注文者電話番号1", "注文者電話番号2", "注文者電話番号3", by="-"),
        ),
        recipient=Recipient(
            name=first.joined("送付先姓", "送付先名", by=" "),
            postcode=cells.split_postcode(first.text("送付先郵便番号1"), first.text("送付先郵便番号2")),
            lines=first.joined("送付先住所都道府県", "送付先住所郡市区", "送付先住所それ以降の住所"),
            phone=first.joined("送付先電話番号1", "送付先電話番号2", "送付先電話番号3", by="-"),
        ),
        lines=tuple(_line(row) for row in rows if row.text("商品名")),
        shipping_yen=first.yen("送料合計", "送料(-99999=無効値)") or 0,
        fee_yen=first.yen("代引料合計", "代引料(-99999=無効値)") or 0,
        discount_yen=shape.sum_of(first, "ポイント利用額", "クーポン利用総額"),
        total_yen=total,
        payments=shape.payment(first.text("支払方法名", "決済方法"), paid_at=first.moment("入金日", zone=zone)),
        shipments=shape.shipment(
            first.text("配送会社", "配送業者", "配送方法"),
            first.text("お荷物伝票番号"),
            first.moment("発送完了報告日時", "発送日", "配送日", zone=zone),
        ),
        is_cancelled=first.text("ステータス") == _CANCELLED or words.says_cancelled(first.text("受注ステータス")),
        is_gift=first.text("ギフト配送希望", "ギフトチェック(0:なし/1:あり)") == "1" or bool(first.text("のし")),
        wished_on=shape.wished_on(first, "お届け日指定"),
        remark=first.text("コメント"),
    )


def _line(row: Row) -> IncomingLine:
    with_tax = row.yen("商品毎税込価格")
    return IncomingLine(
        name=row.text("商品名"),
        quantity=row.pieces("個数") or 1,
        unit_price_yen=with_tax if with_tax else row.yen("単価"),
        sku=row.text("システム連携用SKU番号", "商品番号", "商品管理番号"),
        variant=" ".join(row.text("SKU情報", "項目・選択肢").split()),
    )


ORDERS = shape.Format(
    key="rakuten",
    name=_("Rakuten RMS orders"),
    channel=SalesChannel.RAKUTEN,
    number=("注文番号", "受注番号"),
    signs=("商品名",),
    one_of=("楽天会員フラグ", "楽天確認中フラグ", "商品管理番号", "送付先住所それ以降の住所", "あす楽希望フラグ"),
    read=_order,
    columns={
        "注文番号": OrderField.NUMBER,
        "受注番号": OrderField.NUMBER,
        "注文日時": OrderField.ORDERED_AT,
        "ステータス": OrderField.STATUS,
        "注文者姓": OrderField.BUYER_NAME,
        "注文者名": OrderField.BUYER_NAME,
        "注文者姓カナ": OrderField.BUYER_KANA,
        "注文者名カナ": OrderField.BUYER_KANA,
        "注文者メールアドレス": OrderField.BUYER_MAIL,
        "注文者電話番号1": OrderField.BUYER_PHONE,
        "注文者電話番号2": OrderField.BUYER_PHONE,
        "注文者電話番号3": OrderField.BUYER_PHONE,
        "送付先姓": OrderField.RECIPIENT_NAME,
        "送付先名": OrderField.RECIPIENT_NAME,
        "送付先郵便番号1": OrderField.RECIPIENT_POSTCODE,
        "送付先郵便番号2": OrderField.RECIPIENT_POSTCODE,
        "送付先住所都道府県": OrderField.RECIPIENT_ADDRESS,
        "送付先住所郡市区": OrderField.RECIPIENT_ADDRESS,
        "送付先住所それ以降の住所": OrderField.RECIPIENT_ADDRESS,
        "商品名": OrderField.PRODUCT,
        "商品番号": OrderField.SKU,
        "単価": OrderField.UNIT_PRICE,
        "個数": OrderField.QUANTITY,
        "送料合計": OrderField.SHIPPING,
        "代引料合計": OrderField.FEE,
        "請求金額": OrderField.TOTAL,
        "支払方法名": OrderField.PAYMENT,
        "お荷物伝票番号": OrderField.TRACKING,
        "発送完了報告日時": OrderField.SHIPPED_AT,
        "お届け日指定": OrderField.WISHED_ON,
        "コメント": OrderField.REMARK,
    },
)
