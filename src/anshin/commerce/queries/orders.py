"""Reading of orders: by number, by customer, page by page; for cases, replies and screens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, Sum

from anshin.commerce.models import Customer, Order, OrderLine, Payment, Shipment
from anshin.commerce.queries.order_parts import OrderParts, order_parts, order_state
from anshin.commerce.terms import OrderState
from anshin.language.order_numbers import key as number_key
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared, keep_related

if TYPE_CHECKING:
    from anshin.shops.models import Shop

RECENT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class OrderCard:
    """Everything a card shows of one order; nothing further is read from the database."""

    order: Order
    state: OrderState
    parts: OrderParts


def orders_of(shop: Shop, customer: Customer) -> QuerySet[Order]:
    """Orders of a customer, newest first."""
    return Order.objects.filter(shop=shop, customer=customer).order_by("-ordered_at", "-id")


def newest_orders_of(shop: Shop, customer: Customer) -> list[Order]:
    """At most eleven orders of a customer, newest first: a page of ten, and whether there are more."""
    return _NEWEST.rows(shop=shop.pk, customer=customer.pk)


def order_with_details(shop: Shop, order_id: int) -> Order | None:
    """One order with customer, lines, their products, payments and shipments loaded: four queries."""
    order = _ORDER.first(shop=shop.pk, order=order_id)
    if order is not None:
        order.shop = shop
        load_details(order)
    return order


def load_details(order: Order, *names: str) -> Order:
    """Lines with their products, payments and shipments of an order that was read already, or only those named; what
    is loaded stays. A query each."""
    loaded = vars(order).get("_prefetched_objects_cache", {})
    for name in names or _DETAILS:
        if name not in loaded:
            keep_related(order, name, _DETAILS[name].rows(order=order.pk))
    return order


def order_of_customer(shop: Shop, customer: Customer, order_id: int) -> Order | None:
    """The same, if it is an order of this customer; None for everybody else's."""
    found = order_with_details(shop, order_id)
    return found if found and found.customer_id == customer.pk else None


def delivered_orders(shop: Shop, *, since: datetime) -> QuerySet[Order]:
    """Orders of which a parcel arrived since then, with customers, lines and products, oldest first: three queries."""
    arrived = Shipment.objects.filter(shop=shop, delivered_at__gte=since).values("order_id")
    found = Order.objects.select_related("customer").filter(shop=shop, pk__in=arrived, cancelled_at=None)
    return found.filter(customer__erased_at=None).prefetch_related("lines__product").order_by("ordered_at", "id")


def pieces_sold(shop: Shop, keys: Collection[str], *, since: datetime, until: datetime | None = None) -> dict[str, int]:
    """How many pieces of each product were ordered in a time and not cancelled: one query.

    A key is the product's number, or its name where lines have no number.
    """
    lines = OrderLine.objects.filter(shop=shop, order__cancelled_at=None, order__ordered_at__gte=since)
    if until is not None:
        lines = lines.filter(order__ordered_at__lt=until)
    named = lines.filter(Q(sku__in=keys) | Q(sku="", name__in=keys))
    grouped = named.order_by().values("sku", "name").annotate(pieces=Sum("quantity"))
    sold: dict[str, int] = {}
    for row in grouped:
        key = row["sku"] or row["name"]
        sold[key] = sold.get(key, 0) + row["pieces"]
    return sold


def order_cards(shop: Shop, orders: Iterable[Order]) -> list[OrderCard]:
    """The cards of these orders of the shop, in their order: one query for any number."""
    shown = [order for order in orders if order.shop_id == shop.pk]
    parts = order_parts(shop, [order.pk for order in shown])
    return [OrderCard(order, order_state(order, parts[order.pk]), parts[order.pk]) for order in shown]


def order_by_number(shop: Shop, number: str) -> Order | None:
    """The order with this number however it is spelled; the newest when two channels gave the same number."""
    return orders_by_numbers(shop, [number]).first()


def orders_by_numbers(shop: Shop, numbers: Iterable[str]) -> QuerySet[Order]:
    """Orders with one of these numbers however they are spelled, newest first, with their customers."""
    keys = {key for key in map(number_key, numbers) if key}
    found = Order.objects.select_related("customer").filter(shop=shop, number_key__in=keys)
    return found.order_by("-ordered_at", "-id")


def shipments_with_tracking(shop: Shop, numbers: Collection[str]) -> dict[str, str]:
    """Tracking number → number of the order whose parcel has it, for those of these that are known. One query."""
    found = Shipment.objects.filter(shop=shop, tracking_number__in=numbers)
    return dict(found.values_list("tracking_number", "order__number"))


def recent_orders(shop: Shop, *, cursor: str = "", size: int = 50) -> Page[Order]:
    """One page of the shop's orders, newest first, with customers: one query. Raises BadCursor."""
    found = Order.objects.select_related("customer").filter(shop=shop)
    return page_of(found, order=("-ordered_at", "-id"), size=size, cursor=cursor)


def orders_page(shop: Shop, *, customer_id: int | None = None, cursor: str = "", size: int = 50) -> Page[Order]:
    """The same for other programs, without customers; those of one customer alone when asked. One query.

    Raises BadCursor.
    """
    found = Order.objects.filter(shop=shop)
    if customer_id is not None:
        found = found.filter(customer_id=customer_id)
    return page_of(found, order=("-ordered_at", "-id"), size=size, cursor=cursor)


def only_recent_orders(shop: Shop, customer_ids: Collection[int], *, now: datetime) -> dict[int, Order]:
    """By customer, the order of the last 60 days where there is exactly one that was not cancelled. One query."""
    if len(customer_ids) == 1:
        (customer_id,) = customer_ids
        found = _RECENT_OF.rows(shop=shop.pk, customer=customer_id, since=now - RECENT, until=now)
    else:
        recent = Order.objects.filter(ordered_at__gte=now - RECENT, ordered_at__lte=now, cancelled_at=None)
        found = list(recent.filter(shop=shop, customer_id__in=customer_ids))
    by_customer: dict[int, list[Order]] = {}
    for order in found:
        by_customer.setdefault(order.customer_id, []).append(order)
    return {customer_id: orders[0] for customer_id, orders in by_customer.items() if len(orders) == 1}


_ORDER = Prepared(
    lambda shop, order: Order.objects.select_related("customer").filter(shop_id=shop, pk=order), shop=int, order=int
)
_DETAILS: Mapping[str, Prepared[Any]] = {
    "lines": Prepared(
        lambda order: OrderLine.objects.select_related("product").filter(order_id=order).order_by("position"), order=int
    ),
    "payments": Prepared(lambda order: Payment.objects.filter(order_id=order).order_by("id"), order=int),
    "shipments": Prepared(lambda order: Shipment.objects.filter(order_id=order).order_by("id"), order=int),
}
_NEWEST = Prepared(
    lambda shop, customer: Order.objects.filter(shop_id=shop, customer_id=customer).order_by("-ordered_at", "-id")[:11],
    shop=int,
    customer=int,
)
_RECENT_OF = Prepared(
    lambda shop, customer, since, until: Order.objects.filter(
        shop_id=shop, customer_id=customer, cancelled_at=None, ordered_at__gte=since, ordered_at__lte=until
    )[:2],
    shop=int,
    customer=int,
    since=datetime,
    until=datetime,
)
