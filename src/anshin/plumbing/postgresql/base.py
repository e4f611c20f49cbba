"""What `ENGINE = "anshin.plumbing.postgresql"` loads.

Django writes values into each query, so the server parses and plans it anew: about half of what our short queries cost
there. `prepared_cursor` sends values apart from the query; the server keeps a query's plan after it has been asked
five times (https://www.postgresql.org/docs/15/sql-prepare.html, read 2026-11-26). Only `plumbing.prepared` uses it.
"""

from __future__ import annotations

import select
from datetime import UTC
from typing import Any

from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg.sql import quote

from anshin.plumbing.postgresql.cursor import Kept, KeptCursor
from anshin.plumbing.postgresql.moments import MomentLoader


class DatabaseOperations(operations.DatabaseOperations):
    """What is written down about queries."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The query with its values, for logs and tests, also where they were sent apart."""
        if isinstance(cursor, KeptCursor):
            return str(self.compose_sql(sql, params))
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection. The option `prepare=no` leaves preparing out, for a pooler that shares sessions.

    The server compiles no query to machine code: that costs 20 to 200 ms where ours take a few, and it does so whenever
    it guesses many rows. `jit=yes`, or a word about jit in `options`, leaves that to the server's settings.
    Source: PostgreSQL 15, chapter 32, read 2026-11-27.
    """

    ops_class = DatabaseOperations

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        self.may_prepare = params.pop("prepare", "yes") != "no"
        self.may_compile = params.pop("jit", "no") == "yes" or "jit" in params.get("options", "")
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if self.timezone is UTC:
            connection.adapters.register_loader("timestamptz", MomentLoader)
        self.kept = Kept(connection, prepare=self.may_prepare)
        return connection

    def init_connection_state(self) -> None:
        """What holds for the whole connection; asked for by a statement, as poolers refuse to pass `options` on."""
        super().init_connection_state()
        if self.connection is not None and not self.may_compile:
            self.connection.execute("SET jit TO off")

    def is_usable(self) -> bool:
        """Whether the server still listens, asked before each request.

        A server that has ended says so on the line, or the line is cut: either can be read without asking it. Only
        then is it asked, which costs a turn.
        """
        if self.connection is None or self.connection.closed:
            return False
        if not select.select([self.connection.fileno()], [], [], 0)[0]:
            return True
        return bool(super().is_usable())

    def prepared_cursor(self) -> CursorWrapper:
        """A cursor that sends values apart from the query; counted and logged as Django's own."""
        self.ensure_connection()
        return self._prepare_cursor(KeptCursor(self.kept))  # type: ignore[attr-defined, no-any-return]

    def with_constants(self, sql: str, params: list[Any], left_open: set[int]) -> str:
        """The query with all values written into it, but for the places `left_open`, which stay `%s`."""
        self.ensure_connection()
        parts, done = sql.replace("%%", "\0").split("%s"), []
        for place, part in enumerate(parts):
            done.append(part)
            if place < len(params):
                done.append("%s" if place in left_open else self._constant(params[place]))
        return "".join(done).replace("\0", "%%")

    def _constant(self, value: Any) -> str:
        return quote(value, self.connection).replace("%", "%%")
