"""One portion of a file of packing records: orders found, products laid to their lines, records written once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anshin.commerce.actions import note_lots
from anshin.commerce.queries import order_lines, orders_by_numbers
from anshin.delivery.models import PackingRecord, RefusedPackingRow
from anshin.delivery.rules import packing_digest, places_of
from anshin.language.order_numbers import key as number_key
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.commerce.models import Order, OrderLine
    from anshin.delivery.models import PackingImport
    from anshin.delivery.ports import PackedItem, PackedOrder, PackedRow

_AHEAD = timedelta(hours=1)
"""Clocks of terminals go wrong by minutes; more is a slip of the pen."""


@dataclass(slots=True)
class Portion:
    """What became of some orders of a file."""

    new: int = 0
    same: int = 0
    lots: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Known:
    """What the shop knows of the orders of a portion."""

    orders: dict[str, list[Order]]
    lines: dict[int, list[OrderLine]]
    packed: dict[int, set[tuple[int, str]]]


@dataclass(slots=True)
class _Told:
    """What the portion says, before it is written."""

    records: list[PackingRecord] = field(default_factory=list)
    lots: dict[int, tuple[str, ...]] = field(default_factory=dict)
    refused: list[tuple[PackedRow, str]] = field(default_factory=list)


def take_in_portion(run: PackingImport, orders: Sequence[PackedOrder], *, by: Actor, now: datetime) -> Portion:
    """The records of these orders written where they are new, with lots at their lines; refused rows kept.

    Nine queries for any number of orders. Inside a transaction.
    """
    known = _known(run, orders)
    told = _Told()
    for order in orders:
        told.refused += order.refused
        _lay_out(run, order, known, told, now)
    seen = set(_digests(run, told.records))
    fresh = {record.digest: record for record in told.records if record.digest not in seen}
    PackingRecord.objects.bulk_create(fresh.values())
    RefusedPackingRow.objects.bulk_create(
        RefusedPackingRow(packing_import=run, row_number=row.number, cells=list(row.cells), reason=reason[:400])
        for row, reason in told.refused
    )
    return Portion(
        new=len(fresh),
        same=len(told.records) - len(fresh),
        lots=note_lots(shop=run.shop, lots=told.lots, by=by, now=now),
        refused=len(told.refused),
    )


def _known(run: PackingImport, orders: Sequence[PackedOrder]) -> _Known:
    found: dict[str, list[Order]] = defaultdict(list)
    for order in orders_by_numbers(run.shop, [each.number for each in orders]):
        found[order.number_key].append(order)
    ids = [order.pk for several in found.values() for order in several]
    packed: dict[int, set[tuple[int, str]]] = defaultdict(set)
    rows = PackingRecord.objects.filter(shop=run.shop, order_id__in=ids).values_list("order_id", "position", "sku")
    for order_id, position, sku in rows:
        packed[order_id].add((position, sku))
    return _Known(found, order_lines(run.shop, ids), packed)


def _lay_out(run: PackingImport, told: PackedOrder, known: _Known, into: _Told, now: datetime) -> None:
    orders = known.orders.get(number_key(told.number), []) if told.number else []
    if len(orders) != 1:
        reason = (
            _("There are several orders with the number %(number)s. Write it down at the order’s trouble by hand.")
            if orders
            else _("There is no order with the number %(number)s. Import the orders first, then this file again.")
        )
        for item in told.items:
            into.refused += [(row, reason % {"number": told.number[:80]}) for row in item.rows]
        return
    order = orders[0]
    lines = {line.position: line for line in known.lines.get(order.pk, [])}
    settled = {place for place, sku in known.packed[order.pk] if place in lines and lines[place].sku == sku}
    ordered = {place: (line.sku, line.name) for place, line in lines.items()}
    places = places_of([(item.sku, item.name) for item in told.items], ordered, settled)
    for item, place in zip(told.items, places, strict=True):
        reason = _fault_of(item, place, order, now)
        if reason or place is None:
            into.refused += [(row, reason) for row in item.rows]
            continue
        into.records.append(_record(run, order, place, item, now))
        if item.lots:
            into.lots[lines[place].pk] = item.lots


def _fault_of(item: PackedItem, place: int | None, order: Order, now: datetime) -> str:
    if place is None:
        return _(
            "“%(item)s” was not ordered with %(number)s, and it cannot be told in whose place it was packed. If it "
            "was a gift or a leaflet, nothing needs to be done."
        ) % {"item": (item.sku or item.name)[:80], "number": order.number}
    if item.packed_at > now + _AHEAD:
        return _("It cannot have been packed in the future. Check the day.")
    if item.packed_at < order.ordered_at - timedelta(days=1):
        return _("It cannot have been packed before it was ordered. Check the day and the order number.")
    return ""


def _record(run: PackingImport, order: Order, place: int, item: PackedItem, now: datetime) -> PackingRecord:
    digest = packing_digest(
        order.pk,
        place,
        item.sku,
        item.name,
        quantity=item.quantity,
        weight_g=item.weight_g,
        packed_at=item.packed_at,
        packed_by=item.packed_by,
    )
    return PackingRecord(
        shop=run.shop,
        order=order,
        position=place,
        sku=item.sku,
        name=item.name,
        quantity=item.quantity,
        weight_g=item.weight_g,
        packed_at=item.packed_at,
        packed_by=item.packed_by,
        written_by=run.started_by,
        written_at=now,
        packing_import=run,
        digest=digest,
    )


def _digests(run: PackingImport, records: Sequence[PackingRecord]) -> list[str]:
    wanted = [record.digest for record in records]
    return list(PackingRecord.objects.filter(shop=run.shop, digest__in=wanted).values_list("digest", flat=True))
