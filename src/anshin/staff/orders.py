"""Orders and customers as the selling systems know them: lists and single pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anshin.cases.queries import cases_of_customer, cases_of_order
from anshin.cases.terms import Status
from anshin.commerce import queries as commerce
from anshin.commerce.terms import ContactKind, OrderState
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.returns.queries.policies import order_summary
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.address_words import address_doubt
from anshin.staff.bounces import mark_of
from anshin.staff.customer_tag_facts import tags_of
from anshin.staff.desk import desk
from anshin.staff.looks import CASE_LOOKS
from anshin.visits.terms import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anshin.cases.models import Case
    from anshin.commerce.models import Order
    from anshin.commerce.queries import OrderCard
    from anshin.shops.models import Membership

Row = dict[str, object]
STATE_LOOKS = {
    OrderState.CANCELLED: ("bad", "ban"),
    OrderState.UNPAID: ("warn", "clock"),
    OrderState.PREPARING: ("", "package"),
    OrderState.SHIPPED: ("info", "truck"),
    OrderState.DELIVERED: ("good", "package-check"),
}


@desk(Permission.SEE_ORDERS)
def orders(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The shop's orders, newest first. With ?number= the one that is meant, at once when there is only one."""
    wanted = request.GET.get("number", "").strip()[:80]
    request.desk_section = "orders"  # type: ignore[attr-defined]
    if wanted:
        found = list(commerce.orders_by_numbers(by.shop, [wanted])[:50])
        if len(found) == 1:
            return redirect("staff:order", by.shop.slug, found[0].pk)
        rows = order_rows(commerce.order_cards(by.shop, found))
        return render(request, "staff/orders.html", {"rows": rows, "page": None, "wanted": wanted})
    try:
        page = commerce.recent_orders(by.shop, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    rows = order_rows(commerce.order_cards(by.shop, page.items))
    return render(request, "staff/orders.html", {"rows": rows, "page": page, "wanted": ""})


@desk(Permission.SEE_ORDERS)
def order(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One order with its lines, payments, parcels and cases."""
    found = commerce.order_with_details(by.shop, pk)
    if found is None:
        raise Http404
    request.desk_section = "orders"  # type: ignore[attr-defined]
    card = commerce.order_cards(by.shop, [found])[0]
    kind, icon = STATE_LOOKS[card.state]
    context = {
        "order": found,
        "state": {"kind": kind, "icon": icon, "label": card.state.label},
        "lines": [
            {
                "name": line.name,
                "sub": " · ".join(part for part in (line.variant, line.sku) if part),
                "quantity": line.quantity,
                "price_yen": line.unit_price_yen,
                "sum_yen": line.unit_price_yen * line.quantity,
            }
            for line in found.lines.all()
        ],
        "extras": _extras(found.shipping_yen, found.fee_yen, found.discount_yen),
        "payments": found.payments.all(),
        "shipments": [
            {
                "label": parcel.get_carrier_display(),
                "parcel": parcel,
                "url": fact.tracking_address,
                "warning": fact.tracking_check.label if fact.tracking_check.is_doubtful else "",
                "likely": [{"label": carrier.label, "url": url} for carrier, url in fact.likely_carriers],
            }
            for parcel, fact in zip(found.shipments.all(), card.parts.shipments, strict=True)
        ],
        "cases": case_rows(cases_of_order(by.shop, pk)),
        "address_doubt": address_doubt(found.recipient_postcode, found.recipient_lines),
        "terms": order_summary(by.shop, found, _language_of(found))[0],
    }
    return render(request, "staff/order.html", context)


def _language_of(order: Order) -> str:
    """In which the customer is written to."""
    return order.customer.language if order.customer.language in LANGUAGES else "ja"


@desk(Permission.SEE_ORDERS)
def customers(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The shop's customers, newest first; with ?q= those whose mail, phone or name fits."""
    wanted = request.GET.get("q", "").strip()[:200]
    try:
        page = commerce.customers(by.shop, wanted=wanted, cursor=request.GET.get("page", ""))
    except BadCursor as error:
        raise Http404 from error
    request.desk_section = "customers"  # type: ignore[attr-defined]
    query = urlencode({"q": wanted}) + "&" if wanted else ""
    return render(request, "staff/customers.html", {"page": page, "wanted": wanted, "query": query})


@desk(Permission.SEE_ORDERS)
def customer(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One customer with all addresses, orders and cases."""
    return customer_page(request, by, pk)


def customer_page(request: HttpRequest, by: Membership, pk: int) -> HttpResponse:
    """The page of one customer. Raises Http404."""
    card, now = commerce.customer_card(by.shop, pk), clock.now()
    if card is None:
        raise Http404
    request.desk_section = "customers"  # type: ignore[attr-defined]
    context = {
        "customer": card.customer,
        "mails": [
            {"value": each.value, "mark": mark_of(each, by=by, now=now, language=get_language() or "ja")}
            for each in card.contacts
            if each.kind == ContactKind.MAIL
        ],
        "tags": tags_of(by, card.customer),
        "phones": card.phones,
        "addresses": card.addresses,
        "rows": order_rows(card.orders),
        "cases": case_rows(cases_of_customer(by.shop, pk)),
        "may_erase": may(by, Permission.STRIKE) and card.customer.erased_at is None,
    }
    return render(request, "staff/customer.html", context)


def order_rows(cards: Iterable[OrderCard]) -> list[Row]:
    """Orders as staff/_order_rows.html draws them."""
    rows: list[Row] = []
    for card in cards:
        kind, icon = STATE_LOOKS[card.state]
        state = {"kind": kind, "icon": icon, "label": card.state.label}
        rows.append({"order": card.order, "channel": card.order.get_channel_display(), "state": state})
    return rows


def case_rows(cases: Iterable[Case]) -> list[Row]:
    """Cases as staff/_case_rows.html draws them."""
    rows: list[Row] = []
    for case in cases:
        kind, icon = CASE_LOOKS[Status(case.status)]
        status = {"kind": kind, "icon": icon, "label": case.get_status_display()}
        rows.append({"case": case, "owner": str(case.owner.person) if case.owner else "", "status": status})
    return rows


def _extras(shipping_yen: int, fee_yen: int, discount_yen: int) -> list[Row]:
    """What the total holds beside the goods; zeros are left out."""
    found = [(_("Shipping"), shipping_yen), (_("Payment fee"), fee_yen), (_("Discount"), -discount_yen)]
    return [{"name": name, "yen": amount} for name, amount in found if amount]
