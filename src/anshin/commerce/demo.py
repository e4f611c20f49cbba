"""The customers, products and orders of the demo shop, taken in the way real ones are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from django.db import transaction

from anshin.commerce.actions.customers import recognise_buyers
from anshin.commerce.actions.orders import take_in_orders
from anshin.commerce.models import Customer, Product
from anshin.commerce.terms import (
    Buyer,
    Carrier,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    PaymentMethod,
    ProductTag,
    Recipient,
    SalesChannel,
)
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_TOGETHER = 25  # orders with one journal moment


class ToldCustomer(Protocol):
    """A customer as the story tells them."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kana(self) -> str: ...
    @property
    def mails(self) -> tuple[str, ...]: ...
    @property
    def phone(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def since(self) -> date | None: ...


class ToldProduct(Protocol):
    """A product as the story tells it."""

    @property
    def sku(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def variant(self) -> str: ...
    @property
    def price_yen(self) -> int: ...
    @property
    def tax_percent(self) -> int: ...
    @property
    def lead_days(self) -> int: ...


class ToldLine(Protocol):
    """A position as the story tells it."""

    @property
    def sku(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_price_yen(self) -> int: ...


class ToldPayment(Protocol):
    """A payment as the story tells it."""

    @property
    def method(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def paid_at(self) -> datetime | None: ...


class ToldShipment(Protocol):
    """A parcel as the story tells it."""

    @property
    def carrier(self) -> str: ...
    @property
    def tracking(self) -> str: ...
    @property
    def shipped_at(self) -> datetime: ...
    @property
    def delivered_at(self) -> datetime | None: ...


class ToldRecipient(Protocol):
    """Another recipient than the buyer, as the story tells them."""

    @property
    def name(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def phone(self) -> str: ...


class ToldOrder(Protocol):
    """An order as the story tells it."""

    @property
    def number(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def customer(self) -> str: ...
    @property
    def ordered_at(self) -> datetime: ...
    @property
    def lines(self) -> Sequence[ToldLine]: ...
    @property
    def shipping_fee_yen(self) -> int: ...
    @property
    def total_yen(self) -> int: ...
    @property
    def payment(self) -> ToldPayment: ...
    @property
    def shipments(self) -> Sequence[ToldShipment]: ...
    @property
    def recipient(self) -> ToldRecipient | None: ...
    @property
    def gift(self) -> bool: ...
    @property
    def wished_on(self) -> date | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...
    @property
    def order_mail(self) -> str: ...
    @property
    def remarks(self) -> str: ...


@transaction.atomic
def fill(
    shop: Shop,
    *,
    customers: Iterable[ToldCustomer],
    products: Iterable[ToldProduct],
    orders: Iterable[ToldOrder],
    now: datetime,
) -> None:
    """Take the story's products, customers and orders in, the orders in the order of their days."""
    known = {customer.key: customer for customer in customers}
    goods = {product.sku: product for product in products}
    Product.objects.bulk_create([_product(shop, product) for product in goods.values()])
    _keep_customers(shop, list(known.values()), now)
    told = iter(sorted(orders, key=lambda order: (order.ordered_at, order.number)))
    by = Actor.system("import")
    while portion := list(islice(told, _TOGETHER)):
        incoming = [_incoming(order, known[order.customer], goods) for order in portion]
        take_in_orders(shop=shop, orders=incoming, now=min(portion[-1].ordered_at, now), by=by)


def _product(shop: Shop, product: ToldProduct) -> Product:
    return Product(
        shop=shop,
        sku=product.sku,
        name=product.name,
        name_en=product.name_en,
        variant=product.variant,
        price_yen=product.price_yen,
        tags=_tags(product),
    )


def _tags(product: ToldProduct) -> list[str]:
    food = [ProductTag.FOOD.value] if product.tax_percent == 8 else []
    return [*food, ProductTag.MADE_TO_ORDER.value] if product.lead_days else food


def _keep_customers(shop: Shop, told: Sequence[ToldCustomer], now: datetime) -> None:
    """Each customer with all their addresses; the first mail address finds them for the others."""
    first = [_buyer(customer, customer.mails[0] if customer.mails else "") for customer in told]
    kept = recognise_buyers(shop=shop, buyers=first, now=now)
    for row, customer in zip(kept, told, strict=True):
        row.member_since_on, row.language = customer.since, customer.language
    Customer.objects.bulk_update(kept, ["member_since_on", "language"])
    others = [_buyer(customer, mail) for customer in told for mail in customer.mails[1:]]
    recognise_buyers(shop=shop, buyers=others, now=now)


def _buyer(customer: ToldCustomer, mail: str) -> Buyer:
    return Buyer(name=customer.name, kana=customer.kana, mail=mail, phone=customer.phone)


def _incoming(order: ToldOrder, customer: ToldCustomer, goods: dict[str, ToldProduct]) -> IncomingOrder:
    mail = order.order_mail or (customer.mails[0] if customer.mails else "")
    return IncomingOrder(
        channel=SalesChannel(order.channel),
        number=order.number,
        ordered_at=order.ordered_at,
        buyer=_buyer(customer, mail),
        recipient=_recipient(order, customer),
        lines=tuple(
            IncomingLine(
                name=goods[line.sku].name,
                quantity=line.quantity,
                unit_price_yen=line.unit_price_yen,
                sku=line.sku,
                variant=goods[line.sku].variant,
                tax_rate=goods[line.sku].tax_percent,
            )
            for line in order.lines
        ),
        shipping_yen=order.shipping_fee_yen,
        total_yen=order.total_yen,
        payments=(_payment(order),),
        shipments=tuple(
            IncomingShipment(Carrier(sent.carrier), sent.tracking, sent.shipped_at, sent.delivered_at)
            for sent in order.shipments
        ),
        is_cancelled=order.cancelled_at is not None,
        cancelled_at=order.cancelled_at,
        is_gift=order.gift,
        wished_on=order.wished_on,
        remark=order.remarks,
    )


def _payment(order: ToldOrder) -> IncomingPayment:
    method = PaymentMethod(order.payment.method)
    by_card = method == PaymentMethod.CARD and order.payment.paid_at is not None
    digits = "".join(filter(str.isdigit, order.number))[-4:]
    return IncomingPayment(
        method,
        due_on=order.payment.due_on,
        paid_at=order.payment.paid_at,
        reference=f"ch_demo_{order.number}" if by_card else "",
        account_hint=digits if by_card else "",
    )


def _recipient(order: ToldOrder, customer: ToldCustomer) -> Recipient:
    if order.recipient is None:
        return Recipient(customer.name, customer.postcode, customer.address, customer.phone)
    other = order.recipient
    return Recipient(other.name, other.postcode, other.address, other.phone)
