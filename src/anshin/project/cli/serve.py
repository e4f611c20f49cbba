"""The command `anshin serve`: the desk over HTTP, with its worker inside unless told otherwise."""

import argparse
import os
import sys

from anshin.project.cli import file_store
from anshin.project.cli.wording import _
from anshin.project.cli.worker import broker_trouble, live_trouble, watching_trouble

HELP = "Serve the desk (and, unless told otherwise, work off jobs in the same process)."
SHORTEST_SECRET = 40
MOST_CONNECTIONS = 8192
"""At a time; each open page holds one for its stream. Granian's own 1,024 let the desk stand still with more pages."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default: 127.0.0.1).")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="Port (default: 8000).")


def run(options: argparse.Namespace) -> int:
    """Serve until stopped. 2 when the installation is not safe to serve, with the reason in words."""
    from django.conf import settings

    trouble = (
        unsafe(settings.SECRET_KEY, mode=settings.ANSHIN_MODE, debug=settings.DEBUG)
        or database_trouble()
        or broker_trouble()
        or live_trouble()
        or watching_trouble()
        or file_store.trouble()
    )
    if trouble:
        sys.stderr.write(_("Not served: %(why)s") % {"why": trouble} + "\n")
        return 2
    serve(host=options.host, port=options.port)
    return 0


def unsafe(secret: str, *, mode: str, debug: bool) -> str:
    """Why this installation must not be served, "" when it may."""
    if debug and mode != "development":
        return _("DEBUG is on outside development, which would show secrets to strangers. Set ANSHIN_MODE=production.")
    if mode == "development":
        return ""
    if secret == "not-set-up":  # noqa: S105  the marker that settings use
        return _("There is no secret key yet. Run ./anshin setup, or set ANSHIN_SECRET_KEY.")
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 10:
        return _(
            "The secret key can be guessed; it needs %(length)d random characters. "
            "Delete ANSHIN_DATA/secret.key and run ./anshin setup, or set a better ANSHIN_SECRET_KEY."
        ) % {"length": SHORTEST_SECRET}
    return ""


def database_trouble() -> str:
    """Why the database cannot be served from, "" when it can: it must answer, and its tables must be up to date."""
    from django.db import Error, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        why = " ".join(str(error).split())
        words = _("The database cannot be used (%(why)s). Check DATABASE_URL and whether the database runs.")
        return words % {"why": why}
    finally:
        connection.close()  # the web process opens its own
    if missing:
        return _("The database has no tables yet, or those of an older version. Run ./anshin setup, which makes them.")
    return ""


def serve(*, host: str, port: int) -> None:
    """Granian with one web process, which also works off jobs when ANSHIN_EMBEDDED_WORKER is 1 and no broker does."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    from anshin.project import environment

    if environment.read("ANSHIN_EMBEDDED_WORKER") == "1" and settings.ANSHIN_JOBS == "rows":
        os.environ["ANSHIN_WORK_HERE"] = "1"
    Granian(
        "anshin.project.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        workers=1,
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        websockets=False,
    ).serve()
