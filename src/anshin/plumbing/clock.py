"""The one clock. Screens, jobs and commands ask it; everything below takes `now` as an argument."""

import os
from datetime import UTC, datetime, timedelta

from django.db import connection

_shift = timedelta(0)


def now() -> datetime:
    """The present moment in UTC; in the demo, the demo's moment, which ticks on at normal speed."""
    return datetime.now(UTC) + _shift


def start_at(moment: datetime) -> None:
    """Let this process's clock read `moment` now and tick on from there. For the demo only."""
    global _shift  # noqa: PLW0603  one clock a process is the point of this module
    _shift = moment - datetime.now(UTC)


def shift_from_environment() -> None:
    """Apply ANSHIN_CLOCK_SHIFT_SECONDS, which the demo hands to every process that it starts."""
    global _shift  # noqa: PLW0603
    _shift = timedelta(seconds=float(os.environ.get("ANSHIN_CLOCK_SHIFT_SECONDS", "0")))


def ahead_of_database() -> timedelta:
    """By how much this machine's clock is ahead of the database server's; nothing on SQLite, which has none of its own.

    Half of the way to the server and back is counted as ours. One query.
    """
    if connection.vendor != "postgresql":
        return timedelta(0)
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        (there,) = cursor.fetchone()
    after = datetime.now(UTC)
    middle: datetime = before + (after - before) / 2
    difference: timedelta = middle - there
    return difference
