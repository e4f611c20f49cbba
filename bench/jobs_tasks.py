"""The tasks that bench/jobs.py enqueues."""

import threading
import time

from anshin.plumbing.jobs.registry import task

ran: set[int] = set()
expected = 0
all_ran = threading.Event()
began = threading.Event()
began_at: list[float] = []


@task()
def count(number: int) -> None:
    ran.add(number)
    if len(ran) == expected:
        all_ran.set()


@task()
def begin() -> None:
    began_at.append(time.perf_counter())
    began.set()
