"""The customers, products and orders of the demo shop, taken in the way real ones are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from anshin.commerce.actions.bank_accounts import give_account
from anshin.commerce.actions.customers import recognise_buyers
from anshin.commerce.actions.orders import take_in_orders
from anshin.commerce.actions.refund_settings import set_debtor
from anshin.commerce.actions.refunds import issue_refund, settle_by_hand
from anshin.commerce.actions.transfer_batches import (
    approve_batch,
    make_batch,
    mark_transfer_failed,
    mark_transfers_done,
    take_batch_file,
)
from anshin.commerce.forms import TypedAccount, read_account
from anshin.commerce.models import Customer, Order, Product, Refund, Stock
from anshin.commerce.queries.refunds import refundable_yen
from anshin.commerce.queries.transfers import days_for_transfers
from anshin.commerce.rules.bank_days import bank_days_after, is_bank_day
from anshin.commerce.terms import (
    AccountKind,
    Buyer,
    Carrier,
    IncomingLine,
    IncomingOrder,
    IncomingPayment,
    IncomingShipment,
    PaymentMethod,
    ProductTag,
    Recipient,
    RefundWay,
    SalesChannel,
)
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_LEAST_YEN = 1_000
_DEBTOR: dict[str, Any] = {
    "client_code": "0000412207",
    "client_name": "コモレビザッカテン",
    "bank_code": "0143",
    "branch_code": "210",
    "kind": AccountKind.ORDINARY,
    "number": "1204587",
    "has_line_ends": True,
}
_GIVEN_BACK = (  # yen, branch of the customer's bank ("" while they have not said it), why
    (1_980, "001", "片方の取っ手のゆるみ。一部返金で合意"),
    (2_640, "015", "数量違い。差額を返金"),
    (1_100, "004", "送料の取りすぎ"),
    (3_300, "009", "配送中の破損。代品なし"),
    (1_540, "020", "色違い。値引きで合意"),
    (2_200, "022", "欠品分の返金"),
    (1_320, "021", "包装の破れ。一部返金で合意"),
    (1_760, "", "初期不良。一部返金で合意"),
)
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
    @property
    def stock(self) -> int: ...


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
    _tell_stock(shop, goods, now - timedelta(minutes=25))
    _keep_customers(shop, list(known.values()), now)
    told = iter(sorted(orders, key=lambda order: (order.ordered_at, order.number)))
    by = Actor.system("import")
    while portion := list(islice(told, _TOGETHER)):
        incoming = [_incoming(order, known[order.customer], goods) for order in portion]
        take_in_orders(shop=shop, orders=incoming, now=min(portion[-1].ordered_at, now), by=by)


@transaction.atomic
def pay_back(shop: Shop, *, staff: Mapping[str, Membership], proof: bytes, now: datetime) -> None:
    """Refunds of orders that were paid at the door or in a shop: a batch of which one transfer failed, one that waits
    for the second person, one paid by hand with its proof, two that wait. `staff`: by key."""
    clerk, owner = staff["saeki"], staff["anju"]
    set_debtor(by=owner, now=now - 200 * _DAY, **_DEBTOR)
    told = list(zip(_paid_at_the_door(shop), _GIVEN_BACK, strict=False))
    asked = [_asked(clerk, order, given, now) for order, given in told]
    first, draft = asked[:3], asked[3:5]
    made_at = _bank_days_before(now, 4)
    transfer_on = bank_days_after(timezone.localdate(made_at, ZoneInfo(shop.zone)), 1)
    batch = make_batch(by=clerk, transfer_on=transfer_on, refund_ids=[each.pk for each in first], now=made_at)
    approve_batch(by=owner, batch_id=batch.pk, now=made_at + _HOUR)
    take_batch_file(by=clerk, batch_id=batch.pk, now=made_at + _HOUR)
    marked_at = _bank_days_before(now, 2)
    mark_transfers_done(by=clerk, batch_id=batch.pk, positions=[1, 3], now=marked_at)
    mark_transfer_failed(by=clerk, batch_id=batch.pk, position=2, reason="口座名義相違", now=marked_at)
    made_at = _bank_days_before(now, 0)
    transfer_on = days_for_transfers(shop, now=now)[1]
    make_batch(by=clerk, transfer_on=transfer_on, refund_ids=[each.pk for each in draft], now=made_at)
    settle_by_hand(
        by=clerk,
        refund_id=asked[5].pk,
        reference="2026112401",
        proof=proof,
        proof_name="振込明細.pdf",
        moved_on=timezone.localdate(marked_at, ZoneInfo(shop.zone)),
        now=marked_at,
    )


def _tell_stock(shop: Shop, goods: Mapping[str, ToldProduct], at: datetime) -> None:
    """The list that the cart gave out this morning; what is sold out comes again in the middle of next month."""
    next_on = (timezone.localdate(at, ZoneInfo(shop.zone)).replace(day=1) + timedelta(days=32)).replace(day=15)
    Stock.objects.bulk_create(
        Stock(
            shop=shop,
            product=product,
            quantity=goods[product.sku].stock,
            next_on=None if goods[product.sku].stock else next_on,
            told_at=at,
        )
        for product in Product.objects.filter(shop=shop, sku__in=goods)
    )


def _asked(by: Membership, order: Order, given: tuple[int, str, str], now: datetime) -> Refund:
    amount_yen, branch, reason = given
    at = _bank_days_before(now, 6)
    account_id = None
    if branch:
        typed = TypedAccount("0001", branch, AccountKind.ORDINARY, f"{7_000_000 + order.pk}", order.customer.kana)
        read = read_account(typed, language="ja")
        account_id = give_account(by=by, customer_id=order.customer_id, account=read, now=at).pk
    return issue_refund(
        by=by,
        order_id=order.pk,
        amount_yen=min(amount_yen, order.total_yen),
        way=RefundWay.BANK,
        key=f"demo-{order.pk}",
        reason=reason,
        account_id=account_id,
        now=at,
    )


def _paid_at_the_door(shop: Shop) -> list[Order]:
    """Orders that were delivered and paid in money, newest first, each of another customer."""
    paid = Order.objects.filter(
        shop=shop,
        payments__method__in=[PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.CONVENIENCE],
        shipments__delivered_at__isnull=False,
        cancelled_at=None,
        refunded_yen=0,
    )
    found = paid.select_related("customer", "shop").exclude(customer__kana="").order_by("-ordered_at", "id").distinct()
    able = [order for order in found[:60] if refundable_yen(order) >= _LEAST_YEN]
    return list({order.customer_id: order for order in able}.values())


def _bank_days_before(now: datetime, count: int) -> datetime:
    """So many bank days ago, in the morning; with 0 today, a while ago."""
    if not count:
        return now - _HOUR
    day = now
    while count:
        day -= _DAY
        count -= is_bank_day(day.date())
    return day.replace(hour=1, minute=20)


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
