"""All rows of one database written into another of the other kind, and proof that each is the same.

What the search index holds is left out: it is made from the rows again. Keys stay as they are, and a table goes on
counting where it was, so that no number is given twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

PORTION = 1000
DERIVED = {"search"}
"""Labels of apps whose rows are made again."""

Say = Callable[[str, int, int], None]


def tables() -> list[type[models.Model]]:
    """Every table of ours whose rows are moved, those of many-to-many links with them."""
    found = apps.get_models(include_auto_created=True)
    return [
        model
        for model in found
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in DERIVED
    ]


def move(source: str, target: str, *, say: Say) -> list[str]:
    """Copy all rows between two of Django's connections; names of tables that are not equal afterwards.

    `target` has the tables, and only what migrations put into them, which is replaced. Everything is written in one
    transaction; on SQLite nobody else writes into the source meanwhile. `say` hears (table, done, of how many).
    """
    there, here = connections[source], connections[target]
    with transaction.atomic(using=source), here.constraint_checks_disabled(), transaction.atomic(using=target):
        for model in tables():
            here.cursor().execute(f"DELETE FROM {_name(model, target)}")  # noqa: S608  a name of ours
        for model in tables():
            _copy(model, source, target, say)
        for model in tables():
            _count_on(model, there, here)
        if here.vendor == "sqlite":
            here.check_constraints()
    return [model._meta.db_table for model in tables() if digest(model, source) != digest(model, target)]


def digest(model: type[models.Model], using: str) -> tuple[int, str]:
    """Rows and a hash over what they mean, the same on both kinds of database."""
    total, number = hashlib.sha256(), 0
    for number, row in enumerate(_rows(model, using), 1):  # noqa: B007  the last number is the count
        total.update(
            json.dumps(row, ensure_ascii=False, sort_keys=True, default=_plain).encode("utf-8", "surrogatepass")
        )
    return number, total.hexdigest()


def _fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.local_concrete_fields if not field.generated]


def _rows(model: type[models.Model], using: str) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in _fields(model)]
    return model._base_manager.using(using).order_by("pk").values_list(*names).iterator(chunk_size=PORTION)


def _copy(model: type[models.Model], source: str, target: str, say: Say) -> None:
    connection, fields = connections[target], _fields(model)
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_name(model, target)} ({names}) VALUES ({places})"  # noqa: S608  names of ours
    total, done, portion = model._base_manager.using(source).count(), 0, []
    for row in _rows(model, source):
        portion.append([field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)])
        if len(portion) == PORTION:
            done += _insert(connection, statement, portion)
            portion = []
            say(model._meta.db_table, done, total)
    done += _insert(connection, statement, portion)
    say(model._meta.db_table, done, total)


def _insert(connection: Any, statement: str, rows: list[list[Any]]) -> int:
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(statement, rows)
    return len(rows)


def _count_on(model: type[models.Model], source: Any, target: Any) -> None:
    """The next key of the target is the next one of the source, also where the newest rows were deleted."""
    if not isinstance(model._meta.pk, models.AutoField):
        return
    last = _last_key(model, source)
    if last is None:
        return
    table = model._meta.db_table
    with target.cursor() as cursor:
        if target.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', model._meta.pk.column, last]
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _last_key(model: type[models.Model], connection: Any) -> int | None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table}"', model._meta.pk.column])
            sequence = cursor.fetchone()[0]
            if not sequence:
                return None
            cursor.execute(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608  the catalogue's word
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] else None


def _name(model: type[models.Model], using: str) -> str:
    return str(connections[using].ops.quote_name(model._meta.db_table))


def _plain(value: Any) -> str:
    """Values that JSON lacks, in words that do not depend on the database."""
    if isinstance(value, memoryview | bytes):
        return bytes(value).hex()
    return str(value)
