"""Messages lose what a person wrote and keep what counts: when, by whom of us, on which way, in which case."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from anshin.cases.actions.traces import struck_raw
from anshin.cases.models import Attachment, BounceReport, Case, Draft, DraftFile, Message, Note
from anshin.cases.ports import Sought
from anshin.plumbing.files.store import keep


def empty_messages(message_ids: Collection[int], *, words: str) -> list[int]:
    """Texts, names, addresses, files and raw mails of these messages gone; blob ids that they had."""
    freed = empty_originals(message_ids)
    BounceReport.objects.filter(message_id__in=message_ids).update(address="", words="")
    Message.objects.filter(pk__in=message_ids).update(
        text=words,
        subject="",
        sender_name="",
        sender_mail="",
        to=[],
        cc=[],
        quoted_from=None,
        charset="",
        charset_reason="",
        cards=[],
        remarks=[],
        sender_checks={},
        sender_warnings=[],
        server_words="",
    )
    return freed


def empty_originals(message_ids: Collection[int]) -> list[int]:
    """Raw mails, designed forms, reports and files of these messages gone; blob ids that they had."""
    rows = Message.objects.filter(pk__in=message_ids)
    reports = BounceReport.objects.filter(message_id__in=message_ids)
    files = Attachment.objects.filter(message_id__in=message_ids)
    freed = [pk for pair in rows.values_list("html_blob_id", "raw_blob_id") for pk in pair if pk]
    freed += [pk for pk in reports.values_list("raw_blob_id", flat=True) if pk]
    freed += list(files.values_list("blob_id", flat=True))
    files.delete()
    reports.update(raw_blob=None)
    rows.update(html_blob=None, raw_blob=None, file_count=0, number_kinds=[])
    return freed


def empty_files(message_ids: Collection[int], *, now: datetime) -> tuple[list[int], frozenset[str]]:
    """Files of these messages gone, out of their raw mails, too; blob ids that they had, and SHA-256 of the files."""
    files = Attachment.objects.filter(message_id__in=message_ids)
    gone = frozenset(files.values_list("blob__sha256", flat=True))
    freed = list(files.values_list("blob_id", flat=True))
    nothing = Sought(find=lambda _text: [], gone=gone)
    rows = Message.objects.filter(pk__in=message_ids, file_count__gt=0).select_related("raw_blob")
    for row in rows:
        if row.raw_blob and (struck := struck_raw(row.raw_blob, nothing)) is not None:
            freed.append(row.raw_blob.pk)
            row.raw_blob = keep(row.shop_id, struck, now=now)
            row.save(update_fields=["raw_blob"])
    files.delete()
    Message.objects.filter(pk__in=message_ids).update(file_count=0)
    return freed, gone


def empty_reports(message_ids: Collection[int]) -> list[int]:
    """What servers wrote about these messages gone, but not that, when and of which kind; blob ids of the reports."""
    reports = BounceReport.objects.filter(message_id__in=message_ids)
    freed = [pk for pk in reports.values_list("raw_blob_id", flat=True) if pk]
    reports.update(raw_blob=None, address="", words="")
    return freed


def empty_cases(case_ids: Collection[int], *, words: str, now: datetime) -> list[int]:
    """Subjects, lines, notes and drafts of these cases gone; blob ids that the drafts had."""
    drafts = DraftFile.objects.filter(draft__case_id__in=case_ids)
    freed = list(drafts.values_list("blob_id", flat=True))
    Draft.objects.filter(case_id__in=case_ids).delete()
    Note.objects.filter(case_id__in=case_ids).update(text=words)
    Case.objects.filter(pk__in=case_ids).update(subject=words, last_line="", external_key="", emptied_at=now)
    return freed


def erased_words() -> tuple[str, str]:
    """What stands for an erased text and for an erased name, in the language of whoever erases."""
    return _("(erased)"), _("Customer (erased)")
