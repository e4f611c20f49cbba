"""Parcels that the warehouse has booked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from anshin.plumbing.pages.keyset import Page, page_of
from anshin.returns.models import Parcel, ParcelContent, ParcelPhoto

if TYPE_CHECKING:
    from datetime import datetime

    from anshin.shops.models import Shop


def unsorted_parcels(shop: Shop) -> QuerySet[Parcel]:
    """Parcels of which nobody knows yet what they belong to, oldest first."""
    found = Parcel.objects.select_related("booked_by__person").filter(shop=shop, is_announced=False, sorted_at=None)
    return found.order_by("arrived_at", "id")


def parcel_by_id(shop: Shop, parcel_id: int) -> Parcel | None:
    """A parcel of this shop with who booked it in."""
    return Parcel.objects.select_related("booked_by__person").filter(shop=shop, pk=parcel_id).first()


def parcel_by_nonce(shop: Shop, nonce: str) -> Parcel | None:
    """The parcel that a page with this nonce has booked in already."""
    return Parcel.objects.filter(shop=shop, nonce=nonce).first()


def parcels_since(shop: Shop, since: datetime, *, cursor: str = "", size: int = 50) -> Page[Parcel]:
    """What was booked in from then on with its contents, newest first: two queries. Raises BadCursor."""
    contents = ParcelContent.objects.select_related("returned__customer", "line").order_by("id")
    found = Parcel.objects.select_related("booked_by__person").filter(shop=shop, arrived_at__gte=since)
    page = page_of(found, order=("-arrived_at", "-id"), size=size, cursor=cursor)
    prefetch_related_objects(page.items, Prefetch("contents", queryset=contents))
    return page


def parcel_photo_of(shop: Shop, photo_id: int) -> ParcelPhoto | None:
    """A picture of a parcel of this shop."""
    return ParcelPhoto.objects.select_related("blob").filter(shop=shop, pk=photo_id).first()
