"""Orders and customers as the selling systems know them: lists and single pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from anshin.cases.queries import cases_of_customer, cases_of_order
from anshin.commerce import queries as commerce
from anshin.plumbing.pages.keyset import BadCursor
from anshin.shops.terms import Permission
from anshin.staff.desk import desk

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@desk(Permission.SEE_ORDERS)
def orders(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The shop's orders, newest first; with ?number= the one that is meant."""
    wanted = request.GET.get("number", "").strip()
    try:
        page = commerce.recent_orders(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    found = list(commerce.orders_by_numbers(by.shop, [wanted])) if wanted else page.items
    request.desk_section = "orders"  # type: ignore[attr-defined]
    return render(request, "staff/orders.html", {"orders": found, "page": page, "wanted": wanted})


@desk(Permission.SEE_ORDERS)
def order(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One order with its lines, payments, parcels and cases."""
    found = commerce.order_with_details(by.shop, pk)
    if found is None:
        raise Http404
    request.desk_section = "orders"  # type: ignore[attr-defined]
    return render(request, "staff/order.html", {"order": found, "cases": cases_of_order(by.shop, pk)})


@desk(Permission.SEE_ORDERS)
def customers(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The shop's customers by name; with ?q= those whose mail, phone or name fits."""
    wanted = request.GET.get("q", "").strip()
    try:
        page = commerce.customers(by.shop, wanted=wanted, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "customers"  # type: ignore[attr-defined]
    return render(request, "staff/customers.html", {"page": page, "wanted": wanted})


@desk(Permission.SEE_ORDERS)
def customer(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One customer with all addresses, orders and cases."""
    card = commerce.customer_card(by.shop, pk)
    if card is None:
        raise Http404
    request.desk_section = "customers"  # type: ignore[attr-defined]
    return render(request, "staff/customer.html", {"card": card, "cases": cases_of_customer(by.shop, pk)})
