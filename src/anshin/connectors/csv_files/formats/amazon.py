"""Amazon's order reports (tab-separated): the one for shipping and the one of all orders. Sources: README.md."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anshin.commerce.terms import Buyer, IncomingLine, IncomingOrder, OrderField, Recipient, SalesChannel
from anshin.connectors.csv_files import cells, words
from anshin.connectors.csv_files.cells import BadCell, Row
from anshin.connectors.csv_files.formats import shape


def _order(rows: Sequence[Row], zone: ZoneInfo) -> IncomingOrder:
    first = rows[0]
    _refuse_other_currency(first)
    has_prices = all(row.text("item-price") for row in rows)
    return IncomingOrder(
        channel=SalesChannel.AMAZON,
        number=cells.order_number(first.text("order-id", "amazon-order-id")),
        ordered_at=shape.ordered_at(first, "purchase-date", zone=zone),
        buyer=Buyer(
            name=first.text("buyer-name", "recipient-name"),
            mail=first.text("buyer-email"),
            phone=first.text("buyer-phone-number"),
        ),
        recipient=_recipient(first),
        lines=tuple(_line(row) for row in rows),
        shipping_yen=sum(row.yen("shipping-price") or 0 for row in rows),
        fee_yen=sum(row.yen("gift-wrap-price") or 0 for row in rows),
        discount_yen=sum(shape.sum_of(row, "item-promotion-discount", "ship-promotion-discount") for row in rows),
        total_yen=_total(rows) if has_prices else None,
        payments=shape.payment(
            first.text("payment-method", "payment-type"), paid_at=first.moment("payments-date", zone=zone)
        ),
        is_cancelled=words.says_cancelled(first.text("order-status")),
        wished_on=shape.wished_on(first, "scheduled-delivery-start-date"),
        remark=first.text("delivery-Instructions"),
    )


def _refuse_other_currency(row: Row) -> None:
    currency = row.text("currency").upper()
    if currency not in {"", "JPY"}:
        raise BadCell(_("The order is in %(currency)s; only yen can be taken in.") % {"currency": currency})


def _recipient(row: Row) -> Recipient:
    address = row.joined("ship-state", "ship-city", "ship-address-1", "ship-address-2", "ship-address-3")
    return Recipient(
        name=row.text("recipient-name"),
        postcode=cells.postcode(row.text("ship-postal-code")),
        lines=address,
        phone=row.text("ship-phone-number"),
    )


def _total(rows: Sequence[Row]) -> int:
    """Prices are those of all pieces of a row, with tax; discounts are positive or negative by report."""
    prices = sum(shape.sum_of(row, "item-price", "shipping-price", "gift-wrap-price") for row in rows)
    return prices - sum(shape.sum_of(row, "item-promotion-discount", "ship-promotion-discount") for row in rows)


def _line(row: Row) -> IncomingLine:
    quantity = row.pieces("quantity-purchased", "quantity") or 0
    price = row.yen("item-price")
    return IncomingLine(
        name=row.text("product-name", "sku"),
        quantity=quantity,
        unit_price_yen=price if price is None else round(price / max(quantity, 1)),
        sku=row.text("sku"),
    )


_COLUMNS = {
    "order-id": OrderField.NUMBER,
    "amazon-order-id": OrderField.NUMBER,
    "purchase-date": OrderField.ORDERED_AT,
    "order-status": OrderField.STATUS,
    "buyer-name": OrderField.BUYER_NAME,
    "buyer-email": OrderField.BUYER_MAIL,
    "buyer-phone-number": OrderField.BUYER_PHONE,
    "recipient-name": OrderField.RECIPIENT_NAME,
    "ship-postal-code": OrderField.RECIPIENT_POSTCODE,
    "ship-state": OrderField.RECIPIENT_ADDRESS,
    "ship-city": OrderField.RECIPIENT_ADDRESS,
    "ship-address-1": OrderField.RECIPIENT_ADDRESS,
    "ship-address-2": OrderField.RECIPIENT_ADDRESS,
    "ship-address-3": OrderField.RECIPIENT_ADDRESS,
    "ship-phone-number": OrderField.RECIPIENT_PHONE,
    "product-name": OrderField.PRODUCT,
    "sku": OrderField.SKU,
    "quantity-purchased": OrderField.QUANTITY,
    "quantity": OrderField.QUANTITY,
    "item-price": OrderField.UNIT_PRICE,
    "shipping-price": OrderField.SHIPPING,
    "gift-wrap-price": OrderField.FEE,
    "item-promotion-discount": OrderField.DISCOUNT,
    "ship-promotion-discount": OrderField.DISCOUNT,
    "payment-method": OrderField.PAYMENT,
    "payments-date": OrderField.PAID_AT,
}
ORDER_REPORT = shape.Format(
    key="amazon",
    name=gettext_lazy("Amazon order report"),
    channel=SalesChannel.AMAZON,
    number=("order-id",),
    signs=("order-item-id", "purchase-date", "quantity-purchased"),
    read=_order,
    columns=_COLUMNS,
)
ALL_ORDERS = shape.Format(
    key="amazon_all",
    name=gettext_lazy("Amazon all orders"),
    channel=SalesChannel.AMAZON,
    number=("amazon-order-id",),
    signs=("purchase-date", "order-status", "product-name"),
    read=_order,
    columns=_COLUMNS,
)
