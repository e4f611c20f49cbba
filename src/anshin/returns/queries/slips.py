"""Returns that need a carrier's slip because the shop pays their way back, for the room that writes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.returns.models import Return, ReturnLine
from anshin.returns.terms import Approval, ParcelState, Payer

if TYPE_CHECKING:
    from anshin.shops.models import Shop

    Ids = Collection[int] | QuerySet[Any]
    """Ids, or a query that gives them."""


_NOT_SENT = (ParcelState.NOT_YET, ParcelState.AWAITED)


def returns_without_number(shop: Shop, *, but: Ids = (), only: Ids | None = None) -> QuerySet[Return]:
    """Approved returns at the shop's cost that nobody has sent yet and that have no tracking number."""
    found = (
        Return.objects.select_related("place")
        .filter(
            shop=shop,
            approval=Approval.APPROVED,
            payer=Payer.SHOP,
            parcel__in=_NOT_SENT,
            closed_at=None,
            tracking_number="",
        )
        .exclude(pk__in=but)
    )
    return found if only is None else found.filter(pk__in=only)


def page_of_returns(found: QuerySet[Return], *, cursor: str = "", size: int = 50) -> Page[Return]:
    """One page, the oldest first, with lines, orders and customer. Two queries. Raises BadCursor."""
    return page_of(_whole(found), order=("id",), size=size, cursor=cursor)


def returns_by_ids(shop: Shop, ids: Collection[int]) -> list[Return]:
    """Returns of this shop, whatever became of them, in the order of their ids. Two queries."""
    return list(_whole(Return.objects.filter(shop=shop, pk__in=ids)).order_by("id"))


def parcels_with_tracking(shop: Shop, numbers: Collection[str]) -> dict[str, str]:
    """Tracking number → the return that has it, for those of these that are known here. One query."""
    found = Return.objects.filter(shop=shop, tracking_number__in=numbers)
    return {each.tracking_number: str(each) for each in found}


def may_take_number(returned: Return) -> bool:
    """Whether its number can still change: the customer has not sent it."""
    return returned.approval == Approval.APPROVED and returned.parcel in _NOT_SENT


def _whole(found: QuerySet[Return]) -> QuerySet[Return]:
    lines = Prefetch("lines", queryset=ReturnLine.objects.select_related("order").order_by("place"))
    return found.select_related("customer", "case", "shop").prefetch_related(lines)
