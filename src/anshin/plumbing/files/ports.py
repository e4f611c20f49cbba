"""The socket of files: where contents lie when they do not lie in the installation's own folder."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from anshin.plumbing.sockets import Socket


class Shelf(Protocol):
    """Contents, each once, under its SHA-256 in hex. A content that lies there is whole.

    Every method may raise StorageTrouble; on a disk also OSError.
    """

    def draft(self) -> Path:
        """A name, not yet taken, for a file on this machine in which bytes are gathered before they are put."""
        ...

    def size_of(self, sha256: str) -> int | None:
        """Bytes of what lies there; None when nothing does."""
        ...

    def renew(self, sha256: str, size_bytes: int) -> bool:
        """Whether it lies there in full length; then it counts as just kept, so that upkeep leaves it alone."""
        ...

    def put(self, draft: Path, sha256: str, size_bytes: int) -> None:
        """Keep the draft's bytes under their hash, whole or not at all. The draft may be gone afterwards."""
        ...

    def open(self, sha256: str) -> tuple[BinaryIO, int]:
        """The bytes as an open file in which one can seek, and how many. Raises FileNotFoundError."""
        ...

    def remove(self, sha256: str, *, is_wanted: Callable[[], bool]) -> bool:
        """Remove it unless `is_wanted` says, once nobody can find it any more, that somebody keeps it again."""
        ...

    def before(self, moment: datetime) -> Iterator[str]:
        """The names of what was kept before `moment`, in any order."""
        ...

    def drop_unfinished(self, moment: datetime) -> int:
        """Remove what was begun before `moment` and never put; how many."""
        ...

    def is_empty(self) -> bool:
        """Whether nothing lies there."""
        ...

    def look(self) -> str:
        """Ask whether it can be reached; "" or a word on what is not as it should be: "versions"."""
        ...


shelf = Socket[Shelf]("files.shelf")
"""Empty unless ANSHIN_FILES says otherwise: then contents lie in the folder MEDIA_ROOT."""
