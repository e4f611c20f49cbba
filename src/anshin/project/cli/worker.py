"""The command `anshin worker`: works off jobs until it is told to stop."""

import argparse
import signal
import threading

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
    """Work until SIGTERM or SIGINT. 0 when every job had finished, 1 when some had to be given back."""
    from anshin.channels.email.fetching.watching import Watchers
    from anshin.plumbing.jobs.worker import Worker

    queues = [name.strip() for name in options.queues.split(",") if name.strip()]
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    worker = Worker(threads=options.threads, queues=queues, keeps_timetable=not options.without_timetable)
    worker.start()
    watchers = Watchers()
    if not queues or "mail_in" in queues:
        watchers.start()
    stopping.wait()
    watchers.stop()
    return 0 if worker.stop(grace_seconds=options.grace) else 1
