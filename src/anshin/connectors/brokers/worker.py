"""`anshin worker` with ANSHIN_JOBS=celery: Celery receives numbers, our own worker runs the rows."""

import os
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import worker_shutting_down

from anshin.connectors.brokers.app import PREFIX, RUN, make_app
from anshin.plumbing.jobs.worker import Worker


def run_until_stopped(
    *,
    url: str,
    known: Collection[str],
    only: Collection[str],
    threads: int,
    keeps_timetable: bool,
    grace_seconds: float,
    started: Callable[[Worker], None],
) -> bool:
    """Receive and run until SIGTERM or SIGINT; whether every job had finished. `only` empty: all `known` queues.

    Reconnects by itself for as long as the broker is away; leases and the timetable are kept meanwhile. Celery waits
    for running jobs without an end: after the grace period they are given back, and the process ends by itself.
    """
    worker = Worker(threads=0, keeps_timetable=keeps_timetable)
    receiver = _receiver(make_app(url, known), worker, queues=tuple(only) or tuple(known), threads=threads)

    def give_back() -> None:
        worker.stop(grace_seconds=0)
        os._exit(1)

    timer = threading.Timer(grace_seconds, give_back)
    timer.daemon = True
    begin = lambda **_signal: timer.start()  # noqa: E731  Celery keeps only a weak reference to a receiver
    worker_shutting_down.connect(begin, weak=False)
    worker.start()
    started(worker)
    with suppress(SystemExit):  # how Celery ends after an order to stop, when the running jobs are through
        receiver.start()
    timer.cancel()
    return worker.stop(grace_seconds=grace_seconds)


def _receiver(app: Celery, worker: Worker, *, queues: Collection[str], threads: int) -> Any:
    @app.task(name=RUN, ignore_result=True)
    def run(job_id: int) -> None:
        worker.run_told(job_id)

    return app.Worker(
        pool="threads",
        concurrency=threads,
        queues=[PREFIX + name for name in queues],
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
