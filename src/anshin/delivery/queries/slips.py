"""Re-shipments and pick-ups that need a carrier's slip, for the room that writes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from anshin.delivery import rules
from anshin.delivery.models import PickUp, Reshipment
from anshin.delivery.terms import PickUpState
from anshin.plumbing.pages.keyset import Page, page_of

if TYPE_CHECKING:
    from anshin.shops.models import Shop

    Ids = Collection[int] | QuerySet[Any]
    """Ids, or a query that gives them."""

_TO_FETCH = (PickUpState.TO_BOOK, PickUpState.BOOKED, PickUpState.MISSED)
_WITH = ("trouble__order__customer", "trouble__case")


def reshipments_without_number(shop: Shop, *, but: Ids = (), only: Ids | None = None) -> QuerySet[Reshipment]:
    """What is to be sent again and has no tracking number yet, without those in `but`."""
    found = Reshipment.objects.filter(shop=shop, state__in=rules.RESHIPMENT_OPEN, tracking_number="").exclude(
        pk__in=but
    )
    return found if only is None else found.filter(pk__in=only)


def pick_ups_without_reference(shop: Shop, *, but: Ids = (), only: Ids | None = None) -> QuerySet[PickUp]:
    """What is to be fetched and has no number of the carrier's yet, without those in `but`."""
    found = PickUp.objects.filter(shop=shop, state__in=_TO_FETCH, reference="").exclude(pk__in=but)
    return found if only is None else found.filter(pk__in=only)


def page_of_reshipments(found: QuerySet[Reshipment], *, cursor: str = "", size: int = 50) -> Page[Reshipment]:
    """One page, the oldest first, with trouble, order and customer. One query. Raises BadCursor."""
    return page_of(found.select_related(*_WITH), order=("id",), size=size, cursor=cursor)


def page_of_pick_ups(found: QuerySet[PickUp], *, cursor: str = "", size: int = 50) -> Page[PickUp]:
    """The same for pick-ups. One query. Raises BadCursor."""
    return page_of(found.select_related(*_WITH), order=("id",), size=size, cursor=cursor)


def reshipments_by_ids(shop: Shop, ids: Collection[int]) -> list[Reshipment]:
    """Re-shipments of this shop, whatever became of them, in the order of their ids. One query."""
    return list(Reshipment.objects.select_related(*_WITH).filter(shop=shop, pk__in=ids).order_by("id"))


def pick_ups_by_ids(shop: Shop, ids: Collection[int]) -> list[PickUp]:
    """Pick-ups of this shop, whatever became of them, in the order of their ids. One query."""
    return list(PickUp.objects.select_related(*_WITH).filter(shop=shop, pk__in=ids).order_by("id"))


def reshipments_by_numbers(shop: Shop, numbers: Collection[tuple[int, int]]) -> list[Reshipment]:
    """Re-shipments by the number of their trouble and their place in it: D-0012-1 is (12, 1). One query."""
    found = Reshipment.objects.select_related("trouble__case").filter(
        shop=shop, trouble__number__in={number for number, _place in numbers}
    )
    wanted = set(numbers)
    return [each for each in found if (each.trouble.number, each.place) in wanted]


def pick_ups_by_numbers(shop: Shop, numbers: Collection[int]) -> list[PickUp]:
    """Pick-ups by the number of their trouble. One query."""
    return list(PickUp.objects.select_related("trouble__case").filter(shop=shop, trouble__number__in=numbers))


def parcels_with_tracking(shop: Shop, numbers: Collection[str]) -> dict[str, str]:
    """Tracking number → what has it, as people say it (D-0012-1, D-0012-P), for those of these that are known here.
    Two queries."""
    sent = Reshipment.objects.select_related("trouble").filter(shop=shop, tracking_number__in=numbers)
    fetched = PickUp.objects.select_related("trouble").filter(shop=shop, reference__in=numbers)
    known = {each.tracking_number: reshipment_number(each) for each in sent}
    return known | {each.reference: pick_up_number(each) for each in fetched}


def reshipment_number(reshipment: Reshipment) -> str:
    """What a scanner reads and a carrier's program gives back. The trouble is loaded with it."""
    return f"D-{reshipment.trouble.number:04}-{reshipment.place}"


def pick_up_number(pick_up: PickUp) -> str:
    """The same of a pick-up."""
    return f"D-{pick_up.trouble.number:04}-P"


def may_take_number(parcel: Reshipment | PickUp) -> bool:
    """Whether its number can still change: it has not left."""
    if isinstance(parcel, Reshipment):
        return parcel.state in rules.RESHIPMENT_OPEN
    return parcel.state in _TO_FETCH
