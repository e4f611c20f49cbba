"""Orders and their items as Yahoo! Shopping's ストアクリエイターPro writes them, in two files. Sources: README.md."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.commerce.terms import (
    Buyer,
    IncomingLine,
    IncomingLines,
    IncomingOrder,
    IncomingShipment,
    OrderField,
    Recipient,
    SalesChannel,
)
from anshin.connectors.csv_files import cells, words
from anshin.connectors.csv_files.cells import BadCell, Row
from anshin.connectors.csv_files.formats import shape

_CANCELLED = "4"


def _order(rows: Sequence[Row], zone: ZoneInfo) -> IncomingOrder:
    first = rows[0]
    return IncomingOrder(
        channel=SalesChannel.YAHOO,
        number=cells.order_number(first.text("OrderId", "Id")),
        ordered_at=shape.ordered_at(first, "OrderTime", zone=zone),
        buyer=Buyer(
            name=first.joined("BillLastName", "BillFirstName", by=" ") or first.text("BillName"),
            kana=first.joined("BillLastNameKana", "BillFirstNameKana", by=" ") or first.text("BillNameKana"),
            mail=first.text("BillMailAddress"),
            phone=first.text("BillPhoneNumber"),
        ),
        recipient=_recipient(first),
        lines=tuple(_line(row) for row in rows if row.text("Title")),
        shipping_yen=first.yen("ShipCharge") or 0,
        fee_yen=shape.sum_of(first, "PayCharge", "GiftWrapCharge"),
        discount_yen=shape.sum_of(first, "Discount", "UsePoint", "TotalMallCouponDiscount", "TotalCouponDiscount"),
        total_yen=first.yen("TotalPrice", "Total"),
        payments=shape.payment(
            first.text("PayMethodName", "PayMethod"), paid_at=first.moment("PayDate", "PayActionTime", zone=zone)
        ),
        shipments=_parcels(first, zone),
        is_cancelled=first.text("OrderStatus") == _CANCELLED or words.says_cancelled(first.text("OrderStatus")),
        is_gift=first.text("NeedGiftWrap").casefold() in {"1", "true"},
        wished_on=shape.wished_on(first, "ShipRequestDate"),
        remark=first.text("BuyerComments"),
    )


def _recipient(row: Row) -> Recipient:
    return Recipient(
        name=row.joined("ShipLastName", "ShipFirstName", by=" ") or row.text("ShipName"),
        postcode=cells.postcode(row.text("ShipZipCode")),
        lines=row.joined("ShipPrefecture", "ShipCity", "ShipAddress1", "ShipAddress2"),
        phone=row.text("ShipPhoneNumber"),
    )


def _parcels(row: Row, zone: ZoneInfo) -> tuple[IncomingShipment, ...]:
    carrier = row.text("ShipCompanyCode", "ShipMethodName")
    shipped_at = row.moment("ShipDate", zone=zone)
    arrived_at = row.moment("ArrivalDate", zone=zone)
    numbers = [row.text("ShipInvoiceNumber1"), row.text("ShipInvoiceNumber2")]
    parcels = [
        parcel for number in numbers if number for parcel in shape.shipment(carrier, number, shipped_at, arrived_at)
    ]
    return tuple(parcels) or shape.shipment(carrier, "", shipped_at, arrived_at)


def _items(rows: Sequence[Row], zone: ZoneInfo) -> IncomingLines:  # noqa: ARG001  the shape of every reader
    number = cells.order_number(rows[0].text("OrderId", "Id"))
    lines = tuple(_line(row) for row in rows if row.text("Title", "ItemId"))
    if not lines:
        raise BadCell(_("The name of the product is missing."))
    return IncomingLines(SalesChannel.YAHOO, number, lines)


def _line(row: Row) -> IncomingLine:
    return IncomingLine(
        name=row.text("Title", "ItemId"),
        quantity=row.pieces("Quantity") or 1,
        unit_price_yen=row.yen("UnitPrice"),
        sku=row.text("SubCode", "ItemId"),
        variant=row.text("ItemOption", "SubCodeOption", "ItemOptionValue"),
    )


_NUMBER = {"OrderId": OrderField.NUMBER, "Id": OrderField.NUMBER}
_ITEM_COLUMNS = {
    "Title": OrderField.PRODUCT,
    "ItemId": OrderField.SKU,
    "SubCode": OrderField.SKU,
    "ItemOption": OrderField.VARIANT,
    "Quantity": OrderField.QUANTITY,
    "UnitPrice": OrderField.UNIT_PRICE,
}
ORDERS = shape.Format(
    key="yahoo",
    name=gettext_lazy("Yahoo! Shopping orders"),
    channel=SalesChannel.YAHOO,
    number=("OrderId", "Id"),
    signs=("OrderTime",),
    one_of=("BillMailAddress", "BillLastName", "BillName", "ShipLastName", "ShipName", "ShipZipCode"),
    read=_order,
    columns={
        **_NUMBER,
        **_ITEM_COLUMNS,
        "OrderTime": OrderField.ORDERED_AT,
        "OrderStatus": OrderField.STATUS,
        "BillLastName": OrderField.BUYER_NAME,
        "BillFirstName": OrderField.BUYER_NAME,
        "BillName": OrderField.BUYER_NAME,
        "BillLastNameKana": OrderField.BUYER_KANA,
        "BillFirstNameKana": OrderField.BUYER_KANA,
        "BillMailAddress": OrderField.BUYER_MAIL,
        "BillPhoneNumber": OrderField.BUYER_PHONE,
        "ShipLastName": OrderField.RECIPIENT_NAME,
        "ShipFirstName": OrderField.RECIPIENT_NAME,
        "ShipName": OrderField.RECIPIENT_NAME,
        "ShipZipCode": OrderField.RECIPIENT_POSTCODE,
        "ShipPrefecture": OrderField.RECIPIENT_ADDRESS,
        "ShipCity": OrderField.RECIPIENT_ADDRESS,
        "ShipAddress1": OrderField.RECIPIENT_ADDRESS,
        "ShipAddress2": OrderField.RECIPIENT_ADDRESS,
        "ShipPhoneNumber": OrderField.RECIPIENT_PHONE,
        "ShipCharge": OrderField.SHIPPING,
        "PayCharge": OrderField.FEE,
        "Discount": OrderField.DISCOUNT,
        "UsePoint": OrderField.DISCOUNT,
        "TotalPrice": OrderField.TOTAL,
        "PayMethodName": OrderField.PAYMENT,
        "PayMethod": OrderField.PAYMENT,
        "PayDate": OrderField.PAID_AT,
        "ShipInvoiceNumber1": OrderField.TRACKING,
        "ShipDate": OrderField.SHIPPED_AT,
        "ShipRequestDate": OrderField.WISHED_ON,
        "BuyerComments": OrderField.REMARK,
    },
)
ITEMS = shape.Format(
    key="yahoo_items",
    name=gettext_lazy("Yahoo! Shopping items"),
    channel=SalesChannel.YAHOO,
    number=("OrderId", "Id"),
    signs=("LineId", "ItemId"),
    read=_items,
    columns={**_NUMBER, **_ITEM_COLUMNS},
)
