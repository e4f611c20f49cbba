"""A mail to the customer of a finished case that no person wrote. The case stays finished."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events
from anshin.cases.actions import indexing, standing
from anshin.cases.actions.refusals import NoMailbox, WrongCase
from anshin.cases.models import Message
from anshin.cases.ports import outbox
from anshin.cases.queries.messages import thread_keys
from anshin.cases.terms import Channel, Delivery, Direction, Party, Status
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.prepared import insert

if TYPE_CHECKING:
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Shop


@transaction.atomic
def write_after_the_end(
    *, shop: Shop, case_id: int, by: Actor, to: Party, subject: str, text: str, turn: str, now: datetime
) -> Message:
    """The mail, about to leave. `turn` says what it is for, once a case.

    Raises WrongCase for a case that is not finished (any more), NoMailbox.
    """
    case = standing.locked_case(shop.pk, case_id)
    if case.status != Status.CLOSED or case.emptied_at:
        raise WrongCase
    senders = outbox.get().senders_for(shop.pk, case_id)
    if not senders:
        raise NoMailbox
    keys = thread_keys(shop, case_id)
    message = Message(
        shop_id=shop.pk,
        case=case,
        direction=Direction.OUT,
        channel=Channel.EMAIL,
        at=now,
        sender_name=senders[0].name[:200],
        sender_mail=senders[0].mail,
        to=[[to.name, to.mail]],
        subject=subject[:300],
        text=text,
        is_automatic=True,
        message_key=outbox.get().new_message_key(shop.pk, f"{case.pk}-{turn}", senders[0].mail),
        in_reply_to=keys[-1] if keys else "",
        delivery=Delivery.QUEUED,
        leaves_at=now,
        former_status=case.status,
    )
    insert(message)
    record(events.WrittenAfterTheEnd(message_id=message.pk), shop_id=shop.pk, by=by, now=now, case_id=case.pk)
    key = f"deliver:{message.pk}:0"
    enqueue("anshin.cases.jobs.deliver", message.pk, run_at=now, unique_key=key, shop_id=shop.pk, now=now)
    indexing.ask_to_index([case.pk], shop_id=shop.pk, now=now)
    standing.announce(case, "case.message", now=now, message_id=message.pk)
    return message
