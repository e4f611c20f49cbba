"""Everything that taking in writes for one shop, as plain values that two shops can be compared by.

Numbers of rows are replaced by their place among the shop's rows of that table, contents of files by their hashes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

from anshin.cases.models import (
    Attachment,
    BounceReport,
    Case,
    CaseNumbering,
    Counter,
    Message,
    OrderLink,
    SpamMark,
    TrustedSender,
)
from anshin.channels.email.models import Arrival, Mailbox
from anshin.commerce.models import ContactPoint, Customer, Order
from anshin.plumbing.files.models import Blob
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.live.models import LiveEvent

if TYPE_CHECKING:
    from anshin.shops.models import Shop

TABLES: tuple[type[Model], ...] = (
    Case,
    Message,
    Attachment,
    OrderLink,
    SpamMark,
    TrustedSender,
    BounceReport,
    Counter,
    Customer,
    ContactPoint,
    Arrival,
    Mailbox,
    JournalEntry,
    LiveEvent,
)
NAMED = {
    "case_id": Case,
    "related_case_id": Case,
    "message_id": Message,
    "actor_id": Customer,  # of the system and staff there is none here
    "customer_id": Customer,
    "contact_id": ContactPoint,
    "order_id": Order,
    "mailbox_id": Mailbox,
}
"""Numbers in journal entries, hints and columns, and whose they are."""


def rows_of(shop: Shop) -> dict[str, list[dict[str, Any]]]:
    """The shop's rows by table, in the order in which they were made."""
    places: dict[type[Model], dict[int, int]] = {}
    for model in {*TABLES, *NAMED.values()}:
        ids = _of(model, shop).order_by("pk").values_list("pk", flat=True)
        places[model] = {pk: place for place, pk in enumerate(ids)}
    hashes = dict(Blob.objects.filter(shop_id=shop.pk).values_list("pk", "sha256"))

    def told(name: str, value: Any) -> Any:
        if value is None:
            return None
        if name.endswith("blob_id"):
            return hashes[value]
        if name in NAMED:
            return places[NAMED[name]].get(value, "elsewhere")
        if name == "merged_into_id":
            return places[Case][value]
        return value

    found = {model.__name__: _rows(model, shop, told) for model in TABLES}
    for hint in found["LiveEvent"]:
        kind, _colon, number = hint["channel"].partition(":")
        hint["channel"] = f"{kind}:{places[Case][int(number)]}" if kind == "case" else hint["channel"]
    found["CaseNumbering"] = list(CaseNumbering.objects.filter(shop=shop).values("last_number"))
    blobs = Blob.objects.filter(shop_id=shop.pk)
    found["Blob"] = list(blobs.order_by("sha256").values("sha256", "size_bytes", "kind"))
    return found


def to_index(shop: Shop) -> set[int]:
    """The cases that jobs will put into the search index, by their numbers."""
    jobs = Job.objects.filter(task="anshin.cases.jobs.index", shop_id=shop.pk).values_list("args", flat=True)
    ids = {pk for (case_ids,) in jobs for pk in case_ids}
    return set(Case.objects.filter(shop=shop, pk__in=ids).values_list("number", flat=True))


def differences(one: dict[str, list[dict[str, Any]]], other: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Where two shops are not the same, a line each."""
    found: list[str] = []
    for table, rows in one.items():
        if len(rows) != len(other[table]):
            found.append(f"{table}: {len(rows)} rows and {len(other[table])}")
        for place, (left, right) in enumerate(zip(rows, other[table], strict=False)):
            found += [
                f"{table} {place} {name}: {value!r} and {right[name]!r}"
                for name, value in left.items()
                if value != right[name]
            ]
    return found


def _of(model: type[Model], shop: Shop) -> QuerySet[Any]:
    rows: QuerySet[Any] = QuerySet(model).filter(shop_id=shop.pk)
    return rows.exclude(event="shop.opened") if model is JournalEntry else rows


def _rows(model: type[Model], shop: Shop, told: Callable[[str, Any], Any]) -> list[dict[str, Any]]:
    order = {Counter: ["status", "owner_id"], Arrival: ["mailbox", "dedupe_key"]}.get(model, ["pk"])
    names = [
        field.attname for field in model._meta.local_concrete_fields if field.name not in {"id", "shop", "shop_id"}
    ]
    return [dict(_told(row, told)) for row in _of(model, shop).order_by(*order).values(*names)]


def _told(row: dict[str, Any], told: Callable[[str, Any], Any]) -> Iterable[tuple[str, Any]]:
    for name, value in row.items():
        if name == "payload":
            yield name, json.dumps({key: told(key, each) for key, each in value.items()}, ensure_ascii=False)
        else:
            yield name, told(name, value)
