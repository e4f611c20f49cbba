"""Keeping what somebody sent, and making a case of it: two transactions, so that nothing is lost between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from anshin.cases.actions import receive_message
from anshin.cases.terms import Channel, Hold, IncomingFile, IncomingMessage, Party
from anshin.channels.web_form.forms import IntakeForm
from anshin.channels.web_form.models import Submission, SubmissionFile
from anshin.channels.web_form.rules import MOST_PHOTOS
from anshin.channels.web_form.terms import INTAKE, Fate, Kind
from anshin.channels.web_form.wording import subject_of, text_of
from anshin.commerce.queries import products_named
from anshin.language.mails import looks_like_mail, mail_key
from anshin.language.order_numbers import compile_formats
from anshin.plumbing.jobs.queue import enqueue

if TYPE_CHECKING:
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Shop

TAKE_IN = "anshin.channels.web_form.jobs.take_in"
LEFT_OVER_AFTER = timedelta(seconds=30)
LONGEST_VALUE = 20_000


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are kept already."""

    blob: Blob
    name: str


@transaction.atomic
def store(
    *,
    shop: Shop,
    nonce: str,
    kind: Kind,
    language: str,
    values: Mapping[str, Any],
    files: Iterable[KeptFile],
    dropped_ids: Iterable[int],
    address_key: str,
    now: datetime,
) -> Submission:
    """The submission as it was sent, and the job that looks at it should the page's own look never end.

    A page sent again replaces its values and keeps its earlier files, except those in `dropped_ids`. One that became
    a case already is returned unchanged.
    """
    row, _is_new = Submission.objects.select_for_update().get_or_create(
        shop=shop, nonce=nonce, defaults={"kind": kind, "language": language, "received_at": now}
    )
    if row.fate == Fate.TAKEN_IN:
        return row
    row.kind, row.language, row.address_key, row.received_at = kind, language, address_key, now
    row.fields = {name: _storable(value) for name, value in values.items()}
    row.mail_key = mail_key(str(values.get("mail", "")))[:320]
    row.fate, row.reason_words = Fate.STORED, ""
    row.save()
    row.files.filter(pk__in=list(dropped_ids)).delete()
    _add_files(row, files)
    enqueue(TAKE_IN, row.pk, run_at=now + LEFT_OVER_AFTER, unique_key=f"web_form:{row.pk}", shop_id=shop.pk, now=now)
    return row


@transaction.atomic
def take_in(*, submission_id: int, now: datetime) -> IntakeForm | None:
    """Make a case of a kept submission; the form with its errors when something is missing.

    None when it is a case now, or was one before. A submission that was sent back stays so until it is sent again.
    """
    row = Submission.objects.select_for_update().select_related("shop").get(pk=submission_id)
    if row.fate != Fate.STORED:
        return None
    with translation.override(row.language):
        form = form_of(row)
        if not form.is_valid():
            _send_back(row, form)
            return form
        received = receive_message(shop=row.shop, message=_message(row, form.cleaned_data), now=now)
    row.message, row.fate = received.message, Fate.TAKEN_IN
    row.save(update_fields=["message", "fate"])
    return None


@transaction.atomic
def show_to_a_person(*, submission_id: int, why: str, now: datetime) -> None:
    """Make a case marked as unreadable of a submission that could not be taken in, with everything that was sent."""
    row = Submission.objects.select_for_update().select_related("shop").get(pk=submission_id)
    if row.fate != Fate.STORED:
        return
    mail = str(row.fields.get("mail", ""))
    message = IncomingMessage(
        channel=Channel.WEB_FORM,
        sender=Party(str(row.fields.get("name", ""))[:100], mail if looks_like_mail(mail) else ""),
        subject=str(Kind(row.kind).label),
        text="\n".join(f"{name}: {value}" for name, value in row.fields.items() if value),
        message_key=f"web_form:{row.nonce}",
        received_at=row.received_at,
        files=_files(row),
        hold=Hold.UNREADABLE,
        hold_reason=_("The contact form could not be read: %(why)s") % {"why": why},
    )
    received = receive_message(shop=row.shop, message=message, now=now)
    row.message, row.fate, row.reason_words = received.message, Fate.FAILED, why[:500]
    row.save(update_fields=["message", "fate", "reason_words"])


def form_of(row: Submission) -> IntakeForm:
    """The form as it was sent."""
    return IntakeForm(row.fields, shop=row.shop, kind=Kind(row.kind), photo_count=row.files.count())


def _send_back(row: Submission, form: IntakeForm) -> None:
    row.fate = Fate.SUSPECT if form.is_suspect else Fate.INCOMPLETE
    row.reason_words = " ".join(str(error) for errors in form.errors.values() for error in errors)[:500]
    row.save(update_fields=["fate", "reason_words"])


def _message(row: Submission, cleaned: Mapping[str, Any]) -> IncomingMessage:
    kind = Kind(row.kind)
    values = {**cleaned, "order_number": _order_number(row.shop, cleaned.get("order_number", ""))}
    today = row.received_at.astimezone(ZoneInfo(row.shop.zone)).date()
    return IncomingMessage(
        channel=Channel.WEB_FORM,
        sender=Party(values["name"], values["mail"]),
        subject=subject_of(kind, values),
        text=text_of(kind, values, named=products_named(row.shop, values.get("product", "")), today=today),
        message_key=f"web_form:{row.nonce}",
        received_at=row.received_at,
        files=_files(row),
        phone=values["phone"],
        order_number=values["order_number"],
        topic=INTAKE[kind].topic,
        language=row.language,
    )


def _order_number(shop: Shop, written: str) -> str:
    """The number as the shop writes it, where its shape is recognised; else as the customer wrote it."""
    found = compile_formats(tuple(shop.order_formats)).find(f"注文番号 {written}") if written else ()
    return found[0].number if found else written


def _files(row: Submission) -> tuple[IncomingFile, ...]:
    return tuple(IncomingFile(blob_id=file.blob_id, name=file.name) for file in row.files.order_by("id"))


def _add_files(row: Submission, files: Iterable[KeptFile]) -> None:
    there = list(row.files.values_list("blob_id", flat=True))
    fresh = [file for file in files if file.blob.pk not in there][: MOST_PHOTOS - len(there)]
    SubmissionFile.objects.bulk_create(
        SubmissionFile(shop_id=row.shop_id, submission=row, blob=file.blob, name=file.name[:255]) for file in fresh
    )


def _storable(value: Any) -> Any:
    """PostgreSQL keeps no NUL in text; a sign that something was there takes its place."""
    return value.replace("\x00", "\ufffd")[:LONGEST_VALUE] if isinstance(value, str) else value
