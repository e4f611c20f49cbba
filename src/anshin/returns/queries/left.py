"""How many of what an order brought can still come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum

from anshin.plumbing.prepared import Prepared
from anshin.returns.models import ReturnLine
from anshin.returns.terms import Approval

if TYPE_CHECKING:
    from anshin.commerce.models import Order

_LIVE = (Approval.ASKED, Approval.APPROVED)


def left_to_return(order: Order) -> dict[int, int]:
    """By position of the order's line, how many are neither back nor asked for: two queries, one where the lines are
    loaded."""
    counts: dict[int, int] = dict(_TAKEN.tuples(order=order.pk))
    return {line.position: max(0, line.quantity - counts.get(line.position, 0)) for line in order.lines.all()}


_TAKEN = Prepared(
    lambda order: (
        ReturnLine.objects.filter(order_id=order, returned__approval__in=_LIVE)
        .order_by()
        .values_list("position")
        .annotate(all=Sum("quantity"))
    ),
    order=int,
)
