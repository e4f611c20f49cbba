"""Mails to customers that no person wrote: the answer to a first message, and what is written after the end.

`by` is the actor under whose name it stands in the journal. Such a mail changes neither whose turn it is nor when an
answer is due, and says of itself that it is automatic (RFC 3834).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events, rules
from anshin.cases.actions import indexing, standing
from anshin.cases.actions.refusals import AnsweredBefore, EmptyText, NoRecipient, UnfilledPlaceholder, WrongCase
from anshin.cases.actions.replying import sender_of
from anshin.cases.models import Message
from anshin.cases.ports import outbox, reply_check
from anshin.cases.queries.messages import thread_keys
from anshin.cases.terms import Channel, Delivery, Direction, Party, Status
from anshin.language.mails import looks_like_mail
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.prepared import insert

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Shop


@transaction.atomic
def answer_automatically(
    *, shop: Shop, case_id: int, by: Actor, to: Party, subject: str, text: str, now: datetime
) -> Message:
    """The answer to a case's first message, about to leave; once a case.

    `subject` "" answers under the case's. Raises WrongCase for a case that is not open, AnsweredBefore, NoRecipient,
    NoMailbox, EmptyText, UnfilledPlaceholder.
    """
    case = standing.workable_case(shop.pk, case_id)
    if case.status == Status.CLOSED or case.emptied_at:
        raise WrongCase
    if Message.objects.filter(case=case, direction=Direction.OUT).exists():
        raise AnsweredBefore
    if unfilled := reply_check.get().unfilled(f"{subject}\n{text}"):
        raise UnfilledPlaceholder(unfilled)
    message = _leaving(shop, case, to=to, subject=subject, text=text, turn="automatic", now=now)
    record(events.AnsweredAutomatically(message_id=message.pk), shop_id=shop.pk, by=by, now=now, case_id=case.pk)
    return message


@transaction.atomic
def write_after_the_end(
    *, shop: Shop, case_id: int, by: Actor, to: Party, subject: str, text: str, turn: str, now: datetime
) -> Message:
    """A mail to the customer of a finished case, which stays finished. `turn` says what it is for, once a case.

    Raises WrongCase for a case that is not finished (any more), NoRecipient, NoMailbox, EmptyText.
    """
    case = standing.locked_case(shop.pk, case_id)
    if case.status != Status.CLOSED or case.emptied_at:
        raise WrongCase
    message = _leaving(shop, case, to=to, subject=subject, text=text, turn=turn, now=now)
    record(events.WrittenAfterTheEnd(message_id=message.pk), shop_id=shop.pk, by=by, now=now, case_id=case.pk)
    return message


@transaction.atomic
def inform(
    *, shop: Shop, case_id: int, by: Actor, to: Party, subject: str, text: str, turn: str, now: datetime
) -> Message:
    """A mail to the customer about something that a room above has done; the case stays as it is, open or finished.

    `turn` says what it is for, once a case. One that was merged away means the case into which it went. Raises
    WrongCase for a case in the spam folder or emptied, NoRecipient, NoMailbox, EmptyText.
    """
    case = standing.locked_case_or_merged(shop.pk, case_id)
    while case.merged_into_id is not None:
        case = standing.locked_case_or_merged(shop.pk, case.merged_into_id)
    if case.status == Status.SPAM or case.emptied_at:
        raise WrongCase
    message = _leaving(shop, case, to=to, subject=subject, text=text, turn=turn, now=now)
    record(events.Informed(message_id=message.pk), shop_id=shop.pk, by=by, now=now, case_id=case.pk)
    return message


def _leaving(shop: Shop, case: Case, *, to: Party, subject: str, text: str, turn: str, now: datetime) -> Message:
    if not text.strip():
        raise EmptyText
    if not looks_like_mail(to.mail):
        raise NoRecipient
    sender = sender_of(shop.pk, case.pk, "")
    keys = thread_keys(shop, case.pk)
    message = Message(
        shop_id=shop.pk,
        case=case,
        direction=Direction.OUT,
        channel=Channel.EMAIL,
        at=now,
        sender_name=sender.name[:200],
        sender_mail=sender.mail,
        to=[[to.name, to.mail]],
        subject=(subject.strip() or rules.answering(case.subject, is_first=not keys))[:300],
        text=text.strip(),
        is_automatic=True,
        message_key=outbox.get().new_message_key(shop.pk, f"{case.pk}-{turn}", sender.mail),
        in_reply_to=keys[-1] if keys else "",
        delivery=Delivery.QUEUED,
        leaves_at=now,
        former_status=case.status,
    )
    insert(message)
    key = f"deliver:{message.pk}:0"
    enqueue("anshin.cases.jobs.deliver", message.pk, run_at=now, unique_key=key, shop_id=shop.pk, now=now)
    indexing.ask_to_index([case.pk], shop_id=shop.pk, now=now)
    standing.announce(case, "case.message", now=now, message_id=message.pk)
    return message
