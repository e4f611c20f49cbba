"""Where the CPU time of a desk at work went: by page and by job, from what each process says at /metrics, and the rest.

Pages and jobs are counted by the thread that does them; live streams, the server's loop, the keepers of jobs and
mailboxes are what is left of our processes. PostgreSQL's own processes stand on a line of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bench import desk
from bench.browser import Browser

if TYPE_CHECKING:
    from bench.workday import Process

_LINE = re.compile(r'^anshin_(request|job)_(cpu_seconds_total|seconds_count)\{(?:route|task)="([^"]+)"\} (\S+)$', re.M)


class Ledger:
    """What these processes had used when it was opened, and since."""

    def __init__(self, here: desk.Place, processes: Sequence[Process]) -> None:
        self._here, self._processes = here, processes
        self._before = self._read()

    def table(self, *, seconds: float) -> list[str]:
        """Lines for people: how often, CPU-ms each, seconds in all and percent of one core, dearest first."""
        now = self._read()
        now.subtract(self._before)
        whole = now["all", "cpu", ""]
        known = [
            (now[what, "count", name], spent, f"{what} {name}")
            for (what, kind, name), spent in now.items()
            if kind == "cpu" and name
        ]
        rest = whole - sum(spent for _count, spent, _name in known)
        rows = [*known, (0, rest, "loops, live streams, keepers"), (0, now["server", "cpu", ""], "PostgreSQL")]
        lines = [f"{'where CPU time went':58} {'times':>8} {'CPU-ms':>8} {'CPU-s':>8} {'% core':>7}"]
        for count, spent, name in sorted(rows, key=lambda row: -row[1]):
            if spent >= 0.05:
                each = f"{spent * 1000 / count:8.2f}" if count else f"{'':8}"
                times = f"{count:8,.0f}" if count else f"{'':8}"
                lines.append(f"{_shortened(name):58} {times} {each} {spent:8.1f} {spent * 100 / seconds:7.1f}")
        total = whole + now["server", "cpu", ""]
        lines.append(f"{'in all':58} {'':8} {'':8} {total:8.1f} {total * 100 / seconds:7.1f}")
        return lines

    def _read(self) -> Counter[tuple[str, str, str]]:
        found: Counter[tuple[str, str, str]] = Counter()
        for process in self._processes:
            if process.running:
                found["all", "cpu", ""] += desk.tree_cpu_ms(process.running.pid) / 1000
            status, page = Browser(process.port or process.door).get("/metrics")
            if status != 200:
                raise RuntimeError(f"/metrics: {status}")
            for what, kind, name, value in _LINE.findall(page):
                found[what, "cpu" if kind.startswith("cpu") else "count", name] += float(value)
        found["server", "cpu", ""] = desk.database_cpu_ms(self._here) / 1000
        return found


def _shortened(name: str) -> str:
    return name if len(name) <= 58 else f"{name[:20]}…{name[-37:]}"
