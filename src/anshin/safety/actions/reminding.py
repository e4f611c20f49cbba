"""Whoever has not answered is written to again: at the interval set, so many times, until it is closed or withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef

from anshin.safety import events
from anshin.safety.actions.further import lock, write_further
from anshin.safety.actions.keeping import locked, note
from anshin.safety.actions.refusals import IllegalStep
from anshin.safety.models import Acknowledgement, Advisory, ReminderTurn, SafetyMail
from anshin.safety.rules import steps
from anshin.safety.terms import AdvisoryState, MailRound, MailState
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anshin.shops.models import Membership

MOST_DAYS = 365
MOST_TURNS = 24


@transaction.atomic
def set_reminders(*, by: Membership, advisory_id: int, every_days: int, most: int, now: datetime) -> Advisory:
    """Say how often whoever has not answered is reminded; 0 days: never. Turns that are over stay as they were.

    Raises NotAllowed, UnknownAdvisory, IllegalStep (it has ended); ValueError for what is no interval.
    """
    advisory = locked(by, advisory_id, Permission.APPROVE_SAFETY)
    if not 0 <= every_days <= MOST_DAYS or not 0 <= most <= MOST_TURNS:
        raise ValueError(every_days, most)
    if advisory.state in {AdvisoryState.WITHDRAWN, AdvisoryState.CLOSED}:
        raise IllegalStep
    if (advisory.remind_every_days, advisory.remind_most) == (every_days, most):
        return advisory
    advisory.remind_every_days, advisory.remind_most = every_days, most
    advisory.save(update_fields=["remind_every_days", "remind_most"])
    fact = events.AdvisoryRemindersSet(advisory_id=advisory.pk, every_days=every_days, most=most)
    note(advisory, fact, by=by, now=now)
    return advisory


def remind_due(*, now: datetime) -> int:
    """Write the reminders that are due, of all shops; how many mails. Killed in the middle, the next run goes on with
    the same turn, and nobody gets two mails of one."""
    due = Advisory.objects.filter(state=AdvisoryState.RELEASED, remind_every_days__gt=0, remind_most__gt=0)
    return sum(_remind(pk, now=now) for pk in due.order_by("pk").values_list("pk", flat=True))


def _remind(advisory_id: int, *, now: datetime) -> int:
    begun = _turn(advisory_id, now=now)
    if begun is None:
        return 0
    advisory, turn = begun
    written = write_further(advisory, _unanswered(advisory, turn), which=MailRound.REMINDER, turn=turn.turn, now=now)
    if written is None:
        return 0
    return written if _finish(advisory, turn, now=now) else 0


@transaction.atomic
def _turn(advisory_id: int, *, now: datetime) -> tuple[Advisory, ReminderTurn] | None:
    """The turn that is being written, or the next one if it is due."""
    found = Advisory.objects.select_for_update(no_key=True, of=("self",)).select_related("shop")
    advisory = found.filter(pk=advisory_id, state=AdvisoryState.RELEASED).first()
    if advisory is None or advisory.released_at is None:
        return None
    last = ReminderTurn.objects.filter(advisory=advisory).order_by("-turn").first()
    if last is not None and last.written_at is None:
        return advisory, last
    place = last.turn + 1 if last else 1
    zone = ZoneInfo(advisory.shop.zone)
    since = (last.begun_at if last else advisory.released_at).astimezone(zone).date()
    is_due = steps.is_reminder_due(advisory.remind_every_days, last=since, today=now.astimezone(zone).date())
    if place > advisory.remind_most or not is_due:
        return None
    turn = ReminderTurn.objects.create(shop_id=advisory.shop_id, advisory=advisory, turn=place, begun_at=now)
    return advisory, turn


def _unanswered(advisory: Advisory, turn: ReminderTurn) -> QuerySet[SafetyMail]:
    """First mails that arrived, as far as anybody knows, and were not answered for any of their orders. Who was told
    less than half an interval ago waits for the next turn."""
    long_ago = turn.begun_at - timedelta(days=advisory.remind_every_days) / 2
    answers = Acknowledgement.objects.filter(notice__mail=OuterRef("pk"))
    told = SafetyMail.objects.filter(advisory=advisory, round=MailRound.FIRST, turn=0, handed_at__lte=long_ago)
    return told.filter(~Exists(answers), state__in=[MailState.SENT, MailState.UNSURE])


@transaction.atomic
def _finish(advisory: Advisory, turn: ReminderTurn, *, now: datetime) -> bool:
    if not lock(advisory, MailRound.REMINDER):
        return False
    mails = SafetyMail.objects.filter(advisory=advisory, round=MailRound.REMINDER, turn=turn.turn).count()
    mine = ReminderTurn.objects.filter(pk=turn.pk, written_at=None)
    if mine.update(written_at=now, mails=mails):
        number = advisory.number or 0
        fact = events.AdvisoryReminded(advisory_id=advisory.pk, number=number, turn=turn.turn, mails=mails)
        note(advisory, fact, by=None, now=now)
    return True
