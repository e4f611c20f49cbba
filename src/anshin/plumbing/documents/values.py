"""What came of looking into a document: its words, and what of it stayed closed, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Obstacle(StrEnum):
    """Why nobody could look into all of a file."""

    LOCKED = "locked"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    KIND = "kind"
    PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class Opened:
    """The texts of a document, one after the other, and what was in the way (None: it was read to its end)."""

    texts: tuple[str, ...]
    obstacle: Obstacle | None = None


Opener = Callable[[bytes], Opened | None]
"""Opens a document; None for bytes that are no document of a kind that it knows."""
