"""Which step may follow which in the life of an advisory, and when it may be released."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from anshin.safety.terms import AdvisoryState as State
from anshin.safety.terms import MailRound

MAY_BECOME: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.APPROVED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.DRAFT, State.RELEASED, State.WITHDRAWN}),
    State.RELEASED: frozenset({State.WITHDRAWN, State.CLOSED}),
    State.WITHDRAWN: frozenset(),
    State.CLOSED: frozenset({State.RELEASED}),
}
"""Every other step is refused and nothing is written. A closed one is opened again when accidents go on."""

LEAVES: Mapping[State, frozenset[MailRound]] = {
    State.DRAFT: frozenset(),
    State.APPROVED: frozenset(),
    State.RELEASED: frozenset({MailRound.FIRST, MailRound.REMINDER, MailRound.CORRECTION}),
    State.WITHDRAWN: frozenset({MailRound.WITHDRAWAL}),
    State.CLOSED: frozenset({MailRound.FIRST, MailRound.CORRECTION}),
}
"""Which mails may leave where the advisory stands; what waits beside them is dropped. After an end under the seal there
are none of any kind."""


def may_become(state: State, later: State) -> bool:
    """Whether this step is allowed."""
    return later in MAY_BECOME[state]


def is_time(publish_at: datetime | None, *, now: datetime) -> bool:
    """Whether the publication time has come; never without one."""
    return publish_at is not None and now >= publish_at


def is_reminder_due(every_days: int, *, last: date, today: date) -> bool:
    """Whether the days set have gone by since the release or the last reminder; 0 days: never."""
    return every_days > 0 and (today - last).days >= every_days


def late_seconds(publish_at: datetime, *, released_at: datetime) -> int:
    """Whole seconds by which a release came after its time; two clocks that differ by a hair make no second."""
    return max(0, round((released_at - publish_at).total_seconds()))
