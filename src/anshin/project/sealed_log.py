"""Lines of the log name no sealed notice and no person: whoever reads them is not named on the one, and is no clerk.

What a mail server says, and a traceback, may hold a mail address or a telephone number; of an address the domain stays,
which is what an operator needs. Of links that open something for whoever has them the long word is left out.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any, Final

from anshin.plumbing.pages.breakdowns import is_line_lost
from anshin.plumbing.watching import marks

_ADDRESS: Final = re.compile(r"(/safety/)(?!new\b)[A-Za-z0-9_-]{8,}")


_MAIL: Final = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[A-Za-z]{2,})")
_MOBILE: Final = re.compile(r"\b0[789]0-?\d{4}-?\d{4}\b")
_LINK: Final = re.compile(r"(?<=/)[A-Za-z0-9_:-]{20,}(?=[/?\s]|$)")


class Line(logging.Formatter):
    """A line with its traceback, in which addresses lack their first part and mobile numbers are left out."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        mark = f" [{marks.current()}]" if marks.current() else ""
        return _sealed(super().format(record)) + mark


class JsonLine(logging.Formatter):
    """The same as one JSON object a line, for whatever collects logs; `facts` of a record are fields of their own."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _sealed(record.getMessage()),
        }
        if mark := marks.current():
            told["request"] = mark
        if (job := marks.current_job()) is not None:
            told["job"] = job
        if record.exc_info:
            told["traceback"] = _sealed(self.formatException(record.exc_info))
        return json.dumps(getattr(record, "facts", {}) | told, ensure_ascii=False)


class SealedPaths(logging.Filter):
    """Writes /safety/… for each address of a notice, in messages and their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(each) for each in record.args)
        record.msg = _masked(record.msg)
        return True


class DatabaseAway(logging.Filter):
    """One line for each page that could not be shown while the database was away, instead of a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if record.name == "django.request" and is_line_lost(error):
            why = " ".join(str(error).split())
            record.msg, record.args = f"{record.getMessage()}: the database does not answer ({why})", None
            record.exc_info = None
        return True


def _sealed(line: str) -> str:
    return _LINK.sub("…", _MOBILE.sub("…", _MAIL.sub(r"…@\1", line)))


def _masked(told: object) -> object:
    return _ADDRESS.sub(r"\1…", told) if isinstance(told, str) else told
