"""A cursor whose statements the server keeps.

psycopg's own cursors can do it too, but each execution goes through generators made for any kind of query; for one that
the server answers in 20 microseconds that was the larger part. This one speaks with libpq through `psycopg.pq`, which
is documented (https://www.psycopg.org/psycopg3/docs/api/pq.html, read 2026-11-26); values are written and read by
psycopg's adapters, Django's among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, OperationalError
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

KEPT_MOST = 500
_GOOD = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}


class Kept:
    """What one connection has prepared: the names of statements on the server, and the adapters of values."""

    def __init__(self, connection: Connection[Any], *, prepare: bool) -> None:
        self.connection, self.prepare = connection, prepare
        self.adapters = Transformer(connection)
        self.names: dict[str, bytes] = {}
        self.commands: dict[str, bytes] = {}

    def run(self, sql: str, values: Sequence[Any]) -> Any:
        """The server's answer. Raises psycopg's errors."""
        server = self.connection.pgconn
        self._begin()
        sent: Any = self.adapters.dump_sequence(values, [PyFormat.TEXT] * len(values)) if values else []
        name = self.names.get(sql) or self._name(sql)
        answer = server.exec_prepared(name, sent) if name else server.exec_params(self._command(sql), sent)
        return self._checked(answer)

    def _begin(self) -> None:
        """A transaction begins with its first statement, as psycopg has it."""
        if self.connection.autocommit:
            return
        server = self.connection.pgconn
        if server.transaction_status == TransactionStatus.IDLE:
            self._checked(server.exec_(b"BEGIN"))

    def _name(self, sql: str) -> bytes:
        if not self.prepare or len(self.names) >= KEPT_MOST:
            return b""
        name = b"anshin_%d" % len(self.names)
        self._checked(self.connection.pgconn.prepare(name, self._command(sql)))
        self.names[sql] = name
        return name

    def _command(self, sql: str) -> bytes:
        command = self.commands.get(sql)
        if command is None:
            command = self.commands[sql] = numbered(sql).encode()
        return command

    def _checked(self, answer: Any) -> Any:
        if answer.status in _GOOD:
            return answer
        if self.connection.pgconn.status == ConnStatus.BAD:
            raise OperationalError(answer.get_error_message("utf-8") or "the connection is lost")
        raise error_from_result(answer)


class KeptCursor:
    """As much of a cursor (PEP 249) as `plumbing.prepared` and Django's wrappers around it need."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._answer: Any = None

    def __enter__(self) -> KeptCursor:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def execute(self, sql: str, params: Sequence[Any] | None = None) -> KeptCursor:
        """Carry out a statement with `%s` for its values. Raises psycopg's errors."""
        self._answer = None
        self._answer = self._kept.run(sql, params or ())
        return self

    @property
    def rowcount(self) -> int:
        """Rows that were found or touched; -1 before the first statement."""
        if self._answer is None:
            return -1
        return int(self._answer.command_tuples or 0)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows."""
        adapters = self._kept.adapters
        adapters.set_pgresult(self._answer)
        return adapters.load_rows(0, self._answer.ntuples, tuple)

    def close(self) -> None:
        """Forget the answer."""
        self._answer = None


def numbered(sql: str) -> str:
    """The statement in PostgreSQL's own form: $1, $2 … for each `%s`, and `%` for `%%`."""
    parts = sql.replace("%%", "\0").split("%s")
    marked = parts[0] + "".join(f"${place}{part}" for place, part in enumerate(parts[1:], start=1))
    return marked.replace("\0", "%")
