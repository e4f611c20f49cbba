"""A further mail to those who were told before: a correction, a reminder, a withdrawal. Once for each address and turn.

Works in portions, each a transaction of its own under a lock on the advisory. After kill -9 the next run looks for what
is there already and goes on; a second run adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from anshin.plumbing.bulk import insert_many
from anshin.safety.actions.calling import call_senders
from anshin.safety.models import Advisory, SafetyMail
from anshin.safety.rules import steps
from anshin.safety.terms import AdvisoryState, MailRound

if TYPE_CHECKING:
    from django.db.models import QuerySet

PORTION: Final = 5_000
_COPIED: Final = ("shop_id", "advisory_id", "customer_id", "address", "address_key", "language", "rank")


def write_further(
    advisory: Advisory, told: QuerySet[SafetyMail], *, which: MailRound, turn: int, now: datetime
) -> int | None:
    """A mail for each of the first mails in `told`; how many were added. None when none may be written any more."""
    added, after = 0, (1 << 62, 0)
    while portion := _next_portion(told, after):
        after = (portion[-1].rank, portion[-1].pk)
        written = _write(advisory, portion, which, turn, now=now)
        if written is None:
            return None
        added += written
    return added


def lock(advisory: Advisory, which: MailRound) -> bool:
    """Hold the advisory until the transaction ends; False when such a mail is not to be written any more."""
    held = Advisory.objects.select_for_update(no_key=True).filter(pk=advisory.pk).values_list("state", flat=True)
    state = held.first()
    return state is not None and which in steps.LEAVES[AdvisoryState(state)]


def _next_portion(told: QuerySet[SafetyMail], after: tuple[int, int]) -> list[SafetyMail]:
    rank, pk = after
    return list(told.filter(Q(rank__lt=rank) | Q(rank=rank, pk__gt=pk)).order_by("-rank", "pk")[:PORTION])


@transaction.atomic
def _write(
    advisory: Advisory, portion: Sequence[SafetyMail], which: MailRound, turn: int, *, now: datetime
) -> int | None:
    if not lock(advisory, which):
        return None
    there = SafetyMail.objects.filter(advisory=advisory, round=which, turn=turn)
    known = set(
        there.filter(address_key__in=[each.address_key for each in portion]).values_list("address_key", flat=True)
    )
    fresh = [
        SafetyMail(round=which, turn=turn, **{name: getattr(each, name) for name in _COPIED})
        for each in portion
        if each.address_key not in known
    ]
    insert_many(fresh)
    if fresh:
        call_senders(advisory, at=now, now=now)
    return len(fresh)
