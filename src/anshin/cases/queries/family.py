"""Which cases belong together: merged, split, begun from another, or of the same customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from anshin.cases.models import Case
from anshin.plumbing.journal.models import JournalEntry

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_RELATING = ("case.split", "case.merged", "case.opened")
_MOST_STEPS = 20


def family_of(shop: Shop, case_id: int) -> frozenset[int]:
    """Ids of the cases that share messages or their history with this one, itself included."""
    customer_ids = Case.objects.filter(shop=shop, pk=case_id, customer__isnull=False).values("customer_id")
    known = set(Case.objects.filter(shop=shop, customer_id__in=customer_ids).values_list("pk", flat=True)) | {case_id}
    fresh = set(known)
    for _step in range(_MOST_STEPS):
        fresh = _related(shop, fresh) - known
        if not fresh:
            break
        known |= fresh
    return frozenset(known)


def _related(shop: Shop, case_ids: set[int]) -> set[int]:
    found: set[int] = set()
    facts = JournalEntry.objects.filter(shop_id=shop.pk, event__in=_RELATING, case_id__in=case_ids)
    for payload in facts.values_list("payload", flat=True):
        found |= {pk for pk in (payload.get("other_case_id"), payload.get("related_case_id")) if pk}
    merged = Case.objects.filter(Q(merged_into_id__in=case_ids) | Q(merged_cases__in=case_ids), shop=shop)
    found |= set(merged.values_list("pk", flat=True))
    return set(Case.objects.filter(shop=shop, pk__in=found).values_list("pk", flat=True))
