"""Does in the mailbox what the owner asked for, with mail that is safely on the desk: mark as read, move, delete.

Never without being asked, never before the mail is in its place, and for deletion only when the kept original is whole.
Each step may be done twice: what is gone already is passed over.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from imapclient import DELETED, SEEN, IMAPClient

from anshin.channels.email.fetching.inboxes import imap_server
from anshin.channels.email.models import Arrival, Mailbox, Tidying
from anshin.channels.email.servers import connecting, imap
from anshin.channels.email.terms import Afterwards, Fate, MailTrouble, Server, Trouble
from anshin.plumbing.files.store import BlobDamaged, read_bytes

log = logging.getLogger(__name__)

AT_ONCE = 200
AGAIN_AFTER = timedelta(minutes=15)
"""After trouble the next try waits: nothing is urgent here."""
IN_PLACE = (Fate.TAKEN_IN, Fate.AUTO_REPLY, Fate.BOUNCE, Fate.DUPLICATE, Fate.LOOP)
"""What is unreadable, held back or still unread stays in the mailbox, untouched, until it is in its place."""


def due(*, now: datetime) -> list[Mailbox]:
    """The mailboxes of the installation in which something is to be done now; for the timetable only."""
    wanted = Tidying.objects.filter(mailbox__is_active=True).exclude(mailbox__imap_host="").order_by("id")
    rows = wanted.exclude(afterwards=Afterwards.LEAVE).select_related("mailbox")
    return [row.mailbox for row in rows if not _rests(row, now) and waiting(row).exists()]


def waiting(tidying: Tidying) -> QuerySet[Arrival]:
    """The mails with which something is to be done, oldest first."""
    box = tidying.mailbox
    rows = Arrival.objects.filter(mailbox=box, uidvalidity=box.uidvalidity, uid__isnull=False, tidied_at__isnull=True)
    return rows.filter(arrived_at__gte=tidying.since_at, fate__in=IN_PLACE, is_header_only=False).order_by("uid")


def tidy(mailbox_id: int, *, now: datetime) -> int:
    """With how many mails it was done; at most AT_ONCE. Troubles are noted, shown, and tried again later."""
    row = Tidying.objects.select_related("mailbox").filter(mailbox_id=mailbox_id).first()
    if row is None or row.afterwards == Afterwards.LEAVE:
        return 0
    mails = list(waiting(row).select_related("raw_blob")[:AT_ONCE])
    code, words, count = "", "", 0
    if row.afterwards == Afterwards.DELETE and (damaged := [mail for mail in mails if not _is_whole(mail)]):
        mails = [mail for mail in mails if mail not in damaged]
        code = Trouble.STORAGE.value
    if mails:
        try:
            count = _tidy(row, mails, now)
        except MailTrouble as trouble:
            log.warning("Tidying mailbox %s: %s", mailbox_id, trouble)
            code, words = trouble.trouble.value, trouble.server_words[:500]
    Tidying.objects.filter(pk=row.pk).update(tried_at=now, error_code=code, error_words=words)
    return count


@transaction.atomic
def ask(*, mailbox: Mailbox, afterwards: Afterwards, folder: str, now: datetime) -> None:
    """Note what the owner wants; another wish counts for mail that arrives from now on. Part of saving a mailbox."""
    row = Tidying.objects.filter(mailbox=mailbox).first()
    folder = folder.strip() if afterwards == Afterwards.MOVE else ""
    if row is None and afterwards == Afterwards.LEAVE:
        return
    if row is None or (row.afterwards, row.folder) != (afterwards, folder):
        wish = {"shop_id": mailbox.shop_id, "afterwards": afterwards, "folder": folder, "since_at": now}
        Tidying.objects.update_or_create(mailbox=mailbox, defaults={**wish, "error_code": "", "error_words": ""})


def _rests(row: Tidying, now: datetime) -> bool:
    return bool(row.error_code) and row.tried_at is not None and now - row.tried_at < AGAIN_AFTER


def _is_whole(mail: Arrival) -> bool:
    """Whether our copy can be read back as it was kept; else the one in the mailbox may be the only one."""
    try:
        return hashlib.sha256(read_bytes(mail.raw_blob)).hexdigest() == mail.raw_blob.sha256
    except (BlobDamaged, OSError):
        log.exception("Arrival %s is not deleted from its mailbox: our copy is damaged.", mail.pk)
        return False


def _tidy(row: Tidying, mails: Sequence[Arrival], now: datetime) -> int:
    server = imap_server(row.mailbox)
    uids = [mail.uid for mail in mails if mail.uid is not None]
    client = imap.connected(server, imap.READ_SECONDS)
    try:
        answer = imap.selected(client, server, readonly=False)
        if int(answer.get(b"UIDVALIDITY", 0)) != row.mailbox.uidvalidity:
            return 0  # numbered anew: fetching looks first
        with _words(server):
            _do(client, Afterwards(row.afterwards), row.folder, uids)
    finally:
        imap.leave(client)
    return Arrival.objects.filter(pk__in=[mail.pk for mail in mails]).update(tidied_at=now)


def _do(client: IMAPClient, afterwards: Afterwards, folder: str, uids: Sequence[int]) -> None:
    """Source: RFC 6851 (MOVE) and RFC 4315 (UIDPLUS): without these a mail could be copied twice, or mails that
    somebody else marked for deletion would go, too."""
    if afterwards == Afterwards.READ:
        client.add_flags(uids, [SEEN], silent=True)
    elif afterwards == Afterwards.MOVE:
        _demand(client, "MOVE")
        if not client.folder_exists(folder):
            client.create_folder(folder)
        client.move(uids, folder)
    elif afterwards == Afterwards.DELETE:
        _demand(client, "UIDPLUS")
        client.add_flags(uids, [DELETED], silent=True)
        client.uid_expunge(uids)


def _demand(client: IMAPClient, capability: str) -> None:
    if not client.has_capability(capability):
        raise MailTrouble(Trouble.CANNOT_TIDY, capability)


@contextmanager
def _words(server: Server) -> Iterator[None]:
    try:
        yield
    except IMAPClient.AbortError as error:
        raise connecting.trouble_of(error, server) from error
    except IMAPClient.Error as error:  # the connection lives, the server does not want to
        raise MailTrouble(Trouble.CANNOT_TIDY, connecting.words_of(error)) from error
    except OSError as error:
        raise connecting.trouble_of(error, server) from error
