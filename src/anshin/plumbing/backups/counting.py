"""Every table of a database as a number of rows and a hash over them, to show that two databases hold the same.

Rows are read in the order of their key and as the database stores them, so the hash is comparable between two
databases of one kind (SQLite with SQLite, PostgreSQL with PostgreSQL), whatever the version of the program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PORTION = 2000


@dataclass(frozen=True)
class Counted:
    """A table's rows. `sha256` is over all of them in order."""

    rows: int
    sha256: str


def counted(connection: Any) -> dict[str, Counted]:
    """All tables of a connection of the Python DB API, by name; `connection` is sqlite3's or psycopg's."""
    reader = SqliteReader(connection) if type(connection).__module__.startswith("sqlite3") else Reader(connection)
    return {table: _count(reader.rows(table)) for table in reader.tables()}


def differences(one: dict[str, Counted], other: dict[str, Counted]) -> list[str]:
    """The names of tables that are not the same in both, in order."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _count(rows: Iterator[tuple[Any, ...]]) -> Counted:
    total, number = hashlib.sha256(), 0
    for number, row in enumerate(rows, 1):  # noqa: B007  the last number is the count
        total.update(repr(row).encode("utf-8", "surrogateescape"))
    return Counted(number, total.hexdigest())


class Reader:
    """PostgreSQL: every value as the server writes it, in UTC and ISO form."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        connection.execute("SET LOCAL TimeZone = 'UTC'")
        connection.execute("SET LOCAL DateStyle = 'ISO, YMD'")
        connection.execute("SET LOCAL extra_float_digits = 3")

    def tables(self) -> list[str]:
        """The names of the tables in the schema that is searched first."""
        found = self._connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
        )
        return [row[0] for row in found]

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        """All rows, by key, else by everything; texts in an order that no machine's locale changes."""
        columns = [
            row[0]
            for row in self._connection.execute(
                "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0"
                " AND NOT a.attisdropped ORDER BY a.attname",
                [_quoted(table)],
            )
        ]
        keys = [
            f'{_quoted(row[0])} COLLATE "C"' if row[1] else _quoted(row[0])
            for row in self._connection.execute(
                "SELECT a.attname, a.atttypid::regtype::text IN ('character varying', 'text')"
                " FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(attnum, place)"
                " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum"
                " WHERE i.indrelid = %s::regclass AND i.indisprimary ORDER BY k.place",
                [_quoted(table)],
            )
        ]
        asked = ", ".join(f"{_quoted(name)}::text" for name in columns)
        order = ", ".join(keys or [f'{_quoted(name)}::text COLLATE "C"' for name in columns])
        with self._connection.cursor(name="anshin_counting") as cursor:
            cursor.itersize = PORTION
            cursor.execute(f"SELECT {asked} FROM {_quoted(table)} ORDER BY {order}")  # noqa: S608  names from the catalogue
            yield from cursor


class SqliteReader:
    """SQLite: every value as it lies in the row."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def tables(self) -> list[str]:
        """The names of all tables with rows of their own; SQLite's bookkeeping is left out."""
        found = self._connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
        return [row[0] for row in found.fetchall()]

    def rows(self, table: str) -> Iterator[tuple[Any, ...]]:
        """All rows, by key."""
        about = self._connection.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
        keys = [row[1] for row in sorted(about, key=lambda row: row[5]) if row[5]]
        names = sorted(row[1] for row in about)
        order = ", ".join(_quoted(name) for name in keys or names)
        asked = ", ".join(_quoted(name) for name in names)
        cursor = self._connection.execute(f"SELECT {asked} FROM {_quoted(table)} ORDER BY {order}")  # noqa: S608
        while portion := cursor.fetchmany(PORTION):
            yield from portion


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
