"""One comparison of a mailbox with its ledger from being asked for to its end, with its progress for the screen.

`comparing` compares; here is when it runs, what is said of it meanwhile, and what happens when it cannot.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.channels.email import events
from anshin.channels.email.fetching import inboxes
from anshin.channels.email.models import Comparison, Mailbox
from anshin.channels.email.sheets.comparing import Compared, compare, write_days
from anshin.channels.email.terms import ComparisonState, MailTrouble
from anshin.plumbing.jobs.queue import enqueue
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

log = logging.getLogger(__name__)

COMPARE = "anshin.channels.email.jobs.compare_mailbox"
FETCH = "anshin.channels.email.jobs.fetch_mailbox"
WHEN_BEHIND = timedelta(minutes=2)
"""A mailbox that has to be read (anew) first is compared after this time, and so on until it has been read."""
AFTER_FAILURE = timedelta(minutes=30)
TRIED_FOR = timedelta(hours=20)
"""After this time a comparison that cannot be made is left to the next night."""


@transaction.atomic
def ask(*, mailbox: Mailbox, by: Membership, now: datetime) -> None:
    """Compare the mailbox now. Asked twice, it is compared once. Raises NotAllowed."""
    require(by, Permission.WATCH_MAIL)
    begin(mailbox, now=now)
    fact = events.ComparisonAsked(mailbox_id=mailbox.pk)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)


@transaction.atomic
def begin(mailbox: Mailbox, *, now: datetime) -> None:
    """Enqueue a comparison of the mailbox."""
    fresh = {"state": ComparisonState.WAITING, "asked_at": now, "finished_at": None, "done_count": 0, "total_count": 0}
    fresh |= {"trouble_code": "", "trouble_words": "", "shop_id": mailbox.shop_id}
    Comparison.objects.update_or_create(mailbox=mailbox, defaults=fresh)
    _enqueue(mailbox, COMPARE, now, at=now)


def run(mailbox_id: int, *, now: datetime) -> None:
    """Compare, and write down how it ended. Run twice, the same lines are written twice.

    Raises only what is about the database.
    """
    mailbox = Mailbox.objects.select_related("shop").filter(pk=mailbox_id, is_active=True).first()
    if mailbox is None:
        return
    if not mailbox.imap_host:
        write_days(mailbox, None, now=now)
        _note(mailbox, state=ComparisonState.DONE, finished_at=now)
        return
    _note(mailbox, state=ComparisonState.RUNNING, trouble_code="", trouble_words="")
    try:
        compared = compare(mailbox, now=now, told=lambda done, of: _note(mailbox, done_count=done, total_count=of))
    except inboxes.FAILURES as error:
        _failed(mailbox, inboxes.trouble_from(mailbox, error), now)
    else:
        _ended(mailbox, compared, now)


def _ended(mailbox: Mailbox, compared: Compared, now: datetime) -> None:
    with transaction.atomic():
        if compared.missing_count or compared.brought_count:
            total = compared.missing_count + compared.brought_count
            fact = events.MailMissed(mailbox_id=mailbox.pk, missing_count=total, brought_count=compared.brought_count)
            record(fact, shop_id=mailbox.shop_id, by=inboxes.MAIL, now=now)
        if compared.is_behind:
            _note(mailbox, state=ComparisonState.READING)
            _enqueue(mailbox, FETCH, now, at=now)
            _enqueue(mailbox, COMPARE, now, at=now + WHEN_BEHIND)
        elif compared.has_more:
            _enqueue(mailbox, COMPARE, now, at=now)
        else:
            _note(mailbox, state=ComparisonState.DONE, finished_at=now)


def _failed(mailbox: Mailbox, trouble: MailTrouble, now: datetime) -> None:
    log.warning("Mailbox %s could not be compared: %s", mailbox.pk, trouble)
    words = {"trouble_code": trouble.trouble, "trouble_words": trouble.server_words[:500]}
    with transaction.atomic():
        _note(mailbox, state=ComparisonState.FAILED, finished_at=now, **words)
        asked = Comparison.objects.filter(mailbox=mailbox, asked_at__gt=now - TRIED_FOR)
        if not trouble.permanent and asked.exists():
            _enqueue(mailbox, COMPARE, now, at=now + AFTER_FAILURE)


def _note(mailbox: Mailbox, **changes: object) -> None:
    Comparison.objects.filter(mailbox=mailbox).update(**changes)


def _enqueue(mailbox: Mailbox, task: str, now: datetime, *, at: datetime) -> None:
    kind = "fetch" if task == FETCH else "compare" if at <= now else "compare-again"  # one asked for now never waits
    enqueue(task, mailbox.pk, now=now, run_at=at, unique_key=f"{kind}:{mailbox.pk}", shop_id=mailbox.shop_id)
