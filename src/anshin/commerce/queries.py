"""Reading of the commerce room: who a customer is, what they ordered; for cases, replies and screens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from anshin.commerce.models import ContactPoint, Customer, Order, OrderLine, PostalAddress
from anshin.commerce.terms import ContactKind
from anshin.language.mails import mail_key
from anshin.language.order_numbers import key as number_key
from anshin.language.phones import read_phone
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_CARD_ORDERS = 20


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """Everything the side panel shows of one customer. `orders` are the newest 20, with lines."""

    customer: Customer
    contacts: tuple[ContactPoint, ...]
    addresses: tuple[PostalAddress, ...]
    orders: tuple[Order, ...]

    @property
    def mails(self) -> tuple[str, ...]:
        return tuple(contact.value for contact in self.contacts if contact.kind == ContactKind.MAIL)

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(contact.value for contact in self.contacts if contact.kind == ContactKind.PHONE)


def find_customer(shop: Shop, *, mail: str = "", phone: str = "") -> Customer | None:
    """The customer with this mail address, else the only one with this phone number; None when unknown.

    A number that several customers share (a household) finds nobody.
    """
    if mail:
        held = _contacts(shop, ContactKind.MAIL, mail_key(mail)).first()
        if held:
            return held.customer
    number = read_phone(phone) if phone else None
    if number:
        holders = list(_contacts(shop, ContactKind.PHONE, number.key)[:2])
        if len(holders) == 1:
            return holders[0].customer
    return None


def customer_by_id(shop: Shop, customer_id: int) -> Customer | None:
    """The customer with this id, if it is one of this shop."""
    return Customer.objects.filter(shop=shop, pk=customer_id).first()


def customer_card(shop: Shop, customer_id: int) -> CustomerCard | None:
    """The customer with contacts, addresses and newest orders in five queries; None when not of this shop."""
    customer = customer_by_id(shop, customer_id)
    if customer is None:
        return None
    return CustomerCard(
        customer=customer,
        contacts=tuple(contacts_of(shop, customer)),
        addresses=tuple(PostalAddress.objects.filter(shop=shop, customer=customer).order_by("-id")),
        orders=tuple(orders_of(shop, customer).prefetch_related("lines")[:_CARD_ORDERS]),
    )


def contacts_of(shop: Shop, customer: Customer) -> QuerySet[ContactPoint]:
    """Mail addresses and phone numbers of a customer, in the order in which they became known."""
    return ContactPoint.objects.filter(shop=shop, customer=customer).order_by("id")


def orders_of(shop: Shop, customer: Customer) -> QuerySet[Order]:
    """Orders of a customer, newest first."""
    return Order.objects.filter(shop=shop, customer=customer).order_by("-ordered_at", "-id")


def order_with_details(shop: Shop, order_id: int) -> Order | None:
    """One order with customer, lines, payments and shipments loaded: four queries."""
    return _with_details(Order.objects.filter(shop=shop, pk=order_id)).first()


def order_by_number(shop: Shop, number: str) -> Order | None:
    """The order with this number however it is spelled; the newest when two channels gave the same number."""
    return orders_by_numbers(shop, [number]).first()


def orders_by_numbers(shop: Shop, numbers: Iterable[str]) -> QuerySet[Order]:
    """Orders with one of these numbers however they are spelled, newest first, with their customers."""
    keys = {key for key in map(number_key, numbers) if key}
    found = Order.objects.select_related("customer").filter(shop=shop, number_key__in=keys)
    return found.order_by("-ordered_at", "-id")


def recent_orders(shop: Shop, *, cursor: str = "", size: int = 50) -> Page[Order]:
    """One page of the shop's orders, newest first, with customers: one query. Raises BadCursor."""
    found = Order.objects.select_related("customer").filter(shop=shop)
    return page_of(found, order=("-ordered_at", "-id"), size=size, cursor=cursor)


def _contacts(shop: Shop, kind: ContactKind, key: str) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.select_related("customer").filter(shop=shop, kind=kind, key=key).order_by("id")


def _with_details(orders: QuerySet[Order]) -> QuerySet[Order]:
    lines = Prefetch("lines", queryset=OrderLine.objects.order_by("position"))
    return orders.select_related("customer").prefetch_related(lines, "payments", "shipments")
