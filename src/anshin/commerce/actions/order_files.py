"""Imports order files: a clerk brings one, names its columns when needed, starts it; a job takes it in by portions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.commerce import events
from anshin.commerce.actions.orders import OrderRefused, Taken, refuse_unusable, take_in_lines, take_in_orders
from anshin.commerce.models import ColumnMapping, OrderImport, RefusedRow
from anshin.commerce.ports import (
    FileRow,
    NotAnOrderFile,
    OpenedFile,
    OrderInFile,
    RowsRefused,
    order_files,
)
from anshin.commerce.queries.imports import opened_file, plan_of
from anshin.commerce.terms import ImportState, IncomingLines, IncomingOrder, OrderField, Outcome, SalesChannel
from anshin.language.sensitive_numbers import Certainty, find_numbers, masked
from anshin.plumbing.files import names
from anshin.plumbing.files.store import BlobDamaged, keep
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

LARGEST_FILE_BYTES = 100 * 1024 * 1024
PORTION = 200
"""Orders that are taken in with one transaction."""
NEEDED = (OrderField.NUMBER, OrderField.ORDERED_AT)
_LONGEST_REASON = 400

Item = OrderInFile | RowsRefused


class ImportRefused(Refused):
    """The import cannot go on like this; `str(error)` is a sentence for the person who asked."""


class AlreadyRead(RuntimeError):
    """Two workers read one import; the later one must look again where it stands."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the orders and rows of a file."""

    new: int = 0
    changed: int = 0
    same: int = 0
    rows_refused: int = 0


def start_order_import(
    *, shop: Shop, content: bytes, file_name: str, by: Membership | None, now: datetime
) -> OrderImport:
    """The file kept and looked at; nothing is taken in before `confirm`.

    READY when its columns are known, MAPPING when a clerk must name them, REFUSED (with the sentence in `refusal`)
    when it is no order file. `by` is None only on the command line.
    Raises NotAllowed, ImportRefused for a file over 100 MB, StorageTrouble.
    """
    if by is not None:
        _require(shop, by)
    if len(content) > LARGEST_FILE_BYTES:
        raise ImportRefused(
            _("The file is larger than %(mb)s MB. Download fewer months at a time.")
            % {"mb": LARGEST_FILE_BYTES // 1024 // 1024}
        )
    run = OrderImport(
        shop=shop,
        file_name=names.harmless_name(file_name)[:200],
        started_by=by,
        created_at=now,
        state=ImportState.REFUSED,
    )
    try:
        opened = order_files.get().open(content, file_name)
    except NotAnOrderFile as error:
        run.refusal = str(error)[:_LONGEST_REASON]
    else:
        _describe(run, opened)
    with transaction.atomic():
        run.file = keep(shop.pk, content, now=now)
        run.save()
    return run


def choose_columns(
    *,
    shop: Shop,
    import_id: int,
    fields: Sequence[OrderField | None],
    channel: SalesChannel,
    by: Membership,
    now: datetime,
) -> OrderImport:
    """The meaning of each column, remembered for files with the same headings; the import is then READY.

    Raises NotAllowed, ImportRefused when a needed column is missing or the import has started.
    """
    _require(shop, by)
    opened = opened_file(_of(shop, import_id))
    missing = [meaning.label for meaning in NEEDED if meaning not in fields]
    if missing:
        raise ImportRefused(
            _("Choose the columns for: %(missing)s. Orders cannot be read without them.")
            % {"missing": ", ".join(map(str, missing))}
        )
    if len(fields) != len(opened.headings):
        raise ImportRefused(_("The columns do not fit this file. Reload the page and choose again."))
    with transaction.atomic():
        run = _waiting(shop, import_id)
        run.mapping, _created = ColumnMapping.objects.update_or_create(
            shop=shop,
            header_key=opened.header_key,
            defaults={
                "name": run.file_name[:80],
                "channel": channel,
                "columns": [meaning or "" for meaning in fields],
                "created_at": now,
            },
        )
        run.state = ImportState.READY
        run.save(update_fields=["mapping", "state"])
    return run


@transaction.atomic
def confirm(
    *, shop: Shop, import_id: int, by: Membership | None, now: datetime, run_at: datetime | None = None
) -> OrderImport:
    """Start taking the file in, in the background; asked twice: started once.

    The command line takes it in itself and sets `run_at` to when a worker goes on should it be killed; only there
    `by` is None. Raises NotAllowed, ImportRefused.
    """
    if by is not None:
        _require(shop, by)
    run = OrderImport.objects.select_for_update().filter(shop=shop, pk=import_id).first()
    if run is None:
        raise ImportRefused(_("This import does not exist. Go back to the imports."))
    if run.state in {ImportState.RUNNING, ImportState.DONE}:
        return run
    if run.state != ImportState.READY:
        raise ImportRefused(_("Name the columns first; then the import can start."))
    run.state = ImportState.RUNNING
    run.save(update_fields=["state"])
    key = f"order import {run.pk}"
    enqueue("anshin.commerce.jobs.run_order_import", run.pk, now=now, unique_key=key, run_at=run_at)
    return run


def take_in_file(*, import_id: int, clock: Callable[[], datetime]) -> OrderImport:
    """Take in what is left of a running import, portion by portion, each with the moment that `clock` tells.

    Killed at any place, it goes on after the last portion that committed. A file that cannot be read to its end is
    marked as refused; what was taken in stays. Raises AlreadyRead.
    """
    run = OrderImport.objects.select_related("shop", "mapping", "file").get(pk=import_id)
    if run.state != ImportState.RUNNING:
        return run
    place = run.rows_read
    try:
        for portion in remaining(run):
            place = run_portion(import_id=import_id, items=portion, rows_before=place, now=clock()).rows_read
    except (NotAnOrderFile, BlobDamaged) as error:
        return _stop(import_id, str(error), clock())
    return finish(import_id=import_id, now=clock())


def run_portion(*, import_id: int, items: Sequence[Item], rows_before: int, now: datetime) -> OrderImport:
    """Take in the next orders of a running import; they, the refused rows and the place commit together.

    Raises AlreadyRead when another worker has gone beyond `rows_before` meanwhile.
    """
    with transaction.atomic():
        run = _locked(import_id)
        if run.rows_read != rows_before:
            raise AlreadyRead(f"import {import_id} stands at row {run.rows_read}, not {rows_before}")
        counts = take_in_items(shop=run.shop, items=items, run=run, by=_actor(run), now=now)
        run.rows_read += sum(len(item.rows) for item in items)
        _add(run, counts)
        run.save(update_fields=["rows_read", "orders_new", "orders_changed", "orders_same", "rows_refused"])
    return run


@transaction.atomic
def finish(*, import_id: int, now: datetime) -> OrderImport:
    """Mark a running import as done and write it to the journal; asked twice: written once."""
    run = _locked(import_id)
    if run.state != ImportState.RUNNING:
        return run
    run.state, run.finished_at = ImportState.DONE, now
    run.save(update_fields=["state", "finished_at"])
    event = events.OrdersImported(
        import_id=run.pk,
        orders_new=run.orders_new,
        orders_changed=run.orders_changed,
        rows_refused=run.rows_refused,
    )
    record(event, shop_id=run.shop_id, by=_actor(run), now=now)
    return run


def remaining(run: OrderImport) -> Iterator[list[Item]]:
    """Portions of the file that were not read yet. Raises NotAnOrderFile, BlobDamaged."""
    opened = opened_file(run)
    items = order_files.get().orders(opened, plan_of(run), zone=ZoneInfo(run.shop.zone))
    done = 0
    for item in items if run.rows_read else ():
        done += len(item.rows)
        if done >= run.rows_read:
            break
    while portion := list(islice(items, PORTION)):
        yield portion


def take_in_items(*, shop: Shop, items: Sequence[Item], run: OrderImport | None, by: Actor, now: datetime) -> Counts:
    """Good orders taken in, rows of the others kept with the reason when there is a `run` to keep them with."""
    told: list[IncomingOrder] = []
    refused: list[tuple[FileRow, str]] = []
    taken: list[Taken] = []
    for item in items:
        try:
            if isinstance(item, RowsRefused):
                raise OrderRefused(item.reason)
            if isinstance(item.told, IncomingLines):
                taken.append(take_in_lines(shop=shop, told=item.told, now=now, by=by))
            else:
                refuse_unusable(item.told.number)
                told.append(item.told)
        except OrderRefused as error:
            refused += [(row, str(error)[:_LONGEST_REASON]) for row in item.rows]
    taken += take_in_orders(shop=shop, orders=told, now=now, by=by)
    if run is not None:
        RefusedRow.objects.bulk_create(
            [
                RefusedRow(order_import=run, row_number=row.number, cells=list(row.cells), reason=reason)
                for row, reason in refused
            ]
        )
    return _counted(taken, len(refused))


def refused_file(*, shop: Shop, import_id: int, by: Membership) -> tuple[str, bytes]:
    """Name and bytes of a file with the refused rows, their columns as they were and the reason in a last one.

    Card numbers in remarks are masked; a cell that is nothing but digits is left, since it may be an order number.
    Raises NotAllowed, ImportRefused, NotAnOrderFile, BlobDamaged.
    """
    _require(shop, by)
    run = _of(shop, import_id)
    opened = opened_file(run)
    rows = run.refused_rows.order_by("row_number").iterator(chunk_size=1000)
    refused = ((FileRow(row.row_number, tuple(map(_without_numbers, row.cells))), row.reason) for row in rows)
    stem, _dot, ending = run.file_name.rpartition(".")
    return f"{stem or run.file_name}-refused.{ending or 'csv'}", order_files.get().refused_file(opened, refused)


def _without_numbers(cell: str) -> str:
    found = find_numbers(cell)
    is_bare = len(found) == 1 and found[0].certainty == Certainty.LIKELY and cell.strip().isdecimal()
    return cell if is_bare or not found else masked(cell)


@transaction.atomic
def _stop(import_id: int, refusal: str, now: datetime) -> OrderImport:
    run = _locked(import_id)
    run.state, run.refusal, run.finished_at = ImportState.REFUSED, refusal[:_LONGEST_REASON], now
    run.save(update_fields=["state", "refusal", "finished_at"])
    return run


def _require(shop: Shop, by: Membership) -> None:
    require(by, Permission.IMPORT)
    if by.shop_id != shop.pk:
        raise ImportRefused(_("This import does not exist. Go back to the imports."))


def _describe(run: OrderImport, opened: OpenedFile) -> None:
    run.format, run.encoding, run.row_count = opened.format, opened.encoding, opened.row_count
    run.mapping = ColumnMapping.objects.filter(shop=run.shop, header_key=opened.header_key).first()
    is_known = bool(opened.format) or run.mapping is not None
    run.state = ImportState.READY if is_known else ImportState.MAPPING


def _of(shop: Shop, import_id: int) -> OrderImport:
    run = OrderImport.objects.select_related("mapping", "file").filter(shop=shop, pk=import_id).first()
    if run is None:
        raise ImportRefused(_("This import does not exist. Go back to the imports."))
    return run


def _waiting(shop: Shop, import_id: int) -> OrderImport:
    run = OrderImport.objects.select_for_update().filter(shop=shop, pk=import_id).first()
    if run is None or run.state not in {ImportState.MAPPING, ImportState.READY}:
        raise ImportRefused(
            _(
                "This import has started already, so its columns stay. "
                "If they are wrong, bring the file again afterwards."
            )
        )
    return run


def _locked(import_id: int) -> OrderImport:
    rows = OrderImport.objects.select_for_update(of=("self",)).select_related("shop", "started_by__person")
    return rows.get(pk=import_id)


def _actor(run: OrderImport) -> Actor:
    return shops.actor(run.started_by) if run.started_by else Actor.system("import")


def _counted(taken: Sequence[Taken], rows_refused: int) -> Counts:
    outcomes = [each.outcome for each in taken]
    return Counts(
        new=outcomes.count(Outcome.NEW),
        changed=outcomes.count(Outcome.CHANGED),
        same=outcomes.count(Outcome.SAME),
        rows_refused=rows_refused,
    )


def _add(run: OrderImport, counts: Counts) -> None:
    run.orders_new += counts.new
    run.orders_changed += counts.changed
    run.orders_same += counts.same
    run.rows_refused += counts.rows_refused
