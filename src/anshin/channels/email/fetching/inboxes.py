"""Fetches what is new in a mailbox, oldest first, so that nothing is ever skipped, and notes what is wrong with it.

A mail counts as fetched only when its bytes and its line in the ledger are committed. Whatever fails before that
leaves the position where it was, so the next run begins at the same mail.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import DatabaseError, OperationalError, transaction

from anshin.channels.email import events, rules
from anshin.channels.email.arriving.storing import Place, recognised, skip, store
from anshin.channels.email.consents.keeping import bearer_of
from anshin.channels.email.models import Mailbox
from anshin.channels.email.servers import imap
from anshin.channels.email.servers.connecting import trouble_of
from anshin.channels.email.terms import PERMANENT, MailTrouble, Security, Server, Source, Trouble
from anshin.plumbing import secrets
from anshin.plumbing.files.store import StorageFull, StorageTrouble
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Mails in one run; a longer queue goes on in the next job, so that other mailboxes get their turn."""
BREAKS_UNTIL_SET_ASIDE = 3
"""So often may the connection break at the same mail before only its header is taken."""
PAUSE_WHEN_PERMANENT = timedelta(minutes=15)
"""Trying a wrong password every minute makes providers lock the account."""
MAIL = Actor.system("mail")
FAILURES = (MailTrouble, StorageTrouble, OSError, OperationalError)
"""What can go wrong with server, line and disk; `trouble_from` says what it means."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one run brought; `has_more` asks for another run at once."""

    new_count: int = 0
    seen_count: int = 0
    has_more: bool = False
    trouble: MailTrouble | None = None


def fetch(mailbox: Mailbox, *, now: datetime) -> Fetched:
    """Store up to AT_ONCE new mails of the mailbox. Troubles of server and disk are noted on the mailbox.

    Raises only what is not about mail, such as a database that is gone; then nothing was skipped either.
    """
    fetched = Fetched()
    try:
        server = imap_server(mailbox)
        with imap.opened(server) as inbox:
            fetched = _fetch_batch(mailbox, inbox, now)
    except FAILURES as error:
        return _failed(mailbox, trouble_from(mailbox, error), fetched, now)
    note_success(mailbox, now=now)
    return fetched


def trouble_from(mailbox: Mailbox, error: Exception) -> MailTrouble:
    """What a failure while fetching means for the mailbox. Raises it again when it is about the database."""
    if isinstance(error, MailTrouble):
        return error
    if isinstance(error, StorageTrouble):
        return MailTrouble(Trouble.DISK_FULL if isinstance(error, StorageFull) else Trouble.STORAGE)
    if isinstance(error, OperationalError):
        if not is_disk_full(error):
            raise error
        return MailTrouble(Trouble.DISK_FULL)
    return trouble_of(error, Server(mailbox.imap_host, mailbox.imap_port, Security.TLS))


def imap_server(mailbox: Mailbox) -> Server:
    """The mailbox's IMAP server with its password. Raises MailTrouble when the password cannot be read any more."""
    return Server(
        mailbox.imap_host,
        mailbox.imap_port,
        Security(mailbox.imap_security),
        mailbox.imap_user,
        opened_password(mailbox.imap_password_sealed),
        bearer_of(mailbox),
    )


def opened_password(sealed: str) -> str:
    """The password in clear. Raises MailTrouble."""
    try:
        return secrets.unseal(sealed)
    except secrets.Unreadable as error:
        raise MailTrouble(Trouble.SECRET_CHANGED) from error


def wanted(mailbox: Mailbox, inbox: imap.Inbox, *, after: int) -> tuple[list[int], Callable[[int], bool]]:
    """All numbers above `after`, ascending, and which of them the shop wants: not what is older than the day stated."""
    uids = inbox.uids_after(after)
    if mailbox.take_in_since_on is None or after >= mailbox.backlog_until_uid:
        return uids, lambda _uid: True
    recent = set(inbox.uids_after(after, since=mailbox.take_in_since_on))
    return uids, lambda uid: uid > mailbox.backlog_until_uid or uid in recent


def store_at(mailbox: Mailbox, inbox: imap.Inbox, place: Place, now: datetime) -> int:
    """Fetch and store the mail at `place`, or what can be had of it; 1 when it is new. Raises MailTrouble, OSError."""
    if place.size_bytes > rules.LARGEST_MAIL_BYTES:
        return _store_header(mailbox, inbox, place, "oversize", now)
    if mailbox.stuck_uid == place.uid and mailbox.stuck_tries >= BREAKS_UNTIL_SET_ASIDE:
        return _store_header(mailbox, inbox, place, "connection_breaks", now)
    try:
        raw = inbox.raw(place.uid)
    except MailTrouble as trouble:
        if trouble.trouble == Trouble.UNFETCHABLE:
            return _store_header(mailbox, inbox, place, "unfetchable", now)
        _note_break(mailbox, place)
        raise
    if raw is None:
        skip(mailbox, place)
        return 0
    return int(store(mailbox=mailbox, raw=raw, source=Source.IMAP, now=now, place=place).is_new)


def is_due(mailbox: Mailbox, *, now: datetime) -> bool:
    """Whether a look into the mailbox makes sense now: not while a mistake of ours would only be repeated."""
    if mailbox.last_error_code not in PERMANENT or mailbox.last_checked_at is None:
        return True
    return now - mailbox.last_checked_at >= PAUSE_WHEN_PERMANENT


def note_failure(mailbox: Mailbox, trouble: MailTrouble, *, now: datetime) -> None:
    """Write on the mailbox what is wrong; the journal hears of it when it begins."""
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        is_news = row.last_error_code != trouble.trouble
        row.failing_since_at = row.failing_since_at or now
        row.last_checked_at, row.last_error_code = now, trouble.trouble
        row.last_error_words = trouble.server_words[:500]
        row.save(update_fields=["failing_since_at", "last_checked_at", "last_error_code", "last_error_words"])
        if is_news:
            fact = events.MailboxFailing(mailbox_id=row.pk, trouble=trouble.trouble.value)
            record(fact, shop_id=row.shop_id, by=MAIL, now=now)


def note_success(mailbox: Mailbox, *, now: datetime) -> None:
    """Write on the mailbox that all is well; the journal hears of it when something was wrong before."""
    with transaction.atomic():
        well = {"last_checked_at": now, "failing_since_at": None, "last_error_code": "", "last_error_words": ""}
        if Mailbox.objects.filter(pk=mailbox.pk, failing_since_at__isnull=False).update(**well):
            record(events.MailboxWorking(mailbox_id=mailbox.pk), shop_id=mailbox.shop_id, by=MAIL, now=now)
        else:
            Mailbox.objects.filter(pk=mailbox.pk).update(last_checked_at=now, stuck_uid=0, stuck_tries=0)


def is_disk_full(error: Exception) -> bool:
    """Whether the database could not write because there is no room (SQLite and PostgreSQL say it in words)."""
    words = str(error).lower()
    return "disk is full" in words or "no space left" in words


def _failed(mailbox: Mailbox, trouble: MailTrouble, fetched: Fetched, now: datetime) -> Fetched:
    log.warning("Mailbox %s: %s", mailbox.pk, trouble)
    with contextlib.suppress(DatabaseError) if trouble.trouble == Trouble.DISK_FULL else contextlib.nullcontext():
        note_failure(mailbox, trouble, now=now)
    return replace(fetched, trouble=trouble)


def _fetch_batch(mailbox: Mailbox, inbox: imap.Inbox, now: datetime) -> Fetched:
    if mailbox.uidvalidity != inbox.uidvalidity:
        _start_over(mailbox, inbox)
    uids, is_wanted = wanted(mailbox, inbox, after=mailbox.last_uid)
    uids = [uid for uid in uids if is_wanted(uid)]
    places = [
        Place(inbox.uidvalidity, mail.uid, mail.size_bytes, mail.received_at) for mail in inbox.listed(uids[:AT_ONCE])
    ]
    id_lines = _id_lines(mailbox, inbox, places)
    new_count = 0
    for place in places:
        if not recognised(mailbox, place, id_lines.get(place.uid, b"")):
            new_count += store_at(mailbox, inbox, place, now)
    return Fetched(new_count, len(places), has_more=len(uids) > AT_ONCE)


def _start_over(mailbox: Mailbox, inbox: imap.Inbox) -> None:
    """The server has numbered the mailbox anew (RFC 3501, 2.3.1.1): read it from its beginning; what we have is
    recognised by Message-ID or content."""
    mailbox.uidvalidity, mailbox.last_uid = inbox.uidvalidity, 0
    mailbox.backlog_until_uid = max(inbox.uids_after(0), default=0)
    mailbox.save(update_fields=["uidvalidity", "last_uid", "backlog_until_uid"])


def _id_lines(mailbox: Mailbox, inbox: imap.Inbox, places: list[Place]) -> dict[int, bytes]:
    """Message-IDs of a batch when some of it may be known from before; for a single mail it is not worth asking."""
    if len(places) < 2 or not mailbox.arrivals.exclude(uidvalidity=inbox.uidvalidity).exists():
        return {}
    return inbox.message_id_lines([place.uid for place in places])


def _store_header(mailbox: Mailbox, inbox: imap.Inbox, place: Place, reason: str, now: datetime) -> int:
    """Keep what can be had of a mail that cannot be had whole, so that a person sees that it came."""
    header = b""
    if reason != "connection_breaks":
        with contextlib.suppress(MailTrouble):
            header = inbox.header(place.uid) or b""
    raw = header or _stand_in(place)
    stored = store(
        mailbox=mailbox, raw=raw, source=Source.IMAP, now=now, place=place, is_header_only=True, reason_code=reason
    )
    return int(stored.is_new)


def _stand_in(place: Place) -> bytes:
    """The little that is known of a mail of which the server hands out nothing."""
    return f"X-Anshin-Not-Fetched: uid {place.uid}, uidvalidity {place.uidvalidity}\r\n\r\n".encode("ascii")


def _note_break(mailbox: Mailbox, place: Place) -> None:
    tries = mailbox.stuck_tries + 1 if mailbox.stuck_uid == place.uid else 1
    Mailbox.objects.filter(pk=mailbox.pk).update(stuck_uid=place.uid, stuck_tries=tries)
