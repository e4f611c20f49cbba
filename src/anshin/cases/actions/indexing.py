"""The search index follows the cases: soon after a change by a job, at once where something must be found no more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from anshin.cases.models import Case
from anshin.cases.queries.search_documents import AT_ONCE, KIND, Reader, search_documents
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.prepared import PreparedIn
from anshin.plumbing.search import index, purging

_CASES: PreparedIn[Case] = PreparedIn(
    lambda ids, shop: Case.objects.filter(shop_id=shop, pk__in=ids).select_related("customer"), most=AT_ONCE, shop=int
)
_LOCKED: PreparedIn[Case] = PreparedIn(
    lambda ids, shop: (
        Case.objects.select_for_update(no_key=True, of=("self",))
        .filter(shop_id=shop, pk__in=ids)
        .select_related("customer")
        .order_by("id")
    ),
    most=AT_ONCE,
    shop=int,
)


def ask_to_index(case_ids: Sequence[int], *, shop_id: int, now: datetime) -> None:
    """Have these cases indexed as they are when the caller's transaction has committed: one INSERT."""
    if case_ids:
        enqueue("anshin.cases.jobs.index", list(case_ids), shop_id=shop_id, now=now)


def index_cases(case_ids: Sequence[int], *, shop_id: int) -> int:
    """Index these cases as they are now, in portions; how many there were.

    The texts are read before the portion's transaction, which only looks whether they are still the same: it is short,
    and what a person strikes out meanwhile does not come back.
    """
    done = 0
    for start in range(0, len(case_ids), AT_ONCE):
        portion = case_ids[start : start + AT_ONCE]
        reader = Reader()
        search_documents(shop_id, _CASES.rows(portion, shop=shop_id), reader)
        with transaction.atomic():
            done += index_now(portion, shop_id=shop_id, reader=reader)
    return done


def forget(case_ids: Collection[int], *, shop_id: int, now: datetime) -> None:
    """Something of these cases was erased: in the caller's transaction it is found no more, and soon after it nothing
    of it is left in the index's own pages."""
    index_now(case_ids, shop_id=shop_id)
    purging.ask_to_purge(now=now)


def index_now(case_ids: Collection[int], *, shop_id: int, reader: Reader | None = None) -> int:
    """The same in the caller's transaction: what was erased is not found any more when it commits."""
    cases = _LOCKED.rows(sorted(set(case_ids)), shop=shop_id)
    documents = search_documents(shop_id, cases, reader or Reader())
    kept = {document.object_id for document in documents}
    index.remove(KIND, [pk for pk in case_ids if pk not in kept], shop_id=shop_id)
    index.put(documents, shop_id=shop_id)
    return len(cases)
