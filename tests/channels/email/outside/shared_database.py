"""A database that other processes see, too: PostgreSQL's test database, or an SQLite file."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from anshin.project import database

ROOT = Path(__file__).resolve().parents[4]


def sqlite_file(folder: Path) -> Iterator[Path]:
    """Let this process use a migrated SQLite file in `folder` until the generator is closed."""
    former_settings, former_connection = connections.settings["default"], connections["default"]
    connections.settings["default"] = {**former_settings, **database.sqlite(folder / "anshin.sqlite3")}
    connections["default"] = connections.create_connection("default")
    try:
        call_command("migrate", verbosity=0)
        yield folder
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
        "ANSHIN_FILES_OF_TEST": str(files),
        "DATABASE_URL": url,
    }
