"""The command `anshin move-database`: from SQLite to PostgreSQL or back, proven equal row for row."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from anshin.project import database, environment
from anshin.project.cli.wording import _, fail

HELP = "Move everything from SQLite to PostgreSQL or back, and prove that each row is the same. Stop the desk first."
ALIAS = "moved"
_NAMED = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, metavar="URL", help="postgres://user:password@host/name, or “sqlite”.")


def run(options: argparse.Namespace) -> int:
    """0 when every row is equal and the settings name the new database, 1 when one differs, 2 when nothing was done."""
    url = "" if options.to == "sqlite" else options.to
    data = Path(environment.read("ANSHIN_DATA")).resolve()
    if bool(url) == bool(environment.read("DATABASE_URL")):
        return fail(_("The desk is on that kind of database already. Its settings name it as DATABASE_URL."))
    try:
        where = database.from_url(url) if url else database.sqlite(data / "anshin.sqlite3")
    except ValueError:
        return fail(
            _("This is not an address of a PostgreSQL database. Write it like postgres://user:password@host/name.")
        )
    if refusal := _refusal(where):
        return refusal
    sys.stderr.write(_("Making the tables …") + "\n")
    _in_new_database(url, "-m", "django", "migrate", "--verbosity", "0")
    different = _move(where)
    if different:
        for name in different[:_NAMED]:
            fail(_("Table %(name)s is not equal. The desk stays where it was."), name=name)
        return 1
    sys.stderr.write(_("Making the search index …") + "\n")
    _in_new_database(url, "-m", "anshin.project", "reindex", "--from-nothing")
    print(_("Every row is equal."))
    if "DATABASE_URL" in os.environ or "DATABASE_URL_FILE" in os.environ:
        print(_("Now set DATABASE_URL to the new database, and start the desk."))
    else:
        environment.keep({"DATABASE_URL": url})
        print(_("The settings name the new database. Start the desk; keep the old one until you have looked around."))
    return 0


def _refusal(where: dict[str, Any]) -> int:
    from anshin.plumbing.backups.databases import is_empty

    try:
        return (
            0
            if is_empty(where)
            else fail(_("The database %(name)s is not empty. Name an empty one."), name=where["NAME"])
        )
    except Exception as error:
        return fail(_("The database cannot be reached: %(why)s"), why=error)


def _move(where: dict[str, Any]) -> list[str]:
    from django.conf import settings

    settings.DATABASES[ALIAS] = where
    import django

    django.setup()
    from anshin.plumbing.backups.moving import move

    return move("default", ALIAS, say=_progress)


def _progress(table: str, done: int, of: int) -> None:
    if of:
        sys.stderr.write(f"\r{table}: {done:,} / {of:,} " + ("\n" if done == of else ""))
        sys.stderr.flush()


def _in_new_database(url: str, *arguments: str) -> None:
    """Run Python in a process whose default database is the new one."""
    environ = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "anshin.project.settings"}
    subprocess.run([sys.executable, *arguments], env=environ, check=True)
