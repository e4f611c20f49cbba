"""A customer's own pages: orders and what was said, each order with its items and parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from anshin.cases.queries import OwnCase, cases_for_customer
from anshin.cases.terms import Status
from anshin.commerce.queries import (
    OrderCard,
    newest_orders_of,
    order_cards,
    order_of_customer,
    orders_of,
    tracking_address,
)
from anshin.commerce.terms import OrderState
from anshin.plumbing.pages.keyset import BadCursor, page_from, page_of
from anshin.plumbing.pages.keyset import Page as ListPage
from anshin.portal.pages import Page, inside
from anshin.portal.standing import state_of
from anshin.returns.queries import returns_of_customer

if TYPE_CHECKING:
    from anshin.commerce.models import Order, Shipment
    from anshin.returns.models import Return

_ORDERS = 10
RETURNABLE = frozenset({OrderState.SHIPPED, OrderState.DELIVERED})
"""An order that has left can come back."""
_STATES = {Status.OPEN: "with_us", Status.SNOOZED: "with_us", Status.WAITING: "answered", Status.CLOSED: "done"}
_RETURN_KINDS = {"paid": "good", "over": "good", "to_send": "warn", "failed": "bad", "refused": "", "withdrawn": ""}
_KINDS = {"delivered": "good", "done": "good", "answered": "info", "unpaid": "warn", "cancelled": ""}


def home_page(page: Page) -> HttpResponseBase:
    """Orders, newest first, and the cases with their newest words."""
    cursor = page.request.GET.get("cursor", "")
    try:
        rows = _orders(page, cursor)
    except BadCursor as error:
        raise Http404 from error
    words = page.words("home", name=page.customer.name)
    states = page.words("states")
    cases = cases_for_customer(page.shop, page.customer.pk) if not cursor else []
    returns = returns_of_customer(page.shop, page.customer) if not cursor else []
    return page.draw(
        "portal/home.html",
        "home",
        words=words,
        hello=words["hello"] if page.customer.name else "",
        orders=[_order_row(page, card, states) for card in order_cards(page.shop, rows.items)],
        older=f"?{urlencode({'cursor': rows.next})}" if rows.next else "",
        is_first=not cursor,
        returns_title=page.words("status")["all"],
        begin=page.words("request")["begin"],
        request_url=page.url("request"),
        returns=[_return_row(page, each) for each in returns],
        cases=[_case_row(page, case, states) for case in cases],
    )


@require_GET
@inside
def order(page: Page, pk: int) -> HttpResponseBase:
    """One order of this customer; 404 for everybody else's."""
    found = order_of_customer(page.shop, page.customer, pk)
    if found is None:
        raise Http404
    (card,) = order_cards(page.shop, [found])
    states = page.words("states")
    methods = page.words("methods")
    words = page.words("order", number=found.number)
    return page.draw(
        "portal/order.html",
        "order",
        words=words,
        order=found,
        day=page.day(found.ordered_at),
        state=_state(card.state, states),
        lines=[
            {"line": line, "quantity": page.words("order", count=line.quantity)["quantity"]}
            for line in found.lines.all()
        ],
        payments=[methods.get(payment.method, methods["other"]) for payment in found.payments.all()],
        parcels=[_parcel(page, parcel) for parcel in found.shipments.all()],
        begin=page.words("request")["begin"],
        may_return=card.state in RETURNABLE,
        request_url=page.url("request"),
        ask_url=f"{reverse('web_form:choose', args=[page.shop.slug])}?{urlencode({'order': found.number})}",
    )


def _orders(page: Page, cursor: str) -> ListPage[Order]:
    """A page of orders; the first one, which almost everybody sees, by a query that is kept."""
    order = ("-ordered_at", "-id")
    if not cursor:
        return page_from(newest_orders_of(page.shop, page.customer), order=order, size=_ORDERS, cursor="")
    return page_of(orders_of(page.shop, page.customer), order=order, size=_ORDERS, cursor=cursor)


def _order_row(page: Page, card: OrderCard, states: dict[str, Any]) -> dict[str, Any]:
    lines = card.parts.lines
    more = len(lines) - 1
    return {
        "url": page.url("order", card.order.pk),
        "number": page.words("home", number=card.order.number)["number"],
        "day": page.day(card.order.ordered_at),
        "name": lines[0].name if lines else "",
        "more": page.words("home", count=more)["more_items"] if more > 0 else "",
        "total_yen": card.order.total_yen,
        "state": _state(card.state, states),
    }


def _return_row(page: Page, returned: Return) -> dict[str, Any]:
    words = page.words("status", number=str(returned))
    lines = list(returned.lines.all())
    more = len(lines) - 1
    state = state_of(returned)
    return {
        "url": page.url("return", returned.number),
        "number": words["name"],
        "day": page.day(returned.asked_at),
        "name": lines[0].name if lines else "",
        "more": page.words("home", count=more)["more_items"] if more > 0 else "",
        "state": {"label": words[f"h_{state}"], "kind": _RETURN_KINDS.get(state, "info")},
    }


def _case_row(page: Page, case: OwnCase, states: dict[str, Any]) -> dict[str, Any]:
    words = page.words("home", number=case.number)
    return {
        "number": words["case_number"],
        "subject": case.subject,
        "day": page.day(case.at),
        "words": case.words,
        "who": words["from_us"] if case.is_ours else words["from_you"],
        "state": _state(_STATES[Status(case.status)], states),
    }


def _parcel(page: Page, parcel: Shipment) -> dict[str, Any]:
    arrived = parcel.delivered_at
    day = page.day(arrived or parcel.shipped_at)
    words = page.words("order", number=parcel.tracking_number, day=day)
    carriers = page.words("carriers")
    return {
        "carrier": carriers.get(parcel.carrier, carriers["other"]),
        "tracking": words["tracking"] if parcel.tracking_number else "",
        "url": tracking_address(parcel.carrier, parcel.tracking_number),
        "said": (words["delivered"] if arrived else words["shipped"]) if day else "",
    }


def _state(code: str, states: dict[str, Any]) -> dict[str, str]:
    return {"label": states[code], "kind": _KINDS.get(code, "info")}
