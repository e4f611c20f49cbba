"""Replies of new staff wait for somebody experienced, who lets them leave, mends them, or sends them back."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction

from anshin.cases import events, rules
from anshin.cases.actions import indexing, standing
from anshin.cases.actions.noting import write_note
from anshin.cases.actions.refusals import AlreadyLeft, EmptyText, OwnReply, UnfilledPlaceholder
from anshin.cases.actions.replying import draft_again
from anshin.cases.actions.scheduling import enqueue_delivery, hand_over_turn, leaving_moment, locked_message
from anshin.cases.models import Message
from anshin.cases.ports import reply_check
from anshin.cases.queries.waiting import to_approve_key
from anshin.cases.terms import Delivery
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership


@transaction.atomic
def approve_reply(*, by: Membership, message_id: int, text: str | None = None, now: datetime) -> Message:
    """Let a waiting reply leave, with `text` instead of what was written when it was mended.

    Raises NotAllowed, AlreadyLeft, OwnReply, EmptyText, UnfilledPlaceholder, WrongCase, InSpam.
    """
    message = _waiting(by, message_id)
    case = standing.workable_case(by.shop_id, message.case_id)
    was_edited = text is not None and _mend(message, text)
    rules.check_delivery(message.delivery, Delivery.HELD)
    planned = message.leaves_at if message.leaves_at and message.leaves_at > now else None
    message.delivery, message.leaves_at = Delivery.HELD, leaving_moment(planned, now=now)
    if not planned:
        message.at = now
    message.save(update_fields=["delivery", "leaves_at", "at", "text", "quoted_from"])
    hand_over_turn(case, message, now=now)
    fact = events.ReplyApproved(message_id=message.pk, was_edited=was_edited)
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    enqueue_delivery(message, now=now)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.message", now=now, message_id=message.pk)
    return message


@transaction.atomic
def send_back_reply(*, by: Membership, message_id: int, remark: str, now: datetime) -> Message:
    """Give a waiting reply back to whoever wrote it, as their draft, with a remark as a note.

    Raises NotAllowed, AlreadyLeft, OwnReply, EmptyText without a remark, WrongCase.
    """
    message = _waiting(by, message_id)
    if not remark.strip():
        raise EmptyText
    case = standing.locked_case(by.shop_id, message.case_id)
    rules.check_delivery(message.delivery, Delivery.TAKEN_BACK)
    message.delivery = Delivery.TAKEN_BACK
    message.save(update_fields=["delivery"])
    name = ""
    if message.author is not None:
        draft_again(message, message.author, case, now)
        name = str(message.author.person)
    write_note(case, by=by, text=f"@{name} {remark.strip()}" if name else remark.strip(), now=now)
    fact = events.ReplySentBack(message_id=message.pk)
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    indexing.ask_to_index([case.pk], shop_id=case.shop_id, now=now)
    standing.announce(case, "case.message", now=now, message_id=message.pk)
    return message


def _waiting(by: Membership, message_id: int) -> Message:
    """The reply that waits for somebody like `by`, locked. Raises NotAllowed, AlreadyLeft, OwnReply."""
    require(by, Permission.APPROVE)
    message = locked_message(by, message_id)
    if message.delivery != Delivery.APPROVAL:
        raise AlreadyLeft
    if message.author_id == by.pk:
        raise OwnReply
    forget_count(by.shop_id)
    return message


def forget_count(shop_id: int) -> None:
    """Have the replies that wait counted anew once this transaction is over."""
    transaction.on_commit(partial(cache.delete, to_approve_key(shop_id)))


def _mend(message: Message, text: str) -> bool:
    """Put another text above the signature; whether it differs."""
    mended = text.replace("\r\n", "\n").strip()
    if not mended:
        raise EmptyText
    if unfilled := reply_check.get().unfilled(mended):
        raise UnfilledPlaceholder(unfilled)
    cut = message.quoted_from if message.quoted_from is not None else len(message.text)
    if mended == message.text[:cut].replace("\r\n", "\n").strip():
        return False
    signature = message.text[cut:]
    message.text = f"{mended}{signature}"
    message.quoted_from = len(mended) if message.quoted_from is not None else None
    return True
