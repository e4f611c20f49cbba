"""A copy of the database while others work on it, and the way back into an empty one.

SQLite: VACUUM INTO, which reads one moment of the database, blocks nobody who writes and leaves out what was deleted
(https://www.sqlite.org/lang_vacuum.html#vacuuminto, read 2026-11-27). PostgreSQL: pg_dump on the snapshot of a
transaction of ours (https://www.postgresql.org/docs/15/app-pgdump.html, --snapshot, read 2026-11-27), in which the rows
are counted, too.
"""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from anshin.plumbing.backups.counting import Counted, counted
from anshin.plumbing.backups.terms import Refused, Trouble

SQLITE_NAME = "database.sqlite3.gz"
POSTGRESQL_NAME = "database.dump"
_PORTION_BYTES = 1024 * 1024
_SAID_CHARACTERS = 300


def is_postgresql(settings: Mapping[str, Any]) -> bool:
    """Whether Django's settings of a database speak of PostgreSQL."""
    return "postgresql" in str(settings["ENGINE"])


def copy(settings: Mapping[str, Any], folder: Path) -> tuple[Path, dict[str, Counted], list[tuple[str, int]]]:
    """Copy the database into the folder: the file, what was counted, and the files it names, (SHA-256, bytes).

    Raises Refused when a program of PostgreSQL's is missing or fails, OSError, sqlite3.Error, psycopg.Error.
    """
    return _dump(settings, folder) if is_postgresql(settings) else _vacuum(settings, folder)


def put_back(file: Path, settings: Mapping[str, Any]) -> dict[str, Counted]:
    """Fill an empty database from a copy; what is there then, counted. Raises as `copy` does."""
    if is_postgresql(settings) != (file.name == POSTGRESQL_NAME):
        raise Refused(Trouble.OTHER_DATABASE)
    if not is_empty(settings):
        raise Refused(Trouble.NOT_EMPTY, str(settings["NAME"]))
    if file.name == POSTGRESQL_NAME:
        _run(
            "pg_restore",
            settings,
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            str(file),
        )
        with psycopg.connect(make_conninfo(**_where(settings))) as connection:
            return counted(connection)
    target = Path(settings["NAME"])
    draft = target.with_name(target.name + ".part")
    with gzip.open(file, "rb") as packed, draft.open("wb") as out:
        shutil.copyfileobj(packed, out, _PORTION_BYTES)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(target)
    with closing(sqlite3.connect(target)) as connection:
        return counted(connection)


def is_empty(settings: Mapping[str, Any]) -> bool:
    """Whether the database has no table yet. Raises psycopg.Error when PostgreSQL cannot be reached."""
    if not is_postgresql(settings):
        return not Path(settings["NAME"]).exists()
    with psycopg.connect(make_conninfo(**_where(settings))) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()").fetchone()
    return not (found and found[0])


def _vacuum(settings: Mapping[str, Any], folder: Path) -> tuple[Path, dict[str, Counted], list[tuple[str, int]]]:
    plain, packed = folder / "database.sqlite3", folder / SQLITE_NAME
    with closing(sqlite3.connect(settings["NAME"], timeout=60, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", [str(plain)])
    try:
        with closing(sqlite3.connect(plain)) as connection:
            found, files = counted(connection), connection.execute(FILES).fetchall()
        with plain.open("rb") as raw, gzip.open(packed, "wb", compresslevel=1) as out:
            shutil.copyfileobj(raw, out, _PORTION_BYTES)
    finally:
        plain.unlink(missing_ok=True)
    return packed, found, files


FILES = "SELECT sha256, max(size_bytes) FROM files_blob GROUP BY sha256 ORDER BY sha256"


def _dump(settings: Mapping[str, Any], folder: Path) -> tuple[Path, dict[str, Counted], list[tuple[str, int]]]:
    file = folder / POSTGRESQL_NAME
    with psycopg.connect(make_conninfo(**_where(settings))) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = row[0] if row else ""
        _run("pg_dump", settings, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={file}")
        return file, counted(connection), connection.execute(FILES).fetchall()


def _where(settings: Mapping[str, Any]) -> dict[str, str]:
    """libpq's names for where the database is; what is empty is left to its own rules."""
    said = {
        "dbname": settings["NAME"],
        "user": settings.get("USER", ""),
        "password": settings.get("PASSWORD", ""),
        "host": settings.get("HOST", ""),
        "port": settings.get("PORT", ""),
        "sslmode": settings.get("OPTIONS", {}).get("sslmode", ""),
        "sslrootcert": settings.get("OPTIONS", {}).get("sslrootcert", ""),
    }
    return {name: str(value) for name, value in said.items() if value}


def _run(program: str, settings: Mapping[str, Any], *options: str) -> None:
    """One of PostgreSQL's programs; the password goes by the environment, where no list of processes shows it."""
    where = _where(settings)
    names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    environment = {**os.environ, **{names[name]: value for name, value in where.items()}}
    target = [f"--dbname={where['dbname']}"] if program == "pg_restore" else []
    try:
        done = subprocess.run(
            [program, *target, *options], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise Refused(Trouble.NO_TOOL, program) from None
    if done.returncode:
        raise Refused(Trouble.TOOL_FAILED, done.stderr.strip()[-_SAID_CHARACTERS:])
