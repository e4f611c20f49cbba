"""A customer is erased: name, addresses and numbers go, the orders' figures stay as the books need them.

Source: 法人税法施行規則 第59条 and 所得税法施行規則 第63条 (books and vouchers are kept for seven years), 消費税法
第57条の4第2項 (a retailer's simplified invoice needs no buyer's name); e-Gov, read 2026-11-26.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from anshin.commerce.actions.bank_accounts import purge_accounts_of
from anshin.commerce.actions.import_files import forget_in_files
from anshin.commerce.models import ContactPoint, Customer, Order, PostalAddress
from anshin.commerce.queries import order_cards
from anshin.commerce.terms import OrderState

if TYPE_CHECKING:
    from anshin.shops.models import Shop

UNDER_WAY_FOR = timedelta(days=180)
MOST_AT_ONCE = 1_000
_UNDER_WAY = frozenset({OrderState.UNPAID, OrderState.PREPARING, OrderState.SHIPPED})
_PERSONAL = ("recipient_name", "recipient_postcode", "recipient_lines", "recipient_phone", "remark")


def erase_customer_facts(*, shop: Shop, customer: Customer, name: str, now: datetime) -> list[int]:
    """Replace the customer's name by `name` and delete contacts, addresses, recipients and remarks; keep the rest.

    Files of ended imports that name the customer go, too; their contents (blob ids). Orders that are still under way
    keep their recipient until they have arrived, and bank accounts stay known while money is on its way to them. Inside
    a transaction.
    """
    freed = forget_in_files(shop=shop, customer=customer)
    purge_accounts_of(shop=shop, customer=customer, now=now)
    ContactPoint.objects.filter(shop=shop, customer=customer).delete()
    PostalAddress.objects.filter(shop=shop, customer=customer).delete()
    kept = {order.pk for order in orders_under_way(shop, customer, now=now)}
    done = Order.objects.filter(shop=shop, customer=customer).exclude(pk__in=kept)
    done.update(**dict.fromkeys(_PERSONAL, ""), wished_on=None)
    customer.name, customer.kana, customer.name_key, customer.language = name, "", "", ""
    customer.tags, customer.erased_at = [], now
    customer.save(update_fields=["tags", "name", "kana", "name_key", "language", "erased_at"])
    return freed


def erase_arrived_orders(*, now: datetime) -> int:
    """Empty what orders that were under way when their customer was erased still say of the person; how many.

    In all shops. Whatever the state, after UNDER_WAY_FOR. Inside a transaction.
    """
    told = Q(wished_on__isnull=False)
    for column in _PERSONAL:
        told |= ~Q(**{column: ""})
    left = list(Order.objects.filter(told, customer__erased_at__isnull=False).select_related("shop")[:MOST_AT_ONCE])
    done = []
    for order in left:
        (card,) = order_cards(order.shop, [order])
        if card.state not in _UNDER_WAY or order.ordered_at < now - UNDER_WAY_FOR:
            done.append(order.pk)
    return Order.objects.filter(pk__in=done).update(**dict.fromkeys(_PERSONAL, ""), wished_on=None)


def orders_under_way(shop: Shop, customer: Customer, *, now: datetime) -> list[Order]:
    """Orders of the last 180 days that are not delivered and not cancelled."""
    recent = list(Order.objects.filter(shop=shop, customer=customer, ordered_at__gte=now - UNDER_WAY_FOR))
    return [card.order for card in order_cards(shop, recent) if card.state in _UNDER_WAY]
