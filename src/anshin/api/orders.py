"""Orders: the list, one, and many brought in by a selling system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Query, Router

from anshin.api.door import caller, key_of
from anshin.api.operations import reads, writes
from anshin.api.order_shapes import (
    ImportOut,
    OrderDetail,
    OrderList,
    OrdersIn,
    import_out,
    order_detail,
    order_out,
)
from anshin.api.shapes import Cursor, Key, Limit, listed
from anshin.commerce import actions
from anshin.commerce.queries import (
    import_by_id,
    order_cards,
    order_with_details,
    orders_by_numbers,
    orders_page,
    refused_rows,
)
from anshin.integrations.terms import Scope
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import Page
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

router = Router(tags=["orders"])
_MOST_OF_A_NUMBER = 20


@reads(
    router,
    "",
    scope=Scope.ORDERS_READ,
    permission=Permission.SEE_ORDERS,
    response=OrderList,
    summary=gettext_noop("List orders, the newest first"),
)
def list_orders(
    request: HttpRequest,
    number: Annotated[
        str, Query(max_length=80, pattern=r"^[^\x00]*$", description="Only this order, however it is spelled.")
    ] = "",
    customer: Annotated[int | None, Query(ge=1, le=2**53 - 1, description="Only orders of this customer.")] = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> dict[str, object]:
    """With `number` at most a few lines on one page: two selling systems may give the same number."""
    shop = caller(request).shop
    if number:
        rows = list(orders_by_numbers(shop, [number])[:_MOST_OF_A_NUMBER])
        page = Page(rows, "", "")
    else:
        page = orders_page(shop, customer_id=customer, cursor=cursor, size=limit)
    return listed(page, [order_out(card) for card in order_cards(shop, page.items)])


@writes(
    router,
    "POST",
    "/imports",
    scope=Scope.ORDERS_WRITE,
    permission=Permission.IMPORT,
    response=ImportOut,
    status=202,
    summary=gettext_noop("Bring orders in, new and known ones"),
)
def bring_orders(request: HttpRequest, told: OrdersIn) -> ImportOut:  # noqa: ARG001  its shape was checked; the bytes are kept
    """An order is known by its number and selling system: told again it is brought up to date, told the same it stays.
    The orders are read in the background; ask for the import until its state is `done`."""
    by, now = caller(request), clock.now()
    name = f"{key_of(request).name} {now:%Y-%m-%d %H%M%S}.json"
    run = actions.start_order_import(shop=by.shop, content=request.body, file_name=name, by=by, now=now)
    if not run.refusal:
        run = actions.confirm(shop=by.shop, import_id=run.pk, by=by, now=now)
    return _import(by, run.pk)


@reads(
    router,
    "/imports/{import_id}",
    scope=Scope.ORDERS_READ,
    permission=Permission.IMPORT,
    response=ImportOut,
    summary=gettext_noop("What became of orders that were brought"),
)
def get_import(request: HttpRequest, import_id: Key) -> ImportOut:
    """Also of files that somebody brought at the desk."""
    return _import(caller(request), import_id)


@reads(
    router,
    "/{order_id}",
    scope=Scope.ORDERS_READ,
    permission=Permission.SEE_ORDERS,
    response=OrderDetail,
    summary=gettext_noop("One order"),
)
def get_order(request: HttpRequest, order_id: Key) -> OrderDetail:
    """With positions, payments and parcels."""
    shop = caller(request).shop
    order = order_with_details(shop, order_id)
    if order is None:
        raise Http404
    return order_detail(order_cards(shop, [order])[0])


def _import(by: Membership, import_id: int) -> ImportOut:
    run = import_by_id(by.shop, import_id)
    if run is None:
        raise Http404
    return import_out(run, refused_rows(run))
