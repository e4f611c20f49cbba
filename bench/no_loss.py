"""Is any mail lost or doubled? 1,000 mails come into a real Dovecot while our process is killed with -9 five times,
the line is cut five times and UIDVALIDITY changes once; on PostgreSQL the database is restarted twice, too, without
being asked to finish. Goal: 1,000 shown, none twice, and the sheet "received = shown" says so.

    ./anshin bench no_loss                   SQLite
    ./anshin bench no_loss --postgresql      a PostgreSQL of its own, made with initdb and removed afterwards

Needs Debian's dovecot-imapd, and postgresql for the second. What breaks when comes from --seed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench import desk

if TYPE_CHECKING:
    from anshin.channels.email.models import Mailbox


class Cluster:
    """A PostgreSQL server of our own: folder, port and socket in a temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        self.port = desk.free_port()
        self.url = f"postgres://postgres@localhost:{self.port}/postgres"

    def start(self) -> None:
        if self._as:
            found = pwd.getpwnam("postgres")
            os.chown(self.folder, found.pw_uid, found.pw_gid)
        self._run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8")
        self._begin()

    def restart(self) -> None:
        """As after a power cut: no connection is allowed to finish, and what was not committed is gone."""
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-m", "immediate", "restart")

    def kill(self, *, away_seconds: float) -> None:
        """SIGKILL for the server's first process and all that it has begun; begun again after so long."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(first, signal.SIGSTOP)  # or it begins another while these are killed
        ours = [*_children(first), first]
        for pid in ours:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(_lives(pid) for pid in ours):
            time.sleep(0.05)
        for lock in ("data/postmaster.pid", f".s.PGSQL.{self.port}.lock"):  # they count while nobody reaps the dead
            (self.folder / lock).unlink(missing_ok=True)
        time.sleep(away_seconds)
        self._begin()

    def end(self) -> None:
        """Stop it if it runs."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.stop()

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")

    def _begin(self) -> None:
        said = f"-p {self.port} -k {self.folder} -c listen_addresses=localhost"
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", said, "start")

    def _run(self, program: str, *rest: object) -> None:
        command = [*self._as, str(self._programs / program), *map(str, rest)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/tmp", timeout=120)


def _children(pid: int) -> list[int]:
    return [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]


def _lives(pid: int) -> bool:
    """Whether the process runs; one that has ended and waits to be noticed does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def main() -> int:
    given = _options()
    with _folder() as folder, _database(folder, wanted=given.postgresql) as (url, restart):
        here = desk.Place(folder / "desk", url)
        here.folder.mkdir()
        os.environ.update(here.environment() | {"ANSHIN_CLOCK_SHIFT_SECONDS": "0"})
        return _walk(given, here, restart)


def _walk(given: argparse.Namespace, here: desk.Place, restart: Callable[[], None]) -> int:
    import django

    django.setup()
    from django.core.management import call_command

    from tests.channels.email.outside import cutting_proxy, dovecot_server
    from tests.channels.email.outside.ordeal import Ordeal, Plan

    call_command("migrate", verbosity=0)
    plan = Plan(
        mails=given.mails,
        kills=given.kills,
        cuts=given.cuts,
        database_restarts=2 if given.postgresql else 0,
        seed=given.seed,
        pause_seconds=given.pause,
    )
    with dovecot_server.running() as dovecot, cutting_proxy.running(dovecot.plain_port) as proxy:
        found = Ordeal(
            plan,
            mailbox=mailbox_at(proxy.port),
            dovecot=dovecot,
            proxy=proxy,
            commands=[["worker"], ["serve", "--port", str(desk.free_port())]],
            environment=os.environ | {"ANSHIN_EMBEDDED_WORKER": "1"},
            restart_database=restart,
            say=lambda words: print(words, flush=True),
        ).walk()
    happened = ", ".join(f"{count} × {kind}" for kind, count in found.happened.items())
    print(f"{here.name}, seed {given.seed}: {happened}; {found.seconds:.0f} s")
    once = sum(count == 1 for count in found.shown.values())
    print(f"delivered {given.mails}, shown once {once}, shown more than once {len(found.shown) - once}")
    print(f"the sheet: received {found.received_by_sheet}, shown {found.shown_by_sheet}, equal: {found.is_equal}")
    for words in (wrong := found.wrong(given.mails)):
        print(f"MISSED: {words}")
    return 1 if wrong else 0


def mailbox_at(port: int) -> Mailbox:
    """A shop whose mailbox is fetched from that port."""
    from datetime import UTC, datetime

    from anshin.channels.email.actions import MailboxSettings, save_mailbox
    from anshin.channels.email.terms import Security
    from anshin.shops.actions import open_shop
    from tests.channels.email.outside import dovecot_server

    now = datetime.now(UTC)
    shop = open_shop(slug=desk.SLUG, name="こもれび", contact_mail="shop@komorebi.example", now=now)
    settings = MailboxSettings(
        address="shop@komorebi.example",
        imap_host="127.0.0.1",
        imap_port=port,
        imap_security=Security.PLAIN,
        imap_user=dovecot_server.USER,
        imap_password=dovecot_server.PASSWORD,
    )
    return save_mailbox(shop=shop, settings=settings, by=None, now=now)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="anshin-no-loss-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        time.sleep(1)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _database(folder: Path, *, wanted: bool) -> Iterator[tuple[str, Callable[[], None]]]:
    if not wanted:
        yield "", lambda: None
        return
    (folder / "cluster").mkdir()
    cluster = Cluster(folder / "cluster")
    cluster.start()
    try:
        yield cluster.url, cluster.restart
    finally:
        cluster.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="On a PostgreSQL of its own, restarted twice.")
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--cuts", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=0.1, metavar="SECONDS", help="Between two deliveries.")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
