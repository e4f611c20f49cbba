"""A shelf that is a folder: ab/cd/<sha256>, each moved there whole from `incoming`. Needs no settings."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

INCOMING = "incoming"


class Folder:
    """Contents below `root`. `is_forced`: each is on the disk, with its name, before `put` returns."""

    def __init__(self, root: Path, *, is_forced: bool = True) -> None:
        self.root = root
        self._is_forced = is_forced

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this hash lie."""
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def draft(self) -> Path:
        """As the socket says."""
        incoming = self.root / INCOMING
        incoming.mkdir(parents=True, exist_ok=True)
        return incoming / secrets.token_hex(16)

    def size_of(self, sha256: str) -> int | None:
        """As the socket says."""
        try:
            return self.path_of(sha256).stat().st_size
        except FileNotFoundError:
            return None

    def renew(self, sha256: str, size_bytes: int) -> bool:
        """As the socket says."""
        try:
            place = self.path_of(sha256)
            is_whole = place.stat().st_size == size_bytes
            if is_whole:
                os.utime(place)
        except FileNotFoundError:
            return False
        return is_whole

    def put(self, draft: Path, sha256: str, size_bytes: int) -> None:
        """As the socket says."""
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        if self.renew(sha256, size_bytes):
            return
        place = self.path_of(sha256)
        is_new_folder = not place.parent.is_dir()
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(place)
        if self._is_forced:
            _force_to_disk(place.parent)
            if is_new_folder:
                _force_to_disk(place.parent.parent)
                _force_to_disk(self.root)

    def open(self, sha256: str) -> tuple[BinaryIO, int]:
        """As the socket says."""
        file = self.path_of(sha256).open("rb")
        return file, os.fstat(file.fileno()).st_size

    def remove(self, sha256: str, *, is_wanted: Callable[[], bool]) -> bool:
        """As the socket says."""
        aside = self.draft()
        with suppress(FileNotFoundError):
            self.path_of(sha256).rename(aside)
            if is_wanted():
                aside.rename(self.path_of(sha256))
                return False
            aside.unlink()
            return True
        return False

    def before(self, moment: datetime) -> Iterator[str]:
        """As the socket says."""
        yield from (file.name for file in self.root.glob("??/??/*") if _is_before(file, moment))

    def drop_unfinished(self, moment: datetime) -> int:
        """As the socket says."""
        old = [file for file in (self.root / INCOMING).glob("*") if _is_before(file, moment)]
        for file in old:
            file.unlink(missing_ok=True)
        return len(old)

    def is_empty(self) -> bool:
        """As the socket says."""
        return not self.root.exists()

    def look(self) -> str:
        """As the socket says. Raises PermissionError when the folder is there but cannot be written."""
        if self.root.exists() and not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            raise PermissionError(str(self.root))
        return ""


def _is_before(file: Path, moment: datetime) -> bool:
    try:
        return file.stat().st_mtime <= moment.timestamp()
    except FileNotFoundError:  # moved in, or removed, at this very moment
        return False


def _force_to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
