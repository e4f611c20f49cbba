"""How fast `anshin import-mail` takes in Japanese mails: goal 200 a second on one core, none read wrongly, and the
memory the same at 1,000 and at 100,000 mails.

Fills a desk of its own for each size and removes it afterwards. The process is bound to one core; PostgreSQL's share
of the CPU time is counted with ours, and how slow the machine was excuses nothing. Compared with the truth that
bench/mail_corpus.py wrote beside the mails.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from bench import desk

SIZES = "1000,10000,100000"
FLAT = 1.3
GOAL_A_SECOND = 200


@dataclass(frozen=True)
class Spent:
    """What an import took; the CPU-seconds of ours without the start of the program."""

    wall_seconds: float
    own_seconds: float
    database_seconds: float
    slowness: float
    memory_mib: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default="", help="postgres:///name; a database of its own beside it is used.")
    parser.add_argument("--sizes", default=SIZES, help=f"Numbers of mails (default: {SIZES}).")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    found = [one(given.database, size) for size in sizes]
    kept = all(fine for fine, _memory in found)
    if len(found) > 1:
        kept &= desk.told("memory, largest against smallest import", found[-1][1] / found[0][1], FLAT, "times")
    return 0 if kept else 1


def one(url: str, size: int) -> tuple[bool, float]:
    """Import so many mails: whether goals are kept, and the largest memory in MiB."""
    folder = corpus(size)
    here = desk.empty(url, f"mail-{size}")
    try:
        return _import(here, folder, size)
    finally:
        shutil.rmtree(here.folder, ignore_errors=True)


def corpus(size: int) -> Path:
    """The folder with so many mails and their truth; made when it is not there."""
    folder = desk.DATA / f"mails-{size}"
    if not (folder / "made").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, desk.ROOT / "bench" / "mail_corpus.py", str(size), folder], check=True)
        (folder / "made").touch()
    return folder


def _import(here: desk.Place, folder: Path, size: int) -> tuple[bool, float]:
    began, slow = time.perf_counter(), [desk.slowness()]
    process = _started(here, folder)
    server_ms = 0.0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.1)
        server_ms = max(server_ms, desk.database_cpu_ms(here))
        slow = [*slow[-50:], desk.slowness()]
    lasted = time.perf_counter() - began
    if status:
        raise RuntimeError(f"the import ended with {os.waitstatus_to_exitcode(status)}")
    own = usage.ru_utime + usage.ru_stime - _start_seconds(here)
    wrong = json.loads(here.run(str(desk.ROOT / "bench" / "mail_truth.py"), str(folder / "truth.jsonl")))
    return _told(here, size, Spent(lasted, own, server_ms / 1000, mean(slow), usage.ru_maxrss / 1024), wrong)


def _started(here: desk.Place, folder: Path) -> subprocess.Popen[bytes]:
    """The import, bound to one core."""
    core = max(os.sched_getaffinity(0))
    return subprocess.Popen(
        [
            *("taskset", "-c", str(core), sys.executable, "-m", "anshin.project", "import-mail"),
            *(str(folder / "corpus.mbox"), "--shop", desk.SLUG, "--mailbox", "support@komorebi.example"),
        ],
        cwd=desk.ROOT,
        env=os.environ | here.environment(),
        stdout=subprocess.DEVNULL,
    )


def _start_seconds(here: desk.Place) -> float:
    """CPU time of a start without work, which does not grow with the number of mails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    here.run("-c", "import django; django.setup()")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _told(here: desk.Place, size: int, spent: Spent, wrong: dict[str, int]) -> tuple[bool, float]:
    label = f"{size:,} mails ({here.name})"
    rate = size / (spent.own_seconds + spent.database_seconds)
    print(f"{label:44} {size / spent.wall_seconds:9.1f} mails a second by the clock, beside the machine's other work")
    print(f"{'':44} {spent.own_seconds:9.2f} CPU-seconds of ours, {spent.database_seconds:.2f} of the database server")
    print(f"{'':44} {rate:9.1f} mails a CPU-second, at {spent.slowness:.2f} times a quiet core's work")
    print(f"{'':44} {spent.memory_mib:9.0f} MiB at most; missing or wrong: {wrong}")
    kept = desk.told(f"{label}, milliseconds a mail", 1000 / rate, 1000 / GOAL_A_SECOND, "CPU-ms")
    return desk.told(f"{label}, missing or wrong", sum(wrong.values()), 0, "mails") and kept, spent.memory_mib


if __name__ == "__main__":
    sys.exit(main())
