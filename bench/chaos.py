"""Does anything get lost or doubled while everything breaks? Clerks work and mail comes for ten minutes; each twenty
seconds something is killed with -9 and begun again: one of our processes, on PostgreSQL also the database (as after a
power cut) or the broker with all that it holds. Goal: afterwards the sums agree: mails that came are shown or in
quarantine, each once; each reply and note that the desk took is there once, and each reply left once; the journal has
an entry for each; the counters are as counted anew.

    ./anshin bench chaos                  SQLite: the process that serves and works
    ./anshin bench chaos --postgresql     a PostgreSQL and a Redis of its own, two that serve, two that work

A reply whose process died between the last dot and the note of it may have left; the desk says so and sends it no
second time. Needs Debian's dovecot-imapd, and for the second postgresql and redis-server.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bench import desk, workday
from bench.crowd import Crowd
from bench.no_loss import Cluster

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.workday import Process

PAUSE_SECONDS = 20


def main() -> int:
    given = _options()
    with ExitStack() as stack:
        url, environment, victims = _around(stack, wanted=given.postgresql)
        here = desk.copy_of(desk.place(url, given.cases), url, "chaos")
        dovecot, sink = stack.enter_context(workday.servers(here))
        processes = workday.processes(here, workers=2, **environment)
        for process in processes:
            process.start()
            stack.callback(process.stop)
        sessions = workday.sessions(here, given.agents)
        crowd = Crowd([each.port for each in processes if each.port], sessions, think_seconds=given.think)
        post = workday.Post(dovecot, per_second=given.mails)
        crowd.start()
        post.start()
        happened = _break(processes, victims, seconds=given.seconds, roll=random.Random(given.seed))
        mails, worked = post.end(), crowd.end()
        found = workday.settled(here, mails)
        wrong = workday.wrong(found, worked, mails, sink.mails())
    print(f"{here.name}, seed {given.seed}: {', '.join(f'{count} × {what}' for what, count in happened.items())}")
    print(
        f"{mails:,} mails came, {len(worked.replies):,} replies and {len(worked.notes):,} notes were taken, of "
        f"{len(worked.unsure_replies)} and {len(worked.unsure_notes)} the clerk had no answer; of "
        f"{len(found['replies_unsure'])} replies the desk says that nobody knows whether they left; "
        f"{sum(worked.errors.values())} errors were seen"
    )
    for words in wrong:
        print(f"MISSED: {words}")
    print("MISSED" if wrong else "kept: all sums agree")
    return 1 if wrong else 0


def _around(stack: ExitStack, *, wanted: bool) -> tuple[str, Mapping[str, str], Mapping[str, Callable[[], None]]]:
    """The database's address, what our processes must know, and how the servers around them are killed."""
    if not wanted:
        return "", {}, {}
    from tests.connectors.brokers.own_redis import OwnRedis

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anshin-chaos-", dir="/tmp")))
    folder.chmod(0o755)
    (folder / "cluster").mkdir()
    cluster = Cluster(folder / "cluster")
    cluster.start()
    stack.callback(cluster.stop)
    redis = OwnRedis()
    stack.callback(redis.kill)

    def lose_redis() -> None:
        redis.kill()
        time.sleep(1)
        redis.start()

    environment = {"ANSHIN_JOBS": "celery", "ANSHIN_BROKER_URL": redis.url}
    return cluster.url, environment, {"database": cluster.restart, "broker": lose_redis}


def _break(
    processes: list[Process], around: Mapping[str, Callable[[], None]], *, seconds: float, roll: random.Random
) -> Counter[str]:
    """Kill something each PAUSE_SECONDS and begin it again a moment later; what was killed how often."""
    happened: Counter[str] = Counter()
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, PAUSE_SECONDS * roll.uniform(0.9, 1.1)))
        if time.monotonic() >= end:
            break
        victim = roll.choice([*processes, *around])
        if isinstance(victim, str):
            around[victim]()
        else:
            victim.kill()
            time.sleep(roll.uniform(0, 2))
            victim.start()
        name = victim if isinstance(victim, str) else victim.words[0]
        print(f"{name} at {seconds - (end - time.monotonic()):.0f} s", flush=True)
        happened[name] += 1
    return happened


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="PostgreSQL and Redis of its own, killed as well.")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--mails", type=float, default=3, help="How many come each second.")
    parser.add_argument("--think", type=float, default=6, help="Seconds between two things that a clerk does.")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
