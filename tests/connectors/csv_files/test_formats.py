"""Each known file is recognised by its headings and read as its selling system means it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from anshin.commerce.ports import OrderInFile, RowsRefused
from anshin.commerce.terms import (
    Buyer,
    Carrier,
    IncomingLine,
    IncomingLines,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    OrderField,
    PaymentMethod,
    Recipient,
    SalesChannel,
)
from anshin.connectors.csv_files.adapter import CsvOrderFiles
from tests.connectors.csv_files import samples

TOKYO = ZoneInfo("Asia/Tokyo")
FILES = CsvOrderFiles()


def read(content: bytes, expected_format: str) -> list[OrderInFile | RowsRefused]:
    opened = FILES.open(content, "orders.csv")
    assert opened.format == expected_format
    return list(FILES.orders(opened, None, zone=TOKYO))


def told(item: OrderInFile | RowsRefused) -> IncomingOrder:
    assert isinstance(item, OrderInFile), item
    assert isinstance(item.told, IncomingOrder)
    return item.told


def test_rakuten_rows_of_one_number_are_one_order() -> None:
    second = {
        "商品名": "布\u3000巾",
        "商品番号": "",
        "単価": "880",
        "商品毎税込価格": "",
        "個数": "1",
        "項目・選択肢": "",
    }
    (item,) = read(samples.rakuten({}, second), "rakuten")
    assert [row.number for row in item.rows] == [2, 3]
    assert told(item) == IncomingOrder(
        channel=SalesChannel.RAKUTEN,
        number="421951-20261110-0302246615",
        ordered_at=datetime(2026, 11, 10, 0, 5, tzinfo=UTC),
        buyer=Buyer("髙橋 美咲", "タカハシ ミサキ", "abc123@pc.fw.rakuten.example", "90-1234-5678"),
        recipient=Recipient("髙橋 健", "060-0001", "北海道札幌市中央区北一条西①丁目", "011-222-3333"),
        lines=(
            IncomingLine("木の椅子①", 2, 12_100, "CHAIR-1", "色:ナラ 脚:丸"),
            IncomingLine("布\u3000巾", 1, 880, "chair-1", ""),
        ),
        shipping_yen=770,
        discount_yen=700,
        total_yen=25_070,
        payments=(IncomingPayment(PaymentMethod.CARD),),
        shipments=(IncomingShipment(Carrier.YAMATO, "1234-5678-9012", datetime(2026, 11, 12, 9, 0, tzinfo=UTC)),),
        is_gift=True,
        wished_on=date(2026, 11, 20),
        remark="夜に\r\nお願いします",
    )


def test_a_rakuten_order_is_cancelled_only_when_that_is_settled() -> None:
    waiting, settled = read(samples.rakuten({"ステータス": "800"}, {"注文番号": "9-9", "ステータス": "900"}), "rakuten")
    assert (told(waiting).is_cancelled, told(settled).is_cancelled) == (False, True)


def test_yahoo_orders_come_without_lines() -> None:
    (item,) = read(samples.table(samples.YAHOO_ORDER_HEADINGS, [samples.YAHOO_ORDER_ROW]), "yahoo")
    order = told(item)
    assert (order.number, order.lines, order.total_yen, order.fee_yen, order.discount_yen) == (
        "komorebi-10000021",
        (),
        2_350,
        200,
        150,
    )
    assert order.ordered_at == datetime(2026, 11, 11, 12, 30, tzinfo=UTC)
    assert order.buyer == Buyer("﨑山 直樹", "サキヤマ ナオキ", "naoki@example.jp", "0312345678")
    assert order.recipient == Recipient("﨑山 直樹", "100-0001", "東京都千代田区千代田1-1", "0312345678")
    assert order.payments == (
        IncomingPayment(PaymentMethod.PAYPAY, paid_at=datetime(2026, 11, 11, 12, 31, tzinfo=UTC)),
    )
    shipped_at = datetime(2026, 11, 11, 15, 0, tzinfo=UTC)
    assert order.shipments == (
        IncomingShipment(Carrier.SAGAWA, "400011112222", shipped_at),
        IncomingShipment(Carrier.SAGAWA, "400011113333", shipped_at),
    )
    assert (order.is_gift, order.wished_on, order.is_cancelled) == (True, None, False)


def test_yahoo_items_come_as_lines() -> None:
    rows = [
        {"OrderId": "komorebi-1", "LineId": "1", "ItemId": "cup", "Title": "茶碗", "UnitPrice": "900", "Quantity": "2"},
        {"OrderId": "komorebi-1", "LineId": "2", "ItemId": "pot", "Title": "急須", "SubCode": "pot-b",
         "ItemOption": "黒", "UnitPrice": "3,000", "Quantity": "1"},
    ]  # fmt: skip
    (item,) = read(samples.table(samples.YAHOO_ITEM_HEADINGS, rows), "yahoo_items")
    assert isinstance(item, OrderInFile)
    assert item.told == IncomingLines(
        SalesChannel.YAHOO,
        "komorebi-1",
        (IncomingLine("茶碗", 2, 900, "cup", ""), IncomingLine("急須", 1, 3_000, "pot-b", "黒")),
    )


def test_amazon_prices_are_those_of_all_pieces() -> None:
    content = samples.table(samples.AMAZON_HEADINGS, [samples.AMAZON_ROW], encoding="utf-8", delimiter="\t")
    (item,) = read(content, "amazon")
    order = told(item)
    assert order.lines == (IncomingLine("湯のみ", 2, 1_500, "CUP-1"),)
    assert (order.shipping_yen, order.discount_yen, order.total_yen) == (440, 300, 3_140)
    assert order.ordered_at == datetime(2026, 11, 15, 23, 30, tzinfo=UTC)
    assert order.recipient.lines == "大阪府大阪市北区1-2-3ハイツ201"
    assert order.payments[0].method == PaymentMethod.CONVENIENCE


def test_amazon_without_prices_tells_none() -> None:
    headings = [name for name in samples.AMAZON_HEADINGS if "price" not in name and name != "currency"]
    (item,) = read(samples.table(headings, [samples.AMAZON_ROW], delimiter="\t"), "amazon")
    assert told(item).lines == (IncomingLine("湯のみ", 2, None, "CUP-1"),)
    assert told(item).total_yen is None


def test_amazon_in_another_currency_is_refused() -> None:
    row = {**samples.AMAZON_ROW, "currency": "USD"}
    (item,) = read(samples.table(samples.AMAZON_HEADINGS, [row], delimiter="\t"), "amazon")
    assert isinstance(item, RowsRefused)
    assert "USD" in item.reason


def test_amazon_all_orders_know_the_cancelled() -> None:
    row = {
        "amazon-order-id": "249-0000000-0000001",
        "purchase-date": "2026-11-15T23:30:00+00:00",
        "order-status": "Cancelled",
        "product-name": "湯のみ",
        "quantity": "0",
        "item-price": "",
    }
    (item,) = read(samples.table(samples.AMAZON_ALL_HEADINGS, [row], delimiter="\t"), "amazon_all")
    assert told(item).is_cancelled
    assert told(item).lines == (IncomingLine("湯のみ", 0, None),)


def test_shopify_tells_everything_in_the_first_row() -> None:
    second = {"Name": "#1001", "Email": "emi@example.jp", "Lineitem quantity": "2", "Lineitem name": "茶こし",
              "Lineitem price": "250", "Created at": "2026-11-16 09:05:00 +0900"}  # fmt: skip
    (item,) = read(samples.table(samples.SHOPIFY_HEADINGS, [samples.SHOPIFY_ROW, second], encoding="utf-8"), "shopify")
    order = told(item)
    assert (order.number, order.ordered_at) == ("#1001", datetime(2026, 11, 16, 0, 5, tzinfo=UTC))
    assert order.lines == (IncomingLine("急須 - 黒", 1, 3_000, "POT-BK"), IncomingLine("茶こし", 2, 250))
    assert (order.total_yen, order.shipping_yen, order.discount_yen) == (3_700, 500, 300)
    assert order.recipient == Recipient("山﨑 恵美", "231-0005", "神奈川県横浜市中区本町1-1 メゾン101", "")
    assert order.payments == (IncomingPayment(PaymentMethod.CARD, paid_at=datetime(2026, 11, 16, 0, 6, tzinfo=UTC)),)
    assert order.shipments == (IncomingShipment(Carrier.YAMATO, "", datetime(2026, 11, 17, 1, 0, tzinfo=UTC)),)
    assert order.remark == "急ぎ"


def test_a_cancelled_shopify_order_says_when() -> None:
    row = {**samples.SHOPIFY_ROW, "Cancelled at": "2026-11-16 12:00:00 +0900"}
    (item,) = read(samples.table(samples.SHOPIFY_HEADINGS, [row]), "shopify")
    assert (told(item).is_cancelled, told(item).cancelled_at) == (True, datetime(2026, 11, 16, 3, tzinfo=UTC))


def test_ec_cube_positions_are_goods_fees_and_discounts() -> None:
    fee = {**samples.EC_CUBE_ROW, "商品名": "手数料", "価格": "300", "個数": "1", "明細区分(ID)": "3"}
    discount = {**samples.EC_CUBE_ROW, "商品名": "値引き", "価格": "-200", "明細区分(ID)": "4"}
    (item,) = read(samples.table(samples.EC_CUBE_HEADINGS, [samples.EC_CUBE_ROW, fee, discount]), "ec_cube")
    order = told(item)
    assert order.lines == (IncomingLine("布巾", 2, 1_100, "CLOTH", "藍 大"),)
    assert (order.shipping_yen, order.fee_yen, order.discount_yen, order.total_yen) == (660, 330, 200, 2_990)
    assert order.payments == (
        IncomingPayment(PaymentMethod.BANK_TRANSFER, paid_at=datetime(2026, 11, 15, 3, 0, tzinfo=UTC)),
    )
    assert (order.shipments, order.wished_on) == ((), date(2026, 11, 18))
    assert order.recipient.postcode == "060-0001"


def test_headings_may_be_spelled_wide_and_spaced() -> None:
    headings = [heading.replace("(", "（").replace(")", "） ") for heading in samples.EC_CUBE_HEADINGS]
    rows = [{heading.replace("(", "（").replace(")", "） "): cell for heading, cell in samples.EC_CUBE_ROW.items()}]
    (item,) = read(samples.table(headings, rows, encoding="utf-8-sig"), "ec_cube")
    assert told(item).buyer.name == "内田 徹"


def test_a_file_of_no_known_format_gets_a_proposal() -> None:
    content = "受注番号,受注日時,氏名,e-mail,謎\r\nA-1,2026/11/16,髙橋,a@example.jp,x\r\n".encode("cp932")
    opened = FILES.open(content, "orders.csv")
    assert (opened.format, opened.plan.channel) == ("", SalesChannel.OWN)
    assert opened.plan.fields == (
        OrderField.NUMBER,
        OrderField.ORDERED_AT,
        OrderField.BUYER_NAME,
        OrderField.BUYER_MAIL,
        None,
    )
    (item,) = FILES.orders(opened, opened.plan, zone=TOKYO)
    assert told(item) == IncomingOrder(
        channel=SalesChannel.OWN,
        number="A-1",
        ordered_at=datetime(2026, 11, 15, 15, 0, tzinfo=UTC),
        buyer=Buyer("髙橋", "", "a@example.jp", ""),
    )


def test_columns_of_one_meaning_are_put_together() -> None:
    text = (
        "注文番号,注文日,注文時刻,姓,名,都道府県,住所1,商品名,単価,数量,送料,状態\r\n"
        "A-1,2026/11/16,9:05,髙橋,美咲,東京都,千代田1-1,茶碗,900,２,500,\r\n"
        'A-1,2026/11/16,9:05,髙橋,美咲,東京都,千代田1-1,急須,"3,000円",1個,500,\r\n'
        "A-2,2026/11/16,9:06,佐藤,健,大阪府,北区1,茶碗,900,1,500,キャンセル\r\n"
    )
    opened = FILES.open(text.encode("utf-8"), "orders.csv")
    fields = list(opened.plan.fields)
    assert fields[2] is None
    fields[2] = OrderField.ORDERED_AT
    plan = type(opened.plan)(SalesChannel.OTHER, tuple(fields))
    first, second = (told(item) for item in FILES.orders(opened, plan, zone=TOKYO))
    assert first.ordered_at == datetime(2026, 11, 16, 0, 5, tzinfo=UTC)
    assert (first.buyer.name, first.recipient.lines) == ("髙橋 美咲", "東京都千代田1-1")
    assert first.lines == (IncomingLine("茶碗", 2, 900), IncomingLine("急須", 1, 3_000))
    assert (first.shipping_yen, first.total_yen, second.is_cancelled) == (500, None, True)


def test_rows_of_one_order_may_lie_apart() -> None:
    other = {"注文番号": "421951-20261110-0000000002"}
    items = read(samples.rakuten({}, other, {"商品名": "布巾"}), "rakuten")
    assert [[row.number for row in item.rows] for item in items] == [[3], [2, 4]]


def test_a_row_without_a_number_is_refused_alone() -> None:
    items = read(samples.rakuten({"注文番号": ""}, {}), "rakuten")
    assert isinstance(items[0], RowsRefused)
    assert [row.number for row in items[0].rows] == [2]
    assert told(items[1]).number == samples.RAKUTEN_ROW["注文番号"]


def test_a_number_that_excel_rounded_is_refused() -> None:
    (item,) = read(samples.rakuten({"注文番号": "4.21951E+15"}), "rakuten")
    assert isinstance(item, RowsRefused)
    assert "4.21951E+15" in item.reason


def test_one_bad_row_refuses_its_whole_order() -> None:
    items = read(samples.rakuten({}, {"個数": "たくさん"}, {"注文番号": "9-9"}), "rakuten")
    assert isinstance(items[0], RowsRefused)
    assert [row.number for row in items[0].rows] == [2, 3]
    assert "個数" in items[0].reason
    assert "たくさん" in items[0].reason
    assert told(items[1]).number == "9-9"
