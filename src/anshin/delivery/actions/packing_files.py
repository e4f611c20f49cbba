"""Takes in files of packing records: a clerk brings one, names its columns when needed, starts it; a job does the rest.

The same way as order files (commerce), since people should not have to learn another one: kept first, looked at, taken
in by portions that commit with their place, refused rows kept with reasons, the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.commerce.terms import ImportState
from anshin.delivery import events
from anshin.delivery.actions.packing_rows import Portion, take_in_portion
from anshin.delivery.models import PackingColumns, PackingImport
from anshin.delivery.ports import NotAPackingFile, OpenedPackingFile, PackedOrder, PackedRow, packing_files
from anshin.delivery.queries.packing_files import fields_of, opened_packing_file
from anshin.delivery.terms import PACKING_NEEDED, PackingField
from anshin.language.sensitive_numbers import Certainty, find_numbers, masked
from anshin.plumbing.files import names, removal
from anshin.plumbing.files.store import BlobDamaged, keep, read_bytes
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LARGEST_PACKING_FILE_BYTES = 50 * 1024 * 1024
PACKING_PORTION = 200
"""Orders that are taken in with one transaction."""
_LONGEST_REASON = 400
_AT_ONCE = 50


class PackingRefused(Refused):
    """The import cannot go on like this; `str(error)` is a sentence for the person who asked."""


class PackingAlreadyRead(RuntimeError):
    """Two workers read one import; the later one must look again where it stands."""


def start_packing_import(*, by: Membership, content: bytes, file_name: str, now: datetime) -> PackingImport:
    """The file kept and looked at; nothing is taken in before `confirm_packing`.

    READY when its columns are known, MAPPING when a clerk must name them, REFUSED with the sentence in `refusal`.
    Raises NotAllowed, PackingRefused for a file over 50 MB, StorageTrouble.
    """
    require(by, Permission.IMPORT)
    if len(content) > LARGEST_PACKING_FILE_BYTES:
        raise PackingRefused(
            _("The file is larger than %(mb)s MB. Give out fewer days at a time.")
            % {"mb": LARGEST_PACKING_FILE_BYTES // 1024 // 1024}
        )
    run = PackingImport(
        shop=by.shop,
        file_name=names.harmless_name(file_name)[:200],
        started_by=by,
        created_at=now,
        state=ImportState.REFUSED,
    )
    try:
        _describe(run, packing_files.get().open(content))
    except NotAPackingFile as error:
        run.refusal = str(error)[:_LONGEST_REASON]
    with transaction.atomic():
        run.file = keep(by.shop_id, content, now=now)
        run.save()
    return run


def choose_packing_columns(
    *, by: Membership, import_id: int, fields: Sequence[PackingField | None], now: datetime
) -> PackingImport:
    """The meaning of each column, remembered for files with the same headings; the import is then READY.

    Raises NotAllowed, PackingRefused when a needed column is missing or the import has started.
    """
    require(by, Permission.IMPORT)
    missing = [meaning.label for meaning in PACKING_NEEDED if meaning not in fields]
    if missing:
        raise PackingRefused(
            _("Choose the columns for: %(missing)s. Nobody can tell without them what was packed.")
            % {"missing": ", ".join(map(str, missing))}
        )
    with transaction.atomic():
        run = _locked(by, import_id)
        if run.state not in {ImportState.MAPPING, ImportState.READY}:
            raise PackingRefused(
                _("This import has started already, so its columns stay. Bring the file again afterwards.")
            )
        opened = opened_packing_file(run)
        if len(fields) != len(opened.headings):
            raise PackingRefused(_("The columns do not fit this file. Reload the page and choose again."))
        run.columns = [meaning or "" for meaning in fields]
        run.state = ImportState.READY
        run.save(update_fields=["columns", "state"])
        PackingColumns.objects.update_or_create(
            shop=by.shop,
            header_key=opened.header_key,
            defaults={"columns": run.columns, "created_at": now},
        )
    return run


@transaction.atomic
def confirm_packing(*, by: Membership, import_id: int, now: datetime) -> PackingImport:
    """Start taking the file in, in the background; asked twice: started once. Raises NotAllowed, PackingRefused."""
    require(by, Permission.IMPORT)
    run = _locked(by, import_id)
    if run.state in {ImportState.RUNNING, ImportState.DONE}:
        return run
    if run.state != ImportState.READY:
        raise PackingRefused(_("Name the columns first; then the import can start."))
    run.state = ImportState.RUNNING
    run.save(update_fields=["state"])
    enqueue("anshin.delivery.jobs.run_packing_import", run.pk, now=now, unique_key=f"packing import {run.pk}")
    return run


def take_in_packing_file(*, import_id: int, clock: Callable[[], datetime]) -> PackingImport:
    """Take in what is left of a running import, portion by portion, each with the moment that `clock` tells.

    Killed at any place, it goes on after the last portion that committed. A file that cannot be read to its end is
    marked as refused; what was taken in stays. Raises PackingAlreadyRead.
    """
    run = PackingImport.objects.select_related("shop", "file").get(pk=import_id)
    if run.state != ImportState.RUNNING:
        return run
    place = run.rows_read
    try:
        for portion in _remaining(run):
            place = _run_portion(import_id, portion, place, clock())
    except (NotAPackingFile, BlobDamaged) as error:
        return _ended(import_id, ImportState.REFUSED, clock(), refusal=str(error))
    return _ended(import_id, ImportState.DONE, clock())


def refused_packing_file(*, by: Membership, import_id: int) -> tuple[str, bytes]:
    """Name and bytes of a file with the refused rows, their columns as they were and the reason in a last one.

    Card numbers are masked. Raises NotAllowed, PackingRefused, NotAPackingFile, BlobDamaged.
    """
    require(by, Permission.IMPORT)
    run = PackingImport.objects.select_related("file").filter(shop_id=by.shop_id, pk=import_id).first()
    if run is None:
        raise PackingRefused(_unknown())
    rows = run.refused_rows.order_by("row_number").iterator(chunk_size=1000)
    refused = ((PackedRow(row.row_number, tuple(map(_without_numbers, row.cells))), row.reason) for row in rows)
    stem, _dot, ending = run.file_name.rpartition(".")
    content = packing_files.get().refused_file(opened_packing_file(run), refused)
    return f"{stem or run.file_name}-refused.{ending or 'csv'}", content


def remove_old_packing_files(*, before: datetime, now: datetime) -> int:
    """Let go of the files that came before this moment, with their refused rows, in all shops; how many.

    What was packed stays. An import that nobody started ends with it; one that runs keeps its file.
    """
    count = 0
    while portion := _remove_some(before, now):
        count += portion
    return count


def _remove_some(before: datetime, now: datetime) -> int:
    with removal.without_traces(), transaction.atomic():
        old = PackingImport.objects.filter(file__isnull=False, created_at__lt=before)
        runs = list(old.exclude(state=ImportState.RUNNING).select_for_update(of=("self",)).order_by("id")[:_AT_ONCE])
        for run in runs:
            freed, run.file = run.file_id, None
            if run.state != ImportState.DONE and not run.refusal:
                run.state = ImportState.REFUSED
                run.refusal = str(
                    _("This import was not started for a month, so its file was removed. Bring the file again.")
                )
            run.save(update_fields=["file", "state", "refusal"])
            run.refused_rows.all().delete()
            removal.let_go([freed] if freed else [], shop_id=run.shop_id, now=now)
    return len(runs)


def _remaining(run: PackingImport) -> Iterator[list[PackedOrder]]:
    """Portions of the file that were not read yet. Raises NotAPackingFile, BlobDamaged."""
    content = read_bytes(run.file) if run.file else b""
    orders = packing_files.get().orders(content, fields_of(run.columns), zone=ZoneInfo(run.shop.zone))
    done = 0
    while done < run.rows_read and (order := next(orders, None)):
        done += order.row_count
    while portion := list(islice(orders, PACKING_PORTION)):
        yield portion


@transaction.atomic
def _run_portion(import_id: int, orders: Sequence[PackedOrder], rows_before: int, now: datetime) -> int:
    """Records, lots, refused rows, counts and the place commit together; the place after it."""
    run = (
        PackingImport.objects.select_for_update(of=("self",))
        .select_related("shop", "started_by__person")
        .get(pk=import_id)
    )
    if run.rows_read != rows_before:
        raise PackingAlreadyRead(f"packing import {import_id} stands at row {run.rows_read}, not {rows_before}")
    _add(run, take_in_portion(run, orders, by=_actor(run), now=now))
    run.rows_read += sum(order.row_count for order in orders)
    run.save(update_fields=["rows_read", "records_new", "records_same", "lots_noted", "rows_refused"])
    return run.rows_read


def _add(run: PackingImport, portion: Portion) -> None:
    run.records_new += portion.new
    run.records_same += portion.same
    run.lots_noted += portion.lots
    run.rows_refused += portion.refused


@transaction.atomic
def _ended(import_id: int, state: ImportState, now: datetime, *, refusal: str = "") -> PackingImport:
    rows = PackingImport.objects.select_for_update(of=("self",)).select_related("started_by__person")
    run = rows.get(pk=import_id)
    if run.state != ImportState.RUNNING:
        return run
    run.state, run.refusal, run.finished_at = state, refusal[:_LONGEST_REASON], now
    run.save(update_fields=["state", "refusal", "finished_at"])
    fact = events.PackingImported(
        import_id=run.pk,
        records_new=run.records_new,
        lots_noted=run.lots_noted,
        rows_refused=run.rows_refused,
    )
    record(fact, shop_id=run.shop_id, by=_actor(run), now=now)
    return run


def _describe(run: PackingImport, opened: OpenedPackingFile) -> None:
    run.encoding, run.row_count = opened.encoding, opened.row_count
    known = PackingColumns.objects.filter(shop=run.shop, header_key=opened.header_key).first()
    run.columns = known.columns if known else [meaning or "" for meaning in opened.fields]
    is_known = known is not None or all(meaning in opened.fields for meaning in PACKING_NEEDED)
    run.state = ImportState.READY if is_known else ImportState.MAPPING


def _locked(by: Membership, import_id: int) -> PackingImport:
    found = PackingImport.objects.select_for_update(of=("self",)).select_related("file")
    run = found.filter(shop_id=by.shop_id, pk=import_id).first()
    if run is None:
        raise PackingRefused(_unknown())
    return run


def _unknown() -> str:
    return str(_("This import does not exist. Go back to the imports."))


def _actor(run: PackingImport) -> Actor:
    return shops.actor(run.started_by) if run.started_by else Actor.system("import")


def _without_numbers(cell: str) -> str:
    found = find_numbers(cell)
    is_bare = len(found) == 1 and found[0].certainty == Certainty.LIKELY and cell.strip().isdecimal()
    return cell if is_bare or not found else masked(cell)
