"""What broke beneath a page, so that the page can say so and say what to do."""

import errno
from collections.abc import Iterator
from enum import Enum

from django.db import InterfaceError, OperationalError

from anshin.plumbing.files.errors import StorageAway, StorageRefuses

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_ROOM_WORDS = ("disk is full", "disk full", "no space left", "could not extend file")
_BUSY_WORDS = ("database is locked", "database table is locked", "too many connections", "too many clients")


class Breakdown(Enum):
    """Each passes once its cause is gone, and names the page that says so (errors/<value>.html)."""

    DATABASE_AWAY = "database_away"
    DATABASE_BUSY = "database_busy"
    NO_ROOM = "no_room"
    FILES_AWAY = "files_away"


def breakdown(error: BaseException | None) -> Breakdown | None:
    """What lies beneath `error`; None when it is a fault of the program.

    Source: SQLite result codes SQLITE_FULL and SQLITE_BUSY; PostgreSQL 15 appendix A, class 53; read 2026-11-26.
    """
    for each in _chain(error):
        words = str(each).lower()
        if isinstance(each, OSError) and each.errno in _NO_ROOM:
            return Breakdown.NO_ROOM
        if isinstance(each, StorageAway | StorageRefuses):
            return Breakdown.FILES_AWAY
        if isinstance(each, OperationalError | InterfaceError):
            if any(known in words for known in _NO_ROOM_WORDS):
                return Breakdown.NO_ROOM
            busy = any(known in words for known in _BUSY_WORDS)
            return Breakdown.DATABASE_BUSY if busy else Breakdown.DATABASE_AWAY
    return None


def is_line_lost(error: BaseException | None) -> bool:
    """Whether PostgreSQL was not to be reached, was stopping or was still starting: it is told in a line, and a
    traceback says nothing of it.

    Source: PostgreSQL 15 appendix A, classes 08 and 57P; an error of the line itself has no code; read 2026-11-27.
    """
    for each in _chain(error):
        if isinstance(each, OperationalError | InterfaceError) and type(each.__cause__).__module__.startswith(
            "psycopg"
        ):
            code = getattr(each.__cause__, "sqlstate", None) or "08"
            return code.startswith(("08", "57P"))
    return False


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what caused it, at most ten deep."""
    for _deep in range(10):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
