"""Which step may follow which in the life of an advisory, and when it may be released."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from anshin.safety.terms import AdvisoryState as State

MAY_BECOME: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.APPROVED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.DRAFT, State.RELEASED, State.WITHDRAWN}),
    State.RELEASED: frozenset({State.WITHDRAWN, State.CLOSED}),
    State.WITHDRAWN: frozenset(),
    State.CLOSED: frozenset({State.RELEASED}),
}
"""Every other step is refused and nothing is written. A closed one is opened again when accidents go on."""


def may_become(state: State, later: State) -> bool:
    """Whether this step is allowed."""
    return later in MAY_BECOME[state]


def is_time(publish_at: datetime | None, *, now: datetime) -> bool:
    """Whether the publication time has come; never without one."""
    return publish_at is not None and now >= publish_at


def late_seconds(publish_at: datetime, *, released_at: datetime) -> int:
    """Whole seconds by which a release came after its time."""
    return max(0, int((released_at - publish_at).total_seconds()))
