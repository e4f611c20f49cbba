"""The cases' part of the demo: what a real desk only gets by working for weeks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from anshin.cases.actions import indexing, standing, tell_deadlines
from anshin.cases.models import Case, CaseNumbering
from anshin.cases.terms import Status
from anshin.plumbing.jobs import queue

_NEAR = timedelta(hours=1)

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def expect_number(shop: Shop, number: int) -> None:
    """Let the next case of the shop get `number`."""
    CaseNumbering.objects.update_or_create(shop=shop, defaults={"last_number": number - 1})


def settle(
    shop: Shop, case_id: int, *, is_unread: bool, is_urgent: bool, due_at: datetime | None, subject: str
) -> None:
    """Write what the story says of a case and its messages do not."""
    case = Case.objects.get(shop=shop, pk=case_id)
    values: dict[str, object] = {"is_unread": is_unread, "is_urgent": is_urgent, "subject": subject}
    if due_at is not None and case.status == Status.OPEN:
        near_at = due_at - _NEAR
        values |= {"due_at": due_at, "answer_due_at": due_at, "warn_at": near_at, "deadline_check_at": near_at}
    standing.change(case, **values)
    indexing.ask_to_index([case.pk], shop_id=shop.pk, now=case.last_activity_at)


def let_time_pass(*, now: datetime) -> None:
    """Tell of every deadline that is near or past at `now`, as the timetable does."""
    tell_deadlines(now=now)


def index_together(shop: Shop) -> None:
    """Put into the search index what every step of the story asked to have there: each case once, in portions."""
    asked = queue.withdraw_all("anshin.cases.jobs.index", shop_id=shop.pk)
    indexing.index_cases(sorted({case_id for (case_ids, *_rest) in asked for case_id in case_ids}), shop_id=shop.pk)
