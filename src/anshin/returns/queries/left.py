"""How many of what an order brought can still come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Sum

from anshin.returns.models import ReturnLine
from anshin.returns.terms import Approval

if TYPE_CHECKING:
    from anshin.commerce.models import Order

_LIVE = (Approval.ASKED, Approval.APPROVED)


def left_to_return(order: Order) -> dict[int, int]:
    """By position of the order's line, how many are neither back nor asked for: two queries."""
    taken = ReturnLine.objects.filter(order=order, returned__approval__in=_LIVE).values_list("position")
    counts = dict(taken.annotate(all=Sum("quantity")))
    return {line.position: max(0, line.quantity - counts.get(line.position, 0)) for line in order.lines.all()}
