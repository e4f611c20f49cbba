"""Customers: the list, who is behind an address or an order, one, and their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router

from anshin.api.customer_shapes import (
    CustomerChange,
    CustomerDetail,
    CustomerList,
    customer_detail,
    customer_out,
)
from anshin.api.door import caller
from anshin.api.operations import reads, writes
from anshin.api.shapes import Cursor, Key, Limit, listed
from anshin.commerce import actions
from anshin.commerce.queries import customer_card, customers, find_customer, orders_by_numbers
from anshin.integrations.terms import Scope
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import Page
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Customer, Order
    from anshin.shops.models import Membership

router = Router(tags=["customers"])
_MOST_OF_A_NUMBER = 20


@reads(
    router,
    "",
    scope=Scope.CUSTOMERS_READ,
    permission=Permission.SEE_ORDERS,
    response=CustomerList,
    summary=gettext_noop("List customers, or find one"),
)
def list_customers(  # noqa: PLR0917  what may be asked for
    request: HttpRequest,
    mail: Annotated[str, Query(max_length=254, pattern=r"^[^\x00]*$", description="Whose mail address this is.")] = "",
    phone: Annotated[
        str,
        Query(
            max_length=40,
            pattern=r"^[^\x00]*$",
            description="Whose phone number this is; nobody where several share it.",
        ),
    ] = "",
    order_number: Annotated[
        str, Query(max_length=80, pattern=r"^[^\x00]*$", description="Who placed this order, however it is spelled.")
    ] = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, object]:
    """With `mail`, `phone` or `order_number` only who it is, on one page; else all, the newest first."""
    shop = caller(request).shop
    found: list[Customer]
    if mail or phone:
        one = find_customer(shop, mail=mail, phone=phone)
        found = [one] if one else []
    elif order_number:
        found = list({each.customer_id: each.customer for each in _orders(request, order_number)}.values())
    else:
        page = customers(shop, cursor=cursor, size=limit)
        return listed(page, [customer_out(each) for each in page.items])
    return listed(Page(list(found), "", ""), [customer_out(each) for each in found])


@reads(
    router,
    "/{customer_id}",
    scope=Scope.CUSTOMERS_READ,
    permission=Permission.SEE_ORDERS,
    response=CustomerDetail,
    summary=gettext_noop("One customer"),
)
def get_customer(request: HttpRequest, customer_id: Key) -> CustomerDetail:
    """With mail addresses, phone numbers and postal addresses."""
    return _detail(caller(request), customer_id)


@writes(
    router,
    "PATCH",
    "/{customer_id}",
    scope=Scope.CUSTOMERS_WRITE,
    permission=Permission.TRIAGE,
    response=CustomerDetail,
    summary=gettext_noop("Change a customer’s tags"),
)
def change_customer(request: HttpRequest, customer_id: Key, told: CustomerChange) -> CustomerDetail:
    """Names and addresses come from orders and mails; the desk does not change them by hand either."""
    by = caller(request)
    _detail(by, customer_id)
    if told.tags is not None:
        actions.set_customer_tags(by=by, customer_id=customer_id, names=told.tags, now=clock.now())
    return _detail(by, customer_id)


def _detail(by: Membership, customer_id: int) -> CustomerDetail:
    card = customer_card(by.shop, customer_id)
    if card is None:
        raise Http404
    return customer_detail(card)


def _orders(request: HttpRequest, number: str) -> list[Order]:
    return list(orders_by_numbers(caller(request).shop, [number])[:_MOST_OF_A_NUMBER])
