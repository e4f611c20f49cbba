"""What belongs to several orders, read in one query: lines, payments, shipments, and how far each order has come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DateTimeField,
    F,
    Model,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from anshin.commerce import rules
from anshin.commerce.models import Order, OrderLine, Payment, Shipment
from anshin.commerce.terms import Carrier, OrderState, TrackingCheck
from anshin.plumbing.prepared import PreparedIn

if TYPE_CHECKING:
    from anshin.shops.models import Shop


@dataclass(frozen=True, slots=True)
class LineFact:
    """One position of an order, as sold. `unit_price_yen` includes tax."""

    name: str
    variant: str
    quantity: int
    unit_price_yen: int


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """How an order is paid."""

    method: str
    amount_yen: int
    due_on: date | None
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShipmentFact:
    """One parcel of an order."""

    carrier: str
    tracking_number: str
    shipped_at: datetime | None
    delivered_at: datetime | None

    @property
    def tracking_address(self) -> str:
        """Where the carrier shows the parcel, empty when that is not known."""
        return rules.tracking_address(self.carrier, self.tracking_number)

    @property
    def tracking_check(self) -> TrackingCheck:
        """What the number says about itself and its carrier."""
        return rules.check_tracking(self.carrier, self.tracking_number)

    @property
    def likely_carriers(self) -> list[tuple[Carrier, str]]:
        """Whose number it may be, each with where they show it, when the selling system named no carrier we know."""
        read = rules.read_tracking(self.tracking_number)
        if self.tracking_address or read.check != TrackingCheck.FITS:
            return []
        return [(carrier, rules.tracking_address(carrier, read.number)) for carrier in read.carriers]


@dataclass(frozen=True, slots=True)
class OrderParts:
    """What belongs to one order."""

    lines: list[LineFact]
    payments: list[PaymentFact]
    shipments: list[ShipmentFact]


def order_parts(shop: Shop, order_ids: Collection[int]) -> dict[int, OrderParts]:
    """Lines, payments and shipments of several orders of the shop, by order id: one query for each twenty orders."""
    parts = {pk: OrderParts([], [], []) for pk in order_ids}
    if not parts:
        return parts
    for kind, order_id, _position, name, detail, number, amount, first_at, second_at, due_on in _PARTS.tuples(
        parts, shop=shop.pk
    ):
        if kind == "line":
            parts[order_id].lines.append(LineFact(name, detail, number, amount))
        elif kind == "payment":
            parts[order_id].payments.append(PaymentFact(name, amount, due_on, first_at))
        else:
            parts[order_id].shipments.append(ShipmentFact(name, detail, first_at, second_at))
    return parts


def order_lines(shop: Shop, order_ids: Collection[int]) -> dict[int, list[OrderLine]]:
    """The lines of these orders of the shop by order, each by position. One query."""
    found: dict[int, list[OrderLine]] = {}
    for line in OrderLine.objects.filter(shop=shop, order_id__in=order_ids).order_by("order_id", "position"):
        found.setdefault(line.order_id, []).append(line)
    return found


def order_state(order: Order, parts: OrderParts) -> OrderState:
    """How far the order has come, as far as the selling system told."""
    return rules.order_state(
        is_cancelled=order.cancelled_at is not None,
        payments=[(paid.method, paid.paid_at is not None) for paid in parts.payments],
        parcels=[
            (bool(sent.shipped_at or sent.tracking_number), sent.delivered_at is not None) for sent in parts.shipments
        ],
    )


def _all_parts(order_ids: Collection[int], shop: int) -> QuerySet[Any, tuple[Any, ...]]:
    """The three tables as one list of equal columns, lines in their order."""
    lines, payments, shipments = (_rows(kind, shop, order_ids) for kind in _TABLES)
    united: QuerySet[Any, tuple[Any, ...]] = lines.union(payments, shipments, all=True)
    return united.order_by("order_id", "c_kind", "c0")


def _rows(kind: str, shop: int, order_ids: Collection[int]) -> QuerySet[Any, tuple[Any, ...]]:
    """One table's rows with the columns of `_TABLES`."""
    model, columns = _TABLES[kind]
    named = {f"c{number}": value for number, value in enumerate(columns)}
    found = model._default_manager.filter(shop_id=shop, order_id__in=order_ids).order_by()
    found = found.annotate(c_kind=Value(kind, output_field=CharField()), **named)
    columned: QuerySet[Any, tuple[Any, ...]] = found.values_list("c_kind", "order_id", *named)
    return columned


_NO_MOMENT = Cast(Value(None), DateTimeField())  # PostgreSQL takes an untyped NULL for text
_NO_DAY = Cast(Value(None), DateField())
_ZERO = Value(0, output_field=BigIntegerField())
_NOTHING = Value("", output_field=CharField())
# What stands in the columns: position, name, detail, number, amount, first moment, second moment, day.
_LINE = (
    Cast("position", BigIntegerField()),
    F("name"),
    F("variant"),
    Cast("quantity", BigIntegerField()),
    F("unit_price_yen"),
    _NO_MOMENT,
    _NO_MOMENT,
    _NO_DAY,
)
_PAYMENT = (_ZERO, F("method"), _NOTHING, _ZERO, F("amount_yen"), F("paid_at"), _NO_MOMENT, F("due_on"))
_SHIPMENT = (F("id"), F("carrier"), F("tracking_number"), _ZERO, _ZERO, F("shipped_at"), F("delivered_at"), _NO_DAY)
_TABLES: dict[str, tuple[type[Model], tuple[Any, ...]]] = {
    "line": (OrderLine, _LINE),
    "payment": (Payment, _PAYMENT),
    "shipment": (Shipment, _SHIPMENT),
}
_PARTS: PreparedIn[Any] = PreparedIn(_all_parts, most=20, shop=int)
