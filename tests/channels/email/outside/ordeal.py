"""Mail arrives in a real Dovecot while everything that can break breaks; afterwards each mail must be shown once.

For the test beside it, with few mails, and for bench/no_loss.py, with a thousand. What happens, and at how many kept
mails, comes from a seed; at what instruction of ours it hits, only the machine knows.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.header import Header
from typing import Any, TypeVar

from django.db import DatabaseError, InterfaceError, connection

from anshin.cases.models import Message
from anshin.cases.terms import Direction
from anshin.channels.email.models import Arrival, Comparison, Mailbox
from anshin.channels.email.sheets import comparisons, days
from anshin.channels.email.terms import ComparisonState
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.terms import State
from tests.channels.email.outside.cutting_proxy import CuttingProxy
from tests.channels.email.outside.dovecot_server import Dovecot

T = TypeVar("T")
MARK = re.compile(r"通し番号(\d{4})")
PATIENCE_SECONDS = 900.0
KINDS = ("kill", "cut", "renumber", "database")


@dataclass
class Plan:
    """How many mails come, and how often what breaks."""

    mails: int
    kills: int
    cuts: int
    renumbers: int = 1
    database_restarts: int = 0
    seed: int = 1
    pause_seconds: float = 0.05

    def events(self) -> list[tuple[int, str]]:
        """(so many mails kept, what breaks then), in order."""
        roll = random.Random(self.seed)
        counts = (self.kills, self.cuts, self.renumbers, self.database_restarts)
        kinds = [kind for kind, count in zip(KINDS, counts, strict=True) for _turn in range(count)]
        roll.shuffle(kinds)
        step = self.mails / (len(kinds) + 1)
        return [(int(step * (turn + roll.random())) + 1, kind) for turn, kind in enumerate(kinds)]


@dataclass
class Found:
    """What there was at the end. Everything is well when `shown` has each number once and the sheet is equal."""

    shown: Counter[int]
    received_by_sheet: int
    shown_by_sheet: int
    missing_by_sheet: int
    elsewhere_by_sheet: int
    is_equal: bool
    happened: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def wrong(self, mails: int) -> list[str]:
        """What is not as it must be, in words."""
        wanted = set(range(1, mails + 1))
        says = []
        if lost := wanted - self.shown.keys():
            says.append(f"{len(lost)} mails are not shown: {sorted(lost)[:10]}")
        if twice := [number for number, count in self.shown.items() if count > 1]:
            says.append(f"{len(twice)} mails are shown more than once: {sorted(twice)[:10]}")
        if (self.received_by_sheet, self.shown_by_sheet) != (mails, mails):
            says.append(f"the sheet says {self.received_by_sheet} received, {self.shown_by_sheet} shown")
        if self.missing_by_sheet or self.elsewhere_by_sheet or not self.is_equal:
            says.append(f"the sheet says {self.missing_by_sheet} missing, {self.elsewhere_by_sheet} elsewhere")
        return says


class Ordeal:
    """One walk through a plan. `commands` of `program` are started in turn, each after the one before was killed."""

    def __init__(
        self,
        plan: Plan,
        *,
        mailbox: Mailbox,
        dovecot: Dovecot,
        proxy: CuttingProxy,
        commands: Sequence[Sequence[str]],
        environment: Mapping[str, str],
        program: str = "anshin.project",
        restart_database: Callable[[], None] = lambda: None,
        say: Callable[[str], None] = lambda _words: None,
    ) -> None:
        self.plan, self.mailbox, self.dovecot, self.proxy = plan, mailbox, dovecot, proxy
        self._commands, self._environment = commands, dict(environment)
        self._program = program
        self._restart_database, self._say = restart_database, say
        self._roll = random.Random(plan.seed + 1)
        self._starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.happened: Counter[str] = Counter()

    def walk(self) -> Found:
        """Deliver, break, wait, compare, count."""
        began = time.monotonic()
        self._start()
        delivering = threading.Thread(target=self._deliver, daemon=True)
        delivering.start()
        try:
            for kept, kind in self.plan.events():
                self._wait(lambda kept=kept: Arrival.objects.count() >= kept, f"{kept} mails kept")
                time.sleep(self._roll.uniform(0, 0.5))
                self._say(f"{kind} at {_asked(Arrival.objects.count)} mails kept")
                getattr(self, f"_{kind}")()
                self.happened[kind] += 1
            delivering.join(PATIENCE_SECONDS)
            self._wait(lambda: self._shown().total() >= self.plan.mails and not self._at_work(), "all mails shown")
            self._compare()
        finally:
            self._end()
        found = self._found()
        found.happened, found.seconds = self.happened, time.monotonic() - began
        return found

    def _deliver(self) -> None:
        today = datetime.now(UTC)
        for number in range(1, self.plan.mails + 1):
            self.dovecot.put(letter(number, self.plan.seed), at=today - timedelta(days=number % 3))
            time.sleep(self.plan.pause_seconds)

    def _start(self) -> None:
        command = self._commands[self._starts % len(self._commands)]
        self._starts += 1
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._program, *command],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _kill(self) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)
        self._start()

    def _end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)

    def _cut(self) -> None:
        """In the middle of a mail when one is being fetched within some seconds, else while nothing is said."""
        before = self.proxy.cut_count
        self.proxy.cut_after(self._roll.randrange(1, 30_000))
        if not self.proxy.was_cut.wait(5):
            self._wait(lambda: self._cut_now(before), "a line to cut")

    def _cut_now(self, before: int) -> bool:
        self.proxy.cut()
        return self.proxy.cut_count > before

    def _renumber(self) -> None:
        self.dovecot.stop()
        self.dovecot.number_anew()
        self.dovecot.start()

    def _database(self) -> None:
        connection.close()
        self._restart_database()

    def _compare(self) -> None:
        _asked(lambda: comparisons.begin(self.mailbox, now=datetime.now(UTC)))
        self._wait(lambda: Comparison.objects.get(mailbox=self.mailbox).state == ComparisonState.DONE, "the comparison")

    def _shown(self) -> Counter[int]:
        return Counter(
            int(found[1])
            for text in Message.objects.filter(shop=self.mailbox.shop_id, direction=Direction.IN).values_list(
                "subject", flat=True
            )
            if (found := MARK.search(text))
        )

    def _at_work(self) -> bool:
        return Job.objects.filter(queue="mail_in", state=State.RUNNING).exists()

    def _found(self) -> Found:
        self.mailbox.refresh_from_db()
        lines = days.sheet_page(self.mailbox.shop, self.mailbox, now=datetime.now(UTC)).items
        return Found(
            shown=self._shown(),
            received_by_sheet=sum(line.received_count for line in lines),
            shown_by_sheet=sum(line.shown_count for line in lines),
            missing_by_sheet=sum(line.missing_count for line in lines),
            elsewhere_by_sheet=sum(count for line in lines for _fate, count in line.elsewhere),
            is_equal=all(line.is_equal for line in lines) and sum(line.server_count or 0 for line in lines) > 0,
        )

    def _wait(self, is_so: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not _asked(is_so):
            if time.monotonic() > end:
                raise TimeoutError(f"waited in vain for {what}")
            if self._process is not None and self._process.poll() is not None:
                raise RuntimeError(f"our process ended by itself with {self._process.returncode}")
            time.sleep(0.1)


def _asked(question: Callable[[], T]) -> T:
    """The answer of the database, which may be away for a while."""
    end = time.monotonic() + 60
    while True:
        try:
            return question()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def letter(number: int, seed: int) -> bytes:
    """A customer's mail with this number in its subject: some without Message-ID, some sharing one, some big."""
    roll = random.Random(f"{seed}:{number}")
    kind = roll.random()
    subject = f"お問い合わせ 通し番号{number:04}"
    message_id = f"Message-ID: <{number}.{seed}@example.jp>\r\n"
    if kind < 0.1:
        message_id = ""
    elif kind < 0.2:
        message_id = f"Message-ID: <{number // 100}.always-the-same@example.jp>\r\n"
    charset = "iso-2022-jp" if kind > 0.7 else "utf-8"
    body = f"注文した品がまだ届きません。{number}番です。\r\n"
    if kind > 0.95:
        body += "届いた箱の写真の代わりの文字列です。\r\n" * roll.randrange(500, 4000)
    head: dict[str, Any] = {
        "From": f"customer{number}@example.jp",
        "To": "shop@komorebi.example",
        "Subject": Header(subject, charset).encode(),
        "Date": "Thu, 26 Nov 2026 11:00:00 +0900",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items()).replace("\n ", "\r\n ")
    lines = lines.replace("\r\r", "\r")
    rest = f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    return (lines + message_id + rest).encode("ascii") + body.encode(charset)
