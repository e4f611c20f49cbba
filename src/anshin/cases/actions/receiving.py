"""An incoming message becomes part of a case: thread found, customer recognised, order proposed with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, transaction

from anshin.cases import events, rules
from anshin.cases.actions import opening, spam, standing
from anshin.cases.actions.portion import Portion
from anshin.cases.models import Attachment, Case, Message
from anshin.cases.queries.threads import is_trusted_sender
from anshin.cases.rules import Place
from anshin.cases.terms import Direction, IncomingFile, IncomingMessage, Status, card_values
from anshin.commerce.actions import clear_address, recognise_customer
from anshin.commerce.queries import find_customer, marked_address, orders_of
from anshin.commerce.terms import Cleared
from anshin.language.mails import looks_like_mail
from anshin.language.sensitive_numbers import find_numbers
from anshin.language.topics.codes import TopicSource
from anshin.plumbing.journal.actors import Actor

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop

Outcome = Literal["new_case", "threaded", "duplicate"]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an incoming message. `is_spam`: it lay in the spam folder when it had been taken in."""

    case: Case
    message: Message
    outcome: Outcome
    reason: str
    is_spam: bool = False


def receive_message(*, shop: Shop, message: IncomingMessage, now: datetime) -> Received:
    """The message in its case; the same message twice is the same row and changes nothing.

    `now` is the moment of taking in; `message.received_at` the one shown in the thread.
    """
    return receive_messages(shop=shop, messages=[message], now=now)[0]


def receive_messages(*, shop: Shop, messages: Sequence[IncomingMessage], now: datetime) -> list[Received]:
    """`receive_message` for each of these, in their order, in one transaction and with few statements.

    Raises what the worst of them raises; then nothing of them has changed.
    """
    try:
        with transaction.atomic():
            return [received for part in _parts(messages) for received in _received(shop, part, now)]
    except IntegrityError:  # somebody else took one of them in meanwhile
        if len(messages) == 1 and (known := _known(Portion(shop, messages, now=now), messages[0])):
            return [known]
        if len(messages) == 1:
            raise
    with transaction.atomic():
        return [receive_message(shop=shop, message=message, now=now) for message in messages]


def _parts(messages: Sequence[IncomingMessage]) -> Iterator[list[IncomingMessage]]:
    """What a provider calls spam is decided on by itself: it depends on more than a portion looks up."""
    part: list[IncomingMessage] = []
    for message in messages:
        if part and (message.spam_by or part[-1].spam_by):
            yield part
            part = []
        part.append(message)
    if part:
        yield part


def _received(shop: Shop, messages: Sequence[IncomingMessage], now: datetime) -> list[Received]:
    portion = Portion(shop, messages, now=now)
    received = [_known(portion, message) or _take_in(portion, message) for message in messages]
    portion.finish()
    return received


def _known(portion: Portion, message: IncomingMessage) -> Received | None:
    found = portion.known(message)
    if found is None:
        return None
    return Received(found.case, found, "duplicate", "message_key", found.case.status == Status.SPAM)


def _take_in(portion: Portion, message: IncomingMessage) -> Received:
    customer = _customer(portion, message)
    place = portion.threads.place_for(message, customer=customer)
    is_spam = _is_spam(portion.shop, message, customer, place)
    if customer is None and message.spam_by and not is_spam:
        customer = _recognise(portion.shop, message, portion.now)
    by = Actor(kind="customer", id=customer.pk if customer else None, name=message.sender.name or message.sender.mail)
    is_new = place.case_id is None
    if place.case_id is None:
        status = Status.SPAM if is_spam else Status.OPEN
        case = portion.open(message, customer, status=status, related_case_id=place.related_case_id, by=by)
        if is_spam:
            portion.write()
            spam.put_away(case, message, now=portion.now)
    else:
        case = portion.locked(place.case_id)
    _note_that_mail_arrives(portion, message)
    row = _store(portion, case, message)
    _update_case(portion, case, message, by, is_new=is_new)
    _record(portion, case, row, message, by)
    portion.propose_orders(case, message, customer)
    portion.announce(case, "case.message", message_id=row.pk)
    return Received(case, row, "new_case" if is_new else "threaded", place.reason, case.status == Status.SPAM)


def _record(portion: Portion, case: Case, row: Message, message: IncomingMessage, by: Actor) -> None:
    portion.record(events.MessageReceived(message_id=row.pk, channel=message.channel), case, by)
    if found := numbers_in(row):
        portion.record(found, case, by)
    if message.sender_warnings:
        signs = ", ".join(warning.sign.value for warning in message.sender_warnings)
        portion.record(events.SenderDoubted(message_id=row.pk, signs=signs), case, standing.SYSTEM)


def _customer(portion: Portion, message: IncomingMessage) -> Customer | None:
    """Whoever writes: known by mail address, made when unknown; by phone number when no usable address was given.

    What a provider calls spam makes nobody a customer.
    """
    if message.spam_by:
        return find_customer(portion.shop, mail=message.sender.mail) if message.sender.mail else None
    found = portion.customers.get(message.message_key)
    return found or (find_customer(portion.shop, phone=message.phone) if message.phone else None)


def _is_spam(shop: Shop, message: IncomingMessage, customer: Customer | None, place: Place) -> bool:
    if not message.spam_by:
        return False
    return rules.goes_to_spam(
        is_judged_spam=True,
        place=place,
        is_trusted=is_trusted_sender(shop, message.sender.mail),
        has_orders=customer is not None and orders_of(shop, customer).exists(),
    )


def _recognise(shop: Shop, message: IncomingMessage, now: datetime) -> Customer | None:
    """Whoever wrote what was called spam and is none."""
    if looks_like_mail(message.sender.mail):
        return recognise_customer(shop=shop, mail=message.sender.mail, name=message.sender.name, now=now)
    return find_customer(shop, phone=message.phone) if message.phone else None


def _note_that_mail_arrives(portion: Portion, message: IncomingMessage) -> None:
    """Whoever writes has an address that works; whoever answers a mail has got it."""
    if message.is_automatic or message.hold or not portion.may_be_marked(message.sender.mail):
        return
    portion.write()
    shop, now = portion.shop, portion.now
    marked = marked_address(shop, message.sender.mail)
    if marked is None:
        return
    answered = Message.objects.filter(shop=shop, message_key__in=message.refers_to, direction=Direction.OUT)
    sent_at = answered.filter(sent_at__isnull=False).order_by("-sent_at").values_list("sent_at", flat=True).first()
    for why, at in ((Cleared.ANSWERED, sent_at), (Cleared.WROTE, message.received_at)):
        if at and clear_address(shop=shop, contact_id=marked.pk, why=why, at=at, now=now):
            return


def _store(portion: Portion, case: Case, message: IncomingMessage) -> Message:
    row = Message(
        pk=portion.next_message_id(),
        shop=portion.shop,
        case=case,
        direction=Direction.IN,
        channel=message.channel,
        at=message.received_at,
        sender_name=message.sender.name[:200],
        sender_mail=message.sender.mail[:320],
        to=[[party.name, party.mail] for party in message.to],
        cc=[[party.name, party.mail] for party in message.cc],
        subject=message.subject[:300],
        text=message.text,
        quoted_from=message.quoted_from,
        html_blob=portion.design(message),
        raw_blob_id=message.raw_blob_id,
        charset=message.charset[:40],
        charset_reason=message.charset_reason[:12],
        remarks=[[code, about[:255]] for code, about in message.remarks],
        cards=[card_values(card) for card in message.cards],
        is_automatic=message.is_automatic,
        sender_checks=dict(message.sender_checks),
        sender_warnings=[warning.as_values() for warning in message.sender_warnings],
        file_count=len(message.files),
        number_kinds=None if message.html or message.files else [],
        utc_offset_minutes=message.utc_offset_minutes,
        message_key=message.message_key,
        in_reply_to=(message.refers_to[0] if message.refers_to else "")[:200],
    )
    portion.add(case, row, [_file(portion.shop, row, file) for file in message.files])
    return row


def _file(shop: Shop, row: Message, file: IncomingFile) -> Attachment:
    return Attachment(
        shop=shop,
        message=row,
        blob_id=file.blob_id,
        name=file.name[:255],
        content_id=file.content_id[:255],
        is_inline=file.is_inline,
    )


def numbers_in(row: Message) -> events.NumbersFound | None:
    """The fact that the message has numbers which should not be kept; its page warns of them."""
    found = find_numbers(f"{row.subject}\n{row.text}")
    kinds = tuple(sorted({number.kind.value for number in found}))
    return events.NumbersFound(message_id=row.pk, kinds=kinds) if kinds else None


def _update_case(portion: Portion, case: Case, message: IncomingMessage, by: Actor, *, is_new: bool) -> None:
    values: dict[str, object] = {
        "last_line": rules.one_line(message.text),
        "last_by_customer": True,
        "is_unread": True,
        "last_activity_at": max(message.received_at, case.last_activity_at),
        "version": case.version + (not is_new),
    }
    if message.sender_warnings and case.topic_source not in {TopicSource.PERSON, TopicSource.FORM}:
        values |= opening.given_topic(replace(message, topic=""))
    if not is_new and case.status == Status.SPAM:
        portion.write()
        spam.leave_by_message(case, portion.shop, message, now=portion.now)
    status = rules.status_after_message(case.status, from_customer=True, is_automatic=message.is_automatic)
    if not is_new and status != case.status:
        was_closed = case.status == Status.CLOSED
        values |= {
            "status": status,
            "resolution": "",
            "closed_at": None,
            "snoozed_until_at": None,
            "waiting_since_at": case.waiting_since_at or message.received_at,
            **portion.running(case, message),
        }
        if was_closed:
            portion.record(events.CaseReopened(why="message"), case, by)
    portion.change(case, **values)
