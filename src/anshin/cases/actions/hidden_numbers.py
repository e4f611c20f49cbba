"""Looking for card numbers and My Number in the files and the HTML of a message, soon after it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from anshin.cases import events
from anshin.cases.actions import standing
from anshin.cases.models import Attachment, Message
from anshin.cases.queries.hidden_numbers import found_in_file, kinds_in_design
from anshin.plumbing.documents.opening import DocumentOpener
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record

_LOOK = "anshin.cases.jobs.look_for_numbers"


def ask_to_look(messages: Sequence[Message], *, now: datetime) -> None:
    """Have the files and the HTML of these messages of one shop looked through; nothing for those without any."""
    closed = [each for each in messages if each.number_kinds is None and (each.html_blob_id or each.file_count)]
    if closed:
        enqueue(_LOOK, [each.pk for each in closed], shop_id=closed[0].shop_id, now=now)


def look_for_numbers(*, message_id: int, now: datetime) -> None:
    """Note at the message and its files which numbers they have, and tell of them. Safe to run twice.

    Files are read before the transaction, which leaves alone what a person has changed meanwhile; documents in
    processes of their own, so that no file can keep a mail from being answered.
    """
    message = Message.objects.select_related("html_blob").filter(pk=message_id, number_kinds__isnull=True).first()
    if message is None:
        return
    design = kinds_in_design(message)
    files = list(
        Attachment.objects.filter(message=message, number_kinds__isnull=True).select_related("blob").order_by("id")
    )
    opener = DocumentOpener()
    found = {file.pk: (file.blob_id, found_in_file(file, opener)) for file in files}
    with transaction.atomic():
        case = standing.locked_case_or_merged(message.shop_id, message.case_id)
        same = Message.objects.filter(pk=message_id, html_blob_id=message.html_blob_id, number_kinds__isnull=True)
        if not same.update(number_kinds=design):
            return
        for file_id, (blob_id, seen) in found.items():
            same_file = Attachment.objects.filter(pk=file_id, blob_id=blob_id)
            same_file.update(number_kinds=seen.kinds, unseen=seen.unseen)
        if all_kinds := sorted({*design, *(kind for _blob_id, seen in found.values() for kind in seen.kinds)}):
            fact = events.NumbersFound(message_id=message_id, kinds=tuple(all_kinds))
            record(fact, shop_id=case.shop_id, by=standing.SYSTEM, now=now, case_id=case.pk)
            standing.announce(case, "case.message", now=now, message_id=message_id)
