"""Why a case is due when it is: what its clock counts, from when, by which target, and what did not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from anshin.cases.models import Message
from anshin.cases.queries.targets import Clockwork
from anshin.cases.rules import Target
from anshin.cases.terms import Delivery, Direction

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Shop

Span = tuple[datetime, datetime]
_MOST_PAUSES = 10


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is owed: `used` before `since`, the rest in `spans` of opening time until `due_at`."""

    what: str  # "answer" or "resolution"
    target_minutes: int
    rule: Target
    since: datetime
    due_at: datetime
    used: timedelta
    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Explained:
    """What is owed in a case, and when we waited for the customer; an open pause has no end."""

    owed: Sequence[Owed]
    pauses: Sequence[tuple[datetime, datetime | None]]


def explained(shop: Shop, case: Case) -> Explained:
    """The clock of a case of this shop, in words that a page can show: four queries."""
    return Explained(_owed(shop, case), _pauses(case))


def _owed(shop: Shop, case: Case) -> list[Owed]:
    if not case.runs or case.counting_since_at is None:
        return []
    work, since = Clockwork(shop), case.counting_since_at
    aim = work.aim(channel=case.channel, topic=case.topic, is_urgent=case.is_urgent)
    things = (
        ("answer", case.answer_due_at, case.answer_target_minutes, case.answer_used_seconds, aim.answer_rule),
        (
            "resolution",
            case.resolution_due_at,
            case.resolution_target_minutes,
            case.resolution_used_seconds,
            aim.resolution_rule,
        ),
    )
    return [
        Owed(
            what=what,
            target_minutes=target or 0,
            rule=rule,
            since=since,
            due_at=due_at,
            used=timedelta(seconds=used),
            spans=work.calendar.spans(since, due_at),
        )
        for what, due_at, target, used, rule in things
        if due_at is not None
    ]


def _pauses(case: Case) -> list[tuple[datetime, datetime | None]]:
    """From each of our answers until the customer wrote again."""
    rows = Message.objects.filter(case=case, is_automatic=False).exclude(delivery=Delivery.TAKEN_BACK)
    found: list[tuple[datetime, datetime | None]] = []
    waits_since: datetime | None = None
    for direction, at in rows.order_by("at", "id").values_list("direction", "at"):
        if direction == Direction.OUT:
            waits_since = waits_since or at
        elif waits_since is not None:
            found.append((waits_since, at))
            waits_since = None
    if waits_since is not None and not case.runs:
        found.append((waits_since, None))
    return found[-_MOST_PAUSES:]
