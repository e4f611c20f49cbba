"""A case that waits for us again because something went wrong that no message tells of."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from anshin.cases import events
from anshin.cases.actions import clocks, standing
from anshin.cases.models import Note
from anshin.cases.terms import Status
from anshin.plumbing.journal.actions import record

if TYPE_CHECKING:
    from anshin.plumbing.journal.actors import Actor
    from anshin.shops.models import Shop


@transaction.atomic
def call_back(*, shop: Shop, case_id: int, by: Actor, note: str, signed: str, now: datetime) -> None:
    """The case is ours, urgent and unread, whatever it was, with a note that says why; one in the spam folder only
    gets the note. One that was merged away means the case into which it went. `signed` names the note's writer."""
    _bring(shop=shop, case_id=case_id, by=by, note=note, signed=signed, marks={"is_urgent": True}, now=now)


@transaction.atomic
def bring_up(*, shop: Shop, case_id: int, by: Actor, note: str, signed: str, now: datetime) -> None:
    """The same without making it urgent: something is to be done in the case today."""
    _bring(shop=shop, case_id=case_id, by=by, note=note, signed=signed, marks={}, now=now)


def _bring(
    *, shop: Shop, case_id: int, by: Actor, note: str, signed: str, marks: dict[str, object], now: datetime
) -> None:
    case = standing.locked_case_or_merged(shop.pk, case_id)
    while case.merged_into_id is not None:
        case = standing.locked_case_or_merged(shop.pk, case.merged_into_id)
    Note.objects.create(shop_id=shop.pk, case=case, at=now, text=note.strip(), rule_name=signed[:80])
    if case.status != Status.SPAM:
        values: dict[str, object] = {"is_unread": True, "last_activity_at": now} | marks
        if case.status != Status.OPEN:
            values |= {
                "status": Status.OPEN,
                "resolution": "",
                "closed_at": None,
                "snoozed_until_at": None,
                "waiting_since_at": now,
                **clocks.afresh(case, shop, since=now),
            }
            record(events.CaseReopened(why="called_back"), shop_id=shop.pk, by=by, now=now, case_id=case.pk)
        standing.change(case, **values)
    standing.announce(case, "case.status", now=now)
