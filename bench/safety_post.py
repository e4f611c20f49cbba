"""Mails of a released safety notice to a real SMTP server: how many a second, by one `anshin worker` and by two.

./anshin bench safety_post [--database postgres:///x] [--mails 5000] [--answers-after-ms 20]
./anshin bench safety_post --database postgres:///x --broker amqp://guest:guest@127.0.0.1/a_virtual_host

The server is a process of its own on the other core, its time counted apart. First one worker bound to one core: goal
300 mails a second of its CPU time and by the clock. On PostgreSQL then two workers: goal 1.8 times one, by the clock.
With a broker instead: two workers, one killed by SIGKILL in the middle; nothing lost, nothing twice. Every run ends
with a look at what the server has: each address once.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import desk, safety_sink

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Spent:
    """From the first mail to the last: by the clock, and CPU-seconds of the workers, PostgreSQL and the SMTP server."""

    mails: int
    seconds: float
    ours: float
    database: float
    sink: float

    @property
    def by_clock(self) -> float:
        return self.mails / self.seconds

    @property
    def by_cpu(self) -> float:
        return self.mails / self.ours


def main() -> int:
    """Fill, release, send; 0 when every goal is kept."""
    given = _options()
    here = desk.PlaceOfNow(Path(f"/tmp/anshin-safety-post-{os.getpid()}"), _database(given.database))
    here.folder.mkdir()
    try:
        here.run("-m", "django", "migrate", "-v0")
        cores = sorted(os.sched_getaffinity(0))
        with safety_sink.running(
            here.folder / "taken", core=cores[-1], answers_after_ms=given.answers_after_ms
        ) as sink:
            here.run("-c", f"from bench import safety_filling; safety_filling.release({given.mails}, {sink.port})")
            if given.broker:
                return 0 if _killed(here, sink, given.mails, given.broker) else 1
            return 0 if _measured(here, sink, given.mails, cores) else 1
    finally:
        shutil.rmtree(here.folder, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="postgres:///name; a database of its own beside it is used.")
    parser.add_argument("--mails", type=int, default=5_000)
    parser.add_argument("--answers-after-ms", type=float, default=0, help="How long the server thinks at each mail.")
    parser.add_argument("--broker", default="", help="amqp://…: kill one of two workers that Celery tells of jobs.")
    return parser.parse_args()


def _database(url: str) -> str:
    return desk.fresh_database(url, "safety") if url else ""


def _measured(here: desk.Place, sink: safety_sink.Sink, mails: int, cores: list[int]) -> bool:
    with _workers(here, [cores[:1]]) as processes:
        one = _watched(here, sink, mails, processes)
        kept = _is_each_once(here, sink, mails)
    _tell(f"{here.name}, one worker on one core", one)
    kept &= _told_at_least("mails a CPU-second of ours", one.by_cpu, 300)
    kept &= _told_at_least("mails a second by the clock", one.by_clock, 300)
    if not here.url:
        return kept
    speeds = []
    for count in (1, 2):
        sink.empty()
        here.run("-c", "from bench import safety_filling; safety_filling.again()")
        with _workers(here, [cores] * count) as processes:
            spent = _watched(here, sink, mails, processes)
            kept &= _is_each_once(here, sink, mails)
        _tell(f"{here.name}, {count} on both cores", spent)
        speeds.append(spent.by_clock)
    return _told_at_least("two workers, times one", speeds[1] / speeds[0], 1.8) and kept


def _killed(here: desk.Place, sink: safety_sink.Sink, mails: int, broker: str) -> bool:
    cores = sorted(os.sched_getaffinity(0))
    with _workers(here, [cores] * 2, ANSHIN_JOBS="celery", ANSHIN_BROKER_URL=broker) as processes:
        _wait_for(sink, mails // 3)
        processes[0].send_signal(signal.SIGKILL)
        processes[0].wait(10)
        at_kill = sink.count()
        began = time.perf_counter()
        found = _wait_for_end(here)
    got = Counter(address for _at, address in sink.mails())
    twice = sum(count - 1 for count in got.values())
    unsure = found.get("unsure", 0)
    print(f"one of two workers killed after {at_kill} mails; through {time.perf_counter() - began:.1f} s later")
    print(f"{mails} mails: {len(got)} addresses in the server, {twice} twice; rows: {found}")
    return twice == 0 and len(got) >= mails - unsure and found.get("sent", 0) + unsure == mails


@contextmanager
def _workers(here: desk.Place, cores: list[list[int]], **environment: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A worker of two threads for each set of cores."""
    started = [
        subprocess.Popen(
            [
                *("taskset", "-c", ",".join(map(str, each)), sys.executable, "-m", "anshin.project", "worker"),
                *("--queues", "mail_out", "--without-timetable"),
            ],
            cwd=desk.ROOT,
            env=os.environ | here.environment() | environment,
        )
        for each in cores
    ]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait(10)


def _watched(here: desk.Place, sink: safety_sink.Sink, mails: int, processes: list[subprocess.Popen[bytes]]) -> Spent:
    """From about the two hundredth mail, so that starting the workers does not count, to the last."""
    from_here = _wait_for(sink, min(200, mails // 10))
    before, began = _cpu(here, sink, processes), time.perf_counter()
    until = _wait_for(sink, mails)
    seconds, after = time.perf_counter() - began, _cpu(here, sink, processes)
    ours, database, taking = (late - early for late, early in zip(after, before, strict=True))
    return Spent(until - from_here, seconds, ours, database, taking)


def _cpu(
    here: desk.Place, sink: safety_sink.Sink, processes: list[subprocess.Popen[bytes]]
) -> tuple[float, float, float]:
    ours = sum(desk.process_cpu_ms(process.pid) for process in processes)
    return ours / 1000, desk.database_cpu_ms(here) / 1000, desk.process_cpu_ms(sink.process.pid) / 1000


def _wait_for(sink: safety_sink.Sink, mails: int) -> int:
    """Until so many were taken; how many there are then."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (count := sink.count()) < mails:
        if time.monotonic() > until:
            raise RuntimeError(f"only {count} of {mails} mails after {PATIENCE_SECONDS} s")
        time.sleep(0.02)
    return count


def _wait_for_end(here: desk.Place) -> dict[str, int]:
    """Until no mail is on its way; how many are in each state."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = _states(here)
        if not any(found.get(each) for each in ("waiting", "sending", "deferred")) or time.monotonic() > until:
            return found
        time.sleep(0.5)


def _states(here: desk.Place) -> dict[str, int]:
    told: dict[str, int] = json.loads(here.run("-c", "from bench import safety_filling as s; print(s.states())"))
    return told


def _is_each_once(here: desk.Place, sink: safety_sink.Sink, mails: int) -> bool:
    found = _wait_for_end(here)
    got = Counter(address for _at, address in sink.mails())
    is_so = len(got) == mails == sum(got.values()) and found == {"sent": mails, "again": 0}
    print(f"{'each address once':44} {is_so} {found}")
    return is_so


def _tell(what: str, spent: Spent) -> None:
    load = os.getloadavg()[0]
    print(
        f"{what}: {spent.mails} mails in {spent.seconds:.1f} s; CPU-s of ours {spent.ours:.1f}, of PostgreSQL "
        f"{spent.database:.1f}, of the SMTP server {spent.sink:.1f}; load {load:.1f}, slowness {desk.slowness():.2f}",
        flush=True,
    )


def _told_at_least(what: str, measured: float, goal: float) -> bool:
    kept = measured >= goal
    print(f"{what:44} {measured:9.2f} goal {goal:g}: {'kept' if kept else 'MISSED'}", flush=True)
    return kept


if __name__ == "__main__":
    sys.exit(main())
