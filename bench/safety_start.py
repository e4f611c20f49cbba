"""How soon after the publication time of a safety notice the first mail is in a real SMTP server; and never before it.

./anshin bench safety_start [--database postgres:///x] [--runs 10] [--buyers 1000]

One `anshin worker` as it is started in earnest, with the timetable; the real clock. Each run approves an advisory some
seconds before its publication time. Goal: within 1 second, never before.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench import desk, safety_sink

GOAL_SECONDS = 1.0
PATIENCE_SECONDS = 60


def main() -> int:
    """Print each run's delay; 0 when all are within the goal and none is before the time."""
    given = _options()
    folder = Path(f"/tmp/anshin-safety-start-{os.getpid()}")
    here = desk.PlaceOfNow(folder, desk.fresh_database(given.database, "safety_start") if given.database else "")
    folder.mkdir()
    try:
        here.run("-m", "django", "migrate", "-v0")
        with safety_sink.running(folder / "taken", core=max(os.sched_getaffinity(0))) as sink:
            here.run("-c", f"from bench import safety_filling as s; s.open_bench({given.buyers}, {sink.port})")
            with _worker(here):
                return _told(here, [_run(here, sink, given.seconds) for _number in range(given.runs)])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="postgres:///name; a database of its own beside it is used.")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--buyers", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=8, help="From approval to publication.")
    return parser.parse_args()


@contextmanager
def _worker(here: desk.Place) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "anshin.project", "worker"],
        cwd=desk.ROOT,
        env=os.environ | here.environment(),
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait(10)


def _run(here: desk.Place, sink: safety_sink.Sink, seconds: float) -> float:
    """Seconds from the publication time to the first mail; printed, with the machine's load."""
    sink.empty()
    at = float(here.run("-c", f"from bench import safety_filling as s; print(s.approve({seconds}))"))
    while not sink.count():
        if time.time() > at + PATIENCE_SECONDS:
            raise RuntimeError(f"no mail {PATIENCE_SECONDS} s after the publication time")
        time.sleep(0.02)
    delay = sink.mails()[0][0] - at
    print(f"first mail {delay:+.3f} s; load {os.getloadavg()[0]:.1f}", flush=True)
    _wait_until_quiet(sink)
    return delay


def _wait_until_quiet(sink: safety_sink.Sink) -> None:
    """Until the mails of this advisory are through, so that none of them is taken for one of the next."""
    before = -1
    while (count := sink.count()) != before:
        before = count
        time.sleep(3)


def _told(here: desk.Place, delays: list[float]) -> int:
    print(f"{here.name}: {min(delays):+.3f} to {max(delays):+.3f} s, median {median(delays):+.3f}")
    kept = desk.told("latest first mail after the time", max(delays), GOAL_SECONDS, "s")
    is_early = min(delays) < 0
    print(f"{'before the time':44} {'MISSED' if is_early else 'none'}")
    return 0 if kept and not is_early else 1


if __name__ == "__main__":
    sys.exit(main())
