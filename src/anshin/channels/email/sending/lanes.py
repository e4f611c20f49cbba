"""The ways to the receivers, kept in rows so that all workers of an installation obey one pace.

`enter` before a conversation, `leave` after it. Which server of ours is used counts, too: a receiver measures who
connects, so two shops with one server share a lane, and two with different servers do not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.channels.email.models import SendingLane, SendingTurn
from anshin.channels.email.pacing import turns
from anshin.channels.email.pacing.paces import OWN_SERVER, Pace, Receiver, receiver_of
from anshin.channels.email.ports import EVERYBODY, Sender, TransportFailed

IDLE_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Way:
    """What a message passes: the server of ours and the receivers of its recipients."""

    route: str
    receivers: tuple[Receiver, ...]

    def pace_of(self, key: str) -> Pace:
        """The pace of one of its lanes."""
        return next(receiver.pace for receiver in self.receivers if receiver.key == key)

    def name_of(self, key: str) -> str:
        """How people call the receiver, "" for our own server."""
        return next(receiver.name for receiver in self.receivers if receiver.key == key)


@dataclass(frozen=True, slots=True)
class Waiting:
    """The message's turn is later; `words` says so to the clerk."""

    until_at: datetime
    words: str


def way_of(sender: Sender, recipients: Iterable[str]) -> Way:
    """The lanes of a message: our server first, then each receiver once, always in the same order.

    A sending service keeps the receivers' paces itself, so only the way to the service counts.
    """
    if sender.account:
        recipients = ()
    found = {receiver.key: receiver for receiver in map(receiver_of, recipients)}
    own = Receiver("", "", OWN_SERVER)
    return Way(sender.route, (own, *(found[key] for key in sorted(found))))


def enter(way: Way, *, shop_id: int, message_id: int, now: datetime) -> Waiting | None:
    """None when the message may be handed over now, on all its lanes; else until when it waits, on none of them."""
    with transaction.atomic(durable=True):
        rows = _locked(way, now)
        given = dict(SendingTurn.objects.filter(message_id=message_id).values_list("lane_id", "turn_at"))
        answers = {
            row.pk: turns.ask(row.state(), way.pace_of(row.receiver), message_id, given_at=given.get(row.pk), now=now)
            for row in rows
        }
        late = [row for row in rows if answers[row.pk].turn_at]
        for row in late or rows:
            row.keep(answers[row.pk].lane, now=now)
        if not late:
            SendingTurn.objects.filter(message_id=message_id).delete()
            return None
        for row in late:
            turn = {"turn_at": answers[row.pk].turn_at, "shop_id": shop_id}
            SendingTurn.objects.update_or_create(lane=row, message_id=message_id, defaults=turn)
    last = max(late, key=lambda row: answers[row.pk].turn_at or now)
    return Waiting(answers[last.pk].turn_at or now, _words(last, way.name_of(last.receiver), now=now))


def leave(way: Way, *, message_id: int, now: datetime, failure: TransportFailed | None = None) -> None:
    """The conversation is over. What the failure says about a receiver's patience counts for all mail to them."""
    slower = _slower(failure)
    with transaction.atomic(durable=True):
        for row in _locked(way, now):
            state = row.state()
            if failure and row.receiver in slower:
                row.last_words = failure.words[:300]
                state = turns.refused(state, way.pace_of(row.receiver), message_id, now=now)
            elif failure and not failure.permanent:
                state = turns.without(state, message_id)
            else:
                state = turns.left(state, message_id, now=now)
            row.keep(state, now=now)


def pass_once(route: str, receiver: Receiver, *, holder: int, now: datetime) -> datetime | None:
    """For bulk mail: None when one mail may go to this receiver now, which then holds the way until `leave`; else when
    to ask again. No turn is kept for it, so that a clerk's reply never stands behind thousands.

    `holder` is a negative number, since positive ones are messages.
    """
    with transaction.atomic(durable=True):
        (row,) = _locked(Way(route, (receiver,)), now)
        answer = turns.ask(row.state(), receiver.pace, holder, given_at=None, now=now)
        if answer.turn_at is None:
            row.keep(answer.lane, now=now)
    return answer.turn_at


def pauses(route: str, receivers: Iterable[str]) -> dict[str, tuple[datetime, str]]:
    """Receivers, and "" for our own server, that asked for patience and have taken nothing since: until when, which may
    be over, and with which words. One query."""
    refused = SendingLane.objects.filter(route=route, receiver__in=list(receivers), refusals__gt=0)
    return {row.receiver: (row.paused_until_at, row.last_words) for row in refused}


def prune(*, now: datetime) -> int:
    """Forget lanes on which nothing has moved for long; how many."""
    SendingTurn.objects.filter(turn_at__lt=now - IDLE_FOR).delete()
    idle = SendingLane.objects.filter(changed_at__lt=now - IDLE_FOR, turns__isnull=True)
    return idle.delete()[0]


def _slower(failure: TransportFailed | None) -> Collection[str]:
    if failure is None:
        return ()
    return {"" if address == EVERYBODY else receiver_of(address).key for address in failure.slower_for}


def _locked(way: Way, now: datetime) -> list[SendingLane]:
    keys = [receiver.key for receiver in way.receivers]
    fresh = {"next_turn_at": now, "paused_until_at": now, "entered_at": now - IDLE_FOR, "changed_at": now}
    known = set(SendingLane.objects.filter(route=way.route, receiver__in=keys).values_list("receiver", flat=True))
    missing = [SendingLane(route=way.route, receiver=key, **fresh) for key in keys if key not in known]
    if missing:
        SendingLane.objects.bulk_create(missing, ignore_conflicts=True)
    rows = SendingLane.objects.select_for_update().filter(route=way.route, receiver__in=keys)
    return list(rows.order_by("receiver"))


def _words(row: SendingLane, name: str, *, now: datetime) -> str:
    if row.refusals and row.paused_until_at > now:
        if not name:
            return _("Your mail server asks for patience (%(said)s). We go on by ourselves.") % {"said": row.last_words}
        words = _("Mail to %(name)s waits: the receiving server asks for patience (%(said)s). We go on by ourselves.")
        return words % {"name": name, "said": row.last_words}
    if not name:
        return _("Replies leave one after the other. This one is in the queue.")
    return _("Mail to %(name)s leaves one after the other. This one is in the queue.") % {"name": name}
