"""Wakes idle workers when a job was committed: a bell in the process, PostgreSQL's NOTIFY between processes."""

import logging
import threading
from datetime import timedelta

from django.db import connection, transaction

from anshin.plumbing.prepared import write_returning

CHANNEL = "anshin_jobs"
LISTEN_SECONDS = 0.5
LONGEST_SLEEP = timedelta(seconds=2)
"""Workers look by themselves after so long; what is due later than that need not wake them."""
log = logging.getLogger(__name__)


class Bell:
    """Counts its rings, so that a ring between looking and waiting is not missed."""

    def __init__(self) -> None:
        self._rings = 0
        self._changed = threading.Condition()

    @property
    def rings(self) -> int:
        return self._rings

    def ring(self) -> None:
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait_for_more_than(self, rings: int, *, seconds: float) -> None:
        """Return at the next ring after `rings`, or when the seconds have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != rings, timeout=seconds)


BELL = Bell()


def ring_after_commit() -> None:
    """Wake the workers once the caller's transaction is committed; nothing happens when it is rolled back."""
    if any(BELL.ring in waiting for waiting in connection.run_on_commit):
        return  # this transaction has rung already; with a savepoint that is rolled back, that ring goes, too
    if connection.vendor == "postgresql":
        write_returning("SELECT pg_notify(%s, '')", [CHANNEL])
    transaction.on_commit(BELL.ring, robust=True)


def listen(*, stopping: threading.Event, bell: Bell = BELL, pause_seconds: float = 1.0) -> None:
    """Ring the bell at every NOTIFY until `stopping` is set; reconnects by itself. PostgreSQL only."""
    from psycopg import Error, connect

    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory", None)
    while not stopping.is_set():
        try:
            with connect(**parameters, autocommit=True) as own:
                own.execute(f"LISTEN {CHANNEL}")
                bell.ring()
                while not stopping.is_set():
                    for _notice in own.notifies(timeout=LISTEN_SECONDS):
                        bell.ring()
        except Error as error:
            log.warning("Not listening for new jobs, polling instead: %s", str(error).strip())
            stopping.wait(pause_seconds)
