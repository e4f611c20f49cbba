"""How many jobs a second the workers run, and how soon an idle worker begins: on SQLite and on PostgreSQL.

PostgreSQL is measured when ANSHIN_TEST_DATABASE_URL is set, in a database of its own beside that one.
Prints one line a database: jobs/s enqueued, jobs/s run (an empty task, two threads, claim and mark included), the
median and 95th percentile of the milliseconds from the commit to the start of the task, and CPU-ms a job.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
JOBS = int(os.environ.get("BENCH_JOBS", "5000"))
ROUNDS = 100


def main() -> int:
    """Measure each database in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = measure_in_process(DATABASE_URL="", ANSHIN_DATA=folder)
        if url := os.environ.get("ANSHIN_TEST_DATABASE_URL"):
            done |= measure_on_postgresql(url, folder)
    return done


def measure_on_postgresql(url: str, folder: str) -> int:
    import psycopg

    name = f"{urlsplit(url).path.lstrip('/')}_bench"
    parts = urlsplit(url)
    own = f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            return measure_in_process(DATABASE_URL=own, ANSHIN_DATA=folder)
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def measure_in_process(**environment: str) -> int:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    settings = {"DJANGO_SETTINGS_MODULE": "anshin.project.settings", "PYTHONPATH": paths}
    command = [sys.executable, "-c", "from bench import jobs; jobs.measure()"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **settings, **environment}, check=False).returncode


def measure() -> None:
    """Measure the database of this process's settings and print the line."""
    import logging

    import django

    django.setup()
    logging.getLogger("anshin").setLevel(logging.WARNING)
    from django.core.management import call_command
    from django.db import connection

    from bench import jobs_tasks as tasks

    call_command("migrate", "jobs", verbosity=0)
    enqueued = enqueue_many(tasks)
    cpu = time.process_time()
    ran = run_many(tasks)
    cpu_ms = (time.process_time() - cpu) * 1000 / JOBS
    waits = idle_waits(tasks)
    print(
        f"{connection.vendor:10}  enqueued {enqueued:6.0f}/s  run {ran:6.0f}/s  "
        f"idle latency {median(waits):5.1f} ms median, {quantiles(waits, n=20)[-1]:5.1f} ms p95  "
        f"{cpu_ms:5.2f} CPU-ms a job"
    )


def enqueue_many(tasks) -> float:  # noqa: ANN001  a module
    from django.db import transaction

    from anshin.plumbing import clock
    from anshin.plumbing.jobs.queue import enqueue

    start = time.perf_counter()
    for first in range(0, JOBS, 100):
        with transaction.atomic():
            for number in range(first, first + 100):
                enqueue(tasks.count, number, now=clock.now())
    return JOBS / (time.perf_counter() - start)


def run_many(tasks) -> float:  # noqa: ANN001
    from anshin.plumbing.jobs.worker import Worker

    tasks.expected = JOBS
    worker = Worker(threads=2)
    start = time.perf_counter()
    worker.start()
    tasks.all_ran.wait(600)
    seconds = time.perf_counter() - start
    worker.stop()
    return JOBS / seconds


def idle_waits(tasks) -> list[float]:  # noqa: ANN001
    from anshin.plumbing import clock
    from anshin.plumbing.jobs.queue import enqueue
    from anshin.plumbing.jobs.worker import Worker

    worker, pause, waits = Worker(threads=2), threading.Event(), []
    worker.start()
    for _round in range(ROUNDS):
        pause.wait(0.03)
        tasks.began.clear()
        enqueue(tasks.begin, now=clock.now())
        committed = time.perf_counter()
        tasks.began.wait(10)
        waits.append(max(0.0, tasks.began_at[-1] - committed) * 1000)
    worker.stop()
    return waits


if __name__ == "__main__":
    sys.exit(main())
