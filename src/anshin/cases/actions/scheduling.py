"""A reply that leaves later: its time is changed, or it leaves after all although the customer wrote meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from anshin.cases import events, rules
from anshin.cases.actions import clocks, standing
from anshin.cases.actions.refusals import AlreadyLeft, BadMoment
from anshin.cases.models import Case, Message
from anshin.cases.terms import Delivery, Direction, Status
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

LONGEST_WAIT = timedelta(days=366)


def leaving_moment(leave_at: datetime | None, *, now: datetime) -> datetime:
    """When a reply leaves: never before the undo window is over. Raises BadMoment for one too far away or past."""
    soonest = now + timedelta(seconds=rules.UNDO_SECONDS)
    if leave_at is None:
        return soonest
    if leave_at <= now or leave_at > now + LONGEST_WAIT:
        raise BadMoment
    return max(leave_at, soonest)


@transaction.atomic
def schedule(*, by: Membership, message_id: int, leave_at: datetime | None = None, now: datetime) -> Message:
    """Let a reply that waits leave at another time, without `leave_at` at once; any colleague who answers may.

    One that was stopped because the customer wrote is taken as read and written now.
    Raises NotAllowed, AlreadyLeft, BadMoment.
    """
    require(by, Permission.ANSWER)
    message = locked_message(by, message_id)
    was_paused = message.delivery == Delivery.PAUSED
    is_later = message.delivery == Delivery.HELD and rules.is_scheduled(message.at, message.leaves_at)
    if not (was_paused or is_later):
        raise AlreadyLeft
    message.leaves_at = leaving_moment(leave_at, now=now)
    if was_paused:
        rules.check_delivery(message.delivery, Delivery.HELD)
        message.delivery, message.at = Delivery.HELD, now
        message.read_to_id = Message.objects.filter(case_id=message.case_id).aggregate(newest=Max("pk"))["newest"]
    message.save(update_fields=["delivery", "leaves_at", "at", "read_to_id"])
    case = standing.workable_case(by.shop_id, message.case_id)
    if was_paused:
        hand_over_turn(case, message, now=now)
    fact = events.ReplyScheduled(message_id=message.pk, leaves_at=message.leaves_at.isoformat())
    record(fact, shop_id=case.shop_id, by=shops.actor(by), now=now, case_id=case.pk)
    enqueue_delivery(message, now=now)
    standing.announce(case, "case.delivery", now=now, message_id=message.pk)
    return message


def locked_message(by: Membership, message_id: int) -> Message:
    """An outgoing message of the person's shop, locked. Raises AlreadyLeft."""
    rows = Message.objects.select_for_update().filter(shop_id=by.shop_id, pk=message_id, direction=Direction.OUT)
    message = rows.first()
    if message is None:
        raise AlreadyLeft
    return message


def hand_over_turn(case: Case, message: Message, *, now: datetime) -> None:
    """Once a reply is on its way it is the customer's turn; the clock of one that leaves later runs until then."""
    standing.change(
        case,
        status=Status.WAITING,
        resolution="",
        closed_at=None,
        snoozed_until_at=None,
        waiting_since_at=None,
        **clocks.handed_over(case, message, now=now),
        is_unread=False,
        last_line=rules.one_line(message.text),
        last_by_customer=False,
        last_activity_at=now,
        version=case.version + 1,
    )


def enqueue_delivery(message: Message, *, now: datetime) -> None:
    """The job that lets it leave; one that comes too early leaves it alone."""
    moment = message.leaves_at or now
    enqueue(
        "anshin.cases.jobs.deliver",
        message.pk,
        moment.isoformat(),
        run_at=moment,
        unique_key=f"deliver:{message.pk}:{message.attempts}:{int(moment.timestamp())}",
        shop_id=message.shop_id,
        now=now,
    )
