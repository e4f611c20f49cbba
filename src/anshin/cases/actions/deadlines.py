"""What runs by the clock: telling of deadlines that are near or past, counting what clocks ran, counting anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events, rules
from anshin.cases.actions import clocks, standing
from anshin.cases.models import Case
from anshin.cases.queries.targets import Clockwork
from anshin.cases.terms import DueState, Status
from anshin.plumbing.journal.actions import record

if TYPE_CHECKING:
    from anshin.shops.models import Shop

MOST_AT_ONCE = 500
NOT_BEFORE = timedelta(minutes=15)
"""So long a clock that stopped is left alone: the reply that stopped it may be taken back."""
_WAITING = (Status.OPEN, Status.SNOOZED, Status.WAITING)
"""Where a clock can run: it does while we wait for the customer, too, as long as a reply is still to leave."""


def tell_deadlines(*, now: datetime) -> int:
    """Write once for each case and deadline that it is near, and that it is past. How many cases had something new."""
    due = Case.objects.filter(deadline_check_at__lte=now).order_by("deadline_check_at", "id")
    found = list(due.values_list("pk", flat=True)[:MOST_AT_ONCE])
    for case_id in found:
        _tell(case_id, now)
    return len(found)


@transaction.atomic
def _tell(case_id: int, now: datetime) -> None:
    case = Case.objects.select_for_update().filter(pk=case_id, deadline_check_at__lte=now).first()
    if case is None:
        return
    if case.due_at is None or case.warn_at is None or not case.runs or case.status not in _WAITING:
        standing.change(case, deadline_check_at=None)
        return
    state = rules.due_state(warn_at=case.warn_at, due_at=case.due_at, now=now)
    facts = [events.CaseDueSoon, events.CaseOverdue] if state == DueState.OVERDUE else [events.CaseDueSoon]
    for fact in facts[1:] if case.due_state == DueState.SOON else facts:
        said = fact(due_at=case.due_at, owed=_owed(case))
        record(said, shop_id=case.shop_id, by=standing.SYSTEM, now=now, case_id=case.pk)
    check_at = rules.next_check(warn_at=case.warn_at, due_at=case.due_at, now=now)
    standing.change(case, due_state=state, deadline_check_at=check_at)
    standing.announce(case, "case.due", now=now)


def count_stopped_clocks(*, now: datetime) -> int:
    """Count what the clocks ran that have stopped; figures are complete then. How many."""
    stopped = Case.objects.filter(counting_since_at__isnull=False, paused_at__lte=now - NOT_BEFORE)
    found = list(stopped.order_by("paused_at", "id").values_list("pk", flat=True)[:MOST_AT_ONCE])
    works: dict[int, Clockwork] = {}
    for case_id in found:
        with transaction.atomic():
            case = Case.objects.select_for_update(of=("self",)).select_related("shop").get(pk=case_id)
            if case.paused_at and case.paused_at <= now - NOT_BEFORE:
                work = works.setdefault(case.shop_id, Clockwork(case.shop))
                standing.change(case, **clocks.counted(case, work))
    return len(found)


def count_anew(*, shop: Shop) -> int:
    """New deadlines for every case of the shop whose clock runs: its hours or targets are others now. How many."""
    work, changed = Clockwork(shop), 0
    for ids in _portions(shop):
        with transaction.atomic():
            for case in Case.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
                values = clocks.retargeted(case, work, is_forced=True)
                standing.change(case, **values)
                changed += bool(values)
    return changed


def _portions(shop: Shop) -> Iterator[list[int]]:
    after_id = 0
    while True:
        rows = Case.objects.filter(shop=shop, status__in=_WAITING, counting_since_at__isnull=False, pk__gt=after_id)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
        if not ids:
            return
        yield ids
        after_id = ids[-1]


def _owed(case: Case) -> str:
    """What the deadline is about: the first answer, a further one, or the resolution."""
    if case.answer_due_at != case.due_at:
        return "resolution"
    return "answer" if case.first_answered_at else "first_answer"
