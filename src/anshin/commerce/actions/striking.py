"""Words struck out of the remarks that customers wrote with their orders."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from anshin.commerce.models import Order

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def orders_remarking(
    shop: Shop, is_in: Callable[[str], object], *, hints: Collection[str], customer_ids: Collection[int]
) -> Iterator[Order]:
    """The orders of the shop in whose remark `is_in` finds something: all of these customers, and others whose remark
    holds one of the hints."""
    likely = Q(customer_id__in=customer_ids)
    for hint in hints:
        likely |= Q(remark__contains=hint)
    for order in Order.objects.filter(likely, shop=shop).exclude(remark="").order_by("id"):
        if is_in(order.remark):
            yield order


def rewrite_remark(order: Order, remark: str, *, now: datetime) -> None:
    """Put this in the remark's place; no later news of the order brings the old words back. Inside a transaction."""
    order.remark, order.remark_struck_at = remark, now
    order.save(update_fields=["remark", "remark_struck_at"])
