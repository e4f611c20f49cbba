"""After a public advisory was withdrawn or closed: what is not to leave any more is dropped; who was told is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from anshin.safety.actions.further import write_further
from anshin.safety.models import Advisory, SafetyMail
from anshin.safety.rules import steps
from anshin.safety.terms import AdvisoryState, MailRound, MailState

if TYPE_CHECKING:
    from django.db.models import QuerySet


def recall(advisory: Advisory) -> int:
    """Take back what lies with a sender and was not handed over: whoever hands it over finds it gone. For the
    transaction that ends the advisory; few rows, however many wait."""
    lying = _not_to_leave(advisory).filter(state=MailState.SENDING, handed_at=None)
    return lying.update(state=MailState.DROPPED)


def drop_waiting(advisory: Advisory) -> int:
    """Drop what still waits and is not to leave where the advisory stands now; how many. Twice is once."""
    waiting = _not_to_leave(advisory).filter(state__in=[MailState.WAITING, MailState.DEFERRED])
    return waiting.update(state=MailState.DROPPED, next_try_at=None)


def tell_of_withdrawal(advisory: Advisory, *, now: datetime) -> int:
    """A mail to everybody who has, or may have, the first one."""
    handed = Q(state__in=[MailState.SENT, MailState.UNSURE]) | Q(state=MailState.SENDING, handed_at__isnull=False)
    told = SafetyMail.objects.filter(handed, advisory=advisory, round=MailRound.FIRST, turn=0)
    return write_further(advisory, told, which=MailRound.WITHDRAWAL, turn=0, now=now) or 0


def _not_to_leave(advisory: Advisory) -> QuerySet[SafetyMail]:
    leaving = steps.LEAVES[AdvisoryState(advisory.state)]
    return SafetyMail.objects.filter(advisory=advisory).exclude(round__in=list(leaving))
