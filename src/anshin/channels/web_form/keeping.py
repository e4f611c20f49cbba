"""The kept forms as a place where struck words stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from anshin.cases.ports import Place, Scope, Sought, Trace
from anshin.cases.terms import PlaceKind
from anshin.channels.web_form.models import Submission, SubmissionFile
from anshin.channels.web_form.terms import Fate
from anshin.plumbing.files.store import BlobDamaged, keep, read_bytes
from anshin.plumbing.mail.markup_words import replaced
from anshin.plumbing.mail.striking import PLACEHOLDER, struck_file


class FormKeeper:
    """Fills cases.keepers for the contact form."""

    def traces(self, sought: Sought, scope: Scope) -> Iterator[Trace]:
        """Forms of these messages and those that are no case (yet), with their files."""
        belongs = Q(message_id__in=scope.message_ids) | ~Q(fate=Fate.TAKEN_IN) | Q(files__blob__sha256__in=sought.gone)
        rows = Submission.objects.filter(belongs, shop_id=scope.shop_id).select_related("message__case").distinct()
        for row in rows.prefetch_related("files__blob").order_by("id"):
            struck = {name: _struck(value, sought) for name, value in row.fields.items()}
            words = replaced(row.reason_words, sought.find(row.reason_words))
            if struck != row.fields or words != row.reason_words:
                yield Trace(_place(row), partial(_strike, row, struck, words))
            for file in row.files.all():
                content = _content(file, sought)
                if content is not None or sought.find(file.name):
                    yield Trace(_place(row, file.name), partial(_strike_file, file, content, sought))

    def erase(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        mail_keys: tuple[str, ...],
        now: datetime,  # noqa: ARG002  forms keep no moment of it
    ) -> list[int]:
        """Empty the forms of these messages and those that were sent under these addresses."""
        theirs = Q(message_id__in=message_ids) | (Q(mail_key__in=mail_keys) & ~Q(mail_key=""))
        rows = Submission.objects.filter(theirs, shop_id=shop_id)
        files = SubmissionFile.objects.filter(submission__in=rows)
        freed = list(files.values_list("blob_id", flat=True))
        files.delete()
        rows.update(fields={}, mail_key="", address_key="", reason_words="")
        return freed

    def erase_originals(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Delete the files of these messages' forms; what was written stands in the message."""
        files = SubmissionFile.objects.filter(shop_id=shop_id, submission__message_id__in=message_ids)
        freed = list(files.values_list("blob_id", flat=True))
        files.delete()
        return freed

    def erase_files(
        self,
        *,
        shop_id: int,
        message_ids: tuple[int, ...],
        gone: frozenset[str],
        now: datetime,  # noqa: ARG002  forms keep no moment of it
    ) -> list[int]:
        """Delete these files of these messages' forms."""
        files = SubmissionFile.objects.filter(shop_id=shop_id, submission__message_id__in=message_ids)
        files = files.filter(blob__sha256__in=gone)
        freed = list(files.values_list("blob_id", flat=True))
        files.delete()
        return freed

    def erase_reports(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:  # noqa: ARG002
        """Nothing comes back to a form."""
        return []

    def copied_messages(self, shop_id: int) -> QuerySet[Any]:
        """Messages of which the form still stands as it was sent."""
        rows = Submission.objects.filter(shop_id=shop_id, message__isnull=False).exclude(fields={})
        return rows.values("message_id")

    def erase_copies(self, *, shop_id: int, message_ids: tuple[int, ...]) -> None:
        """Empty the forms of these messages; their files stay with the messages."""
        rows = Submission.objects.filter(shop_id=shop_id, message_id__in=message_ids)
        rows.update(fields={}, mail_key="", address_key="", reason_words="")


def _place(row: Submission, name: str = "") -> Place:
    number = row.message.case.number if row.message else None
    return Place(PlaceKind.FORM, row.received_at, number, row.message_id, name)


def _struck(value: Any, sought: Sought) -> Any:
    if isinstance(value, str):
        return replaced(value, sought.find(value))
    if isinstance(value, list):
        return [_struck(part, sought) for part in value]
    return value


def _content(file: SubmissionFile, sought: Sought) -> bytes | None:
    if file.blob.sha256 in sought.gone:
        return PLACEHOLDER
    try:
        content = read_bytes(file.blob)
    except BlobDamaged:
        return None
    struck = struck_file(content, sought.find)
    return None if struck == content else struck


def _strike(row: Submission, fields: dict[str, Any], words: str, _now: datetime) -> list[int]:
    row.fields, row.reason_words = fields, words
    row.save(update_fields=["fields", "reason_words"])
    return []


def _strike_file(file: SubmissionFile, content: bytes | None, sought: Sought, now: datetime) -> list[int]:
    former = file.blob_id
    file.name = replaced(file.name, sought.find(file.name))
    if content is not None:
        file.blob = keep(file.shop_id, content, now=now)
    file.save(update_fields=["name", "blob"])
    return [former] if former != file.blob_id else []
