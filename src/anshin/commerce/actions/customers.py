"""Finds the customer behind an address, or makes one; for mail, the contact form and incoming orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anshin.commerce import rules
from anshin.commerce.models import ContactPoint, Customer
from anshin.commerce.terms import Buyer, ContactKind
from anshin.language.mails import looks_like_mail, mail_key
from anshin.language.names import same_person_name
from anshin.language.phones import Phone, read_phone
from anshin.plumbing.prepared import Prepared, insert
from anshin.shops.actions import Refused

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_LONGEST_NAME = 200


class ContactRefused(Refused):
    """The address or number cannot be used; `str(error)` is a sentence for the person who entered it."""


def recognise_customer(*, shop: Shop, mail: str, name: str, now: datetime) -> Customer:
    """The customer who writes from `mail`, made when unknown. Two at once get the same one.

    A known customer keeps their name; an empty one is filled. Raises ContactRefused for what is no address.
    """
    if not looks_like_mail(mail):
        raise ContactRefused(_("“%(mail)s” is not a mail address. Check its spelling.") % {"mail": mail})
    return recognise_buyers(shop=shop, buyers=[Buyer(name=name, mail=mail)], now=now)[0]


@transaction.atomic
def add_contact(*, shop: Shop, customer: Customer, kind: ContactKind, value: str, now: datetime) -> ContactPoint:
    """The address or number kept with the customer; asked twice: the same row.

    Raises ContactRefused when it cannot be read, or when the mail address belongs to another customer.
    """
    held = _contact(shop, customer, kind, value, now)
    if held is None:
        raise ContactRefused(_("“%(value)s” cannot be read. Check its spelling.") % {"value": value})
    if kind == ContactKind.MAIL:
        owner = ContactPoint.objects.filter(shop=shop, kind=kind, key=held.key).first()
        if owner and owner.customer_id != customer.pk:
            raise ContactRefused(
                _("“%(value)s” belongs to another customer of this shop (%(name)s). Check its spelling.")
                % {"value": value, "name": owner.customer.name}
            )
    found, _created = ContactPoint.objects.get_or_create(
        customer=customer,
        kind=kind,
        key=held.key,
        defaults={"shop": shop, "value": held.value, "created_at": now},
    )
    return found


def correct_name(*, shop: Shop, customer_id: int, former: str, name: str) -> bool:
    """Give the customer the name as it reads now, if they still bear the misread `former` one; whether they did."""
    held = Customer.objects.select_for_update().filter(shop=shop, pk=customer_id, name=former[:_LONGEST_NAME])
    customer = held.first()
    if customer is None or not former or not name.strip():
        return False
    customer.name = name[:_LONGEST_NAME]
    customer.name_key = rules.name_key(customer.name, customer.kana)
    customer.save(update_fields=["name", "name_key"])
    return True


def recognise_buyers(*, shop: Shop, buyers: Sequence[Buyer], now: datetime) -> list[Customer]:
    """The customers of these buyers, in their order, with new addresses added: eight queries for any number.

    A buyer is who has their mail address; else who has their phone number and alone bears their name; else new.
    When another transaction takes an address in between, everything is looked up once more.
    """
    try:
        with transaction.atomic():
            return _recognised(shop, buyers, now)
    except IntegrityError:
        with transaction.atomic():
            return _recognised(shop, buyers, now)


def add_contacts_of_buyer(*, shop: Shop, customer: Customer, buyer: Buyer, now: datetime) -> None:
    """Add what a known customer gave with an order; a mail address of somebody else stays theirs."""
    if _complete(buyer, customer):
        customer.save(update_fields=["name", "kana", "name_key"])
    mail = _mail_key(buyer.mail)
    is_taken = bool(mail) and bool(_held(shop, ContactKind.MAIL, [mail]))
    told = Buyer(mail="" if is_taken else buyer.mail, phone=buyer.phone)
    _keep_contacts(shop, [told], [customer], now)


def _recognised(shop: Shop, buyers: Sequence[Buyer], now: datetime) -> list[Customer]:
    mails = {buyer.mail: _mail_key(buyer.mail) for buyer in buyers if buyer.mail}
    phones = {buyer.phone: _phone_key(buyer.phone) for buyer in buyers if buyer.phone}
    by_mail = {held.key: held.customer for held in _held(shop, ContactKind.MAIL, mails.values())}
    by_phone: dict[str, list[Customer]] = defaultdict(list)
    for held in _held(shop, ContactKind.PHONE, phones.values()):
        by_phone[held.key].append(held.customer)
    found: list[Customer] = []
    for buyer in buyers:
        mail, phone = mails.get(buyer.mail, ""), phones.get(buyer.phone, "")
        customer = (by_mail.get(mail) if mail else None) or _same_person(by_phone.get(phone, ()), buyer.name)
        if customer is None:
            customer = _new_customer(shop, buyer, now)
        if mail:
            by_mail.setdefault(mail, customer)
        if phone and customer not in by_phone[phone]:
            by_phone[phone].append(customer)
        found.append(customer)
    _keep(shop, buyers, found, now)
    return found


def _held(shop: Shop, kind: ContactKind, keys: Iterable[str]) -> list[ContactPoint]:
    wanted = {key for key in keys if key}
    if not wanted:
        return []
    if len(wanted) == 1:
        return _HELD.rows(shop=shop.pk, kind=str(kind), key=wanted.pop())
    rows = ContactPoint.objects.select_related("customer").filter(shop=shop, kind=kind, key__in=wanted)
    return list(rows.order_by("id"))


_HELD = Prepared(
    lambda shop, kind, key: (
        ContactPoint.objects.select_related("customer").filter(shop_id=shop, kind=kind, key=key).order_by("id")
    ),
    shop=int,
    kind=str,
    key=str,
)
_CONTACTS = Prepared(
    lambda customer: ContactPoint.objects.filter(customer_id=customer).values_list("customer_id", "kind", "key"),
    customer=int,
)


def _same_person(holders: Iterable[Customer], name: str) -> Customer | None:
    same = [holder for holder in holders if name and same_person_name(holder.name, name)]
    return same[0] if len(same) == 1 else None


def _new_customer(shop: Shop, buyer: Buyer, now: datetime) -> Customer:
    name, kana = buyer.name[:_LONGEST_NAME], buyer.kana[:_LONGEST_NAME]
    return Customer(shop=shop, name=name, kana=kana, name_key=rules.name_key(name, kana), created_at=now)


def _keep(shop: Shop, buyers: Sequence[Buyer], customers: Sequence[Customer], now: datetime) -> None:
    fresh = list({id(customer): customer for customer in customers if customer.pk is None}.values())
    if len(fresh) == 1:
        insert(fresh[0])
    elif fresh:
        Customer.objects.bulk_create(fresh)
    completed = {
        customer.pk: customer for buyer, customer in zip(buyers, customers, strict=True) if _complete(buyer, customer)
    }
    if completed:
        Customer.objects.bulk_update(completed.values(), ["name", "kana", "name_key"])
    _keep_contacts(shop, buyers, customers, now)


def _complete(buyer: Buyer, customer: Customer) -> bool:
    """Fill an empty name or reading; never replace one."""
    before = (customer.name, customer.kana)
    customer.name = customer.name or buyer.name[:_LONGEST_NAME]
    customer.kana = customer.kana or buyer.kana[:_LONGEST_NAME]
    customer.name_key = rules.name_key(customer.name, customer.kana)
    return before != (customer.name, customer.kana)


def _keep_contacts(shop: Shop, buyers: Sequence[Buyer], customers: Sequence[Customer], now: datetime) -> None:
    wanted: dict[tuple[int, str, str], ContactPoint] = {}
    for buyer, customer in zip(buyers, customers, strict=True):
        for kind, value in ((ContactKind.MAIL, buyer.mail), (ContactKind.PHONE, buyer.phone)):
            contact = _contact(shop, customer, kind, value, now) if value else None
            if contact:
                wanted.setdefault((customer.pk, kind, contact.key), contact)
    if not wanted:
        return
    holders = {customer for customer, _kind, _key in wanted}
    if len(holders) == 1:
        known = set(_CONTACTS.tuples(customer=holders.pop()))
    else:
        rows = ContactPoint.objects.filter(customer__in=holders)
        known = set(rows.values_list("customer_id", "kind", "key"))
    fresh = [contact for place, contact in wanted.items() if place not in known]
    if len(fresh) == 1:
        insert(fresh[0])
    elif fresh:
        ContactPoint.objects.bulk_create(fresh)


def _contact(shop: Shop, customer: Customer, kind: ContactKind, value: str, now: datetime) -> ContactPoint | None:
    """The row as it would be kept, unsaved; None when the value cannot be read."""
    if kind == ContactKind.MAIL:
        key, shown = _mail_key(value), value.strip()
    else:
        number = _phone(value)
        key, shown = (number.key, number.shown) if number else ("", "")
    if not key:
        return None
    return ContactPoint(shop=shop, customer=customer, kind=kind, value=shown, key=key, created_at=now)


def _mail_key(mail: str) -> str:
    return mail_key(mail) if looks_like_mail(mail) else ""


def _phone_key(phone: str) -> str:
    number = _phone(phone)
    return number.key if number else ""


@lru_cache(maxsize=1024)
def _phone(written: str) -> Phone | None:
    """The number, remembered since each is asked for twice; reading one costs a fifth of a millisecond."""
    return read_phone(written)
