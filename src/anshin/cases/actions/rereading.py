"""What a person does about a message that came out garbled or could not be read: have its original read again.

The original itself never changes, so whatever was chosen can be chosen again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases import events, rules
from anshin.cases.actions import clocks, indexing, standing
from anshin.cases.actions.hidden_numbers import ask_to_look
from anshin.cases.actions.receiving import numbers_in
from anshin.cases.actions.refusals import Refused, WrongCase
from anshin.cases.models import Attachment, Case, Message, Note
from anshin.cases.ports import NothingToRead, Reread, originals
from anshin.cases.terms import Channel, Charset, Direction, Hold, Resolution, Status, card_values
from anshin.commerce.actions import correct_name
from anshin.language.sensitive_numbers import find_numbers, masked
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


class NotReadable(Refused):
    """There is no original from which the message could be read again."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The original of this message is not complete, so it cannot be read again. "
                "Ask the sender to send it again."
            )
        )


@transaction.atomic
def read_as(*, by: Membership, message_id: int, charset: str, now: datetime) -> Message:
    """The message with its text, subject, names and files' names read as `charset`, a terms.Charset; "" for as it
    seems best. Where subject, list line and customer's name came from this message they follow.

    Raises NotAllowed, WrongCase, NotReadable.
    """
    require(by, Permission.TRIAGE)
    message = _with_original(by, message_id)
    if charset and charset not in Charset.values:
        raise WrongCase(_("This character code is not known. Choose one of the list."))
    try:
        read = originals.get().read(shop_id=by.shop_id, raw_blob_id=message.raw_blob_id or 0, charset=charset)
    except NothingToRead as error:
        raise NotReadable from error
    case = standing.locked_case_or_merged(by.shop_id, message.case_id)
    former, had_numbers = message.charset, bool(find_numbers(f"{message.subject}\n{message.text}"))
    _correct_case(case, message, read, by)
    _correct_message(message, read, now)
    _correct_files(message, read)
    fact = events.MessageReread(message_id=message.pk, former=former, charset=charset)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    if not had_numbers and (found := numbers_in(message)):
        record(found, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    ask_to_look([message], now=now)
    standing.announce(case, "case.message", now=now, message_id=message.pk)
    return message


def try_again(*, by: Membership, message_id: int, now: datetime) -> Message:
    """The message that the original of a held one has become; the held one itself when it still cannot be read.

    Raises NotAllowed, WrongCase, Refused.
    """
    require(by, Permission.TRIAGE)
    held = _with_original(by, message_id)
    became = originals.get().take_in_again(by=by, message_id=held.pk, now=now)
    if became is None or became == held.pk:
        return held
    return Message.objects.select_related("case").get(shop_id=by.shop_id, pk=became)


@transaction.atomic
def give_way(*, by: Membership, held_id: int, message_id: int, now: datetime) -> None:
    """A held message stood in for a mail that is another message now: its case is held no more. Where the other one
    stands in the same case the stand-in goes; else its case is closed when there is nothing else in it.

    Nothing is lost: the other message has the same original. Raises NotAllowed, WrongCase.
    """
    require(by, Permission.TRIAGE)
    held, other = _own(by, held_id), _own(by, message_id)
    case = standing.locked_case_or_merged(by.shop_id, held.case_id)
    if held.pk == other.pk or not case.hold:
        return
    values: dict[str, Any] = {"hold": Hold.NONE}
    if case.pk == other.case_id:
        held.delete()
    elif case.status != Status.CLOSED and _is_alone(held):
        values |= {
            "status": Status.CLOSED,
            "resolution": Resolution.DUPLICATE,
            "closed_at": now,
            "snoozed_until_at": None,
            "waiting_since_at": None,
            **clocks.ended(case, at=now),
            "is_unread": False,
        }
    standing.change(case, **values)
    number = other.case.number if case.pk != other.case_id else 0
    fact = events.MessageGaveWay(message_id=held_id, other_message_id=other.pk, other_number=number)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.status", now=now)


def _own(by: Membership, message_id: int) -> Message:
    found = Message.objects.select_related("case").filter(shop_id=by.shop_id, pk=message_id).first()
    if found is None:
        raise WrongCase
    return found


def _with_original(by: Membership, message_id: int) -> Message:
    """A mail that came, with its original. Raises WrongCase, NotReadable."""
    message = Message.objects.select_for_update().filter(shop_id=by.shop_id, pk=message_id).first()
    if message is None or message.direction != Direction.IN or message.channel != Channel.EMAIL:
        raise WrongCase
    if message.raw_blob_id is None:
        raise NotReadable
    return message


def _is_alone(message: Message) -> bool:
    others = Message.objects.filter(case_id=message.case_id).exclude(pk=message.pk)
    return not others.exists() and not Note.objects.filter(case_id=message.case_id).exists()


def _correct_case(case: Case, message: Message, read: Reread, by: Membership) -> None:
    values: dict[str, Any] = {}
    if case.subject == masked(message.subject)[:300]:
        values["subject"] = masked(read.subject)[:300]
    if case.last_line == rules.one_line(message.text):
        values["last_line"] = rules.one_line(read.text)
    if values:
        standing.change(case, **values)
    if case.customer_id and message.sender_name != read.sender.name:
        correct_name(shop=by.shop, customer_id=case.customer_id, former=message.sender_name, name=read.sender.name)


def _correct_message(message: Message, read: Reread, now: datetime) -> None:
    message.subject, message.text, message.quoted_from = read.subject[:300], read.text, read.quoted_from
    message.sender_name = read.sender.name[:200]
    message.to = [[party.name, party.mail] for party in read.to]
    message.cc = [[party.name, party.mail] for party in read.cc]
    message.html_blob = keep(message.shop_id, read.html.encode(), now=now) if read.html else None
    message.number_kinds = None
    message.charset, message.charset_reason = read.charset[:40], read.charset_reason[:12]
    message.remarks = [[code, about[:255]] for code, about in read.remarks]
    message.cards = [card_values(card) for card in read.cards]
    message.save(
        update_fields=[
            "subject",
            "text",
            "quoted_from",
            "sender_name",
            "to",
            "cc",
            "html_blob",
            "number_kinds",
            "charset",
            "charset_reason",
            "remarks",
            "cards",
        ]
    )


def _correct_files(message: Message, read: Reread) -> None:
    """Each stored file takes the name of the part with the same content; of equal ones the first takes the first."""
    names: dict[str, list[str]] = {}
    for sha256, name in read.file_names:
        names.setdefault(sha256, []).append(name)
    files = list(Attachment.objects.select_related("blob").filter(message=message).order_by("id"))
    for file in files:
        fitting = names.get(file.blob.sha256)
        file.name = fitting.pop(0)[:255] if fitting else file.name
    Attachment.objects.bulk_update(files, ["name"])
