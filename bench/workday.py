"""A desk with its mail servers, its processes and new mail that keeps coming, for benches that let clerks work at it.

Mail comes into a real Dovecot and replies leave through an SMTP server that writes down whom each was for.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench import corpus, desk, safety_sink
from bench.browser import Browser
from bench.crowd import Worked

PATIENCE_SECONDS = 180
_REPLY = re.compile(r"^(r\d+-\d+)@mail1\.example$")


def end_in_order() -> None:
    """Let an order to stop, or the loss of the terminal, end what the bench has started, as an error does."""

    def stop(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


class Post:
    """Mail that comes, so many a second, until `end`."""

    def __init__(self, dovecot: Any, *, per_second: float) -> None:
        self.count, self._dovecot, self._pause = 0, dovecot, 1 / per_second
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._deliver, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> int:
        """How many came."""
        self._is_over.set()
        self._thread.join(10)
        return self.count

    def _deliver(self) -> None:
        due = time.monotonic()
        while not self._is_over.is_set():
            self._dovecot.put(corpus.mail(self.count, to="desk@bench.example"))
            self.count += 1
            due += self._pause
            time.sleep(max(0.0, due - time.monotonic()))


class Process:
    """`anshin` with these words, in a process group of its own, begun again after each kill."""

    def __init__(self, here: desk.Place, *words: str, port: int = 0, **environment: str) -> None:
        self.words, self.port, self._here, self._environment = words, port, here, environment
        self.door = 0 if port else desk.free_port()  # where a worker can be asked
        if self.door:
            self._environment["ANSHIN_WORKER_LISTEN"] = f"127.0.0.1:{self.door}"
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, and for a server wait until it answers."""
        given = os.environ | self._here.environment() | self._environment
        command = [sys.executable, "-m", "anshin.project", *self.words]
        with (self._here.folder / f"{self.words[0]}-{self.port}.log").open("ab") as log:
            self.running = subprocess.Popen(
                command, cwd=desk.ROOT, env=given, stdout=log, stderr=log, start_new_session=True
            )
        if self.port:
            _until_it_answers(self.port)

    def kill(self) -> None:
        """As when the power goes."""
        self.stop(signal.SIGKILL)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.running is None:
            return
        os.killpg(self.running.pid, how)
        try:
            self.running.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
        self.running = None


@contextmanager
def servers(here: desk.Place) -> Iterator[tuple[Any, safety_sink.Sink]]:
    """Dovecot and the sink, told to the shop's mailbox."""
    from tests.channels.email.outside import dovecot_server

    with ExitStack() as stack:
        dovecot = stack.enter_context(dovecot_server.running())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sink = stack.enter_context(safety_sink.running(folder / "taken", core=0))
        here.run("-c", f"from bench import desk_filling as f; f.connect_mailbox({dovecot.plain_port}, {sink.port})")
        yield dovecot, sink


def processes(here: desk.Place, *, workers: int = 1, **environment: str) -> list[Process]:
    """What serves and works: one process on SQLite; two that serve, and `workers`, on PostgreSQL."""
    if not here.url:
        port = desk.free_port()
        return [Process(here, "serve", "--port", str(port), port=port, ANSHIN_EMBEDDED_WORKER="1")]
    inside = {"ANSHIN_EMBEDDED_WORKER": "0", **environment}
    ports = (desk.free_port(), desk.free_port())
    serving = [Process(here, "serve", "--port", str(port), port=port, **inside) for port in ports]
    return [*serving, *(Process(here, "worker", **environment) for _number in range(workers))]


def cpu_ms(here: desk.Place, running: Sequence[Process]) -> float:
    """User and system time so far of these processes and of PostgreSQL for this desk."""
    own = sum(desk.tree_cpu_ms(each.running.pid) for each in running if each.running)
    return own + desk.database_cpu_ms(here)


def sessions(here: desk.Place, count: int) -> list[str]:
    """The keys of sessions of so many agents."""
    said = here.run("-c", f"import json; from bench import desk_filling as f; print(json.dumps(f.sessions({count})))")
    keys: list[str] = json.loads(said.strip().splitlines()[-1])
    return keys


def settled(here: desk.Place, mails: int) -> dict[str, Any]:
    """The sums once all mail has been taken in and nothing waits to leave; what there is when nothing has moved for
    PATIENCE_SECONDS, however slow the machine is."""
    last, end = -1, 0.0
    while True:
        found = sums(here)
        if found["arrived"] >= mails and not found["waiting"]:
            return found
        done = found["arrived"] - found["waiting"]
        if done != last:
            last, end = done, time.monotonic() + PATIENCE_SECONDS
        elif time.monotonic() > end:
            return found
        time.sleep(5)


def sums(here: desk.Place) -> dict[str, Any]:
    """What the desk's tables say, see bench/workday_sums.py."""
    said = here.run("-c", "import json; from bench import workday_sums as w; print(json.dumps(w.sums()))")
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found


def wrong(found: dict[str, Any], worked: Worked, mails: int, taken: Sequence[tuple[float, str]]) -> list[str]:
    """What does not agree, in words."""
    says = []
    if (found["shown"] + found["quarantined"], found["doubled"]) != (mails, 0):
        says.append(
            f"{mails} mails came, {found['shown']} are shown, {found['quarantined']} quarantined, "
            f"{found['doubled']} shown twice"
        )
    left = Counter(mark[1] for _at, address in taken if (mark := _REPLY.match(address)))
    doubtful = {*found["replies_paused"], *found["replies_unsure"]}  # the customer wrote first; killed at the last dot
    sure = [mark for mark in worked.replies if mark not in doubtful]
    says += _once("replies in the sink", left, sure, [*worked.unsure_replies, *doubtful])
    says += _once("replies in cases", Counter(found["replies"]), worked.replies, worked.unsure_replies)
    says += _once("notes", Counter(found["notes"]), worked.notes, worked.unsure_notes)
    if changed := [mark for mark in worked.refused if mark in {*found["replies"], *found["notes"]}]:
        says.append(f"{len(changed)} are there although their clerks read that nothing was changed: {changed[:5]}")
    if worked.speechless:
        says.append(f"answers without a sentence: {dict(worked.speechless)}")
    if found["replies_unsent"]:
        says.append(f"{found['replies_unsent']} have not left as they should")
    if found["counters"] != found["recounted"]:
        says.append(f"the counters say {found['counters']}, counted {found['recounted']}")
    if found["journal"] != found["acted"]:
        says.append(f"the journal has {found['journal']}, the tables {found['acted']}")
    if found["dead"]:
        says.append(f"{found['dead']} jobs were given up")
    return says


def _once(what: str, there: Counter[str], sure: Sequence[str], unsure: Sequence[str]) -> list[str]:
    says = []
    if lost := [mark for mark in sure if not there[mark]]:
        says.append(f"{what}: {len(lost)} are missing: {lost[:5]}")
    if twice := [mark for mark, count in there.items() if count > 1]:
        says.append(f"{what}: {len(twice)} are there more than once: {twice[:5]}")
    if strange := there.keys() - set(sure) - set(unsure):
        says.append(f"{what}: {len(strange)} that nobody wrote: {sorted(strange)[:5]}")
    return says


def _until_it_answers(port: int, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        browser = Browser(port, seconds=5)
        try:
            browser.get("/health/live")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nobody answers at {port}")
