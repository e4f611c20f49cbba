"""Does anything get lost or doubled while everything breaks? Clerks work and mail comes for ten minutes; each twenty
seconds something is killed with -9 and begun again: one of our processes, on PostgreSQL also the database (as after a
power cut) or the broker with all that it holds. Goal: afterwards the sums agree: mails that came are shown or in
quarantine, each once; each reply and note that the desk took is there once, and each reply left once; the journal has
an entry for each; the counters are as counted anew.

    ./anshin bench chaos                  SQLite: the process that serves and works
    ./anshin bench chaos --postgresql     a PostgreSQL and a RabbitMQ of its own, two that serve, two that work
    ./anshin bench chaos --postgresql --broker redis

A reply whose process died between the last dot and the note of it may have left; the desk says so and sends it no
second time. Needs Debian's dovecot-imapd, and for the others postgresql, rabbitmq-server and redis-server.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import desk, workday
from bench.crowd import Crowd
from bench.no_loss import Cluster

if TYPE_CHECKING:
    from bench.workday import Process

PAUSE_SECONDS = 20
LONGEST_AWAY_SECONDS = 6.0


@dataclass(frozen=True)
class Around:
    """Servers of the bench's own: the database's address, what our processes are told, and what kills each of them
    and begins it again after so many seconds."""

    url: str
    environment: Mapping[str, str]
    victims: Mapping[str, Callable[[float], None]]


def main() -> int:
    given = _options()
    workday.end_in_order()
    with ExitStack() as stack:
        around = _around(stack, wanted=given.postgresql, kind=given.broker)
        here = desk.copy_of(desk.place(around.url, given.cases), around.url, "chaos")
        if here.url:
            _checkpoint(here.url)
        dovecot, sink = stack.enter_context(workday.servers(here))
        processes = workday.processes(here, workers=2, **around.environment)
        for process in processes:
            stack.callback(process.stop)
            process.start()
        sessions = workday.sessions(here, given.agents)
        crowd = Crowd([each.port for each in processes if each.port], sessions, think_seconds=given.think)
        post = workday.Post(dovecot, per_second=given.mails)
        crowd.start()
        post.start()
        happened = _break(processes, around.victims, seconds=given.seconds, roll=random.Random(given.seed))
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
    for what, count in worked.errors.most_common(20):
        print(f"    {count} × {what}")
    for words in wrong:
        print(f"MISSED: {words}")
    print("MISSED" if wrong else "kept: all sums agree")
    return 1 if wrong else 0


def _around(stack: ExitStack, *, wanted: bool, kind: str) -> Around:
    """The database's address, what our processes must know, and how the servers around them are killed."""
    if not wanted:
        return Around("", {}, {})
    from tests.connectors.brokers.own_rabbit import OwnRabbit
    from tests.connectors.brokers.own_redis import OwnRedis

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="anshin-chaos-", dir="/tmp")))
    folder.chmod(0o755)
    desk.DATA = folder / "desks"  # what lies elsewhere was filled into another server
    (folder / "cluster").mkdir()
    cluster = Cluster(folder / "cluster")
    stack.callback(cluster.end)
    cluster.start()
    broker = OwnRedis() if kind == "redis" else OwnRabbit()
    stack.callback(broker.end if isinstance(broker, OwnRabbit) else broker.kill)

    def lose_broker(away_seconds: float) -> None:
        broker.kill()
        time.sleep(away_seconds)
        broker.start()

    environment = {"ANSHIN_JOBS": "celery", "ANSHIN_BROKER_URL": broker.url}
    victims = {"database": lambda seconds: cluster.kill(away_seconds=seconds), kind: lose_broker}
    return Around(cluster.url, environment, victims)


def _checkpoint(url: str) -> None:
    """A database that was copied from a template hands out numbers twice when it is killed before its first checkpoint
    (PostgreSQL 15.20, seen here: the copy of a sequence is logged as it stood, what it gives out next is not)."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute("CHECKPOINT")


def _break(
    processes: list[Process], around: Mapping[str, Callable[[float], None]], *, seconds: float, roll: random.Random
) -> Counter[str]:
    """Kill something each PAUSE_SECONDS and begin it again some seconds later, everything once before anything comes
    again; what was killed how often."""
    happened: Counter[str] = Counter()
    began, deck = time.monotonic(), list[Any]()
    for turn in itertools.count(1):
        due = began + PAUSE_SECONDS * (turn + roll.uniform(-0.1, 0.1))
        if max(due, time.monotonic()) > began + seconds:
            time.sleep(max(0.0, began + seconds - time.monotonic()))
            return happened
        time.sleep(max(0.0, due - time.monotonic()))
        if not deck:
            deck = roll.sample([*processes, *around], len(processes) + len(around))
        victim, away = deck.pop(), roll.uniform(0, LONGEST_AWAY_SECONDS)
        name = victim if isinstance(victim, str) else victim.words[0]
        print(f"{time.monotonic() - began:4.0f} s: {name}, away for {away:.1f} s", flush=True)
        if isinstance(victim, str):
            around[victim](away)
        else:
            victim.kill()
            time.sleep(away)
            victim.start()
        happened[name] += 1
    return happened


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="With a database and a broker of its own.")
    parser.add_argument("--broker", choices=("rabbitmq", "redis"), default="rabbitmq")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--mails", type=float, default=3, help="How many come each second.")
    parser.add_argument("--think", type=float, default=6, help="Seconds between two things that a clerk does.")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
