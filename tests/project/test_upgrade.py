"""A database of the day before, with rows, is brought up to date; and what the version of the day before would go on
writing while it still runs beside the new one. See docs/operators/upgrade.md.

Five rooms that need few others, so that it takes seconds; whole databases are looked at when migrations are squashed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from anshin.project import database
from tests.house.gates.planting import _values
from tests.house.gates.shapes import Planted
from tests.project.former import former_executor

pytestmark = pytest.mark.django_db

FORMER = {"files": 2, "shops": 4, "commerce": 11, "visits": 3, "jobs": 1, "search": 3}
"""Where these rooms stood on 2026-11-26 (docs/decisions/0021)."""
SHOP = Planted("planted", 7001, "moremoa")
TAKEN_AWAY = {
    "visits_returndraft": {"quantities", "reason", "sub_reason", "condition", "accessories", "wish", "wanted"},
}
"""What a request held once for all of its parts; each part holds it now, in `told`."""


REFUSING = {
    "commerce_customer",
    "commerce_order",
    "commerce_orderline",
    "commerce_paymentaccount",
    "commerce_product",
    "commerce_refund",
    "commerce_refundsetting",
    "jobs_job",
    "shops_person",
    "visits_draftphoto",
    "visits_returndraft",
}
"""Tables that take no row of the version of that day any more: they got columns that must have a value and get none
from the database, or lost some. That is why this upgrade needs a stop."""


@contextmanager
def own_database(folder: Path) -> Iterator[None]:
    """An empty database beside that of the other tests, for this process, until the block ends."""
    settings, former = connections.settings["default"], connections["default"]
    if former.vendor == "sqlite":
        changed = database.sqlite(folder / "former.sqlite3")
    else:
        changed = {"NAME": f"{former.settings_dict['NAME']}_former"}
        with former._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{changed["NAME"]}"')
            cursor.execute(f'CREATE DATABASE "{changed["NAME"]}"')
    connections.settings["default"] = {**settings, **changed}
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"], connections["default"] = settings, former
        if former.vendor != "sqlite":
            with former._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{changed["NAME"]}"')


def bring_to_former() -> Any:
    """Tables as they were, by single migrations. Returns their models."""
    executor = former_executor(connection)
    keys = executor.loader.graph.nodes
    ends = [key for key in keys if key[0] in FORMER and int(key[1][:4]) == FORMER[key[0]]]
    return executor.migrate(ends).apps


def bring_up_to_date() -> None:
    """As `anshin setup --yes` does, in these rooms."""
    executor = MigrationExecutor(connection)
    executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] in FORMER])


def fill(apps: Any) -> set[str]:
    """One row in each table of these rooms, each after those that it needs. Returns the tables left without."""
    waiting = [model for model in apps.get_models() if model._meta.app_label in FORMER]
    while True:
        done = [model for model in waiting if _has_saved(model)]
        waiting = [model for model in waiting if model not in done]
        if not done or not waiting:
            return {model._meta.db_table for model in waiting}


def _has_saved(model: Any) -> bool:
    try:
        with transaction.atomic():
            model(**_values(model, SHOP)).save(force_insert=True)
            connection.check_constraints()
    except DatabaseError:
        return False
    return True


def rows() -> dict[str, list[dict[str, Any]]]:
    """All rows of these rooms as the database holds them: by table, columns and values."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if re.match(rf"(?:{'|'.join(FORMER)})_(?!tokens)", table):
                cursor.execute(f'SELECT * FROM "{table}"')
                names = [column[0] for column in cursor.description]
                found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def write_as_before(table: str, row: dict[str, Any]) -> str:
    """Write this row as a version would that knows these columns and no others. Returns the refusal."""
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("%s" for _name in row)
    key = next(iter(row))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{table}" WHERE "{key}" = %s', [row[key]])
            values = [_written(value) for value in row.values()]
            cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)
            connection.check_constraints()
    except DatabaseError as refusal:
        return str(refusal).splitlines()[0]
    return ""


def _written(value: Any) -> Any:
    """What is read from a column of JSON on PostgreSQL, or one of times on SQLite, goes back as its text."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value) if isinstance(value, time) else value


def test_rows_stay_and_it_is_known_what_the_former_version_could_not_write_any_more(tmp_path):
    with own_database(tmp_path):
        apps = bring_to_former()
        assert fill(apps) == set()
        apps.get_model("visits", "ReturnDraft").objects.update(quantities={"2": 3}, reason="defect", wish="refund")
        before = rows()
        bring_up_to_date()
        after = rows()

        for table, held in before.items():
            gone = TAKEN_AWAY.get(table, set())
            assert [{name: row[name] for name in held[0] if name not in gone} for row in after[table]] == [
                {name: value for name, value in row.items() if name not in gone} for row in held
            ], table
        (draft,) = after["visits_returndraft"]
        assert '"position": 2' in str(draft["told"]).replace("'", '"')
        assert TAKEN_AWAY["visits_returndraft"].isdisjoint(draft)

        assert {table for table, held in before.items() if write_as_before(table, held[0])} == REFUSING
        assert len(before) > 30
