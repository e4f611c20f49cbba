"""Opens documents of strangers (PDF, tables) in a process of their own, which may fail without harm to ours.

Each document gets a fresh process with limits of the operating system on time and memory (`reading.py`). Whatever
happens to it, bombs included, the answer is the words that it read until then and an obstacle. Never raises.

Sources: ISO 32000-1:2008 section 7.5.2 (`%PDF-` may stand within the first 1,024 bytes, annex H.3); [MS-CFB] 2.2 (the
first eight bytes) and 2.6.1 (names of streams in UTF-16); [MS-OFFCRYPTO] 2.3.4 (`EncryptedPackage`); read 2026-11-27.
"""

import subprocess
import sys
from typing import Final

from anshin.plumbing.documents.values import Obstacle, Opened

MOST_DOCUMENT_BYTES: Final = 60_000_000
MOST_DOCUMENTS: Final = 30
_PROGRAM: Final = "anshin.plumbing.documents.reading"
_LONGEST_SECONDS: Final = 60
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_STREAM: Final = "EncryptedPackage".encode("utf-16-le")
_TABLE_STREAMS: Final = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_CLOSED: Final = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_ENDS: Final = {0: None, 10: Obstacle.LOCKED, 11: Obstacle.DAMAGED, 12: Obstacle.TOO_LARGE, 13: Obstacle.PICTURES}


class DocumentOpener:
    """Opens at most `most` documents, so that one mail with hundreds keeps nobody busy; the rest are too many."""

    def __init__(self, most: int = MOST_DOCUMENTS, *, cpu_seconds: int = 10) -> None:
        self._left = most
        self._cpu_seconds = cpu_seconds

    def __call__(self, content: bytes) -> Opened | None:
        """The document's words; None for bytes of another kind."""
        if content.startswith(_COMPOUND):
            return self._compound(content)
        if content.startswith(_CLOSED):
            return Opened((), Obstacle.KIND)
        if b"%PDF-" in content[:1024]:
            return self._read("pdf", content)
        if content.startswith(b"PK\x03\x04") and _is_table(content):
            return self._read("table", content)
        return None

    def _compound(self, content: bytes) -> Opened:
        """Word, Excel and Outlook before 2007, and newer ones with a password, all begin alike."""
        if _LOCKED_STREAM in content:
            return Opened((), Obstacle.LOCKED)
        if any(name in content for name in _TABLE_STREAMS):
            return self._read("table", content)
        return Opened((), Obstacle.KIND)

    def _read(self, kind: str, content: bytes) -> Opened:
        if len(content) > MOST_DOCUMENT_BYTES or self._left <= 0:
            return Opened((), Obstacle.TOO_LARGE)
        self._left -= 1
        command = [sys.executable, "-I", "-m", _PROGRAM, kind, str(self._cpu_seconds)]
        try:
            done = subprocess.run(command, input=content, capture_output=True, timeout=_LONGEST_SECONDS, check=False)
        except subprocess.TimeoutExpired as late:
            return Opened(_texts(late.output or b""), Obstacle.TOO_LARGE)
        except OSError:  # no memory for another process
            return Opened((), Obstacle.TOO_LARGE)
        return Opened(_texts(done.stdout), _ENDS.get(done.returncode, Obstacle.TOO_LARGE))


def _is_table(content: bytes) -> bool:
    return any(name in content for name in (b"xl/workbook", b"opendocument.spreadsheet"))


def _texts(written: bytes) -> tuple[str, ...]:
    return tuple(text for text in written.decode("utf-8", "replace").split("\0") if text.strip())
