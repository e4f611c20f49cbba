"""The command `anshin worker`: works off jobs until it is told to stop."""

import argparse
import signal
import sys
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING

from anshin.project.cli import file_store
from anshin.project.cli.wording import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from anshin.plumbing.jobs.worker import Worker

SHORTEST_TOKEN = 20
HELP = "Work off jobs (mail, imports, upkeep) until stopped. Start as many as you like on PostgreSQL."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--threads", type=int, default=2, help="How many jobs to run at a time (default: 2).")
    parser.add_argument("--queues", default="", help="Only these queues, by comma (default: all).")
    parser.add_argument(
        "--without-timetable",
        action="store_true",
        help="Leave what runs by the clock to other workers.",
    )
    parser.add_argument(
        "--grace",
        type=float,
        default=25.0,
        metavar="SECONDS",
        help="How long running jobs may take to finish when the worker is stopped (default: 25).",
    )


def run(options: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT. 0 when every job had finished, 1 when some had to be given back, 2 if unusable."""
    from django.conf import settings

    from anshin.channels.email.fetching.watching import Watchers

    queues = [name.strip() for name in options.queues.split(",") if name.strip()]
    workers: list[Worker] = []
    trouble = broker_trouble() or live_trouble() or watching_trouble() or file_store.trouble()
    close, trouble = (None, trouble) if trouble else _open_door(workers)
    if trouble:
        sys.stderr.write(_("Not started: %(why)s") % {"why": trouble} + "\n")
        return 2
    watchers = Watchers()
    if not queues or "mail_in" in queues:
        watchers.start()
    work = _told_by_broker if settings.ANSHIN_JOBS == "celery" else _looking_for_rows
    has_finished = work(options, queues, workers)
    watchers.stop()
    if close:
        close()
    return 0 if has_finished else 1


def broker_trouble() -> str:
    """Why jobs cannot be told by a broker although they should be, "" when all is well."""
    from django.conf import settings
    from django.db import connection

    if settings.ANSHIN_JOBS == "rows":
        return ""
    if settings.ANSHIN_JOBS != "celery":
        return _("ANSHIN_JOBS is “%(value)s”; it may be rows or celery.") % {"value": settings.ANSHIN_JOBS}
    if connection.vendor != "postgresql":
        return _("ANSHIN_JOBS=celery needs PostgreSQL (DATABASE_URL). On SQLite leave ANSHIN_JOBS at rows.")
    if not settings.ANSHIN_BROKER_URL.startswith(("amqp://", "amqps://", "redis://", "rediss://")):
        return _("ANSHIN_JOBS=celery needs ANSHIN_BROKER_URL, which begins with amqp:// or redis://.")
    if find_spec("celery") is None:
        return _("ANSHIN_JOBS=celery needs Celery, which is not installed: pip install 'anshin[machines]'.")
    return ""


def live_trouble() -> str:
    """Why processes cannot tell each other as the settings say, "" when all is well."""
    from django.conf import settings

    if not settings.ANSHIN_LIVE_URL:
        return ""
    if not settings.ANSHIN_LIVE_URL.startswith(("redis://", "rediss://")):
        return _("ANSHIN_LIVE_URL must begin with redis:// or rediss://.")
    if find_spec("redis") is None:
        return _("ANSHIN_LIVE_URL needs redis, which is not installed: pip install 'anshin[machines]'.")
    return ""


def watching_trouble() -> str:
    """Why nobody could watch over this process as the settings say, "" when all is well."""
    from django.conf import settings

    if settings.ANSHIN_LOG not in {"lines", "json"}:
        return _("ANSHIN_LOG is “%(value)s”; it may be lines or json.") % {"value": settings.ANSHIN_LOG}
    if settings.ANSHIN_METRICS_TOKEN and len(settings.ANSHIN_METRICS_TOKEN) < SHORTEST_TOKEN:
        return _("ANSHIN_METRICS_TOKEN can be guessed; it needs %(length)d random characters.") % {
            "length": SHORTEST_TOKEN
        }
    return ""


def _open_door(workers: "list[Worker]") -> "tuple[Callable[[], None] | None, str]":
    """What closes the address on which this worker can be asked, None without one; and why it could not be opened."""
    from anshin.project import environment
    from anshin.project.worker_door import open_door

    where = environment.read("ANSHIN_WORKER_LISTEN")
    if not where:
        return None, ""
    try:
        return open_door(where, is_well=lambda: all(worker.is_well() for worker in workers)), ""
    except ValueError:
        words = _("ANSHIN_WORKER_LISTEN is “%(value)s”; it must be host:port, for example 127.0.0.1:9464.")
        return None, words % {"value": where}
    except OSError as error:
        words = _("ANSHIN_WORKER_LISTEN: nobody can listen on %(value)s (%(why)s). Choose another port.")
        return None, words % {"value": where, "why": error.strerror or error}


def _looking_for_rows(options: argparse.Namespace, queues: list[str], workers: "list[Worker]") -> bool:
    from anshin.plumbing.jobs.worker import Worker

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    worker = Worker(threads=options.threads, queues=queues, keeps_timetable=not options.without_timetable)
    worker.start()
    workers.append(worker)
    stopping.wait()
    return worker.stop(grace_seconds=options.grace)


def _told_by_broker(options: argparse.Namespace, queues: list[str], workers: "list[Worker]") -> bool:
    from django.conf import settings

    from anshin.connectors.brokers.worker import run_until_stopped

    return run_until_stopped(
        url=settings.ANSHIN_BROKER_URL,
        known=settings.TASKS["default"]["QUEUES"],
        only=queues,
        threads=options.threads,
        keeps_timetable=not options.without_timetable,
        grace_seconds=options.grace,
        started=workers.append,
    )
