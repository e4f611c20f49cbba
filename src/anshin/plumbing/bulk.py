"""Many new rows of one table in one go: their numbers are drawn beforehand, so that rows can name each other before
any of them is written.

What this saves is what Django and the server do for each row and each statement; the figures are in
docs/decisions/0014-rows-in-bulk.md. The rows and what constrains them are the same as by `save`; signals are not sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Model

from anshin.plumbing.columns import value_of
from anshin.plumbing.prepared import write, write_returning

FEW = 4
"""Up to so many rows one INSERT is cheaper than COPY."""


def draw_ids(model: type[Model], how_many: int) -> list[int]:
    """So many fresh numbers for rows of this table, ascending; nobody else gets them. In one or two statements.

    On SQLite inside a transaction, whose end makes them known to others. Numbers that are not used stay unused.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    key = model._meta.pk
    if not isinstance(key, AutoField) or not how_many:  # BigAutoField counts as one
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(sequence) FROM pg_get_serial_sequence(%s, %s) AS sequence, generate_series(1, %s)",
                [connection.ops.quote_name(table), key.column, how_many],
            )
            return sorted(number for (number,) in cursor.fetchall())
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq", [how_many, table])
        row = cursor.fetchone()
        if row is None:  # no row was ever written
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, how_many])
        last = int(row[0]) if row else how_many
    return list(range(last - how_many + 1, last + 1))


def insert_many(rows: Sequence[Model]) -> None:
    """`save(force_insert=True)` for each of these new rows of one table; those without a number get one, in their
    order.

    Inside a transaction, which the caller gives up when a row breaks a constraint: raises what `save` raises then. On
    PostgreSQL many rows go by COPY, which counters of queries do not see.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    table = _table(type(rows[0]), connection)
    nameless = [row for row in rows if row.pk is None]
    if len(rows) <= FEW and len(nameless) == len(rows):
        table.insert_few(rows)
    else:
        for row, number in zip(nameless, draw_ids(table.model, len(nameless)), strict=True):
            row.pk = number
        table.insert(rows)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_plain(model: type[Model], names: Sequence[str], rows: Sequence[tuple[Any, ...]], **same: Any) -> None:
    """New rows of one table, given as plain values (numbers, texts, truth values, None) of the columns `names`; `same`
    holds values that all of them have. Columns that neither tells have their field's default.

    For hundreds of thousands: a row costs a third of what it costs as an instance. Raises as `insert_many` does.
    """
    if rows:
        connection = connections[DEFAULT_DB_ALIAS]
        _Plain(model, connection, tuple(names), same).insert(rows)


def update_many(rows: Sequence[Model], names: Sequence[str]) -> None:
    """`save(update_fields=names)` for each of these rows of one table. Raises as `insert_many` does."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    meta, name = type(rows[0])._meta, connection.ops.quote_name
    fields = [field for field in meta.local_concrete_fields if field.name in names]
    values = [value_of(field, connection, is_new=True) for field in fields]
    columns = [name(str(field.column)) for field in fields]
    into, key = name(meta.db_table), name(str(meta.pk.column))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            types = map(_type, fields)
            set_to = ", ".join(f"{column} = said.{column}::{kind}" for column, kind in zip(columns, types, strict=True))
            marks = ", ".join(["(" + ", ".join(["%s"] * (len(fields) + 1)) + ")"] * len(rows))
            said = f"(VALUES {marks}) AS said ({', '.join([key, *columns])})"
            sql = f"UPDATE {into} SET {set_to} FROM {said} WHERE {into}.{key} = said.{key}"  # noqa: S608
            cursor.execute(sql, [given for row in rows for given in (row.pk, *(value(row) for value in values))])
        else:
            set_to = ", ".join(f"{column} = %s" for column in columns)
            given = [[*(value(row) for value in values), row.pk] for row in rows]
            cursor.executemany(f"UPDATE {into} SET {set_to} WHERE {key} = %s", given)  # noqa: S608


def refresh_statistics() -> None:
    """Have PostgreSQL look anew at the tables that have changed much since it last did; on SQLite nothing.

    Its planner takes a table of which it knows nothing for nearly empty and reads all of it, which an import of many
    rows pays for each time it asks. Autovacuum does the same, by the same rule, a minute later or not at all.
    Source: PostgreSQL 15, sections 25.1.3 and 20.10 (50 rows and a tenth of the table), read 2026-11-27.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED_MUCH)
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


_CHANGED_MUCH = """
    SELECT seen.relname FROM pg_stat_user_tables AS seen JOIN pg_class AS known ON known.oid = seen.relid
    WHERE seen.schemaname = current_schema() AND pg_has_role(known.relowner, 'USAGE')
    AND seen.n_mod_since_analyze > 50 + 0.1 * greatest(known.reltuples, 0)
"""


def _type(field: Any) -> str:
    """As what PostgreSQL shall read the values of this field: those of NULLs alone it would take for texts."""
    return str(field.cast_db_type(connections[DEFAULT_DB_ALIAS]))


class _Plain:
    """How one connection writes plain values of some columns of a model."""

    def __init__(
        self, model: type[Model], connection: BaseDatabaseWrapper, names: tuple[str, ...], same: dict[str, Any]
    ) -> None:
        self.connection = connection
        fields: list[Any] = [model._meta.get_field(name) for name in names]
        told = {field.attname for field in fields}
        others: list[Any] = [
            each for each in model._meta.local_concrete_fields if each.attname not in told and not each.primary_key
        ]
        self.same = tuple(
            each.get_db_prep_save(same.get(each.attname, each.get_default()), connection) for each in others
        )
        name = connection.ops.quote_name
        self.columns = [name(str(each.column)) for each in (*fields, *others)]
        self.into = f"{name(model._meta.db_table)} ({', '.join(self.columns)})"

    def insert(self, rows: Sequence[tuple[Any, ...]]) -> None:
        given = [(*row, *self.same) for row in rows]
        if self.connection.vendor == "postgresql":
            _copy(self.connection, f"COPY {self.into} FROM STDIN", given)
            return
        with self.connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(self.columns))
            cursor.executemany(f"INSERT INTO {self.into} VALUES ({marks})", given)  # noqa: S608


def _copy(connection: BaseDatabaseWrapper, sql: str, given: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors, cursor.cursor.copy(sql) as lines:
            for values in given:
                lines.write_row(values)


class _Table:
    """How one connection writes rows of one model."""

    def __init__(self, model: type[Model], connection: BaseDatabaseWrapper) -> None:
        self.model, self.connection = model, connection
        name = connection.ops.quote_name
        fields = model._meta.local_concrete_fields
        self.into = name(model._meta.db_table)
        self.key = name(str(model._meta.pk.column))
        self.columns = [name(str(field.column)) for field in fields]
        self.values = [value_of(field, connection, is_new=True) for field in fields]
        self.without_key = [place for place, field in enumerate(fields) if not field.primary_key]

    def insert(self, rows: Sequence[Model]) -> None:
        """Rows that have their numbers."""
        given = [[value(row) for value in self.values] for row in rows]
        columns = ", ".join(self.columns)
        if self.connection.vendor == "postgresql" and len(rows) > FEW:
            _copy(self.connection, f"COPY {self.into} ({columns}) FROM STDIN", given)
            return
        marks = ", ".join(["%s"] * len(self.columns))
        sql = f"INSERT INTO {self.into} ({columns}) VALUES ({marks})"  # noqa: S608
        if self.connection.vendor == "postgresql":
            for values in given:
                write(sql, values)
            return
        with self.connection.cursor() as cursor:
            cursor.executemany(sql, given)

    def insert_few(self, rows: Sequence[Model]) -> None:
        """A handful of rows without numbers: one statement."""
        columns = ", ".join(self.columns[place] for place in self.without_key)
        marks = "(" + ", ".join(["%s"] * len(self.without_key)) + ")"
        sql = f"INSERT INTO {self.into} ({columns}) VALUES {', '.join([marks] * len(rows))} RETURNING {self.key}"  # noqa: S608
        given = [self.values[place](row) for row in rows for place in self.without_key]
        for row, (number,) in zip(rows, write_returning(sql, given), strict=True):
            row.pk = number


def _table(model: type[Model], connection: BaseDatabaseWrapper) -> _Table:
    kept: dict[type[Model], _Table] = vars(connection).setdefault("anshin_tables", {})
    if model not in kept:
        kept[model] = _Table(model, connection)
    return kept[model]
