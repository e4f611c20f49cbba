"""Makes a stored mail part of a case, or shows it where a person sees it. One bad mail never stops the next.

A mail goes through FILTERS in order; the first that knows what to do with it decides its fate.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.cases.actions import Received, receive_message, receive_messages, record_bounce
from anshin.cases.terms import Hold, IncomingMessage, Party, Remark
from anshin.channels.email import queries, rules
from anshin.channels.email.judging import verdicts
from anshin.channels.email.models import Arrival
from anshin.channels.email.reading import forwarded, messages, storms
from anshin.channels.email.reading.matching import Report, incoming_bounce, is_of_another
from anshin.channels.email.reading.opening import PASSING, UNKEPT, Arriving, all_with_files, read, with_files
from anshin.channels.email.terms import Fate
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.bulk import update_many
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import withdraw
from anshin.plumbing.mail.bounces import read_bounces
from anshin.plumbing.mail.reader import unreadable
from anshin.plumbing.mail.values import Nature, ParsedMail

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a mail, with the reason as a code."""

    fate: Fate
    reason: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a mail becomes: a message, and its fate when the cases room takes it."""

    message: IncomingMessage
    settled: Settled


class StruckMeanwhile(Exception):
    """Something was struck out of the mail while it was read; it is read again."""

    permanent = False


def take_in(arrival_id: int, *, now: datetime, may_hold_back: bool = True) -> Fate | None:
    """The fate of a stored mail, written in the ledger; None when there is nothing to do (any more).

    It is read, and its files are kept, before the transaction begins: on SQLite all other writers wait for that one.
    Raises only what passes by itself (database or disk not there); then the job tries again and nothing has changed.
    """
    stored = Arrival.objects.filter(pk=arrival_id, fate=Fate.STORED)
    arrival = stored.select_related("mailbox__shop", "raw_blob").first()
    if arrival is None:
        return None
    arriving = with_files(read(arrival, now, queries.own_addresses(arrival.shop_id)))
    with transaction.atomic():
        held = stored.select_for_update().values_list("raw_blob_id").first()
        if held is None:
            return None  # somebody else took it in meanwhile
        if held != (arrival.raw_blob_id,):
            raise StruckMeanwhile
        settled = _settled(arriving, may_hold_back)
        _write(arriving, settled)
    return settled.fate


def take_in_together(arrivals: Sequence[Arrival], *, job: Job | None, now: datetime) -> list[Fate | None]:
    """`take_in` for each of these stored mails of one shop, in their order and in one transaction, in which the `job`
    that would have done it is withdrawn; for imports, which no storm holds back.

    A mail that fails is undone by itself and shown as unreadable. Raises what passes by itself; then nothing of these
    mails has changed.
    """
    own = queries.own_addresses(arrivals[0].shop_id) if arrivals else ()
    arriving = all_with_files([read(arrival, now, own) for arrival in arrivals])
    with transaction.atomic():
        stored = Arrival.objects.select_for_update().filter(pk__in=[each.pk for each in arrivals], fate=Fate.STORED)
        waiting = set(stored.values_list("pk", flat=True))
        arriving = [each for each in arriving if each.arrival.pk in waiting]
        settled = _all_settled(arriving)
        _write_all(arriving, settled)
        if job:
            withdraw(job)
    fates = {each.arrival.pk: one.fate for each, one in zip(arriving, settled, strict=True)}
    return [fates.get(arrival.pk) for arrival in arrivals]


def _all_settled(arriving: Sequence[Arriving]) -> list[Settled]:
    """`_settled` for each, with few statements; when one of them fails, one after the other."""
    try:
        with transaction.atomic():
            return _settled_together(arriving)
    except PASSING:
        raise
    except Exception:
        log.exception("%s mails could not be taken in together; each is tried by itself.", len(arriving))
        return [_settled(each, may_hold_back=True) for each in arriving]


def _settled_together(arriving: Sequence[Arriving]) -> list[Settled]:
    found: list[Settled] = []
    waiting: list[tuple[Arriving, Delivery]] = []
    for each in arriving:
        if _looks_around(each):
            found += _received_together(waiting)
            waiting = []
        step = _shown_unread(each, each.failure) if each.failure else _through_filters(each, may_hold_back=True)
        if isinstance(step, Settled):
            found += [*_received_together(waiting), step]
            waiting = []
        else:
            waiting.append((each, step))
    return [*found, *_received_together(waiting)]


def _looks_around(arriving: Arriving) -> bool:
    """Whether it reads or changes what the mails before it have become, otherwise than the cases room does."""
    return bool(arriving.failure) or arriving.judged.nature == Nature.BOUNCE


def _received_together(deliveries: Sequence[tuple[Arriving, Delivery]]) -> list[Settled]:
    if not deliveries:
        return []
    first, _delivery = deliveries[0]
    given = [delivery.message for _each, delivery in deliveries]
    received = receive_messages(shop=first.arrival.mailbox.shop, messages=given, now=first.now)
    return [_settled_by(delivery, one) for (_each, delivery), one in zip(deliveries, received, strict=True)]


def _settled(arriving: Arriving, may_hold_back: bool) -> Settled:
    if arriving.failure:
        return _shown_unread(arriving, arriving.failure)
    try:
        with transaction.atomic():
            step = _through_filters(arriving, may_hold_back)
            return step if isinstance(step, Settled) else _delivered(arriving, step)
    except PASSING:
        raise
    except Exception:
        log.exception("Arrival %s could not be taken in; it is shown as unreadable.", arriving.arrival.pk)
        return _shown_unread(arriving, "taking_in_failed")


def _through_filters(arriving: Arriving, may_hold_back: bool) -> Settled | Delivery:
    for step in FILTERS:
        if step is _storm and not may_hold_back:
            continue
        if found := step(arriving):
            return found
    raise AssertionError("the last filter takes every mail")


def _not_fetched(arriving: Arriving) -> Delivery | None:
    """Only the header could be had: shown with where to find the whole."""
    arrival = arriving.arrival
    if not arrival.is_header_only:
        return None
    mb = f"{arrival.size_bytes / 1024 / 1024:.1f}"
    if arrival.reason_code == "oversize":
        hold, text = (
            Hold.OVERSIZE,
            _("This mail is too large to be fetched (%(mb)s MB). Open it in the mailbox itself."),
        )
    else:
        hold, text = Hold.UNREADABLE, _("The mail server did not hand this mail out. Open it in the mailbox itself.")
    return _held(arriving, hold, arrival.reason_code, text=text % {"mb": mb})


def _unreadable(arriving: Arriving) -> Delivery | None:
    why = unreadable(arriving.mail)
    if why is None:
        return None
    return _held(arriving, Hold.UNREADABLE, why.reason)


def _own_mail(arriving: Arriving) -> Settled | None:
    """Only our own mark proves a loop: contact forms, too, write in the shop's name."""
    is_ours = arriving.judged.nature == Nature.LOOP and arriving.judged.reason == "own_mark"
    return Settled(Fate.LOOP, "own_mark") if is_ours else None


def _storm(arriving: Arriving) -> Delivery | None:
    """Held back, and seen in the inbox as one message for all mails of this address."""
    arrival, mail, judged = arriving.arrival, arriving.mail, arriving.judged
    reason = storms.storm_of(arrival, mail, judged)
    if not reason:
        return None
    sender = _robot(mail) if judged.nature == Nature.BOUNCE else messages.correspondent(mail, arriving.own_addresses)
    message = storms.shown_as(arrival, mail, judged, sender=sender, now=arriving.now)
    return Delivery(message, Settled(Fate.WAITING, reason))


def _bounce(arriving: Arriving) -> Settled | Delivery | None:
    """A report about our mail is written on that mail; one that fits none of ours is shown."""
    if arriving.judged.nature != Nature.BOUNCE:
        return None
    report = Report(arriving.arrival, arriving.mail, arriving.now)
    shop = arriving.arrival.mailbox.shop
    bounces = [incoming_bounce(report, bounce) for bounce in read_bounces(arriving.mail)]
    ours = [bounce for bounce in bounces if not is_of_another(shop.pk, bounce, now=arriving.now)]
    meant = [record_bounce(shop=shop, bounce=bounce, now=arriving.now) for bounce in ours]
    message_id = next((message_id for message_id in meant if message_id), None)
    if message_id or len(ours) < len(bounces):
        return Settled(Fate.BOUNCE, arriving.judged.reason, message_id)
    return _received(arriving, Fate.BOUNCE, "unmatched", sender=_robot(arriving.mail), is_automatic=True)


def _automatic(arriving: Arriving) -> Delivery | None:
    if arriving.judged.nature == Nature.AUTO_REPLY:
        return _received(arriving, Fate.AUTO_REPLY, arriving.judged.reason, is_automatic=True)
    sender = messages.correspondent(arriving.mail, arriving.own_addresses)
    if arriving.judged.nature == Nature.LOOP and rules.is_own(sender.mail, arriving.own_addresses):
        return _received(arriving, Fate.AUTO_REPLY, arriving.judged.reason, is_automatic=True)
    return None


def _ordinary(arriving: Arriving) -> Delivery:
    return _received(arriving, Fate.TAKEN_IN, arriving.judged.reason)


FILTERS: tuple[Callable[[Arriving], Settled | Delivery | None], ...] = (
    _not_fetched,
    _unreadable,
    _own_mail,
    _storm,
    _bounce,
    _automatic,
    _ordinary,
)


def _held(arriving: Arriving, hold: Hold, reason: str, *, text: str | None = None) -> Delivery:
    mail = arriving.mail
    sender = Party(messages.clean(mail.sender.name), messages.clean(mail.sender.mail))
    message = messages.incoming_message(
        arriving.arrival,
        mail,
        sender=sender,
        files=arriving.files,
        now=arriving.now,
        is_automatic=arriving.judged.nature != Nature.PERSON,
        hold=hold,
        hold_reason=reason,
        text=text,
        subject=mail.subject or _("A mail without a readable subject"),
    )
    return Delivery(message, Settled(Fate.QUARANTINED, reason))


def _received(
    arriving: Arriving, fate: Fate, reason: str, *, sender: Party | None = None, is_automatic: bool = False
) -> Delivery:
    arrival, mail, now = arriving.arrival, arriving.mail, arriving.now
    verdicts.learn_server(arrival, mail)
    message = messages.incoming_message(
        arrival,
        mail,
        sender=sender or messages.correspondent(mail, arriving.own_addresses),
        files=messages.keep_files(arrival, mail, now=now) if arriving.judged.nature in UNKEPT else arriving.files,
        now=now,
        is_automatic=is_automatic,
        judgement=verdicts.judge_sender(arrival, mail, arriving.own_addresses),
        sent=() if is_automatic else forwarded.sent_by_us(arrival.shop_id, mail, arriving.own_addresses),
    )
    return Delivery(message, Settled(fate, reason))


def _delivered(arriving: Arriving, delivery: Delivery) -> Settled:
    shop = arriving.arrival.mailbox.shop
    return _settled_by(delivery, receive_message(shop=shop, message=delivery.message, now=arriving.now))


def _settled_by(delivery: Delivery, received: Received) -> Settled:
    """What has become of the mail whose message the cases room has taken."""
    settled = delivery.settled
    if settled.fate == Fate.WAITING:
        return replace(settled, message_id=received.message.pk)
    if received.outcome == "duplicate" and settled.fate != Fate.QUARANTINED:
        return Settled(Fate.DUPLICATE, "in_another_mailbox", received.message.pk)
    fate = Fate.SPAM if received.is_spam else settled.fate
    return Settled(fate, delivery.message.spam_by or settled.reason, received.message.pk)


def _shown_unread(arriving: Arriving, reason: str) -> Settled:
    """The last resort: a case that says that a mail came and could not be read. Never raises but for the database."""
    arrival, mail, now = arriving.arrival, arriving.mail, arriving.now
    message = IncomingMessage(
        channel=messages.Channel.EMAIL,
        sender=Party(messages.clean(mail.sender.name)[:200], messages.clean(mail.sender.mail)[:320]),
        subject=messages.clean(mail.subject)[:300] or _("A mail without a readable subject"),
        text=messages.clean(mail.text)[:100_000].rstrip(),
        message_key=f"{arrival.dedupe_key[:190]}#unread",
        received_at=min(arrival.server_date_at or arrival.arrived_at, now),
        raw_blob_id=arrival.raw_blob_id,
        hold=Hold.UNREADABLE,
        hold_reason=reason,
        remarks=((Remark(reason), ""),),
    )
    try:
        with transaction.atomic():
            received = receive_message(shop=arrival.mailbox.shop, message=message, now=now)
    except PASSING:
        raise
    except Exception:
        log.exception("Arrival %s cannot even be shown as a case; it stays in the ledger's quarantine.", arrival.pk)
        return Settled(Fate.QUARANTINED, reason)
    return Settled(Fate.QUARANTINED, reason, received.message.pk)


def _robot(mail: ParsedMail) -> Party:
    """A mail server as sender: it has a name and is nobody's customer."""
    return Party(messages.clean(f"{mail.sender.name} {mail.sender.mail}".strip()), "")


def _write(arriving: Arriving, settled: Settled) -> None:
    _write_all([arriving], [settled])


def _write_all(arriving: Sequence[Arriving], settled: Sequence[Settled]) -> None:
    for each, one in zip(arriving, settled, strict=True):
        arrival, mail = each.arrival, each.mail
        arrival.fate, arrival.reason_code, arrival.message_id = one.fate, one.reason[:60], one.message_id
        arrival.sender_mail = messages.clean(mail.sender.mail)[:320].lower()
        arrival.subject = masked(messages.clean(mail.subject))[:300]
    update_many([each.arrival for each in arriving], _SETTLED)


_SETTLED = ("fate", "reason_code", "message", "sender_mail", "subject")
