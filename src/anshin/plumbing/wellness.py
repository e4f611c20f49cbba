"""Whether a part of the installation is well: what a look says, and where rooms above plug in looks of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anshin.plumbing.sockets import Socket

GOOD, WARN, BAD = "good", "warn", "bad"


@dataclass(frozen=True)
class Check:
    """One line of the owner's page, in the reader's language. `url` leads to where it is mended, "" when not here."""

    title: str
    state: str
    words: str
    url: str = ""


Look = Callable[[Any, datetime], Check]
"""Given the shop and the moment."""

more_looks: Socket[tuple[Look, ...]] = Socket("plumbing.more_looks")
