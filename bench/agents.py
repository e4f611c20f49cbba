"""50 clerks at work for ten minutes while five mails come each second. On SQLite one process serves and works; on
PostgreSQL two serve and a third works. Goals: no error, 95 of 100 pages of every kind within 300 ms, nothing lost,
the counters as counted anew.

    ./anshin bench agents --minutes 10
    ./anshin bench agents --minutes 10 --database postgres:///anshin

Clerks, mail servers and PostgreSQL run on the same cores as the desk: what matters when others use them too is the
table of CPU time. Fills a desk of its own when it is run for the first time. Needs Debian's dovecot-imapd.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import ExitStack
from statistics import median

from bench import desk, search, spent, workday
from bench.crowd import Crowd, Worked

GOAL_MS = 300
LOOK_SECONDS = 15


def main() -> int:
    given = _options()
    seconds = given.seconds or given.minutes * 60
    workday.end_in_order()
    here = desk.copy_of(search.indexed(given.database, given.cases), given.database, "agents")
    print(f"\n{here.name}: {given.agents} clerks, {given.mails:g} mails a second, {seconds:g} s …", flush=True)
    with ExitStack() as stack:
        dovecot, sink = stack.enter_context(workday.servers(here))
        processes = workday.processes(here)
        for process in processes:
            stack.callback(process.stop)
            process.start()
        crowd = Crowd(
            [process.port for process in processes if process.port],
            workday.sessions(here, given.agents),
            think_seconds=given.think,
        )
        post = workday.Post(dovecot, per_second=given.mails)
        ledger = spent.Ledger(here, processes)
        began = time.monotonic()
        crowd.start()
        post.start()
        loads = _wait(seconds)
        mails, worked = post.end(), crowd.end()
        lines = ledger.table(seconds=time.monotonic() - began)
        memory = sum(desk.tree_memory_mib(each.running.pid) for each in processes if each.running)
        found = workday.settled(here, mails)
        taken = sink.mails()
    print("\n".join(lines))
    print(f"memory of our processes at the end: {memory:.0f} MiB; load of the machine: {median(loads):.1f} (median)\n")
    wrong = workday.wrong(found, worked, mails, taken)
    if found["replies_unsure"]:
        wrong.append(f"of {len(found['replies_unsure'])} replies nobody knows whether they left")
    return 0 if told(worked, wrong, mails) else 1


def _wait(seconds: float) -> list[float]:
    """Until so many seconds have passed; the machine's load meanwhile."""
    end, loads = time.monotonic() + seconds, [os.getloadavg()[0]]
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, LOOK_SECONDS))
        loads.append(os.getloadavg()[0])
    return loads


def told(worked: Worked, wrong: list[str], mails: int) -> bool:
    """Print what came of it as one table; whether everything is as it should be."""
    kept = True
    print(f"{'page':14} {'times':>7} {'median':>8} {'p95':>8} {'longest':>8} {'goal':>8}")
    for kind in sorted(worked.waits_ms):
        waits, p95 = worked.waits_ms[kind], worked.p95_ms(kind)
        kept &= p95 <= GOAL_MS
        verdict = "kept" if p95 <= GOAL_MS else "MISSED"
        print(f"{kind:14} {len(waits):7,} {median(waits):8.0f} {p95:8.0f} {max(waits):8.0f} {GOAL_MS:5} ms {verdict}")
    errors = sum(worked.errors.values())
    print(f"{'errors':14} {errors:7,} {'':26} {0:8} {'MISSED' if errors else 'kept'}")
    for what, count in worked.errors.most_common(10):
        print(f"    {count} × {what}")
    print(
        f"{mails:,} mails came, {len(worked.replies):,} replies and {len(worked.notes):,} notes were taken, "
        f"{worked.overtaken} replies met a newer message, {worked.heard:,} changes were heard"
    )
    for words in wrong:
        print(f"MISSED: {words}")
    print("MISSED" if wrong else "kept: nothing lost, nothing twice, counters as counted anew")
    return kept and not wrong and not errors


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="postgres:///name; a database of its own beside it is used.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=0, help="Instead of --minutes.")
    parser.add_argument("--mails", type=float, default=5, help="How many come each second.")
    parser.add_argument(
        "--think", type=float, default=6, help="Seconds between two things that a clerk does, on average."
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
