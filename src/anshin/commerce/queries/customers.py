"""Reading of customers: who they are, how they are reached, what they ordered; for cases, replies and screens."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from anshin.commerce import rules
from anshin.commerce.models import ContactPoint, Customer, Order, PostalAddress
from anshin.commerce.queries.orders import OrderCard, order_cards, orders_by_numbers, orders_of
from anshin.commerce.terms import ContactKind, Reach
from anshin.language.mails import mail_key
from anshin.language.names import reading_key
from anshin.language.phones import read_phone
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared, PreparedIn

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_CARD_ORDERS = 20
_CONTACTS = Prepared(
    lambda shop, customer: ContactPoint.objects.filter(shop_id=shop, customer_id=customer).order_by("id"),
    shop=int,
    customer=int,
)
_CONTACTS_OF_MANY: PreparedIn[ContactPoint] = PreparedIn(
    lambda ids, shop: ContactPoint.objects.filter(shop_id=shop, customer_id__in=ids).order_by("id"), most=50, shop=int
)
_MAILS = Prepared(
    lambda shop, customer: (
        ContactPoint.objects.filter(shop_id=shop, customer_id=customer, kind=ContactKind.MAIL)
        .order_by("id")
        .values_list("value")
    ),
    shop=int,
    customer=int,
)


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """Everything the side panel shows of one customer. `orders` are the newest 20."""

    customer: Customer
    contacts: tuple[ContactPoint, ...]
    addresses: tuple[PostalAddress, ...]
    orders: tuple[OrderCard, ...]

    @property
    def mails(self) -> tuple[str, ...]:
        return tuple(contact.value for contact in self.contacts if contact.kind == ContactKind.MAIL)

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(contact.value for contact in self.contacts if contact.kind == ContactKind.PHONE)


@dataclass(frozen=True, slots=True)
class Reachable:
    """A customer and the address to which mail for them goes, "" when there is none."""

    customer: Customer
    mail: str


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


def customer_of_order(shop: Shop, *, number: str, contact: str) -> Reachable | None:
    """Whose order it is, if `contact` (a mail address or phone number) is one of that customer's, and their mail.

    The mail is the address given; for a phone number the customer's first to which mail arrives, "" for none. The
    recipient's phone number counts, too. Of several orders with this number (two channels) the one that fits.
    """
    mail = mail_key(contact) if "@" in contact else ""
    phone = None if mail else read_phone(contact)
    if not mail and phone is None:
        return None
    for order in orders_by_numbers(shop, [number]):
        if order.customer.erased_at:
            continue
        points = contact_points(shop, order.customer_id)
        mails = [point for point in points if point.kind == ContactKind.MAIL]
        given = next((point.value for point in mails if mail and point.key == mail), "")
        if given:
            return Reachable(order.customer, given)
        if phone is not None and _is_reached_by(phone.key, order, points):
            arriving = [point.value for point in mails if point.reach == Reach.OK]
            return Reachable(order.customer, arriving[0] if arriving else "")
    return None


def customer_by_id(shop: Shop, customer_id: int) -> Customer | None:
    """The customer with this id, if it is one of this shop."""
    return Customer.objects.filter(shop=shop, pk=customer_id).first()


def customers(shop: Shop, *, wanted: str = "", cursor: str = "", size: int = 50) -> Page[Customer]:
    """One page of the shop's customers, newest first; those that `wanted` may mean when it is given.

    `wanted` is a mail address or the beginning of one, a phone number, or a part of a name or its reading. One query.
    Raises BadCursor.
    """
    found = Customer.objects.filter(shop=shop)
    if wanted:
        found = found.filter(_meant(shop, wanted))
    return page_of(found, order=("-id",), size=size, cursor=cursor)


def customer_card(shop: Shop, customer_id: int) -> CustomerCard | None:
    """The customer with contacts, addresses and newest orders in five queries; None when not of this shop."""
    customer = customer_by_id(shop, customer_id)
    if customer is None:
        return None
    return CustomerCard(
        customer=customer,
        contacts=tuple(contacts_of(shop, customer)),
        addresses=tuple(PostalAddress.objects.filter(shop=shop, customer=customer).order_by("-id")),
        orders=tuple(order_cards(shop, orders_of(shop, customer)[:_CARD_ORDERS])),
    )


def quiet_customers(shop: Shop, *, before: datetime) -> QuerySet[Customer]:
    """Customers known since before this moment who have not ordered since."""
    recent = Order.objects.filter(customer=OuterRef("pk"), ordered_at__gte=before)
    rows = Customer.objects.filter(shop=shop, created_at__lt=before, erased_at=None)
    return rows.exclude(Exists(recent))


def contacts_of(shop: Shop, customer: Customer) -> QuerySet[ContactPoint]:
    """Mail addresses and phone numbers of a customer, in the order in which they became known."""
    return ContactPoint.objects.filter(shop=shop, customer=customer).order_by("id")


def mails_of(shop: Shop, customer_id: int) -> list[str]:
    """Mail addresses of a customer, in the order in which they became known."""
    return [value for (value,) in _MAILS.tuples(shop=shop.pk, customer=customer_id)]


def names_of_mails(shop_id: int, mail_keys: Collection[str]) -> set[str]:
    """Names of the customers with one of these mail addresses, as a search compares them: one query."""
    found = ContactPoint.objects.filter(shop_id=shop_id, kind=ContactKind.MAIL, key__in=mail_keys)
    return {reading_key(name) for name in found.values_list("customer__name", flat=True) if name}


def contact_points(shop: Shop, customer_id: int) -> list[ContactPoint]:
    """Mail addresses and phone numbers of a customer by id: one query."""
    return _CONTACTS.rows(shop=shop.pk, customer=customer_id)


def contact_point_of(shop: Shop, contact_id: int) -> ContactPoint | None:
    """An address or number of a customer of this shop."""
    return ContactPoint.objects.filter(shop=shop, pk=contact_id).first()


def marked_address(shop: Shop, mail: str) -> ContactPoint | None:
    """The address, if mails to it came back and nothing has shown since that they arrive. One query."""
    key = mail_key(mail)
    return _MARKED.first(shop=shop.pk, key=key) if key else None


def marked_among(shop: Shop, mails: Collection[str]) -> set[str]:
    """The keys of those of these addresses to which mail did not arrive the last time. One query."""
    keys = {key for key in map(mail_key, mails) if key}
    if len(keys) == 1:
        return {found.key for found in _MARKED.rows(shop=shop.pk, key=keys.pop())}
    rows = ContactPoint.objects.filter(shop=shop, kind=ContactKind.MAIL, key__in=keys).exclude(reach=Reach.OK)
    return set(rows.values_list("key", flat=True))


_MARKED = Prepared(
    lambda shop, key: (
        ContactPoint.objects.filter(shop_id=shop, kind=ContactKind.MAIL, key=key).exclude(reach=Reach.OK).order_by("id")
    ),
    shop=int,
    key=str,
)


def marked_addresses(*, before: datetime, after_id: int, most: int) -> QuerySet[ContactPoint]:
    """Addresses of all shops whose last mail came back before that moment, by id from `after_id` on; for jobs only."""
    found = ContactPoint.objects.select_related("shop").exclude(reach=Reach.OK)
    return found.filter(last_bounced_at__lt=before, pk__gt=after_id).order_by("pk")[:most]


def contacts_of_customers(shop_id: int, customer_ids: Collection[int]) -> dict[int, list[ContactPoint]]:
    """Mail addresses and phone numbers of many customers by id: one query for fifty."""
    found: dict[int, list[ContactPoint]] = {}
    for contact in _CONTACTS_OF_MANY.rows(customer_ids, shop=shop_id):
        found.setdefault(contact.customer_id, []).append(contact)
    return found


def _is_reached_by(phone_key: str, order: Order, points: Collection[ContactPoint]) -> bool:
    if any(point.kind == ContactKind.PHONE and point.key == phone_key for point in points):
        return True
    recipient = read_phone(order.recipient_phone) if order.recipient_phone else None
    return recipient is not None and recipient.key == phone_key


def _meant(shop: Shop, wanted: str) -> Q:
    key, number = rules.name_key(wanted), read_phone(wanted)
    points = ContactPoint.objects.filter(shop=shop)
    if number:
        points = points.filter(kind=ContactKind.PHONE, key=number.key)
    else:
        points = points.filter(kind=ContactKind.MAIL, key__startswith=mail_key(wanted))
    by_contact = Q(pk__in=points.values("customer_id"))
    return by_contact | Q(name_key__contains=key) if key else by_contact


def _contacts(shop: Shop, kind: ContactKind, key: str) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.select_related("customer").filter(shop=shop, kind=kind, key=key).order_by("id")
