"""When whoever has not answered was reminded, and when it will be next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from anshin.safety.models import ReminderTurn
from anshin.safety.terms import AdvisoryState

if TYPE_CHECKING:
    from anshin.safety.models import Advisory


@dataclass(frozen=True, slots=True)
class Reminders:
    """Turns that were begun, in order; `next_on`: the shop's day of the next, None when there is none or no release."""

    turns: tuple[ReminderTurn, ...]
    next_on: date | None


def reminders_of(advisory: Advisory) -> Reminders:
    """One query."""
    turns = tuple(ReminderTurn.objects.filter(advisory=advisory).order_by("turn"))
    last = turns[-1].begun_at if turns else advisory.released_at
    goes_on = advisory.state == AdvisoryState.RELEASED and advisory.remind_every_days > 0
    if last is None or not goes_on or len(turns) >= advisory.remind_most:
        return Reminders(turns, None)
    since = last.astimezone(ZoneInfo(advisory.shop.zone)).date()
    return Reminders(turns, since + timedelta(days=advisory.remind_every_days))
