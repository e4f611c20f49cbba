"""Lines of the log name no sealed notice: its address is left out, since whoever reads logs is not named on it."""

from __future__ import annotations

import logging
import re
from typing import Final

_ADDRESS: Final = re.compile(r"(/safety/)(?!new\b)[A-Za-z0-9_-]{8,}")


class SealedPaths(logging.Filter):
    """Writes /safety/… for each address of a notice, in messages and their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(each) for each in record.args)
        record.msg = _masked(record.msg)
        return True


def _masked(told: object) -> object:
    return _ADDRESS.sub(r"\1…", told) if isinstance(told, str) else told
