"""All cases of a shop indexed anew, case by case, while people go on searching; broken off, it goes on where it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from anshin.cases.actions.indexing import index_now
from anshin.cases.models import Case
from anshin.cases.queries.search_documents import KIND, Reader, search_documents
from anshin.plumbing.bulk import refresh_statistics
from anshin.plumbing.search.models import Rebuild

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the shop's cases are indexed anew; the first answer says how many were before it was broken off."""

    done: int
    total: int


def reindex(*, shop_id: int, now: datetime) -> Iterator[Progress]:
    """Index every case of a shop, in portions that are committed one by one; after each, how far it has come.

    Those whose last activity is oldest come first, so that PostgreSQL keeps the documents in the order in which they
    are found: what is of one stretch of time then lies together, and a search of it passes over the rest.

    Each time it has done twice as much, PostgreSQL looks at the tables: else its kept plans stay those for the tables
    with which it began, and where these were empty each portion costs more than the one before.
    """
    rows = Case.objects.filter(shop_id=shop_id).order_by("last_activity_at", "id")
    rebuild, _created = Rebuild.objects.get_or_create(shop_id=shop_id, kind=KIND, defaults={"started_at": now})
    total = rows.count()
    done = total - rows.filter(_left(rebuild)).count()
    written, looked_at = 0, AT_ONCE
    yield Progress(done, total)
    while True:
        portion = list(rows.filter(_left(rebuild)).select_related("customer")[:AT_ONCE])
        if not portion:
            break
        reader, ids = Reader(), [case.pk for case in portion]
        search_documents(shop_id, portion, reader)
        with transaction.atomic():
            index_now(ids, shop_id=shop_id, reader=reader)
            rebuild.last_id, rebuild.last_at = ids[-1], portion[-1].last_activity_at
            rebuild.save(update_fields=["last_id", "last_at"])
        done, written = done + len(ids), written + len(ids)
        if written >= 2 * looked_at:
            refresh_statistics()
            looked_at = written
        yield Progress(done, max(total, done))
    rebuild.delete()


def _left(rebuild: Rebuild) -> Q:
    """Which cases come after the last one that is done; one in which something happens meanwhile comes once more."""
    if rebuild.last_at is None:
        return Q()
    return Q(last_activity_at__gte=rebuild.last_at) & ~Q(last_activity_at=rebuild.last_at, pk__lte=rebuild.last_id)
