"""Shopify's orders_export.csv: an order's first row tells everything, further rows one item. Sources: README.md."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, OrderField, Recipient, SalesChannel
from anshin.connectors.csv_files import cells
from anshin.connectors.csv_files.cells import BadCell, Row
from anshin.connectors.csv_files.formats import shape


def _order(rows: Sequence[Row], zone: ZoneInfo) -> IncomingOrder:
    first = rows[0]
    currency = first.text("Currency").upper()
    if currency not in {"", "JPY"}:
        raise BadCell(_("The order is in %(currency)s; only yen can be taken in.") % {"currency": currency})
    cancelled_at = first.moment("Cancelled at", zone=zone)
    return IncomingOrder(
        channel=SalesChannel.SHOPIFY,
        number=cells.order_number(first.text("Name")),
        ordered_at=shape.ordered_at(first, "Created at", zone=zone),
        buyer=Buyer(
            name=first.text("Billing Name", "Shipping Name"),
            mail=first.text("Email"),
            phone=first.text("Phone", "Billing Phone", "Shipping Phone"),
        ),
        recipient=_recipient(first),
        lines=tuple(_line(row) for row in rows if row.text("Lineitem name")),
        shipping_yen=first.yen("Shipping") or 0,
        discount_yen=first.yen("Discount Amount") or 0,
        total_yen=first.yen("Total"),
        payments=shape.payment(first.text("Payment Method"), paid_at=first.moment("Paid at", zone=zone)),
        shipments=shape.shipment(first.text("Shipping Method"), "", first.moment("Fulfilled at", zone=zone)),
        is_cancelled=cancelled_at is not None or first.text("Financial Status").casefold() == "voided",
        cancelled_at=cancelled_at,
        remark=first.text("Notes"),
    )


def _recipient(row: Row) -> Recipient:
    return Recipient(
        name=row.text("Shipping Name"),
        postcode=cells.postcode(row.text("Shipping Zip")),
        lines=" ".join(
            filter(
                None,
                (
                    row.text("Shipping Province Name")
                    + row.text("Shipping City")
                    + row.text("Shipping Address1", "Shipping Street"),
                    row.text("Shipping Address2"),
                    row.text("Shipping Company"),
                ),
            )
        ),
        phone=row.text("Shipping Phone"),
    )


def _line(row: Row) -> IncomingLine:
    return IncomingLine(
        name=row.text("Lineitem name"),
        quantity=row.pieces("Lineitem quantity") or 1,
        unit_price_yen=row.yen("Lineitem price"),
        sku=row.text("Lineitem sku"),
    )


ORDERS = shape.Format(
    key="shopify",
    name=gettext_lazy("Shopify orders export"),
    channel=SalesChannel.SHOPIFY,
    number=("Name",),
    signs=("Lineitem name", "Lineitem quantity", "Created at"),
    read=_order,
    columns={
        "Name": OrderField.NUMBER,
        "Created at": OrderField.ORDERED_AT,
        "Email": OrderField.BUYER_MAIL,
        "Billing Name": OrderField.BUYER_NAME,
        "Phone": OrderField.BUYER_PHONE,
        "Billing Phone": OrderField.BUYER_PHONE,
        "Shipping Name": OrderField.RECIPIENT_NAME,
        "Shipping Zip": OrderField.RECIPIENT_POSTCODE,
        "Shipping Province Name": OrderField.RECIPIENT_ADDRESS,
        "Shipping City": OrderField.RECIPIENT_ADDRESS,
        "Shipping Address1": OrderField.RECIPIENT_ADDRESS,
        "Shipping Address2": OrderField.RECIPIENT_ADDRESS,
        "Shipping Phone": OrderField.RECIPIENT_PHONE,
        "Lineitem name": OrderField.PRODUCT,
        "Lineitem sku": OrderField.SKU,
        "Lineitem quantity": OrderField.QUANTITY,
        "Lineitem price": OrderField.UNIT_PRICE,
        "Shipping": OrderField.SHIPPING,
        "Discount Amount": OrderField.DISCOUNT,
        "Total": OrderField.TOTAL,
        "Payment Method": OrderField.PAYMENT,
        "Paid at": OrderField.PAID_AT,
        "Fulfilled at": OrderField.SHIPPED_AT,
        "Cancelled at": OrderField.STATUS,
        "Notes": OrderField.REMARK,
    },
)
