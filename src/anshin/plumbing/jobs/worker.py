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
from multiprocessing.util import Finalize
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection, connections, reset_queries

from anshin.plumbing import clock
from anshin.plumbing.jobs import execute, telling, timetable, wake
from anshin.plumbing.jobs.backend import limits_of_settings
from anshin.plumbing.jobs.claim import (
    LEASE,
    Claim,
    claim_next,
    claim_this,
    next_run_at,
    release,
    renew,
    take_back_expired,
)
from anshin.plumbing.jobs.ports import broker

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
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
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{random.getrandbits(32):08x}"
        self._count = threads
        self._queues = frozenset(queues)
        self._at_once = dict(limits_of_settings() if at_once is None else at_once)
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
            self._give_back(unfinished)
        log.info("Worker %s stopped.", self.name)
        return not unfinished

    def is_well(self) -> bool:
        """Whether every thread of it still lives; one that ended by itself leaves jobs undone."""
        return all(thread.is_alive() for thread in (*self._hands, *self._helpers))

    def run_told(self, job_id: int) -> bool:
        """Run the job of this number here and now, if it is due and free; for jobs that a broker brings.

        Whether it was ours to run. Errors of the database are left to the caller: the job is told again.
        """
        try:
            claim = claim_this(job_id, token=self._token(), now=self._now(), at_once=self._at_once, lease=self._lease)
            if claim:
                self._run(claim)
            return claim is not None
        finally:
            _mend_connection()

    def _give_back(self, tokens: Collection[str]) -> None:
        try:
            count = release(tokens, now=self._now())
            log.warning("Worker %s gave %s unfinished jobs back.", self.name, count)
        except (DatabaseError, InterfaceError) as error:
            log.warning("Unfinished jobs run again when their leases end; the database says: %s", error)

    def _thread(self, target: Callable[[], None], name: str) -> threading.Thread:
        return threading.Thread(target=target, name=name, daemon=True)

    def _work(self) -> None:
        failures = 0
        is_busy = False
        while not self._stopping.is_set():
            try:
                is_busy = self._step(is_busy)
                failures = 0
            except Exception as error:  # nothing may end this loop but the order to stop
                failures += 1
                self._pause(failures, error)
        connection.close()

    def _step(self, is_busy: bool) -> bool:
        """Run one job, or wait for one. A mere read comes first, so that idle workers never lock SQLite."""
        rings = self._bell.rings
        due_at = None if is_busy else next_run_at(queues=self._queues)
        is_due = is_busy or (due_at is not None and due_at <= self._now())
        if is_due and (claim := self._claim()):
            self._run(claim)
            return True
        if not is_busy:
            self._wait(rings, due_at)
        return False

    def _claim(self) -> Claim | None:
        return claim_next(
            token=self._token(),
            now=self._now(),
            queues=self._queues,
            at_once=self._at_once,
            lease=self._lease,
        )

    def _token(self) -> str:
        return f"{self.name}:{next(self._numbers)}"

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
            if broker.peek():
                telling.tell_held_back(claim, limited=self._at_once)

    def _wait(self, rings: int, due_at: datetime | None) -> None:
        """Until something is enqueued or due. What is due but not free (limits, keys) is looked at soon."""
        longest = wake.LONGEST_SLEEP.total_seconds() if connection.vendor == "postgresql" else POLL_SECONDS
        seconds = longest if due_at is None else (due_at - self._now()).total_seconds()
        if seconds <= 0:
            seconds = SHORTEST_WAIT_SECONDS
        self._bell.wait_for_more_than(rings, seconds=min(seconds, longest))

    def _keep(self) -> None:
        """Renew leases first, then take back expired ones: so we never take our own after a long lock."""
        beat_seconds = self._lease.total_seconds() / 4
        duties = [
            _Duty(self._beat, beat_seconds),
            _Duty(self._sweep, SWEEP_SECONDS),
            _Duty(self._look_at_timetable, KEEPER_SECONDS),
            _Duty(self._tell_due, KEEPER_SECONDS),
        ]
        while not self._closing.is_set():
            for duty in duties:
                try:
                    duty.do_if_due()
                except Exception as error:  # one failing duty must not end the others
                    self._pause(1, error)
            self._closing.wait(min(KEEPER_SECONDS, beat_seconds))
        connection.close()

    def _beat(self) -> None:
        if self._running:
            renew(frozenset(self._running), now=self._now(), lease=self._lease)

    def _look_at_timetable(self) -> None:
        if self._keeps_timetable and not self._stopping.is_set():
            timetable.enqueue_due(now=self._now())

    def _tell_due(self) -> None:
        if broker.peek():
            telling.tell_due(now=self._now())

    def _sweep(self) -> None:
        if taken := take_back_expired(now=self._now()):
            log.warning("Took back %s jobs of workers that died.", taken)
            self._bell.ring()

    def _listen(self) -> None:
        wake.listen(stopping=self._closing, bell=self._bell)

    def _insist(self, write: Callable[[], None]) -> None:
        """Write an outcome, waiting for the database if need be; given up only when the worker must close."""
        failures = 0
        while True:
            try:
                write()
                return
            except (DatabaseError, InterfaceError) as error:
                if self._closing.is_set():
                    raise
                failures += 1
                self._pause(failures, error)

    def _pause(self, failures: int, error: Exception) -> None:
        seconds = min(LONGEST_PAUSE_SECONDS, 0.1 * 2 ** min(failures, 10))
        if isinstance(error, DatabaseError | InterfaceError):
            log.warning("The database does not answer (%s); again in %.1f s.", str(error).strip(), seconds)
        else:
            log.error("The worker met an error of its own; again in %.1f s.", seconds, exc_info=error)
        _forget_connection()
        self._closing.wait(seconds)


class _Duty:
    """Something the keeper does every so many seconds; a failed try counts as not done."""

    def __init__(self, do: Callable[[], None], seconds: float) -> None:
        self._do = do
        self._seconds = seconds
        self._done_at = float("-inf")

    def do_if_due(self) -> None:
        if monotonic() - self._done_at >= self._seconds:
            self._do()
            self._done_at = monotonic()


def start_embedded(*, threads: int = 2, grace_seconds: float = 10.0) -> Worker:
    """The worker of the web process; when that process ends in order, running jobs finish or are given back."""
    worker = Worker(threads=threads)
    worker.start()
    Finalize(None, worker.stop, kwargs={"grace_seconds": grace_seconds}, exitpriority=100)
    return worker


def _mend_connection() -> None:
    """Throw the thread's connection away when a job left it broken or inside a transaction."""
    if connection.connection is None:
        return
    is_left_open = connection.in_atomic_block or not connection.autocommit
    if is_left_open or (connection.errors_occurred and not connection.is_usable()):
        _forget_connection()
    connection.errors_occurred = False


def _forget_connection() -> None:
    try:
        connection.close()
    except (DatabaseError, InterfaceError) as error:
        log.debug("The broken connection could not be closed: %s", error)
    del connections[DEFAULT_DB_ALIAS]
