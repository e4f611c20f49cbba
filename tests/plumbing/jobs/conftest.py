"""A database that several threads and processes see: PostgreSQL's test database, or an SQLite file."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection, connections

from anshin.plumbing.jobs import timetable
from anshin.project import database
from tests.plumbing.jobs import sample_tasks

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOW


@pytest.fixture(autouse=True)
def clean_samples():
    former = timetable.entries()
    timetable.register(())
    sample_tasks.calls.clear()
    sample_tasks.gates.clear()
    yield
    timetable.register(former)


@pytest.fixture
def shared_database(transactional_db, tmp_path):
    """Committed for real, seen by threads and other processes, with an empty table `effect`."""
    if connection.vendor == "postgresql":
        sample_tasks.make_effect_table()
        yield tmp_path
        sample_tasks.drop_effect_table()
        return
    yield from _sqlite_file(tmp_path)


def _sqlite_file(folder):
    former_settings, former_connection = connections.settings["default"], connections["default"]
    connections.settings["default"] = {**former_settings, **database.sqlite(folder / "anshin.sqlite3")}
    connections["default"] = connections.create_connection("default")
    try:
        call_command("migrate", "jobs", verbosity=0)
        sample_tasks.make_effect_table()
        yield folder
    finally:
        connections["default"].close()
        connections.settings["default"] = former_settings
        connections["default"] = former_connection
