"""Makes a stored mail part of a case, or shows it where a person sees it. One bad mail never stops the next.

A mail goes through FILTERS in order; the first that knows what to do with it decides its fate.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from anshin.cases.actions import receive_message, record_bounce
from anshin.cases.terms import Hold, IncomingFile, IncomingMessage, Party, Remark, Status
from anshin.channels.email import keys, queries, rules
from anshin.channels.email.judging import verdicts
from anshin.channels.email.models import Arrival
from anshin.channels.email.reading import forwarded, messages, storms, trusted
from anshin.channels.email.reading.matching import Report, incoming_bounce
from anshin.channels.email.terms import Fate
from anshin.language.sensitive_numbers import masked
from anshin.plumbing.files.store import BlobDamaged, StorageTrouble, keep_many, read_bytes
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.queue import withdraw
from anshin.plumbing.mail.bounces import read_bounces
from anshin.plumbing.mail.filters import Ourselves, nature
from anshin.plumbing.mail.reader import parse, unreadable
from anshin.plumbing.mail.values import Judged, Nature, ParsedMail

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError, StorageTrouble, OSError)
"""Failures of database and disk that pass by themselves."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a mail, with the reason as a code."""

    fate: Fate
    reason: str = ""
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arriving:
    """A mail on its way through the filters. `failure` says why it could not even be read."""

    arrival: Arrival
    mail: ParsedMail
    judged: Judged
    own_addresses: tuple[str, ...]
    files: tuple[IncomingFile, ...]
    now: datetime
    failure: str = ""


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
    arriving = _read(arrival, now, queries.own_addresses(arrival.shop_id))
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
    that would have done it is withdrawn; for imports.

    A mail that fails is undone by itself and shown as unreadable. Raises what passes by itself; then nothing of these
    mails has changed.
    """
    own = queries.own_addresses(arrivals[0].shop_id) if arrivals else ()
    arriving = [_read(arrival, now, own) for arrival in arrivals]
    _keep_designs(arriving)
    with transaction.atomic():
        stored = Arrival.objects.select_for_update().filter(pk__in=[each.pk for each in arrivals], fate=Fate.STORED)
        waiting = set(stored.values_list("pk", flat=True))
        fates: list[Fate | None] = []
        for each in arriving:
            is_waiting = each.arrival.pk in waiting
            fates.append(_settle(each) if is_waiting else None)
        if job:
            withdraw(job)
    return fates


def _settle(arriving: Arriving) -> Fate:
    settled = _settled(arriving, may_hold_back=True)
    _write(arriving, settled)
    return settled.fate


def _keep_designs(arriving: Sequence[Arriving]) -> None:
    """Keep the HTML of these mails at once and before the transaction begins; then it is there already."""
    designs = [messages.clean(each.mail.html).encode() for each in arriving if each.mail.html]
    if designs:
        keep_many(arriving[0].arrival.shop_id, designs, now=arriving[0].now)


def _read(arrival: Arrival, now: datetime, own: tuple[str, ...]) -> Arriving:
    mail, judged, failure = ParsedMail(), Judged(Nature.PERSON, ""), ""
    files: tuple[IncomingFile, ...] = ()
    try:
        mail = parse(read_bytes(arrival.raw_blob), trusted=trusted.issuers())
        ourselves = Ourselves(marks=frozenset({keys.desk_mark(arrival.shop_id)}), addresses=frozenset(own))
        judged = nature(mail, ourselves=ourselves)
        if judged.nature == Nature.PERSON:
            mail = forwarded.written_out(mail)
        if judged.nature not in {Nature.LOOP, Nature.BOUNCE}:
            files = messages.keep_files(arrival, mail, now=now)
    except PASSING:
        raise
    except BlobDamaged:
        log.exception("The bytes of arrival %s are damaged.", arrival.pk)
        failure = "bytes_damaged"
    except Exception:
        log.exception("Arrival %s could not be read; it is shown as unreadable.", arrival.pk)
        failure = "taking_in_failed"
    return Arriving(arrival, mail, judged, own, files, now, failure)


def _settled(arriving: Arriving, may_hold_back: bool) -> Settled:
    if arriving.failure:
        return _shown_unread(arriving, arriving.failure)
    try:
        with transaction.atomic():
            return _through_filters(arriving, may_hold_back)
    except PASSING:
        raise
    except Exception:
        log.exception("Arrival %s could not be taken in; it is shown as unreadable.", arriving.arrival.pk)
        return _shown_unread(arriving, "taking_in_failed")


def _through_filters(arriving: Arriving, may_hold_back: bool) -> Settled:
    for step in FILTERS:
        if step is _storm and not may_hold_back:
            continue
        if settled := step(arriving):
            return settled
    raise AssertionError("the last filter takes every mail")


def _not_fetched(arriving: Arriving) -> Settled | None:
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


def _unreadable(arriving: Arriving) -> Settled | None:
    why = unreadable(arriving.mail)
    if why is None:
        return None
    return _held(arriving, Hold.UNREADABLE, why.reason)


def _own_mail(arriving: Arriving) -> Settled | None:
    """Only our own mark proves a loop: contact forms, too, write in the shop's name."""
    is_ours = arriving.judged.nature == Nature.LOOP and arriving.judged.reason == "own_mark"
    return Settled(Fate.LOOP, "own_mark") if is_ours else None


def _storm(arriving: Arriving) -> Settled | None:
    """Held back, and seen in the inbox as one message for all mails of this address."""
    arrival, mail, judged = arriving.arrival, arriving.mail, arriving.judged
    reason = storms.storm_of(arrival, mail, judged)
    if not reason:
        return None
    sender = _robot(mail) if judged.nature == Nature.BOUNCE else messages.correspondent(mail, arriving.own_addresses)
    message = storms.shown_as(arrival, mail, judged, sender=sender, now=arriving.now)
    shown = receive_message(shop=arrival.mailbox.shop, message=message, now=arriving.now)
    return Settled(Fate.WAITING, reason, shown.message.pk)


def _bounce(arriving: Arriving) -> Settled | None:
    """A report about our mail is written on that mail; one that fits none of ours is shown."""
    if arriving.judged.nature != Nature.BOUNCE:
        return None
    report = Report(arriving.arrival, arriving.mail, arriving.now)
    shop = arriving.arrival.mailbox.shop
    bounces = [incoming_bounce(report, bounce) for bounce in read_bounces(arriving.mail)]
    meant = [record_bounce(shop=shop, bounce=bounce, now=arriving.now) for bounce in bounces]
    if message_id := next((message_id for message_id in meant if message_id), None):
        return Settled(Fate.BOUNCE, arriving.judged.reason, message_id)
    return _received(arriving, Fate.BOUNCE, "unmatched", sender=_robot(arriving.mail), is_automatic=True)


def _automatic(arriving: Arriving) -> Settled | None:
    if arriving.judged.nature == Nature.AUTO_REPLY:
        return _received(arriving, Fate.AUTO_REPLY, arriving.judged.reason, is_automatic=True)
    sender = messages.correspondent(arriving.mail, arriving.own_addresses)
    if arriving.judged.nature == Nature.LOOP and rules.is_own(sender.mail, arriving.own_addresses):
        return _received(arriving, Fate.AUTO_REPLY, arriving.judged.reason, is_automatic=True)
    return None


def _ordinary(arriving: Arriving) -> Settled:
    return _received(arriving, Fate.TAKEN_IN, arriving.judged.reason)


FILTERS: tuple[Callable[[Arriving], Settled | None], ...] = (
    _not_fetched,
    _unreadable,
    _own_mail,
    _storm,
    _bounce,
    _automatic,
    _ordinary,
)


def _held(arriving: Arriving, hold: Hold, reason: str, *, text: str | None = None) -> Settled:
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
    return _delivered(arriving.arrival, message, Settled(Fate.QUARANTINED, reason), arriving.now)


def _received(
    arriving: Arriving, fate: Fate, reason: str, *, sender: Party | None = None, is_automatic: bool = False
) -> Settled:
    arrival, mail, now = arriving.arrival, arriving.mail, arriving.now
    is_unkept = arriving.judged.nature in {Nature.LOOP, Nature.BOUNCE}
    verdicts.learn_server(arrival, mail)
    message = messages.incoming_message(
        arrival,
        mail,
        sender=sender or messages.correspondent(mail, arriving.own_addresses),
        files=messages.keep_files(arrival, mail, now=now) if is_unkept else arriving.files,
        now=now,
        is_automatic=is_automatic,
        judgement=verdicts.judge_sender(arrival, mail, arriving.own_addresses),
        sent=() if is_automatic else forwarded.sent_by_us(arrival.shop_id, mail, arriving.own_addresses),
    )
    return _delivered(arrival, message, Settled(fate, reason), now)


def _delivered(arrival: Arrival, message: IncomingMessage, settled: Settled, now: datetime) -> Settled:
    received = receive_message(shop=arrival.mailbox.shop, message=message, now=now)
    if received.outcome == "duplicate" and settled.fate != Fate.QUARANTINED:
        return Settled(Fate.DUPLICATE, "in_another_mailbox", received.message.pk)
    fate = Fate.SPAM if received.case.status == Status.SPAM else settled.fate
    return Settled(fate, message.spam_by or settled.reason, received.message.pk)


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
    arrival, mail = arriving.arrival, arriving.mail
    arrival.fate, arrival.reason_code, arrival.message_id = settled.fate, settled.reason[:60], settled.message_id
    arrival.sender_mail = messages.clean(mail.sender.mail)[:320].lower()
    arrival.subject = masked(messages.clean(mail.subject))[:300]
    with connection.cursor() as cursor:  # plain SQL: a third of what Django takes, for every mail
        cursor.execute(_SETTLE, [*(getattr(arrival, name) for name in _SETTLED), arrival.pk])


_SETTLED = ("fate", "reason_code", "message_id", "sender_mail", "subject")
_SETTLE = f"UPDATE email_arrival SET {', '.join(f'{name} = %s' for name in _SETTLED)} WHERE id = %s"  # noqa: S608
