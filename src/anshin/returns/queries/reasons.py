"""Why things come back, product by product (requirements 55, 56)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Sum

from anshin.returns.models import ReturnLine

if TYPE_CHECKING:
    from anshin.shops.models import Shop


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """So many returns and pieces of one product for one reason."""

    sku: str
    name: str
    reason: str
    sub_reason: str
    returns: int
    pieces: int


def reasons_by_product(shop: Shop, *, since: datetime, until: datetime, most: int = 200) -> list[ReasonCount]:
    """The most frequent first: one query."""
    rows = ReturnLine.objects.filter(shop=shop, returned__asked_at__gte=since, returned__asked_at__lt=until)
    grouped = (
        rows.order_by()
        .values("sku", "reason", "sub_reason")
        .annotate(returns=Count("returned", distinct=True), pieces=Sum("quantity"), label=Max("name"))
    )
    return [
        ReasonCount(row["sku"], row["label"], row["reason"], row["sub_reason"], row["returns"], row["pieces"])
        for row in grouped.order_by("-returns", "sku", "reason", "sub_reason")[:most]
    ]
