"""How many cases each view holds, from the counters: one small query, whatever the number of cases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anshin.cases.models import Counter
from anshin.cases.terms import Status, View

if TYPE_CHECKING:
    from anshin.shops.models import Membership


def view_counts(by: Membership) -> Mapping[str, int]:
    """View to number of cases, as `by` sees them."""
    counts = dict.fromkeys(View.values, 0)
    rows = Counter.objects.filter(shop_id=by.shop_id).values_list("status", "owner_id", "count")
    for status, owner_id, count in rows:
        counts[View.ALL] += count
        if status in counts:
            counts[status] += count
        if status == Status.OPEN and owner_id == by.pk:
            counts[View.MINE] += count
        if status == Status.OPEN and owner_id == 0:
            counts[View.UNASSIGNED] += count
    return counts
