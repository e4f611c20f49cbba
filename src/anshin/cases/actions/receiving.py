"""An incoming message becomes part of a case: thread found, customer recognised, order proposed with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.db import IntegrityError, transaction

from anshin.cases import events, rules
from anshin.cases.actions import indexing, opening, spam, standing
from anshin.cases.actions.linking import propose_orders
from anshin.cases.models import Attachment, Case, Message
from anshin.cases.queries.threads import is_trusted_sender, place_for
from anshin.cases.rules import Place
from anshin.cases.terms import PHISHING_TOPIC, Direction, IncomingMessage, Status, card_values
from anshin.commerce.actions import clear_address, recognise_customer
from anshin.commerce.queries import find_customer, marked_address, orders_of
from anshin.commerce.terms import Cleared
from anshin.language.mails import looks_like_mail
from anshin.language.sensitive_numbers import find_numbers
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.prepared import Prepared, insert
from anshin.shops import queries as shops

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Shop

Outcome = Literal["new_case", "threaded", "duplicate"]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an incoming message."""

    case: Case
    message: Message
    outcome: Outcome
    reason: str


def receive_message(*, shop: Shop, message: IncomingMessage, now: datetime) -> Received:
    """The message in its case; the same message twice is the same row and changes nothing.

    `now` is the moment of taking in; `message.received_at` the one shown in the thread.
    """
    try:
        with transaction.atomic():
            return _known(shop, message) or _take_in(shop, message, now)
    except IntegrityError:
        known = _known(shop, message)  # somebody else took the same message in meanwhile
        if known is None:
            raise
        return known


def _known(shop: Shop, message: IncomingMessage) -> Received | None:
    found = _BY_KEY.first(shop=shop.pk, key=message.message_key)
    return Received(found.case, found, "duplicate", "message_key") if found else None


_BY_KEY = Prepared(
    lambda shop, key: Message.objects.select_related("case").filter(shop_id=shop, message_key=key), shop=int, key=str
)


def _take_in(shop: Shop, message: IncomingMessage, now: datetime) -> Received:
    customer = _customer(shop, message, now)
    place = place_for(shop, message, customer=customer, now=now)
    is_spam = _is_spam(shop, message, customer, place)
    if customer is None and message.spam_by and not is_spam:
        customer = recognise(shop, message, now)
    by = Actor(kind="customer", id=customer.pk if customer else None, name=message.sender.name or message.sender.mail)
    if place.case_id is None:
        case = opening.open_case(
            shop=shop,
            message=message,
            customer=customer,
            related_case_id=place.related_case_id,
            by=by,
            now=now,
            status=Status.SPAM if is_spam else Status.OPEN,
        )
        if is_spam:
            spam.put_away(case, message, now=now)
    else:
        case = standing.locked_case(shop.pk, place.case_id)
    _note_that_mail_arrives(shop, message, now)
    row = _store(shop, case, message, now)
    _update_case(shop, case, message, by, is_new=place.case_id is None, now=now)
    record(
        events.MessageReceived(message_id=row.pk, channel=message.channel),
        shop_id=shop.pk,
        by=by,
        now=now,
        case_id=case.pk,
    )
    note_numbers(shop, row, by, now)
    if message.sender_warnings:
        signs = ", ".join(warning.sign.value for warning in message.sender_warnings)
        fact = events.SenderDoubted(message_id=row.pk, signs=signs)
        record(fact, shop_id=shop.pk, by=standing.SYSTEM, now=now, case_id=case.pk)
    propose_orders(shop=shop, case=case, message=message, customer=customer, now=now)
    indexing.ask_to_index([case.pk], shop_id=shop.pk, now=now)
    standing.announce(case, "case.message", now=now, message_id=row.pk)
    return Received(case, row, "threaded" if place.case_id else "new_case", place.reason)


def _customer(shop: Shop, message: IncomingMessage, now: datetime) -> Customer | None:
    """Whoever writes. What a provider calls spam makes nobody a customer."""
    if message.spam_by:
        return find_customer(shop, mail=message.sender.mail) if message.sender.mail else None
    return recognise(shop, message, now)


def _is_spam(shop: Shop, message: IncomingMessage, customer: Customer | None, place: Place) -> bool:
    if not message.spam_by:
        return False
    return rules.goes_to_spam(
        is_judged_spam=True,
        place=place,
        is_trusted=is_trusted_sender(shop, message.sender.mail),
        has_orders=customer is not None and orders_of(shop, customer).exists(),
    )


def recognise(shop: Shop, message: IncomingMessage, now: datetime) -> Customer | None:
    """Whoever writes: known by mail address, made when unknown; by phone number when no usable address was given."""
    if looks_like_mail(message.sender.mail):
        return recognise_customer(shop=shop, mail=message.sender.mail, name=message.sender.name, now=now)
    return find_customer(shop, phone=message.phone) if message.phone else None


def _note_that_mail_arrives(shop: Shop, message: IncomingMessage, now: datetime) -> None:
    """Whoever writes has an address that works; whoever answers a mail has got it."""
    if message.is_automatic or message.hold:
        return
    marked = marked_address(shop, message.sender.mail) if message.sender.mail else None
    if marked is None:
        return
    answered = Message.objects.filter(shop=shop, message_key__in=message.refers_to, direction=Direction.OUT)
    sent_at = answered.filter(sent_at__isnull=False).order_by("-sent_at").values_list("sent_at", flat=True).first()
    for why, at in ((Cleared.ANSWERED, sent_at), (Cleared.WROTE, message.received_at)):
        if at and clear_address(shop=shop, contact_id=marked.pk, why=why, at=at, now=now):
            return


def _store(shop: Shop, case: Case, message: IncomingMessage, now: datetime) -> Message:
    html = keep(shop.pk, message.html.encode(), now=now) if message.html else None
    row = Message(
        shop=shop,
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
        html_blob=html,
        raw_blob_id=message.raw_blob_id,
        charset=message.charset[:40],
        charset_reason=message.charset_reason[:12],
        remarks=[[code, about[:255]] for code, about in message.remarks],
        cards=[card_values(card) for card in message.cards],
        is_automatic=message.is_automatic,
        sender_checks=dict(message.sender_checks),
        sender_warnings=[warning.as_values() for warning in message.sender_warnings],
        file_count=len(message.files),
        message_key=message.message_key,
        in_reply_to=(message.refers_to[0] if message.refers_to else "")[:200],
    )
    insert(row)
    if message.files:
        _store_files(shop, row, message)
    return row


def _store_files(shop: Shop, row: Message, message: IncomingMessage) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            shop=shop,
            message=row,
            blob_id=file.blob_id,
            name=file.name[:255],
            content_id=file.content_id[:255],
            is_inline=file.is_inline,
        )
        for file in message.files
    )


def note_numbers(shop: Shop, row: Message, by: Actor, now: datetime) -> None:
    """Say in the journal that the message has numbers which should not be kept; its page warns of them."""
    found = find_numbers(f"{row.subject}\n{row.text}")
    if found:
        kinds = tuple(sorted({number.kind.value for number in found}))
        fact = events.NumbersFound(message_id=row.pk, kinds=kinds)
        record(fact, shop_id=shop.pk, by=by, now=now, case_id=row.case_id)


def _update_case(shop: Shop, case: Case, message: IncomingMessage, by: Actor, *, is_new: bool, now: datetime) -> None:
    values: dict[str, object] = {
        "last_line": rules.one_line(message.text),
        "last_by_customer": True,
        "is_unread": True,
        "last_activity_at": max(message.received_at, case.last_activity_at),
        "version": case.version + (not is_new),
    }
    if message.sender_warnings and not case.topic:
        values["topic"] = PHISHING_TOPIC
    if not is_new and case.status == Status.SPAM:
        spam.leave_by_message(case, shop, message, now=now)
    status = rules.status_after_message(case.status, from_customer=True, is_automatic=message.is_automatic)
    if not is_new and status != case.status:
        was_closed = case.status == Status.CLOSED
        values |= {
            "status": status,
            "resolution": "",
            "closed_at": None,
            "snoozed_until_at": None,
            "waiting_since_at": case.waiting_since_at or message.received_at,
            "due_at": shops.due_moment(shop, message.received_at, shop.reply_target_minutes),
        }
        if was_closed:
            record(events.CaseReopened(why="message"), shop_id=shop.pk, by=by, now=now, case_id=case.pk)
    standing.change(case, **values)
