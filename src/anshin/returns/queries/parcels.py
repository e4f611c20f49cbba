"""Parcels that the warehouse has booked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from anshin.returns.models import Parcel

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def unsorted_parcels(shop: Shop) -> QuerySet[Parcel]:
    """Parcels of which nobody knows yet what they belong to, oldest first."""
    found = Parcel.objects.select_related("booked_by__person").filter(shop=shop, is_announced=False, sorted_at=None)
    return found.order_by("arrived_at", "id")


def parcel_by_id(shop: Shop, parcel_id: int) -> Parcel | None:
    """A parcel of this shop."""
    return Parcel.objects.filter(shop=shop, pk=parcel_id).first()
