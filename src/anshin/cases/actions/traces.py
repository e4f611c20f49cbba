"""Every place in this room's tables where something sought stands, and how to strike it there.

The preview and the action walk the same way, so what is shown is what goes. Whoever strikes holds a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from anshin.cases.models import Attachment, BounceReport, Case, Draft, DraftFile, Message, Note
from anshin.cases.ports import Place, Sought, Trace
from anshin.cases.queries.hidden_numbers import found_in_content, kinds_in_markup
from anshin.cases.terms import PlaceKind
from anshin.commerce import actions as commerce
from anshin.plumbing.documents.opening import DocumentOpener
from anshin.plumbing.files.store import BlobDamaged, keep, read_bytes
from anshin.plumbing.mail.markup_words import replaced
from anshin.plumbing.mail.striking import PLACEHOLDER, struck_file, struck_mail

if TYPE_CHECKING:
    from anshin.commerce.models import Order, OrderImport, RefusedRow
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Shop

_SHORT = ("subject", "sender_name", "server_words", "to", "cc", "remarks", "cards", "sender_warnings")


def messages_with(shop: Shop, case_ids: frozenset[int], sought: Sought) -> list[Message]:
    """The messages of these cases, and others of the shop that seem to hold what is sought."""
    wanted = Q(case_id__in=case_ids) | Q(attachments__blob__sha256__in=sought.gone)
    for hint in sought.hints:
        wanted |= Q(text__contains=hint) | Q(subject__contains=hint)
    rows = Message.objects.filter(wanted, shop=shop).select_related("case", "html_blob", "raw_blob").distinct()
    return list(rows.order_by("id"))


def traces_in_messages(sought: Sought, messages: list[Message]) -> Iterator[Trace]:
    """Texts, subjects, designed forms, raw mails and files of these messages."""
    for message in messages:
        yield from _in_words(sought, message)
        if message.html_blob and (html := _struck(message.html_blob, sought)):
            yield Trace(_place(message, PlaceKind.HTML), partial(_keep, message, "html_blob", html))
        if message.raw_blob and (raw := struck_raw(message.raw_blob, sought)):
            yield Trace(_place(message, PlaceKind.RAW), partial(_keep, message, "raw_blob", raw))
    yield from _in_reports(sought, messages)
    files = Attachment.objects.filter(message__in=messages).select_related("blob", "message__case").order_by("id")
    for file in files:
        yield from _in_file(sought, file, _place(file.message, PlaceKind.FILE, file.name))


def traces_in_writing(shop: Shop, case_ids: frozenset[int], sought: Sought) -> Iterator[Trace]:
    """Notes and drafts of these cases and others of the shop that seem to hold it; files in drafts."""
    for note in _written(Note.objects.select_related("case", "author__person"), shop, case_ids, sought):
        if sought.find(note.text):
            place = Place(
                PlaceKind.NOTE, note.at, note.case.number, name=str(note.author.person if note.author else "")
            )
            yield Trace(place, partial(_rewrite, note, ("text",), sought))
    drafts = Draft.objects.select_related("case", "author__person")
    for draft in _written(drafts, shop, case_ids, sought, columns=("text", "former")):
        if sought.find(draft.text) or sought.find(draft.former):
            place = Place(PlaceKind.DRAFT, draft.saved_at, draft.case.number, name=str(draft.author.person))
            yield Trace(place, partial(_rewrite_draft, draft, sought))
    in_cases = Q(draft__case_id__in=case_ids) | Q(blob__sha256__in=sought.gone)
    for file in DraftFile.objects.filter(in_cases, shop=shop).select_related("blob", "draft__case").order_by("id"):
        place = Place(PlaceKind.FILE, file.draft.saved_at, file.draft.case.number, name=file.name)
        yield from _in_file(sought, file, place)


def traces_in_orders(shop: Shop, case_ids: frozenset[int], sought: Sought) -> Iterator[Trace]:
    """Remarks of the orders of these cases' customers, and of others of the shop that seem to hold it."""
    customers = Case.objects.filter(pk__in=case_ids, customer__isnull=False).values_list("customer_id", flat=True)
    found = commerce.orders_remarking(shop, sought.find, hints=sought.hints, customer_ids=set(customers))
    for order in found:
        remark = replaced(order.remark, sought.find(order.remark))
        place = Place(PlaceKind.ORDER, order.ordered_at, name=order.number)
        yield Trace(place, partial(_rewrite_remark, order, remark))
    yield from _in_import_files(shop, sought)


def _in_import_files(shop: Shop, sought: Sought) -> Iterator[Trace]:
    """Order files that were imported in the last month, and rows of them that were refused."""
    for run in commerce.import_files(shop):
        content = struck_content(run.file, run.file_name, sought) if run.file else None
        if content is not None:
            place = Place(PlaceKind.ORDER_FILE, run.created_at, name=run.file_name)
            yield Trace(place, partial(_rewrite_import_file, run, content))
    for row in commerce.refused_rows_with(shop, sought.find):
        place = Place(PlaceKind.ORDER_FILE, row.order_import.created_at, name=row.order_import.file_name)
        yield Trace(place, partial(_rewrite_refused_row, row, sought))


def _rewrite_import_file(run: OrderImport, content: bytes, now: datetime) -> list[int]:
    return commerce.rewrite_import_file(run, content, now=now)


def _rewrite_refused_row(row: RefusedRow, sought: Sought, _now: datetime) -> list[int]:
    commerce.rewrite_refused_row(row, _clean(row.cells, sought), _clean(row.reason, sought))
    return []


def _rewrite_remark(order: Order, remark: str, now: datetime) -> list[int]:
    commerce.rewrite_remark(order, remark, now=now)
    return []


def struck_raw(blob: Blob, sought: Sought) -> bytes | None:
    """A raw mail without what is sought; None when it has none of it or cannot be read."""
    content = _bytes(blob)
    struck = struck_mail(content, sought.find, gone=sought.gone)
    return None if struck == content else struck


def struck_content(blob: Blob, name: str, sought: Sought) -> bytes | None:
    """A file's content without what is sought, or the placeholder; None when nothing is to be done."""
    if blob.sha256 in sought.gone:
        return PLACEHOLDER
    content = _bytes(blob)
    struck = struck_file(content, sought.find, is_mail=name.lower().endswith(".eml"))
    return None if struck == content else struck


def _written(
    rows: QuerySet, shop: Shop, case_ids: frozenset[int], sought: Sought, *, columns: tuple[str, ...] = ("text",)
) -> QuerySet:
    wanted = Q(case_id__in=case_ids)
    for hint, column in product(sought.hints, columns):
        wanted |= Q(**{f"{column}__contains": hint})
    return rows.filter(wanted, shop=shop).order_by("id")


def _in_words(sought: Sought, message: Message) -> Iterator[Trace]:
    if sought.find(message.text):
        yield Trace(_place(message, PlaceKind.TEXT), partial(_rewrite_text, message, sought))
    if any(_clean(getattr(message, column), sought) != getattr(message, column) for column in _SHORT):
        yield Trace(_place(message, PlaceKind.SUBJECT), partial(_rewrite, message, _SHORT, sought))


def _in_reports(sought: Sought, messages: list[Message]) -> Iterator[Trace]:
    """Reports of returned mail, which hold the mail that came back."""
    rows = BounceReport.objects.filter(message__in=messages).select_related("raw_blob", "message__case").order_by("id")
    for report in rows:
        place = _place(report.message, PlaceKind.RAW, report.address)
        if report.raw_blob and (raw := struck_raw(report.raw_blob, sought)):
            yield Trace(place, partial(_keep, report, "raw_blob", raw))
        if sought.find(report.words):
            yield Trace(place, partial(_rewrite, report, ("words",), sought))


def _in_file(sought: Sought, file: Attachment | DraftFile, place: Place) -> Iterator[Trace]:
    content = struck_content(file.blob, file.name, sought)
    if content is not None:
        yield Trace(place, partial(_keep_file, file, content))
    if sought.find(file.name):
        yield Trace(place, partial(_rewrite, file, ("name",), sought))


def _place(message: Message, kind: PlaceKind, name: str = "") -> Place:
    return Place(kind, message.at, message.case.number, message.pk, name)


def _rewrite(
    row: Message | Note | Draft | Attachment | DraftFile | BounceReport | Case,
    columns: tuple[str, ...],
    sought: Sought,
    _now: datetime,
) -> list[int]:
    for column in columns:
        setattr(row, column, _clean(getattr(row, column), sought))
    row.save(update_fields=list(columns))
    return []


def _clean(value: Any, sought: Sought) -> Any:
    """A text without what is sought; lists and objects with all their texts so."""
    if isinstance(value, str):
        return replaced(value, sought.find(value))
    if isinstance(value, list):
        return [_clean(part, sought) for part in value]
    if isinstance(value, dict):
        return {key: _clean(part, sought) for key, part in value.items()}
    return value


def _rewrite_draft(draft: Draft, sought: Sought, _now: datetime) -> list[int]:
    """A new version, so that a window in which the old text still stands cannot write it back unasked."""
    draft.text, draft.version = replaced(draft.text, sought.find(draft.text)), draft.version + 1
    draft.former = replaced(draft.former, sought.find(draft.former))
    draft.save(update_fields=["text", "version", "former"])
    return []


def _rewrite_text(message: Message, sought: Sought, _now: datetime) -> list[int]:
    changes = sought.find(message.text)
    if message.quoted_from is not None:
        message.quoted_from = moved(message.quoted_from, changes)
    message.text = replaced(message.text, changes)
    message.save(update_fields=["text", "quoted_from"])
    return []


def moved(offset: int, changes: list[tuple[int, int, str]]) -> int:
    """Where `offset` of a text lies after the changes; inside a change: behind what stands there now."""
    shift = 0
    for start, end, instead in changes:
        if end <= offset:
            shift += len(instead) - (end - start)
        elif start < offset:
            return start + shift + len(instead)
    return offset + shift


def _keep(message: Message | BounceReport, column: str, content: bytes, now: datetime) -> list[int]:
    former = getattr(message, f"{column}_id")
    setattr(message, column, keep(message.shop_id, content, now=now))
    columns = [column]
    if isinstance(message, Message) and column == "html_blob":
        message.number_kinds = kinds_in_markup(content)
        columns.append("number_kinds")
    message.save(update_fields=columns)
    return [former]


def _keep_file(file: Attachment | DraftFile, content: bytes, now: datetime) -> list[int]:
    former, file.blob = file.blob_id, keep(file.shop_id, content, now=now)
    columns = ["blob"]
    if isinstance(file, Attachment):
        found = found_in_content(content, file.name, DocumentOpener(most=1))
        file.number_kinds, file.unseen = found.kinds, found.unseen
        file.struck_at = now if content == PLACEHOLDER else None
        columns += ["number_kinds", "unseen", "struck_at"]
    file.save(update_fields=columns)
    return [former]


def _struck(blob: Blob, sought: Sought) -> bytes | None:
    content = _bytes(blob)
    struck = struck_file(content, sought.find)
    return None if struck == content else struck


def _bytes(blob: Blob) -> bytes:
    """The content; nothing when it is damaged or missing: then there is nothing to strike."""
    try:
        return read_bytes(blob)
    except BlobDamaged:
        return b""
