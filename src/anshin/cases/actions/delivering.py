"""A held or queued reply leaves, and its message says what became of it in the server's words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from anshin.cases import events, rules
from anshin.cases.actions import clocks, standing
from anshin.cases.actions.bouncing import keep_refusal
from anshin.cases.actions.refusals import WrongCase
from anshin.cases.models import Case, Message
from anshin.cases.ports import DeliveryRefused, NotYet, OutgoingFile, OutgoingMessage, outbox
from anshin.cases.queries.messages import thread_keys
from anshin.cases.terms import Delivery, Direction, Party, Status
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

POST = Actor(kind="system", id=None, name="mail")
_LEAVING = (Delivery.HELD, Delivery.QUEUED, Delivery.DEFERRED, Delivery.SENDING)


def deliver_message(*, message_id: int, planned_at: datetime | None = None, now: datetime) -> None:
    """Hand the message over once. Outside any transaction, so that each step is on disk before the next begins.

    A message that was taken back, has left, or now leaves at another time than `planned_at` is left alone. One that
    somebody wanted to leave later does not leave over what the customer wrote meanwhile: it is stopped, and the case
    is ours again. One whose turn is later goes into the queue, which counts as no attempt. Raises DeliveryRefused for
    a refusal that is worth another try, after having written it on the message; the last try ends in "could not be
    sent".
    """
    found = Message.objects.select_related("shop", "author__person").filter(pk=message_id, direction=Direction.OUT)
    message = found.first()
    if message is None or _is_for_later(message, planned_at) or _is_overtaken(message, now=now):
        return
    claimed = Message.objects.filter(pk=message_id, delivery__in=_LEAVING, leaves_at=message.leaves_at)
    if not claimed.update(delivery=Delivery.SENDING, attempts=F("attempts") + 1):
        return
    message.delivery, message.attempts = Delivery.SENDING, message.attempts + 1
    try:
        delivered = outbox.get().deliver(_outgoing(message), handing_over=lambda: None)
    except DeliveryRefused as refusal:
        state = _state_after(refusal, attempts=message.attempts)
        with transaction.atomic():
            _settle(message, state, refusal.words, now=now)
            if state == Delivery.FAILED and refusal.refused:
                keep_refusal(message=message, refused=refusal.refused, words=refusal.words, now=now)
        if state == Delivery.DEFERRED:
            raise
    except NotYet as patience:
        _queue(message, patience, now=now)
    else:
        _settle(message, Delivery.SENT, delivered.server_words, now=now)


@transaction.atomic
def retry_delivery(*, by: Membership, message_id: int, now: datetime) -> None:
    """Send a message again that failed, bounced, or may not have left. Raises NotAllowed, WrongCase, IllegalStep."""
    require(by, Permission.ANSWER)
    message = _own_message(by, message_id)
    rules.check_delivery(message.delivery, Delivery.QUEUED)
    message.delivery, message.leaves_at, message.attempts = Delivery.QUEUED, now, 0
    message.save(update_fields=["delivery", "leaves_at", "attempts"])
    case = standing.locked_case(by.shop_id, message.case_id)
    if case.status == Status.OPEN and not message.is_automatic:
        values = clocks.stopped(case, at=now, is_answer=True)
        standing.change(case, status=Status.WAITING, waiting_since_at=None, **values)
    key = f"deliver:{message.pk}:again"
    enqueue("anshin.cases.jobs.deliver", message.pk, run_at=now, unique_key=key, shop_id=message.shop_id, now=now)
    standing.announce(case, "case.delivery", now=now, message_id=message.pk)


@transaction.atomic
def confirm_left(*, by: Membership, message_id: int, now: datetime) -> None:
    """Say that a message of unknown fate did arrive. Raises NotAllowed, WrongCase, IllegalStep."""
    require(by, Permission.ANSWER)
    message = _own_message(by, message_id)
    rules.check_delivery(message.delivery, Delivery.SENT)
    _settle(message, Delivery.SENT, message.server_words, now=now, by=shops.actor(by))


@transaction.atomic
def record_delivered(*, shop: Shop, message_key: str, words: str, now: datetime) -> bool:
    """A service says that the other server took a message: whether it is one of this shop's.

    A message of unknown fate has left then; of one that came back the report stays.
    """
    rows = Message.objects.select_for_update().filter(shop=shop, direction=Direction.OUT, message_key=message_key)
    message = rows.first()
    if message is None:
        return False
    if message.delivery == Delivery.UNSURE:
        _settle(message, Delivery.SENT, words, now=now)
    elif message.delivery == Delivery.SENT:
        message.server_words = words[:500]
        message.save(update_fields=["server_words"])
    return True


def _is_for_later(message: Message, planned_at: datetime | None) -> bool:
    """Whether another time was chosen since the job was put down that comes now."""
    return message.delivery == Delivery.HELD and planned_at is not None and message.leaves_at != planned_at


def _is_overtaken(message: Message, *, now: datetime) -> bool:
    """Whether a reply that was to leave later was stopped because the customer wrote since. No query for any other."""
    if message.delivery != Delivery.HELD or not rules.is_scheduled(message.at, message.leaves_at):
        return False
    read_to = max(message.pk, message.read_to_id)
    since = Message.objects.filter(case_id=message.case_id, direction=Direction.IN, pk__gt=read_to)
    if not since.filter(is_automatic=False).exists():
        return False
    with transaction.atomic():
        if Message.objects.filter(pk=message.pk, delivery=Delivery.HELD).update(delivery=Delivery.PAUSED):
            _settle(message, Delivery.PAUSED, "", now=now)
    return True


@transaction.atomic
def _settle(message: Message, delivery: Delivery, words: str, *, now: datetime, by: Actor = POST) -> None:
    former = message.delivery
    rules.check_delivery(former, delivery)
    message.delivery, message.server_words = delivery, words[:500]
    if delivery == Delivery.SENT:
        message.sent_at = now
    message.save(update_fields=["delivery", "server_words", "sent_at"])
    case = standing.locked_case_or_merged(message.shop_id, message.case_id)
    if delivery == Delivery.SENT and (clock := clocks.left(case, message, now=now)):
        standing.change(case, **clock)
    if delivery in {Delivery.FAILED, Delivery.UNSURE, Delivery.PAUSED}:
        _give_back(case, message, delivery, now=now)
    fact = events.DeliveryChanged(message_id=message.pk, former=former, delivery=delivery, words=words[:200])
    record(fact, shop_id=message.shop_id, by=by, now=now, case_id=case.pk)
    standing.announce(case, "case.delivery", now=now, message_id=message.pk)


def _give_back(case: Case, message: Message, delivery: Delivery, *, now: datetime) -> None:
    """A reply that did not leave is no answer: the case is ours again. One that was stopped mostly is already. What
    the program wrote about a finished case is missed by nobody."""
    if message.is_automatic and case.status == Status.CLOSED:
        return
    clock = clocks.unreached(case, message.shop, answered_at=clocks.answered_moment(case, message), since=now)
    if case.status in {Status.WAITING, Status.CLOSED}:
        standing.change(case, status=Status.OPEN, resolution="", closed_at=None, waiting_since_at=now, **clock)
    elif delivery == Delivery.PAUSED and case.runs:
        standing.change(case, **clock)


@transaction.atomic
def _queue(message: Message, patience: NotYet, *, now: datetime) -> None:
    """The message waits for its turn, and says so; a job takes it up then."""
    rules.check_delivery(message.delivery, Delivery.QUEUED)
    message.delivery, message.server_words = Delivery.QUEUED, patience.words[:500]
    message.leaves_at, message.attempts = patience.until_at, max(message.attempts - 1, 0)
    message.save(update_fields=["delivery", "server_words", "leaves_at", "attempts"])
    enqueue(
        "anshin.cases.jobs.deliver",
        message.pk,
        run_at=patience.until_at,
        unique_key=f"deliver:{message.pk}:turn",
        shop_id=message.shop_id,
        now=now,
    )
    case = standing.locked_case_or_merged(message.shop_id, message.case_id)
    standing.announce(case, "case.delivery", now=now, message_id=message.pk)


def _state_after(refusal: DeliveryRefused, *, attempts: int) -> Delivery:
    if refusal.unsure:
        return Delivery.UNSURE
    is_over = refusal.permanent or attempts >= rules.MOST_DELIVERY_ATTEMPTS
    return Delivery.FAILED if is_over else Delivery.DEFERRED


def _own_message(by: Membership, message_id: int) -> Message:
    rows = Message.objects.select_for_update().filter(shop_id=by.shop_id, pk=message_id, direction=Direction.OUT)
    message = rows.first()
    if message is None:
        raise WrongCase
    return message


def _outgoing(message: Message) -> OutgoingMessage:
    """The message as plain values. Notes are another table and cannot appear here."""
    keys = [key for key in thread_keys(message.shop, message.case_id) if key != message.message_key]
    return OutgoingMessage(
        shop_id=message.shop_id,
        message_id=message.pk,
        case_id=message.case_id,
        message_key=message.message_key,
        author_name=str(message.author.person) if message.author else "",
        sender=Party(message.sender_name, message.sender_mail),
        to=tuple(Party(name, mail) for name, mail in message.to),
        cc=tuple(Party(name, mail) for name, mail in message.cc),
        subject=message.subject,
        text=message.text,
        at=message.at,
        in_reply_to=message.in_reply_to,
        references=tuple(keys),
        files=tuple(OutgoingFile(file.blob_id, file.name) for file in message.attachments.order_by("id")),
        is_automatic=message.is_automatic,
    )
