"""Fills `jobs.broker`: passes the numbers of jobs on, from a thread of its own."""

import logging
import os
import queue
import threading
from collections.abc import Collection

from celery import Celery

from anshin.connectors.brokers.app import PREFIX, RUN, make_app, message_priority

log = logging.getLogger(__name__)
MOST_WAITING = 20_000


class CeleryBroker:
    """Tells numbers in the order given. What does not fit, or fails, is dropped: it is told again from its row."""

    def __init__(self, url: str, queues: Collection[str]) -> None:
        self.url = url
        self.queues = tuple(queues)
        self._waiting: queue.Queue[tuple[int, str, int]] = queue.Queue(MOST_WAITING)
        self._starting = threading.Lock()
        self._process = 0
        self._is_failing = False

    def tell(self, job_id: int, *, queue: str, priority: int) -> None:
        """Pass a job's number on; returns at once."""
        self._start_once()
        try:
            self._waiting.put_nowait((job_id, queue, priority))
        except Exception:
            log.debug("Too many jobs wait for the broker; #%s is told later.", job_id)

    def flush(self) -> None:
        """Wait until everything told so far has left or was dropped; for the end of a short command and for tests."""
        if self._process == os.getpid():
            self._waiting.join()

    def _start_once(self) -> None:
        """A thread for each process, begun when it first has something to tell (a fork leaves threads behind)."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._work, name="jobs-broker", daemon=True).start()

    def _work(self) -> None:
        app = make_app(self.url, self.queues)
        while True:
            job_id, name, priority = self._waiting.get()
            try:
                self._send(app, job_id, name, priority)
                self._is_failing = False
            except Exception as error:  # whatever the broker's library raises, word is told again later
                self._complain(error)
            finally:
                self._waiting.task_done()

    def _send(self, app: Celery, job_id: int, name: str, priority: int) -> None:
        app.send_task(
            RUN, args=[job_id], queue=PREFIX + name, priority=message_priority(priority, self.url), retry=False
        )

    def _complain(self, error: Exception) -> None:
        if not self._is_failing:
            log.warning("The broker takes no messages (%s); jobs are told again when it does.", error)
        self._is_failing = True
