"""Tells owner and manager when mail cannot be fetched, when received and shown differ, or when a mailbox is silent.

Each is looked at every ten minutes. It begins once, is mailed to the owners once (also when the process that mails it
is killed, see shops.actions.telling), and ends by itself when its reason is gone. What is said stands in `alert_words`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Min, QuerySet, Sum
from django.urls import reverse

from anshin.channels.email import events
from anshin.channels.email.alerts.alert_words import letter_of
from anshin.channels.email.alerts.silence import Rhythm, learn, silence
from anshin.channels.email.fetching.inboxes import MAIL
from anshin.channels.email.models import RECEIVED_AT, Arrival, LearnedRhythm, MailAlert, Mailbox, MailDay
from anshin.channels.email.terms import Alert, Fate, Source
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import tell_owners

FAILING_FOR = timedelta(minutes=30)
"""Servers under maintenance come back by themselves; nobody is woken for that."""
UNREAD_FOR = timedelta(minutes=30)
DAYS_LOOKED_AT = timedelta(days=31)
LEARNED_FROM = timedelta(days=56)
LEARNED_ANEW = timedelta(days=1)
LOOKED_LATELY = timedelta(minutes=20)
"""Nobody is silent while it is us who have not looked."""
NOT_TOLD_AGAIN = timedelta(hours=12)
"""What comes and goes is shown each time and mailed once in this time."""

Facts = dict[str, Any]


def look_at(mailbox: Mailbox, *, now: datetime) -> None:
    """Begin, keep up to date, or end the mailbox's alerts."""
    for kind, finds in _FINDERS.items():
        facts = finds(mailbox, now) if mailbox.is_active else None
        if facts is None:
            _end(mailbox, kind, now)
        elif facts:
            _begin(mailbox, kind, facts, now)


def _failing(mailbox: Mailbox, now: datetime) -> Facts | None:
    since = mailbox.failing_since_at
    if not mailbox.imap_host or since is None or now - since < FAILING_FOR:
        return None
    return {"since": since.isoformat(), "trouble": mailbox.last_error_code}


def _differ(mailbox: Mailbox, now: datetime) -> Facts | None:
    days = MailDay.objects.filter(mailbox=mailbox, on__gte=(now - DAYS_LOOKED_AT).date(), missing_count__gt=0)
    missing = days.aggregate(count=Sum("missing_count"), first=Min("on"))
    unread = Arrival.objects.filter(mailbox=mailbox, shop_id=mailbox.shop_id, fate=Fate.STORED)
    late_count = unread.filter(arrived_at__lt=now - UNREAD_FOR).count()
    if not missing["count"] and not late_count:
        return None
    first = missing["first"].isoformat() if missing["first"] else ""
    return {"missing": missing["count"] or 0, "first_on": first, "late": late_count}


def _silent(mailbox: Mailbox, now: datetime) -> Facts | None:
    """{} while it cannot be told: when the mailbox could not be looked into lately, silence means nothing."""
    if mailbox.imap_host:
        looked = mailbox.last_checked_at
        if mailbox.last_error_code or looked is None or now - looked > LOOKED_LATELY:
            return {}
    rhythm = _rhythm(mailbox, now)
    newest = _own_arrivals(mailbox).order_by("-received_at", "-id").values_list("received_at", flat=True)
    last = newest.first()
    if rhythm is None or last is None:
        return None
    spans = shops.open_spans(mailbox.shop, max(last, now - LEARNED_FROM), now)
    found = silence(rhythm, spans, ZoneInfo(mailbox.shop.zone))
    return {"since": last.isoformat(), **asdict(found)} if found else None


_FINDERS: dict[Alert, Callable[[Mailbox, datetime], Facts | None]] = {
    Alert.FAILING: _failing,
    Alert.DIFFER: _differ,
    Alert.SILENT: _silent,
}


def _rhythm(mailbox: Mailbox, now: datetime) -> Rhythm | None:
    """What the mailbox is used to, learned anew once a day."""
    known = LearnedRhythm.objects.filter(mailbox=mailbox).first()
    if known is None or now - known.learned_at >= LEARNED_ANEW:
        since = now - LEARNED_FROM
        rows = _own_arrivals(mailbox).filter(received_at__gte=since)
        moments = list(rows.order_by("received_at").values_list("received_at", flat=True))
        spans = shops.open_spans(mailbox.shop, since, now)
        learned = learn(moments, spans, ZoneInfo(mailbox.shop.zone))
        values = {
            "shop_id": mailbox.shop_id,
            "rates": learned.rates if learned else None,
            "usual_pause_minutes": learned.usual_pause_minutes if learned else 0,
            "learned_at": now,
        }
        known, _made = LearnedRhythm.objects.update_or_create(mailbox=mailbox, defaults=values)
    if known.rates is None:
        return None
    return Rhythm(tuple(tuple(row) for row in known.rates), known.usual_pause_minutes)


def _own_arrivals(mailbox: Mailbox) -> QuerySet[Any]:
    """Mails that came by themselves; what somebody imported from a file says nothing about the mailbox."""
    rows = Arrival.objects.filter(mailbox=mailbox, shop_id=mailbox.shop_id).exclude(source=Source.IMPORT)
    return rows.annotate(received_at=RECEIVED_AT)


def _begin(mailbox: Mailbox, kind: Alert, facts: Facts, now: datetime) -> None:
    if MailAlert.objects.filter(mailbox=mailbox, kind=kind, ended_at__isnull=True).update(facts=facts):
        return
    row = MailAlert(shop_id=mailbox.shop_id, mailbox=mailbox, kind=kind, facts=facts, began_at=now)
    lately = MailAlert.objects.filter(mailbox=mailbox, kind=kind, told_at__gt=now - NOT_TOLD_AGAIN)
    try:
        with transaction.atomic():
            row.told_at = None if lately.exists() else now
            row.save(force_insert=True)
            if row.told_at:
                path = reverse("email:sheet", args=[mailbox.shop.slug, mailbox.pk])
                words = letter_of(row, now=now)
                tell_owners(shop=mailbox.shop, words=words, path=path, now=now)
            fact = events.AlertBegan(mailbox_id=mailbox.pk, kind=kind.value)
            record(fact, shop_id=mailbox.shop_id, by=MAIL, now=now)
    except IntegrityError:  # another process noticed it at this very moment
        return


def _end(mailbox: Mailbox, kind: Alert, now: datetime) -> None:
    with transaction.atomic():
        lasting = MailAlert.objects.filter(mailbox=mailbox, kind=kind, ended_at__isnull=True)
        if lasting.update(ended_at=now):
            fact = events.AlertEnded(mailbox_id=mailbox.pk, kind=kind.value)
            record(fact, shop_id=mailbox.shop_id, by=MAIL, now=now)
