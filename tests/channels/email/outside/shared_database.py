"""A database that other processes see, too: PostgreSQL's test database, or an SQLite file."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from anshin.project import database

ROOT = Path(__file__).resolve().parents[4]
THIS_MACHINE = "127.0.0.0/8,::1/128"
"""What an operator must allow (ANSHIN_INSIDE_NETWORKS) where mail servers stand on the machine itself."""


def sqlite_file(folder: Path) -> Iterator[Path]:
    """Let this process use a migrated SQLite file in `folder` until the generator is closed."""
    shutil.copyfile(_migrated(), folder / "anshin.sqlite3")
    with _used(folder / "anshin.sqlite3"):
        yield folder


@cache
def _migrated() -> Path:
    """A migrated file to copy: migrating takes half a minute, which is spent once a run."""
    folder = Path(tempfile.mkdtemp(prefix="anshin-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with _used(folder / "anshin.sqlite3"):
        call_command("migrate", verbosity=0)
    return folder / "anshin.sqlite3"


@contextmanager
def _used(file: Path) -> Iterator[None]:
    """Let this process use that file; closed at the end, so that everything stands in it and nothing beside it."""
    former_settings, former_connection = connections.settings["default"], connections["default"]
    connections.settings["default"] = {**former_settings, **database.sqlite(file)}
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = former_settings
        connections["default"] = former_connection


def environment(folder: Path, files: Path) -> dict[str, str]:
    """What another process needs in order to use the same database and files."""
    stated = connection.settings_dict
    url = ""
    if connection.vendor == "postgresql":
        user = f"{stated['USER']}:{stated['PASSWORD']}@" if stated["USER"] else ""
        port = f":{stated['PORT']}" if stated["PORT"] else ""
        url = f"postgres://{user}{stated['HOST']}{port}/{stated['NAME']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSHIN_")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "anshin.project.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "ANSHIN_MODE": "development",
        "ANSHIN_SECRET_KEY": "only-for-tests-" + "x" * 40,
        "ANSHIN_DATA": str(folder),
        "ANSHIN_INSIDE_NETWORKS": THIS_MACHINE,
        "ANSHIN_FILES_OF_TEST": str(files),
        "DATABASE_URL": url,
    }
