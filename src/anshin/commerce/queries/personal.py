"""Everything by which a customer could be known again, for whoever must not be shown it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from anshin.commerce.models import BankAccount, ContactPoint, Customer, Order, PostalAddress
from anshin.commerce.terms import ContactKind
from anshin.language.personal import Known, PersonalKind

_OF_CONTACT: Final = {ContactKind.MAIL: PersonalKind.MAIL, ContactKind.PHONE: PersonalKind.PHONE}


def personal_words(shop_id: int, customer_ids: Collection[int]) -> dict[int, list[Known]]:
    """For each of these customers of the shop names, readings, addresses and numbers, those of all their orders and of
    whoever receives money, too: five queries, none for nobody."""
    found: dict[int, list[Known]] = defaultdict(list)
    if not customer_ids:
        return found

    def learn(customer_id: int, **texts: str) -> None:
        found[customer_id] += [Known(PersonalKind[kind.upper()], text) for kind, text in texts.items() if text]

    people = Customer.objects.filter(shop_id=shop_id, pk__in=customer_ids).values_list("pk", "name", "kana")
    for pk, name, kana in people:
        learn(pk, name=name)
        learn(pk, name=kana)
    points = ContactPoint.objects.filter(shop_id=shop_id, customer_id__in=customer_ids)
    for pk, kind, value in points.values_list("customer_id", "kind", "value"):
        found[pk].append(Known(_OF_CONTACT[ContactKind(kind)], value))
    places = PostalAddress.objects.filter(shop_id=shop_id, customer_id__in=customer_ids)
    for pk, name, postcode, lines in places.values_list("customer_id", "name", "postcode", "lines"):
        learn(pk, name=name, postcode=postcode, address=lines)
    for pk, name, postcode, lines, phone in _recipients(shop_id, customer_ids):
        learn(pk, name=name, postcode=postcode, address=lines, phone=phone)
    accounts = BankAccount.objects.filter(shop_id=shop_id, customer_id__in=customer_ids)
    for pk, holder in accounts.values_list("customer_id", "holder_kana"):
        learn(pk, name=holder)
    return found


def customers_of_orders(shop_id: int, order_ids: Collection[int]) -> dict[int, int]:
    """Order to customer. One query, none for no order."""
    if not order_ids:
        return {}
    return dict(Order.objects.filter(shop_id=shop_id, pk__in=order_ids).values_list("pk", "customer_id"))


def _recipients(shop_id: int, customer_ids: Collection[int]) -> Iterable[tuple[int, str, str, str, str]]:
    rows = Order.objects.filter(shop_id=shop_id, customer_id__in=customer_ids).order_by()
    names = ("customer_id", "recipient_name", "recipient_postcode", "recipient_lines", "recipient_phone")
    return rows.values_list(*names).distinct()
