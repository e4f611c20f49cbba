"""Commerce's part of the demo: products, customers with all their addresses, and orders, from the story's values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from anshin.commerce.actions import add_contact, recognise_customer, take_in_orders
from anshin.commerce.models import Customer, Product
from anshin.commerce.terms import (
    Buyer,
    Carrier,
    ContactKind,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    PaymentMethod,
    Recipient,
    SalesChannel,
)
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.shops.models import Shop

STORY = Actor(kind="system", id=None, name="demo")


def fill(
    shop: Shop, *, customers: Iterable[Any], products: Iterable[Any], orders: Iterable[Any], now: datetime
) -> None:
    """Take in what the story tells of a shop's goods, customers and orders. Inside a transaction."""
    goods = {product.sku: product for product in products}
    Product.objects.bulk_create(
        Product(
            shop=shop,
            sku=product.sku,
            name=product.name,
            name_en=product.name_en,
            variant=product.variant,
            price_yen=product.price_yen,
        )
        for product in goods.values()
    )
    people = {customer.key: customer for customer in customers}
    for customer in people.values():
        _customer(shop, customer, now)
    told = [_order(order, people[order.customer], goods) for order in orders]
    take_in_orders(shop=shop, orders=told, now=now, by=STORY)


def _customer(shop: Shop, told: Any, now: datetime) -> None:
    if not told.mails:
        return
    row = recognise_customer(shop=shop, mail=told.mails[0], name=told.name, now=now)
    for mail in told.mails[1:]:
        add_contact(shop=shop, customer=row, kind=ContactKind.MAIL, value=mail, now=now)
    if told.phone:
        add_contact(shop=shop, customer=row, kind=ContactKind.PHONE, value=told.phone, now=now)
    Customer.objects.filter(pk=row.pk).update(
        kana=told.kana, member_since_on=told.since, language=told.language, name=told.name
    )


def _order(told: Any, customer: Any, goods: dict[str, Any]) -> IncomingOrder:
    recipient = told.recipient or customer
    return IncomingOrder(
        channel=SalesChannel(told.channel),
        number=told.number,
        ordered_at=told.ordered_at,
        buyer=Buyer(
            name=customer.name,
            kana=customer.kana,
            mail=customer.mails[0] if customer.mails else "",
            phone=customer.phone,
        ),
        recipient=Recipient(
            name=recipient.name, postcode=recipient.postcode, lines=recipient.address, phone=recipient.phone
        ),
        lines=tuple(
            IncomingLine(
                name=goods[line.sku].name,
                variant=goods[line.sku].variant,
                sku=line.sku,
                quantity=line.quantity,
                unit_price_yen=line.unit_price_yen,
            )
            for line in told.lines
        ),
        shipping_yen=told.shipping_fee_yen,
        total_yen=told.total_yen,
        payments=(
            IncomingPayment(
                method=PaymentMethod(told.payment.method), due_on=told.payment.due_on, paid_at=told.payment.paid_at
            ),
        ),
        shipments=tuple(
            IncomingShipment(
                carrier=Carrier(parcel.carrier),
                tracking_number=parcel.tracking,
                shipped_at=parcel.shipped_at,
                delivered_at=parcel.delivered_at,
            )
            for parcel in told.shipments
        ),
        is_cancelled=told.cancelled_at is not None,
        cancelled_at=told.cancelled_at,
        is_gift=told.gift,
        wished_on=told.wished_on,
        remark=told.remarks,
    )
