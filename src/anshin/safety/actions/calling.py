"""Having the work of a public advisory done by jobs. Only for what is public: a job row tells its id."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from anshin.plumbing.jobs.queue import enqueue

if TYPE_CHECKING:
    from anshin.safety.models import Advisory

ANNOUNCE: Final = "anshin.safety.jobs.announce"
SEND: Final = "anshin.safety.jobs.send_mails"
LANES: Final = 4
"""So many jobs hand mails over beside each other: as many as two workers have threads, so that the second worker finds
something to do. Whoever has fewer threads takes the lanes by turns (sending.RUN_FOR)."""


def call_announcement(advisory: Advisory, *, now: datetime) -> None:
    """Have what is due now written, and what is not to leave any more dropped, after the caller's transaction."""
    enqueue(ANNOUNCE, advisory.pk, unique_key=f"safety.announce:{advisory.pk}", now=now, shop_id=advisory.shop_id)


def call_senders(advisory: Advisory, *, at: datetime, now: datetime) -> None:
    """Have the mails that wait handed over."""
    for lane in range(LANES):
        call_sender(advisory, lane, at=at, now=now)


def call_sender(advisory: Advisory, lane: int, *, at: datetime, now: datetime) -> None:
    """Have one lane's mails handed over at `at`."""
    key = f"safety.send:{advisory.pk}:{lane}"
    enqueue(SEND, advisory.pk, lane, unique_key=key, run_at=at, now=now, shop_id=advisory.shop_id)
