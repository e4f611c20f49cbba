"""How many cases each view holds, from the counters: one small query, whatever the number of cases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from anshin.cases.models import Counter
from anshin.cases.terms import Status, View
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_COUNTERS = Prepared(
    lambda shop: Counter.objects.filter(shop_id=shop).values_list("status", "owner_id", "count"), shop=int
)


def view_counts(by: Membership) -> Mapping[str, int]:
    """View to number of cases, as `by` sees them."""
    counts = dict.fromkeys(View.values, 0)
    for status, owner_id, count in _COUNTERS.tuples(shop=by.shop_id):
        counts[View.ALL] += 0 if status in {Status.SPAM, View.DUE_SOON} else count
        if status in counts:
            counts[status] += count
        if status == Status.OPEN and owner_id == by.pk:
            counts[View.MINE] += count
        if status == Status.OPEN and owner_id == 0:
            counts[View.UNASSIGNED] += count
    return counts


def count_of(shop_id: int, statuses: Collection[Status], owners: Collection[int] | None) -> int:
    """How many cases stand in one of these statuses with one of these owners (0: nobody; None: whoever)."""
    return sum(
        count
        for status, owner_id, count in _COUNTERS.tuples(shop=shop_id)
        if status in statuses and (owners is None or owner_id in owners)
    )
