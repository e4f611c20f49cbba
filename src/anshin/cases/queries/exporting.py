"""Cases as lines of a file, the other way round from `import_cases`; read in portions, however many there are.

The format is documented in docs/operators/import-export.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, prefetch_related_objects

from anshin.cases.models import Attachment, Case, Message, Note, OrderLink
from anshin.cases.queries.hidden_numbers import kinds_in_design, kinds_in_file, kinds_in_text
from anshin.cases.terms import Delivery, Direction, Status
from anshin.commerce import queries as commerce
from anshin.language.sensitive_numbers import masked

if TYPE_CHECKING:
    from anshin.commerce.models import ContactPoint
    from anshin.plumbing.files.models import Blob
    from anshin.shops.models import Membership, Shop

OWN_KEY = "anshin:{slug}:{number}"  # external_id of a case that was born in this desk
_MADE_KEYS = ("import:", "held:")  # message keys that are no Message-ID
_AT_ONCE = 200
Line = dict[str, Any]


class Numbers(StrEnum):
    """How card numbers and My Number leave in a file."""

    MASKED = "masked"
    IN_FULL = "in_full"


@dataclass(frozen=True, slots=True)
class ExportedCase:
    """One case as a line of cases.jsonl, and the stored files that the line names."""

    line: Line
    blobs: tuple[Blob, ...]


def case_count(shop: Shop) -> int:
    """How many lines `exported_cases` gives."""
    return Case.objects.filter(shop=shop, merged_into=None).count()


def exported_cases(shop: Shop, *, numbers: Numbers = Numbers.MASKED) -> Iterator[ExportedCase]:
    """Every case of the shop by number, ten queries for 200 of them. A merged one is inside the case that goes on.

    A message with a masked number leaves without its HTML and its raw mail, which hold the number, too; a file in
    which one stands stays here.
    """
    rows = Case.objects.filter(shop=shop, merged_into=None).select_related("customer", "owner__person")
    last = 0
    while cases := list(rows.filter(number__gt=last).order_by("number")[:_AT_ONCE]):
        prefetch_related_objects(
            cases,
            Prefetch("messages", queryset=_messages()),
            Prefetch("notes", queryset=Note.objects.select_related("author__person").order_by("at", "id")),
            Prefetch("order_links", queryset=OrderLink.objects.select_related("order").order_by("id")),
        )
        contacts = commerce.contacts_of_customers(shop.pk, {case.customer_id for case in cases if case.customer_id})
        for case in cases:
            withheld = _mask(case) if numbers == Numbers.MASKED else frozenset()
            yield _exported(shop, case, contacts.get(case.customer_id or 0, ()), withheld)
        last = cases[-1].number


def path_of(blob: Blob) -> str:
    """Where a file lies in the zip."""
    return f"files/{blob.sha256}"


def _mask(case: Case) -> frozenset[int]:
    """Mask the numbers in the rows that were read, which are not written back; ids of the files that must stay."""
    withheld: set[int] = set()
    for message in case.messages.all():
        with_numbers = {file.pk for file in message.attachments.all() if kinds_in_file(file)}
        if kinds_in_text(message):
            message.subject, message.text = masked(message.subject), masked(message.text)
            message.html_blob, message.raw_blob = None, None
        elif kinds_in_design(message):
            message.html_blob, message.raw_blob = None, None
        elif with_numbers:
            message.raw_blob = None
        withheld |= with_numbers
    for note in case.notes.all():
        note.text = masked(note.text)
    return frozenset(withheld)


def _messages() -> Any:
    files = Prefetch("attachments", queryset=Attachment.objects.select_related("blob").order_by("id"))
    rows = Message.objects.exclude(delivery=Delivery.TAKEN_BACK)
    rows = rows.select_related("author__person", "html_blob", "raw_blob")
    return rows.prefetch_related(files).order_by("at", "id")


def _exported(shop: Shop, case: Case, contacts: Iterable[ContactPoint], withheld: frozenset[int]) -> ExportedCase:
    messages, notes, links = case.messages.all(), case.notes.all(), case.order_links.all()
    line: Line = {
        "external_id": case.external_key or OWN_KEY.format(slug=shop.slug, number=case.number),
        "number": case.number,
        "subject": case.subject,
        "customer": _customer(case, contacts),
        "order_number": case.order_label,
        "status": "closed" if case.status == Status.CLOSED else "open",
        "assignee": _mail_of(case.owner),
        "state": case.status,
        "resolution": case.resolution,
        "snoozed_until": _moment(case.snoozed_until_at),
        "closed_at": _moment(case.closed_at),
        "created_at": _moment(case.created_at),
        "channel": case.channel,
        "topic": case.topic,
        "urgent": case.is_urgent,
        "unread": case.is_unread,
        "tags": case.tag_names,
        "orders": [{"number": x.order.number, "proposed": x.is_proposed, "reason": x.reason} for x in links],
        "messages": [_message(each, withheld) for each in messages],
        "notes": [{"at": _moment(x.at), "author": _mail_of(x.author), "body": x.text} for x in notes],
    }
    return ExportedCase(line=line, blobs=tuple(blob for message in messages for blob in _blobs(message, withheld)))


def _message(message: Message, withheld: frozenset[int]) -> Line:
    """What every reader of the format expects first; then what only Anshin knows, left out where there is nothing."""
    line: Line = {"at": _moment(message.at), "direction": message.direction, "body": message.text}
    is_out = message.direction == Direction.OUT
    more: Mapping[str, Any] = {
        "subject": message.subject,
        "from": _party(message.sender_name, message.sender_mail),
        "to": [_party(*party) for party in message.to],
        "cc": [_party(*party) for party in message.cc],
        "author": _mail_of(message.author),
        "channel": message.channel,
        "message_id": "" if message.message_key.startswith(_MADE_KEYS) else message.message_key,
        "in_reply_to": message.in_reply_to,
        "automatic": message.is_automatic,
        "quoted_from": message.quoted_from,
        "delivery": message.delivery if is_out else "",
        "attachments": [_attachment(file) for file in _files(message, withheld)],
        "html": {"path": path_of(message.html_blob)} if message.html_blob else None,
        "source": {"path": path_of(message.raw_blob)} if message.raw_blob else None,
    }
    return line | {name: value for name, value in more.items() if value}


def _attachment(file: Attachment) -> Line:
    line: Line = {"name": file.name, "content_type": file.blob.kind, "path": path_of(file.blob)}
    if file.content_id:
        line["content_id"] = file.content_id
    return line | ({"inline": True} if file.is_inline else {})


def _files(message: Message, withheld: frozenset[int]) -> list[Attachment]:
    return [file for file in message.attachments.all() if file.pk not in withheld]


def _blobs(message: Message, withheld: frozenset[int]) -> list[Blob]:
    found = [file.blob for file in _files(message, withheld)]
    return found + [blob for blob in (message.html_blob, message.raw_blob) if blob]


def _customer(case: Case, contacts: Iterable[ContactPoint]) -> Line:
    """The address of the case's own mails where there is one, else the customer's first."""
    if case.customer is None:
        return {"name": "", "email": ""}
    mails = [contact.value for contact in contacts if contact.kind == "mail"]
    phones = [contact.value for contact in contacts if contact.kind == "phone"]
    line: Line = {"name": case.customer.name, "email": mails[0] if mails else ""}
    return line | ({"phone": phones[0]} if phones else {})


def _party(name: str, mail: str) -> Line | None:
    return {"name": name, "email": mail} if name or mail else None


def _mail_of(member: Membership | None) -> str | None:
    return member.person.email if member else None


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None
