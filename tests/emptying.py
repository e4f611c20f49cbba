"""How PostgreSQL's tables are emptied after a test that committed: only those that hold something, row by row.

Django truncates all. That gives each of some 200 tables and 700 indexes a new file, which the server puts to disk: one
to ten seconds after each such test, where deleting the few rows takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from anshin.plumbing.postgresql.base import DatabaseOperations

WHEN_DELETED = 8  # the bit of pg_trigger.tgtype that stands for DELETE (PostgreSQL's catalog/pg_trigger.h)


@contextmanager
def by_rows() -> Iterator[None]:
    """Empty tables this way; numbers are counted from one again only the ordinary way, so then that is gone."""
    plain = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: list[str], *, reset_sequences: bool = False, **more: Any) -> list[str]:
        if reset_sequences or not tables:
            return plain(self, style, tables, reset_sequences=reset_sequences, **more)
        return statements(self.connection, tables)

    with mock.patch.object(DatabaseOperations, "sql_flush", sql_flush):
        yield


def statements(connection: Any, tables: list[str]) -> list[str]:
    """What empties these tables in one transaction, at the end of which foreign keys are looked at.

    Where a trigger looks at rows that are deleted, as at the journal's, the table is truncated.
    """
    quoted = {table: connection.ops.quote_name(table) for table in sorted(tables)}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {name} LIMIT 1)" for table, name in quoted.items()))
        filled = [table for (table,) in cursor.fetchall()]
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND tgtype & %s > 0",
            [WHEN_DELETED],
        )
        guarded = {table for (table,) in cursor.fetchall()}
    return [f"{'TRUNCATE' if table in guarded else 'DELETE FROM'} {quoted[table]}" for table in filled]
