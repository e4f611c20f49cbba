"""Listens to mailboxes (IMAP IDLE), so that a mail is on the desk seconds after it arrived.

Runs as threads of `anshin serve` and `anshin worker`; only wakes the job that fetches, so that fetching has one path.
Where a server cannot IDLE, or a listener is down, the timetable's polling each minute does the work.

    watchers = Watchers(); watchers.start(); …; watchers.stop()
"""

import logging
import threading
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Q

from anshin.channels.email.consents.keeping import bearer_of
from anshin.channels.email.fetching.inboxes import imap_server, is_due
from anshin.channels.email.models import Mailbox
from anshin.channels.email.servers import imap
from anshin.channels.email.terms import MailTrouble
from anshin.plumbing import clock
from anshin.plumbing.jobs.queue import enqueue

log = logging.getLogger(__name__)

FETCH = "anshin.channels.email.jobs.fetch_mailbox"
LEASE = timedelta(seconds=90)
"""How long a mailbox counts as listened to without a sign of life; a second process takes over after it."""
RENEW_IDLE_SECONDS = 20 * 60
"""RFC 2177 asks for at most 29 minutes; many home routers forget a quiet connection earlier."""
LOOK_SECONDS = 2.0
REST_SECONDS = 30.0


class Watchers:
    """One thread that keeps a listener thread for every mailbox that nobody else listens to."""

    def __init__(self, *, rest_seconds: float = REST_SECONDS) -> None:
        self._stop = threading.Event()
        self._rest_seconds = rest_seconds
        self._keeper: threading.Thread | None = None
        self._listeners: dict[int, threading.Thread] = {}

    def start(self) -> None:
        """Begin to listen. Returns at once."""
        self._keeper = threading.Thread(target=self._keep, name="mail-watchers", daemon=True)
        self._keeper.start()

    def stop(self, *, timeout_seconds: float = 10.0) -> None:
        """End all listening, with a proper goodbye to the servers where there is time for it."""
        self._stop.set()
        for thread in (self._keeper, *list(self._listeners.values())):
            if thread is not None:
                thread.join(timeout_seconds)

    def _keep(self) -> None:
        while not self._stop.is_set():
            try:
                self._look_round()
            except DatabaseError:
                log.warning("The database does not answer; looking for mailboxes again later.", exc_info=True)
            finally:
                connection.close()
            self._stop.wait(self._rest_seconds)

    def _look_round(self) -> None:
        close_old_connections()
        self._listeners = {key: thread for key, thread in self._listeners.items() if thread.is_alive()}
        for mailbox_id in listenable():
            if mailbox_id not in self._listeners:
                listener = Listener(mailbox_id, self._stop)
                thread = threading.Thread(target=listener.run, name=f"mail-watcher-{mailbox_id}", daemon=True)
                self._listeners[mailbox_id] = thread
                thread.start()


class Listener:
    """Listens to one mailbox until stopped, the mailbox changes, or the connection breaks."""

    def __init__(self, mailbox_id: int, stop: threading.Event) -> None:
        self._mailbox_id = mailbox_id
        self._stop = stop

    def run(self) -> None:
        """The thread's body; troubles are left to fetching, which notes them on the mailbox."""
        try:
            mailbox = Mailbox.objects.filter(pk=self._mailbox_id).first()
            if mailbox is not None and is_due(mailbox, now=clock.now()) and claim(self._mailbox_id):
                self._listen(mailbox)
        except MailTrouble as trouble:
            log.info("Listening to mailbox %s ended: %s", self._mailbox_id, trouble)
        except DatabaseError:
            log.warning("Listening to mailbox %s ended: the database does not answer.", self._mailbox_id)
        finally:
            connection.close()

    def _listen(self, mailbox: Mailbox) -> None:
        try:
            with imap.opened(imap_server(mailbox)) as inbox:
                if inbox.can_idle():
                    wake(mailbox)  # what arrived while nobody listened
                    while self._idle_once(inbox, mailbox):
                        pass
        finally:
            release(mailbox.pk)

    def _idle_once(self, inbox: imap.Inbox, mailbox: Mailbox) -> bool:
        """One IDLE command; whether to begin another."""
        inbox.start_idle()
        ends_at = clock.now() + timedelta(seconds=RENEW_IDLE_SECONDS)
        lease_at = clock.now() + LEASE / 3
        while not self._stop.is_set() and clock.now() < ends_at:
            if inbox.has_news(seconds=LOOK_SECONDS):
                wake(mailbox)
            if clock.now() >= lease_at:
                if not renew(mailbox):
                    return False
                lease_at = clock.now() + LEASE / 3
        inbox.end_idle()
        return not self._stop.is_set()


def listenable() -> list[int]:
    """Ids of the mailboxes that can be fetched and that nobody listens to."""
    now = clock.now()
    free = Q(watched_until_at__isnull=True) | Q(watched_until_at__lt=now)
    found = Mailbox.objects.filter(free, is_active=True).exclude(imap_host="")
    return list(found.order_by("id").values_list("id", flat=True))


def claim(mailbox_id: int) -> bool:
    """Take the right to listen; False when another process was faster."""
    now = clock.now()
    free = Q(watched_until_at__isnull=True) | Q(watched_until_at__lt=now)
    return bool(Mailbox.objects.filter(free, pk=mailbox_id, is_active=True).update(watched_until_at=now + LEASE))


def renew(mailbox: Mailbox) -> bool:
    """Say that we still listen; False when the mailbox was switched off, disconnected or changed meanwhile."""
    same = Mailbox.objects.filter(
        pk=mailbox.pk,
        is_active=True,
        imap_host=mailbox.imap_host,
        imap_port=mailbox.imap_port,
        imap_user=mailbox.imap_user,
        imap_password_sealed=mailbox.imap_password_sealed,
        sign_in=mailbox.sign_in,
    )
    if bearer_of(mailbox) is not None:
        same = same.filter(consent__provider=mailbox.sign_in)
    return bool(same.update(watched_until_at=clock.now() + LEASE))


def release(mailbox_id: int) -> None:
    """Give the right to listen back."""
    Mailbox.objects.filter(pk=mailbox_id).update(watched_until_at=None)


def wake(mailbox: Mailbox) -> None:
    """Have the mailbox fetched now."""
    with transaction.atomic():
        enqueue(FETCH, mailbox.pk, now=clock.now(), unique_key=f"fetch:{mailbox.pk}", shop_id=mailbox.shop_id)
