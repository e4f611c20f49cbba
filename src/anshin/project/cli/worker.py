"""The command `anshin worker`: works off jobs until it is told to stop."""

import argparse
import signal
import sys
import threading
from importlib.util import find_spec

from anshin.project.cli.wording import _

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
    if trouble := broker_trouble():
        sys.stderr.write(_("Not started: %(why)s") % {"why": trouble} + "\n")
        return 2
    watchers = Watchers()
    if not queues or "mail_in" in queues:
        watchers.start()
    work = _told_by_broker if settings.ANSHIN_JOBS == "celery" else _looking_for_rows
    has_finished = work(options, queues)
    watchers.stop()
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


def _looking_for_rows(options: argparse.Namespace, queues: list[str]) -> bool:
    from anshin.plumbing.jobs.worker import Worker

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    worker = Worker(threads=options.threads, queues=queues, keeps_timetable=not options.without_timetable)
    worker.start()
    stopping.wait()
    return worker.stop(grace_seconds=options.grace)


def _told_by_broker(options: argparse.Namespace, queues: list[str]) -> bool:
    from django.conf import settings

    from anshin.connectors.brokers.worker import run_until_stopped

    return run_until_stopped(
        url=settings.ANSHIN_BROKER_URL,
        known=settings.TASKS["default"]["QUEUES"],
        only=queues,
        threads=options.threads,
        keeps_timetable=not options.without_timetable,
        grace_seconds=options.grace,
    )
