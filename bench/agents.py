"""50 clerks at work for ten minutes while five mails come each second. On SQLite one process serves and works; on
PostgreSQL two serve and a third works. Goals: no error, 95 of 100 pages of every kind within 300 ms, nothing lost,
the counters as counted anew.

    ./anshin bench agents [--database postgres:///anshin] [--cases 10000] [--seconds 600] [--agents 50]

Needs Debian's dovecot-imapd.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import ExitStack

from bench import desk, workday
from bench.crowd import Crowd, Worked

GOAL_MS = 300


def main() -> int:
    given = _options()
    here = desk.copy_of(desk.place(given.database, given.cases), given.database, "agents")
    with ExitStack() as stack:
        dovecot, sink = stack.enter_context(workday.servers(here))
        processes = workday.processes(here)
        for process in processes:
            process.start()
            stack.callback(process.stop)
        crowd = Crowd(
            [process.port for process in processes if process.port],
            workday.sessions(here, given.agents),
            think_seconds=given.think,
        )
        post = workday.Post(dovecot, per_second=given.mails)
        before = workday.cpu_ms(here, processes)
        crowd.start()
        post.start()
        time.sleep(given.seconds)
        mails, worked = post.end(), crowd.end()
        used = workday.cpu_ms(here, processes) - before
        found = workday.settled(here, mails)
        taken = sink.mails()
    print(f"{here.name}, {given.agents} agents, {given.seconds} s: {used / 1000:.0f} s of CPU")
    wrong = workday.wrong(found, worked, mails, taken)
    if found["replies_unsure"]:
        wrong.append(f"of {len(found['replies_unsure'])} replies nobody knows whether they left")
    return 0 if told(worked, wrong, mails) else 1


def told(worked: Worked, wrong: list[str], mails: int) -> bool:
    """Print what came of it; whether everything is as it should be."""
    kept = True
    for kind in sorted(worked.waits_ms):
        count = len(worked.waits_ms[kind])
        kept &= desk.told(f"{kind} ({count:,} times), p95", worked.p95_ms(kind), GOAL_MS, "ms")
    kept &= desk.told("errors", sum(worked.errors.values()), 0, "")
    for what, count in worked.errors.most_common(10):
        print(f"    {count} × {what}")
    print(
        f"{mails:,} mails came, {len(worked.replies):,} replies and {len(worked.notes):,} notes were taken, "
        f"{worked.overtaken} replies met a newer message"
    )
    for words in wrong:
        print(f"MISSED: {words}")
    return kept and not wrong


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="postgres:///name; a database of its own beside it is used.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--mails", type=float, default=5, help="How many come each second.")
    parser.add_argument(
        "--think", type=float, default=6, help="Seconds between two things that a clerk does, on average."
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
