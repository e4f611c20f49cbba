"""The ledger of promises: made with a reply, moved, kept, dropped; reminded of on their day, on top when late."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.cases.actions import bring_up, call_back
from anshin.cases.queries import message_of
from anshin.cases.terms import Delivery
from anshin.language.dates import read_date
from anshin.language.terms import Leaning
from anshin.language.written import written_day
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.replies import events, rules
from anshin.replies.actions.refusals import WrongPromise
from anshin.replies.models import Promise
from anshin.replies.queries.promises import Proposed, proposed_promises
from anshin.replies.terms import PromiseChoices, PromiseState
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Message
    from anshin.plumbing.journal.events import Event
    from anshin.shops.models import Membership, Shop

LEDGER = Actor.system("promises")
_MOST_AT_ONCE = 500
_NOT_LEFT = (Delivery.HELD, Delivery.APPROVAL, Delivery.PAUSED)


def note_promises(
    message: Message, *, by: Membership, text: str, choices: PromiseChoices | None, now: datetime
) -> list[Promise]:
    """What the reply promises, less what its writer dropped, each with a row of its own. Inside a transaction.

    What was not on the screen (`choices.shown`) counts as read, for it was written last.
    """
    leaves_at = message.leaves_at or now
    made = []
    for each in proposed_promises(by.shop, text, leaves_at=leaves_at):
        if choices is None or each.key not in choices.shown:
            made.append(_make(message, each, by, each.due_at, now))
        elif each.key in choices.made:
            due_at = _chosen(by.shop, each, choices.made[each.key], leaves_at)
            made.append(_make(message, each, by, due_at, now))
    return made


def keep_promises(message: Message, *, by: Membership, choices: PromiseChoices | None, now: datetime) -> int:
    """Open promises of the case that this reply keeps: those that were ticked, all of them where nothing was asked.

    What waits for approval keeps nothing yet. Inside a transaction. How many.
    """
    if message.delivery == Delivery.APPROVAL or (choices is not None and not choices.kept):
        return 0
    rows = Promise.objects.select_for_update().filter(
        shop_id=message.shop_id, case_id=message.case_id, state=PromiseState.OPEN
    )
    rows = rows.exclude(message=message).order_by("id")
    found = list(rows if choices is None else rows.filter(pk__in=choices.kept))
    for promise in found:
        _settle(promise, message.leaves_at or now, by=shops.actor(by), kept_by=message, now=now)
    return len(found)


@transaction.atomic
def note_spoken_promise(*, by: Membership, message_id: int, words: str, on: date | None, now: datetime) -> Promise:
    """What was promised in a call that `message_id` tells of, to the end of that day.

    Without a day that of the words (火曜までに), else the end of the next business day.

    Raises NotAllowed, WrongPromise.
    """
    require(by, Permission.ANSWER)
    message = message_of(by.shop, message_id)
    zone = ZoneInfo(by.shop.zone)
    today = now.astimezone(zone).date()
    if message is None:
        raise WrongPromise
    if on is not None and on < today:
        raise WrongPromise(_("Choose today or a later day."))
    closing = shops.calendar_of(by.shop).closing
    read = None if on else read_date(words, today=today, leaning=Leaning.FUTURE)
    day = on or (read.latest_on if read and read.latest_on >= today else None)
    due_at = rules.day_end(day, at=None, leaves_at=now, closing=closing, zone=zone) if day else closing(now, 1)
    said = Proposed(rules.promise_key(words), words, due_at, is_vague=day is None)
    return _make(message, said, by, due_at, now)


@transaction.atomic
def settle_promise(*, by: Membership, promise_id: int, state: PromiseState, now: datetime) -> Promise:
    """Say that a promise was kept, or is none any more, or (OPEN) is to be kept after all.

    The same again changes nothing. Raises NotAllowed, WrongPromise.
    """
    require(by, Permission.ANSWER)
    promise = _locked(by.shop_id, promise_id)
    is_open = promise.state == PromiseState.OPEN
    if state == PromiseState.OPEN:
        if not is_open:
            _reopen(promise, by=shops.actor(by), now=now)
    elif not is_open:
        raise WrongPromise
    elif state == PromiseState.DROPPED:
        _change(promise, PromiseState.DROPPED, by=shops.actor(by), now=now)
    else:
        _settle(promise, now, by=shops.actor(by), kept_by=None, now=now)
    return promise


@transaction.atomic
def move_promise(*, by: Membership, promise_id: int, on: date, now: datetime) -> Promise:
    """Another day, to the end of it; for what was agreed on otherwise. Raises NotAllowed, WrongPromise."""
    require(by, Permission.ANSWER)
    promise = _locked(by.shop_id, promise_id)
    if promise.state != PromiseState.OPEN:
        raise WrongPromise
    zone = ZoneInfo(by.shop.zone)
    if on < now.astimezone(zone).date():
        raise WrongPromise(_("Choose today or a later day."))
    closing = shops.calendar_of(by.shop).closing
    promise.due_at = rules.day_end(on, at=None, leaves_at=now, closing=closing, zone=zone)
    promise.check_at = rules.promise_check(due_at=promise.due_at, after=now, zone=zone)
    promise.told_late_at = None
    promise.save(update_fields=["due_at", "check_at", "told_late_at"])
    fact = events.PromiseMoved(promise_id=promise.pk, due_at=promise.due_at.isoformat())
    _record(promise, fact, shops.actor(by), now)
    return promise


def watch_promises(*, now: datetime) -> int:
    """Remind of promises whose day has come, and put what is late on top of the inbox; each once. How many."""
    due = Promise.objects.filter(check_at__lte=now).order_by("check_at", "id").values_list("pk", flat=True)
    found = list(due[:_MOST_AT_ONCE])
    for promise_id in found:
        _look(promise_id, now)
    return len(found)


@transaction.atomic
def follow_taken_back(*, shop_id: int, message_id: int, now: datetime) -> None:
    """A reply that does not leave promises nothing and keeps nothing; the same again changes nothing."""
    mine = Promise.objects.select_for_update().filter(shop_id=shop_id, message_id=message_id)
    for promise in mine.filter(state=PromiseState.OPEN):
        _change(promise, PromiseState.DROPPED, by=LEDGER, now=now)
    for promise in Promise.objects.select_for_update().filter(shop_id=shop_id, kept_by_id=message_id):
        _reopen(promise, by=LEDGER, now=now)


@transaction.atomic
def follow_approved(*, shop: Shop, message_id: int, now: datetime) -> None:
    """Somebody mended the reply before it left: its promises are those of the text as it leaves."""
    message = message_of(shop, message_id)
    if message is None or message.delivery == Delivery.TAKEN_BACK or message.author is None:
        return
    text = message.text[: message.quoted_from] if message.quoted_from else message.text
    stands = {each.key: each for each in proposed_promises(shop, text, leaves_at=message.leaves_at or message.at)}
    known = list(Promise.objects.select_for_update().filter(message=message))
    for promise in known:
        if promise.key not in stands and promise.state == PromiseState.OPEN:
            _change(promise, PromiseState.DROPPED, by=LEDGER, now=now)
    for key in stands.keys() - {promise.key for promise in known}:
        _make(message, stands[key], message.author, stands[key].due_at, now)


def _make(message: Message, said: Proposed, by: Membership, due_at: datetime, now: datetime) -> Promise:
    promise = Promise.objects.create(
        shop_id=message.shop_id,
        case_id=message.case_id,
        message=message,
        key=said.key,
        quote=said.quote,
        owner=by,
        made_at=now,
        due_at=due_at,
        check_at=rules.promise_check(due_at=due_at, after=message.leaves_at or now, zone=ZoneInfo(by.shop.zone)),
    )
    fact = events.PromiseMade(promise_id=promise.pk, message_id=message.pk, due_at=due_at.isoformat())
    _record(promise, fact, shops.actor(by), now)
    return promise


def _chosen(shop: Shop, said: Proposed, on: date | None, leaves_at: datetime) -> datetime:
    """The moment as read, or the end of the day that was chosen instead."""
    zone = ZoneInfo(shop.zone)
    if on is None or on == said.due_at.astimezone(zone).date() or on < leaves_at.astimezone(zone).date():
        return said.due_at
    return rules.day_end(on, at=None, leaves_at=leaves_at, closing=shops.calendar_of(shop).closing, zone=zone)


def _look(promise_id: int, now: datetime) -> None:
    with transaction.atomic():
        rows = Promise.objects.select_for_update(of=("self",)).select_related("shop", "message", "owner__person")
        promise = rows.filter(pk=promise_id, check_at__lte=now).first()
        if promise is None:
            return
        if promise.state != PromiseState.OPEN:
            promise.check_at = None
            promise.save(update_fields=["check_at"])
            return
        is_late = promise.due_at <= now
        promise.check_at = None if is_late else promise.due_at
        promise.told_late_at = now if is_late else None
        promise.save(update_fields=["check_at", "told_late_at"])
        if promise.message.delivery in _NOT_LEFT:
            return  # it has not been said yet: nobody waits for it
        _tell(promise, is_late=is_late, now=now)


def _tell(promise: Promise, *, is_late: bool, now: datetime) -> None:
    """A note in the case, which comes into the inbox; on top when late."""
    day = written_day(promise.due_at.astimezone(ZoneInfo(promise.shop.zone)).date(), "ja")
    owner = f"@{promise.owner.person} " if promise.owner else ""
    with translation.override("ja"):
        late = _("Promised and not kept until %(day)s: “%(quote)s” Write to the customer, or agree on another day.")
        due = _("Promised for %(day)s: “%(quote)s”")
        note = owner + (late if is_late else due) % {"day": day, "quote": promise.quote}
        signed = pgettext("room", "Promises")
    tell = call_back if is_late else bring_up
    tell(shop=promise.shop, case_id=promise.case_id, by=LEDGER, note=note, signed=signed, now=now)
    fact = events.PromiseLate if is_late else events.PromiseDue
    _record(promise, fact(promise_id=promise.pk), LEDGER, now)


def _settle(promise: Promise, at: datetime, *, by: Actor, kept_by: Message | None, now: datetime) -> None:
    promise.kept_by = kept_by
    state = PromiseState.KEPT if at <= promise.due_at else PromiseState.KEPT_LATE
    _change(promise, state, by=by, now=now)


def _change(promise: Promise, state: PromiseState, *, by: Actor, now: datetime) -> None:
    promise.state, promise.settled_at, promise.check_at = state, now, None
    promise.save(update_fields=["state", "settled_at", "check_at", "kept_by"])
    _record(promise, events.PromiseSettled(promise_id=promise.pk, state=state.value), by, now)


def _reopen(promise: Promise, *, by: Actor, now: datetime) -> None:
    zone = ZoneInfo(promise.shop.zone)
    promise.state, promise.settled_at, promise.kept_by = PromiseState.OPEN, None, None
    if promise.told_late_at is None:
        promise.check_at = rules.promise_check(due_at=promise.due_at, after=now, zone=zone)
    promise.save(update_fields=["state", "settled_at", "kept_by", "check_at"])
    _record(promise, events.PromiseSettled(promise_id=promise.pk, state=PromiseState.OPEN.value), by, now)


def _locked(shop_id: int, promise_id: int) -> Promise:
    rows = Promise.objects.select_for_update(of=("self",)).select_related("shop")
    promise = rows.filter(shop_id=shop_id, pk=promise_id).first()
    if promise is None:
        raise WrongPromise
    return promise


def _record(promise: Promise, fact: Event, by: Actor, now: datetime) -> None:
    record(fact, shop_id=promise.shop_id, by=by, now=now, case_id=promise.case_id)


@transaction.atomic
def hand_promises_on(*, by: Membership, leaving: Membership, to: Membership | None) -> int:
    """Let what somebody who leaves has promised be the word of `to`, or of nobody; how many. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    return Promise.objects.filter(shop_id=by.shop_id, owner=leaving, state=PromiseState.OPEN).update(owner=to)
