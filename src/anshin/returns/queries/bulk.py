"""Several returns at once: what a page shows before a step, and what became of each afterwards."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, QuerySet

from anshin.returns.models import BulkItem, BulkRun, Return, ReturnLine, Settlement
from anshin.returns.rules import bulk as rules
from anshin.returns.terms import BulkState, BulkVerb

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_RULES = {
    BulkVerb.APPROVE: rules.may_approve,
    BulkVerb.CONFIRM: rules.may_confirm,
    BulkVerb.LABELS: rules.may_print,
}


def chosen_returns(shop: Shop, numbers: Collection[int]) -> list[Return]:
    """The returns with these numbers, newest first, with their lines and the calculations that count (in
    `settlements.all()`, one an order): three queries."""
    current = Settlement.objects.filter(is_current=True).order_by("id")
    found = Return.objects.select_related("customer", "case").filter(shop=shop, number__in=numbers)
    return list(found.prefetch_related(_lines(), Prefetch("settlements", queryset=current)).order_by("-id"))


def may_take(returned: Return, verb: BulkVerb) -> bool:
    """Whether the return stands where this step for several is of use. Asked of rows in hand, no query."""
    return _RULES[verb](returned)


def bulk_run(shop: Shop, run_id: int) -> BulkRun | None:
    """A run of this shop: one query."""
    return BulkRun.objects.select_related("asked_by__person", "file").filter(shop=shop, pk=run_id).first()


def bulk_items(run: BulkRun) -> QuerySet[BulkItem]:
    """What became of each return of a run, in the order in which they were chosen: two queries."""
    found = run.items.select_related("returned__customer").prefetch_related(
        Prefetch("returned__lines", queryset=ReturnLine.objects.order_by("place"))
    )
    return found.order_by("place")


def bulk_counts(run: BulkRun) -> dict[BulkState, int]:
    """How many returns of a run have come to what: one query."""
    counted = dict(run.items.order_by().values_list("state").annotate(n=Count("pk")))
    return {state: counted.get(state, 0) for state in BulkState}


def _lines() -> Prefetch[str, QuerySet[ReturnLine], str]:
    return Prefetch("lines", queryset=ReturnLine.objects.select_related("order").order_by("place"))
