"""A desk of its own for measuring: its database, staff, a signed-in browser, a server, and their CPU time.

Everything lies under one folder in /tmp (or a PostgreSQL database of its own), is filled once and used again.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from urllib.parse import urlsplit

from bench.browser import Browser

ROOT = Path(__file__).resolve().parents[1]
SLUG = "bench"
DATA = Path(os.environ.get("BENCH_DATA", "/tmp/anshin-bench"))
LARGEST_IMPORT = 100_000
QUIET_MS = 3.0  # the work of slowness() on a quiet core of the machine in docs/operators/figures.md
TICKS = os.sysconf("SC_CLK_TCK")
SHIFT = "2026-11-20T08:00:00+00:00"  # what the clock of a bench reads: the corpus ends here


@dataclass(frozen=True)
class Place:
    """Where a bench works: a folder, and the database's address ("" is SQLite in the folder)."""

    folder: Path
    url: str

    @property
    def name(self) -> str:
        return "PostgreSQL" if self.url else "SQLite"

    def environment(self) -> dict[str, str]:
        from datetime import datetime

        shift = datetime.fromisoformat(SHIFT).timestamp() - time.time()
        return {
            "DATABASE_URL": self.url,
            "ANSHIN_DATA": str(self.folder),
            "ANSHIN_MODE": "production",
            "ANSHIN_SECRET_KEY": "bench-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
            "ANSHIN_CLOCK_SHIFT_SECONDS": str(shift),
            "ANSHIN_INSIDE_NETWORKS": "127.0.0.0/8",  # where the mail servers of benches are
            "DJANGO_SETTINGS_MODULE": "anshin.project.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }

    def run(self, *command: str) -> str:
        """The output of a Python command in this desk; raises when it fails."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=os.environ | self.environment(),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout


class PlaceOfNow(Place):
    """One whose clock reads the present moment."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"ANSHIN_CLOCK_SHIFT_SECONDS": "0"}


def place(url: str, cases: int) -> Place:
    """The desk with that many cases, filled when it is not there yet. A `url` gets a database of its own beside it."""
    here = named(url, str(cases))
    if not (here.folder / "filled").exists():
        here = empty(url, str(cases))
        if cases > LARGEST_IMPORT:
            _grow(here, url, cases)
        elif cases:
            here.run("-m", "anshin.project", "import-cases", str(corpus(cases)), "--shop", SLUG)
        here.run("-c", "from bench import desk_filling; desk_filling.settle()")
        (here.folder / "filled").touch()
    else:
        here.run("-m", "django", "migrate", "-v0")
    return here


def copy_of(here: Place, url: str, name: str) -> PlaceOfNow:
    """A desk to be changed, whose clock reads the present moment: another one is overwritten."""
    copy = named(url, name)
    overwrite(copy, here, url)
    return PlaceOfNow(copy.folder, copy.url)


def overwrite(copy: Place, here: Place, url: str) -> None:
    """Make a desk a copy of another one."""
    shutil.rmtree(copy.folder, ignore_errors=True)
    if here.url:
        _fresh_database(url, copy.url, like=here.url)
    else:
        here.run("-c", "from bench import desk_filling; desk_filling.checkpoint()")
    shutil.copytree(here.folder, copy.folder)


def empty(url: str, name: str) -> Place:
    """A desk with staff and no case."""
    here = named(url, name)
    shutil.rmtree(here.folder, ignore_errors=True)
    here.folder.mkdir(parents=True)
    if here.url:
        _fresh_database(url, here.url)
    here.run("-m", "django", "migrate", "-v0")
    here.run("-c", "from bench import desk_filling; desk_filling.open_desk()")
    return here


def corpus(cases: int) -> Path:
    """The file with so many cases."""
    lines = DATA / f"cases-{cases}.jsonl"
    if not lines.exists():
        lines.parent.mkdir(parents=True, exist_ok=True)
        draft = lines.with_suffix(".part")
        with draft.open("w") as out:
            subprocess.run([sys.executable, ROOT / "bench" / "corpus.py", str(cases)], stdout=out, check=True)
        draft.rename(lines)
    return lines


def named(url: str, name: str) -> Place:
    """The desk of that name, which may not be there yet."""
    return Place(DATA / f"{'pg' if url else 'sqlite'}-{name}", _own_database(url, name) if url else "")


def _grow(here: Place, url: str, cases: int) -> None:
    """Begin with a copy of the largest import, whose rows are then copied inside the database."""
    smaller = place(url, LARGEST_IMPORT)
    if here.url:
        _fresh_database(url, here.url, like=smaller.url)
    else:
        smaller.run("-c", "from bench import desk_filling; desk_filling.checkpoint()")
        shutil.copy(smaller.folder / "anshin.sqlite3", here.folder / "anshin.sqlite3")
    here.run("-c", f"from bench import desk_filling; desk_filling.multiply({cases // LARGEST_IMPORT})")


def _own_database(url: str, cases: str) -> str:
    parts = urlsplit(url)
    own = f"{parts.scheme}://{parts.netloc}/{parts.path.lstrip('/') or 'anshin'}_bench_{cases}"
    return own + (f"?{parts.query}" if parts.query else "")


def fresh_database(url: str, name: str) -> str:
    """The address of an empty database of that name beside `url`; an old one is dropped."""
    own = _own_database(url, name)
    _fresh_database(url, own)
    return own


def _fresh_database(url: str, own: str, *, like: str = "") -> None:
    import psycopg

    name, template = (urlsplit(each).path.lstrip("/") for each in (own, like or "/template1"))
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@contextmanager
def served(here: Place, *, port: int = 8765, worker: bool = True, **environment: str) -> Iterator[Server]:
    """`anshin serve` on this desk, stopped at the end."""
    given = os.environ | here.environment() | {"ANSHIN_EMBEDDED_WORKER": "1" if worker else "0"} | environment
    command = [sys.executable, "-m", "anshin.project", "serve", "--port", str(port)]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL, start_new_session=True)
    server = Server(process, port, started, here)
    try:
        server.wait_until_up()
        yield server
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Server(Browser):
    """A running desk, a browser signed in to it, and what its processes have used."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, started: float, here: Place) -> None:
        super().__init__(port)
        self.process, self.started, self.here = process, started, here

    def wait_until_up(self, seconds: float = 60) -> None:
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}")
            try:
                self.line.request("GET", "/account/login/")
                self.line.getresponse().read()
            except OSError:
                self.line.close()
                time.sleep(0.02)
            else:
                self.seconds_to_first_page = time.perf_counter() - self.started
                return
        raise TimeoutError("the server does not answer")

    def sign_in(self) -> None:
        """Put the cookies of a session that lies in the desk's database."""
        answer = self.here.run("-c", "from bench import desk_filling; print(desk_filling.session())")
        self.cookies["sessionid"] = answer.strip().splitlines()[-1]

    def query_count(self, path: str) -> int:
        """Database queries of a GET, counted in a process of its own."""
        code = (
            f"from bench import desk_filling; print(desk_filling.query_count({path!r}, {self.cookies['sessionid']!r}))"
        )
        return int(self.here.run("-c", code).strip().splitlines()[-1])

    def cpu_ms(self) -> float:
        """User and system time of all processes of the desk so far, PostgreSQL's own included."""
        return sum(map(process_cpu_ms, self.processes()))

    def memory_mib(self) -> float:
        """Proportional memory of the desk's processes (without PostgreSQL)."""
        return tree_memory_mib(self.process.pid)

    def processes(self) -> list[int]:
        return _tree(self.process.pid) + (_postgres_of(self.here.url) if self.here.url else [])


@dataclass(frozen=True)
class Cost:
    """What a request costs. `slowness`: how much slower than a core of its own this machine was meanwhile."""

    cpu_ms: float
    wall_ms: float
    slowness: float


def measure(server: Server, ask: Callable[[int], object], *, times: int = 200, warm_up: int = 40) -> Cost:
    """CPU-ms of all processes of the desk, and median wall-ms, a request: over `times` requests after `warm_up`."""
    for turn in range(warm_up):
        ask(turn)
    before, waits, slow = server.cpu_ms(), [], [slowness()]
    for turn in range(warm_up, warm_up + times):
        began = time.perf_counter()
        ask(turn)
        waits.append((time.perf_counter() - began) * 1000)
        if turn % 5 == 0:
            slow.append(slowness())
    return Cost((server.cpu_ms() - before) / times, median(waits), mean(slow))


def slowness() -> float:
    """How much longer a fixed piece of work takes than on a core that nobody shares; at least 1.

    Virtual machines that share their cores report the time stolen from them as their own CPU time, and neighbours
    empty the caches: the same request has cost between 6 and 28 ms here within one hour.
    """
    began, total = time.thread_time(), 0
    for number in range(1_000_000, 1_020_000):
        total += number * number % 7
    return max(1.0, (time.thread_time() - began) * 1000 / QUIET_MS)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def options(description: str | None) -> argparse.Namespace:
    """What every bench takes."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--database", default="", help="postgres:///name; a database of its own beside it is used.")
    parser.add_argument("--cases", type=int, default=100_000, help="How many cases the desk holds (default: 100,000).")
    parser.add_argument("--times", type=int, default=200, help="Requests to measure (default: 200).")
    return parser.parse_args()


def told_cost(what: str, cost: Cost, goal: float) -> bool:
    """Print a request's cost beside its goal; whether the goal is kept, judged by what was measured.

    How slow the machine was meanwhile is told beside it, to know when to measure again; it excuses nothing.
    """
    kept = told(what, cost.cpu_ms, goal, "CPU-ms")
    print(f"{'':44} {cost.slowness:9.2f} times as slow as a quiet core of the machine in docs/operators/figures.md")
    print(f"{'':44} {cost.wall_ms:9.2f} wall-ms (median)")
    return kept


def told(what: str, measured: float, goal: float, unit: str) -> bool:
    """Print one figure beside its goal; whether the goal is kept."""
    kept = measured <= goal
    print(f"{what:44} {measured:9.2f} {unit:9} goal {goal:g}: {'kept' if kept else 'MISSED'}", flush=True)
    return kept


def database_cpu_ms(here: Place) -> float:
    """User and system time of the PostgreSQL processes that work for this desk; 0 on SQLite."""
    return sum(map(_finer_cpu_ms, _postgres_of(here.url))) if here.url else 0.0


def tree_cpu_ms(pid: int) -> float:
    """User and system time of a process and those that it began."""
    return sum(map(process_cpu_ms, _tree(pid)))


def tree_memory_mib(pid: int) -> float:
    """Proportional memory of a process and those that it began."""
    return sum(map(_pss_kib, _tree(pid))) / 1024


def _tree(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += _tree(int(child))
    return found


def _postgres_of(url: str) -> list[int]:
    """The server processes of PostgreSQL that work for this database."""
    name = urlsplit(url).path.lstrip("/")
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if re.match(rf"postgres: (?:\S+: )?\S+ {re.escape(name)} ", words):
            found.append(int(path.parent.name))
    return found


def process_cpu_ms(pid: int) -> float:
    """User and system time of a process, ended threads included; resolution 10 ms."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) * 1000 / TICKS


def _finer_cpu_ms(pid: int) -> float:
    """The same of a process with a single thread, to the nanosecond."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1_000_000
    except OSError:
        return process_cpu_ms(pid)


def _pss_kib(pid: int) -> int:
    try:
        words = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", words, re.MULTILINE)
    return int(found.group(1)) if found else 0
