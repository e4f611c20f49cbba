"""The worker: threads that claim and run jobs, and one that keeps leases and the timetable.

The web process embeds one; `anshin worker` is one. It outlives the database: when that goes away it tries
again with growing pauses, and when it comes back work goes on.
"""

import itertools
import logging
import os
import random
import socket
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from time import monotonic

from django.db import DatabaseError, InterfaceError, connection, reset_queries
from django_tasks import default_task_backend

from anshin.plumbing import clock
from anshin.plumbing.jobs import execute, timetable, wake
from anshin.plumbing.jobs.claim import (
    LEASE,
    Claim,
    claim_next,
    next_run_at,
    release,
    renew,
    take_back_expired,
)

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
LISTENING_POLL_SECONDS = 2.0
KEEPER_SECONDS = 1.0
SWEEP_SECONDS = 5.0
SHORTEST_WAIT_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0


class Worker:
    """A number of threads that work off jobs until `stop`. At most one `start` in its life.

    `now` and `roll` are the clock and the dice; `at_once` the limits per queue, else those of settings.TASKS.
    """

    def __init__(
        self,
        *,
        threads: int = 2,
        queues: Collection[str] = (),
        at_once: Mapping[str, int] | None = None,
        lease: timedelta = LEASE,
        keeps_timetable: bool = True,
        now: Callable[[], datetime] = clock.now,
        roll: Callable[[], float] = random.random,
        bell: wake.Bell = wake.BELL,
    ) -> None:
        self.name = f"{socket.gethostname()}:{os.getpid()}:{random.getrandbits(32):08x}"
        self._count = threads
        self._queues = frozenset(queues)
        self._at_once = dict(default_task_backend.at_once if at_once is None else at_once)
        self._lease = lease
        self._keeps_timetable = keeps_timetable
        self._now = now
        self._roll = roll
        self._bell = bell
        self._stopping = threading.Event()
        self._closing = threading.Event()
        self._running: set[str] = set()
        self._numbers = itertools.count(1)
        self._hands: list[threading.Thread] = []
        self._helpers: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work, in daemon threads."""
        self._hands = [self._thread(self._work, f"jobs-{number}") for number in range(1, self._count + 1)]
        self._helpers = [self._thread(self._keep, "jobs-keeper")]
        if connection.vendor == "postgresql":
            self._helpers.append(self._thread(self._listen, "jobs-listener"))
        for thread in [*self._hands, *self._helpers]:
            thread.start()
        log.info("Worker %s started with %s threads.", self.name, self._count)

    def stop(self, *, grace_seconds: float = 25.0) -> bool:
        """Take no new job, let the current ones finish, give back what is unfinished after the grace period.

        Returns whether everything had finished.
        """
        self._stopping.set()
        self._bell.ring()
        deadline = monotonic() + grace_seconds
        for hand in self._hands:
            hand.join(max(0.0, deadline - monotonic()))
        self._closing.set()
        for helper in self._helpers:
            helper.join(5)
        unfinished = frozenset(self._running)
        if unfinished:
            given_back = release(unfinished, now=self._now())
            log.warning("Worker %s gave %s unfinished jobs back.", self.name, given_back)
        log.info("Worker %s stopped.", self.name)
        return not unfinished

    def _thread(self, target: Callable[[], None], name: str) -> threading.Thread:
        return threading.Thread(target=target, name=name, daemon=True)

    def _work(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                rings = self._bell.rings
                if claim := self._claim():
                    self._run(claim)
                else:
                    self._wait(rings)
                failures = 0
            except (DatabaseError, InterfaceError) as error:
                failures += 1
                self._pause(failures, error)
        connection.close()

    def _claim(self) -> Claim | None:
        due_at = next_run_at(queues=self._queues)
        now = self._now()
        if due_at is None or due_at > now:
            return None
        token = f"{self.name}:{next(self._numbers)}"
        return claim_next(token=token, now=now, queues=self._queues, at_once=self._at_once, lease=self._lease)

    def _run(self, claim: Claim) -> None:
        self._running.add(claim.token)
        try:
            verdict = execute.perform(claim, clock=self._now, roll=self._roll)
            _mend_connection()
            self._insist(lambda: execute.record(claim, verdict, now=self._now()))
        finally:
            self._running.discard(claim.token)
            reset_queries()
        if claim.unique_key or claim.queue in self._at_once:
            self._bell.ring()

    def _wait(self, rings: int) -> None:
        """Until something is enqueued or due. What is due but not free (limits, keys) is looked at soon."""
        longest = LISTENING_POLL_SECONDS if connection.vendor == "postgresql" else POLL_SECONDS
        due_at = next_run_at(queues=self._queues)
        seconds = longest if due_at is None else (due_at - self._now()).total_seconds()
        if seconds <= 0:
            seconds = SHORTEST_WAIT_SECONDS
        self._bell.wait_for_more_than(rings, seconds=min(seconds, longest))

    def _keep(self) -> None:
        """Renew leases first, then take back expired ones: so we never take our own after a long lock."""
        beat_seconds = self._lease.total_seconds() / 4
        last_beat = last_sweep = float("-inf")
        failures = 0
        while not self._closing.is_set():
            try:
                if self._running and monotonic() - last_beat >= beat_seconds:
                    renew(frozenset(self._running), now=self._now(), lease=self._lease)
                    last_beat = monotonic()
                if not self._stopping.is_set():
                    if monotonic() - last_sweep >= SWEEP_SECONDS:
                        self._sweep()
                        last_sweep = monotonic()
                    if self._keeps_timetable:
                        timetable.enqueue_due(now=self._now())
                failures = 0
            except (DatabaseError, InterfaceError) as error:
                failures += 1
                self._pause(failures, error)
            self._closing.wait(min(KEEPER_SECONDS, beat_seconds))
        connection.close()

    def _sweep(self) -> None:
        if taken := take_back_expired(now=self._now()):
            log.warning("Took back %s jobs of workers that died.", taken)
            self._bell.ring()

    def _listen(self) -> None:
        wake.listen(stopping=self._closing, bell=self._bell)

    def _insist(self, write: Callable[[], None]) -> None:
        """Write an outcome, waiting for the database if need be; given up only when the worker must close."""
        for failures in itertools.count(1):
            try:
                return write()
            except (DatabaseError, InterfaceError) as error:
                if self._closing.is_set():
                    raise
                self._pause(failures, error)
        return None

    def _pause(self, failures: int, error: Exception) -> None:
        seconds = min(LONGEST_PAUSE_SECONDS, 0.1 * 2 ** min(failures, 10))
        log.warning("The database does not answer (%s); again in %.1f s.", str(error).strip(), seconds)
        connection.close()
        self._closing.wait(seconds)


def start_embedded() -> Worker:
    """The worker of the web process; its lifespan calls `stop` on what this returns."""
    worker = Worker(threads=2)
    worker.start()
    return worker


def _mend_connection() -> None:
    """Throw the thread's connection away when a job left it broken or inside a transaction."""
    left_open = connection.in_atomic_block or not connection.get_autocommit()
    if left_open or (connection.errors_occurred and not connection.is_usable()):
        connection.close()
    connection.errors_occurred = False
