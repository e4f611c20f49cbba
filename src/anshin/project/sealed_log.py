"""Lines of the log name no sealed notice and no person: whoever reads them is not named on the one, and is no clerk.

What a mail server says, and a traceback, may hold a mail address or a telephone number; of an address the domain stays,
which is what an operator needs.
"""

from __future__ import annotations

import logging
import re
from typing import Final

_ADDRESS: Final = re.compile(r"(/safety/)(?!new\b)[A-Za-z0-9_-]{8,}")


_MAIL: Final = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[A-Za-z]{2,})")
_MOBILE: Final = re.compile(r"\b0[789]0-?\d{4}-?\d{4}\b")


class Line(logging.Formatter):
    """A line with its traceback, in which addresses lack their first part and mobile numbers are left out."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        return _MOBILE.sub("…", _MAIL.sub(r"…@\1", super().format(record)))


class SealedPaths(logging.Filter):
    """Writes /safety/… for each address of a notice, in messages and their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(each) for each in record.args)
        record.msg = _masked(record.msg)
        return True


def _masked(told: object) -> object:
    return _ADDRESS.sub(r"\1…", told) if isinstance(told, str) else told
