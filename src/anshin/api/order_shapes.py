"""Orders as other programs see and bring them. Yen are whole, tax included."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import Field, StringConstraints

from anshin.api.shapes import Day, Flag, Listed, Moment, Shape, Told, Whole
from anshin.commerce.terms import Carrier, ImportState, OrderState, PaymentMethod, SalesChannel
from anshin.language.sensitive_numbers import masked

if TYPE_CHECKING:
    from anshin.commerce.models import Order, OrderImport, OrderLine, Payment, RefusedRow, Shipment
    from anshin.commerce.queries import OrderCard

_PLAIN = r"^[^\x00]*$"
Channel = Literal["own", "rakuten", "yahoo", "amazon", "shopify", "ec_cube", "other"]
Method = Literal["card", "cod", "bank_transfer", "convenience", "deferred", "amazon_pay", "paypay", "carrier", "other"]
CarrierCode = Literal["yamato", "sagawa", "japan_post", "other"]
Progress = Literal["mapping", "ready", "running", "done", "refused"]
Yen = Annotated[Whole, Field(ge=0, le=10**12)]
Short = Annotated[str, StringConstraints(max_length=80, pattern=_PLAIN)]
Name = Annotated[str, StringConstraints(max_length=200, pattern=_PLAIN)]


class OrderOut(Shape):
    """One order as a list shows it."""

    id: int
    number: str = Field(examples=["KM-10001"])
    channel: str = Field(examples=["own"])
    state: str = Field(examples=["shipped"])
    customer_id: int
    ordered_at: datetime
    cancelled_at: datetime | None = None
    total_yen: int = Field(examples=[5480])
    refunded_yen: int
    is_gift: bool


class OrderList(Listed[OrderOut]):
    """One page of orders, the newest first."""


class LineOut(Shape):
    """One position."""

    sku: str
    name: str
    variant: str
    quantity: int
    unit_price_yen: int
    tax_rate: int


class PaymentOut(Shape):
    """How it is paid."""

    method: str
    amount_yen: int
    due_on: date | None = None
    paid_at: datetime | None = None


class ShipmentOut(Shape):
    """One parcel."""

    carrier: str
    tracking_number: str
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


class RecipientOut(Shape):
    """Where it goes."""

    name: str
    postcode: str
    address: str
    phone: str


class OrderDetail(OrderOut):
    """One order with all that is known."""

    shipping_yen: int
    fee_yen: int
    discount_yen: int
    wished_on: date | None = None
    recipient: RecipientOut
    remark: str
    lines: list[LineOut]
    payments: list[PaymentOut]
    shipments: list[ShipmentOut]


class BuyerIn(Told):
    """Who ordered. The mail address says whose order it is."""

    name: Name = Field(default="", examples=["山本 花"])
    kana: Name = ""
    mail: Annotated[str, StringConstraints(max_length=254, pattern=_PLAIN)] = Field(
        default="", examples=["hana@example.jp"]
    )
    phone: Annotated[str, StringConstraints(max_length=40, pattern=_PLAIN)] = ""


class RecipientIn(Told):
    """Where the parcel goes."""

    name: Name = ""
    postcode: Annotated[str, StringConstraints(max_length=16, pattern=_PLAIN)] = Field(
        default="", examples=["150-0001"]
    )
    address: Annotated[str, StringConstraints(max_length=400, pattern=_PLAIN)] = Field(
        default="", examples=["東京都渋谷区神宮前1-2-3"]
    )
    phone: Annotated[str, StringConstraints(max_length=40, pattern=_PLAIN)] = ""


class LineIn(Told):
    """One position."""

    sku: Short = Field(default="", examples=["BOWL-01"])
    name: Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)] = Field(default="", examples=["木の器"])
    variant: Name = ""
    quantity: Annotated[Whole, Field(ge=1, le=1_000_000)] = 1
    unit_price_yen: Yen | None = Field(default=None, examples=[2740])
    tax_rate: Literal[8, 10] = 10


class PaymentIn(Told):
    """One way in which it is paid."""

    method: Method = "card"
    amount_yen: Yen | None = None
    due_on: Day | None = None
    paid_at: Moment | None = None
    reference: Annotated[str, StringConstraints(max_length=120, pattern=_PLAIN)] = ""


class ShipmentIn(Told):
    """One parcel."""

    carrier: CarrierCode = "other"
    tracking_number: Annotated[str, StringConstraints(max_length=40, pattern=_PLAIN)] = ""
    shipped_at: Moment | None = None
    delivered_at: Moment | None = None


class OrderIn(Told):
    """An order as the selling system knows it now. Empty lists and texts mean "not told": what is known stays."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=_PLAIN)] = Field(
        examples=["KM-10001"]
    )
    ordered_at: Moment = Field(examples=["2026-11-20T09:00:00+09:00"])
    buyer: BuyerIn = BuyerIn()
    recipient: RecipientIn = RecipientIn()
    lines: Annotated[list[LineIn], Field(max_length=500)] = []
    shipping_yen: Yen = 0
    fee_yen: Yen = 0
    discount_yen: Yen = 0
    total_yen: Yen | None = Field(default=None, description="Left out: the sum of the parts.")
    payments: Annotated[list[PaymentIn], Field(max_length=20)] = []
    shipments: Annotated[list[ShipmentIn], Field(max_length=50)] = []
    is_cancelled: Flag = False
    cancelled_at: Moment | None = None
    is_gift: Flag = False
    wished_on: Day | None = None
    remark: Annotated[str, StringConstraints(max_length=10_000, pattern=_PLAIN)] = ""


class OrdersIn(Told):
    """Orders of one selling system. The body is kept as it comes, then read in the background."""

    channel: Channel = "own"
    orders: Annotated[list[OrderIn], Field(min_length=1, max_length=1000)]


class RefusedOrder(Shape):
    """An order that was not taken in. `row` counts from 1."""

    row: int
    reason: str


class ImportOut(Shape):
    """What became of orders that were brought."""

    id: int
    state: Progress
    orders: int = Field(description="How many were brought.")
    read: int = Field(description="How many were looked at so far.")
    new: int
    changed: int
    unchanged: int
    refused: list[RefusedOrder] = Field(description="The first hundred that could not be taken in.")
    created_at: datetime
    finished_at: datetime | None = None


def order_out(card: OrderCard) -> OrderOut:
    """The order as a list tells it."""
    return OrderOut(**_plain(card.order, card.state))


def order_detail(card: OrderCard) -> OrderDetail:
    """The order with its parts, which must be loaded."""
    order = card.order
    return OrderDetail(
        **_plain(order, card.state),
        shipping_yen=order.shipping_yen,
        fee_yen=order.fee_yen,
        discount_yen=order.discount_yen,
        wished_on=order.wished_on,
        recipient=RecipientOut(
            name=order.recipient_name,
            postcode=order.recipient_postcode,
            address=order.recipient_lines,
            phone=order.recipient_phone,
        ),
        remark=masked(order.remark),
        lines=[_line(each) for each in order.lines.all()],
        payments=[_payment(each) for each in order.payments.all()],
        shipments=[_shipment(each) for each in order.shipments.all()],
    )


def import_out(run: OrderImport, refused: list[RefusedRow]) -> ImportOut:
    """The import as it stands."""
    rows = [RefusedOrder(row=each.row_number, reason=each.reason) for each in refused]
    if run.refusal:
        rows.append(RefusedOrder(row=0, reason=run.refusal))
    return ImportOut(
        id=run.pk,
        state=cast("Progress", ImportState(run.state).value),
        orders=run.row_count,
        read=run.rows_read,
        new=run.orders_new,
        changed=run.orders_changed,
        unchanged=run.orders_same,
        refused=rows,
        created_at=run.created_at,
        finished_at=run.finished_at,
    )


def _line(line: OrderLine) -> LineOut:
    return LineOut(
        sku=line.sku,
        name=line.name,
        variant=line.variant,
        quantity=line.quantity,
        unit_price_yen=line.unit_price_yen,
        tax_rate=line.tax_rate,
    )


def _payment(payment: Payment) -> PaymentOut:
    return PaymentOut(
        method=PaymentMethod(payment.method).value,
        amount_yen=payment.amount_yen,
        due_on=payment.due_on,
        paid_at=payment.paid_at,
    )


def _shipment(shipment: Shipment) -> ShipmentOut:
    return ShipmentOut(
        carrier=Carrier(shipment.carrier).value,
        tracking_number=shipment.tracking_number,
        shipped_at=shipment.shipped_at,
        delivered_at=shipment.delivered_at,
    )


def _plain(order: Order, state: OrderState) -> dict[str, Any]:
    return {
        "id": order.pk,
        "number": order.number,
        "channel": SalesChannel(order.channel).value,
        "state": state.value,
        "customer_id": order.customer_id,
        "ordered_at": order.ordered_at,
        "cancelled_at": order.cancelled_at,
        "total_yen": order.total_yen,
        "refunded_yen": order.refunded_yen,
        "is_gift": order.is_gift,
    }
