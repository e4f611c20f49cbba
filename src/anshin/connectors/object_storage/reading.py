"""A content in a file store as an open file: read as it comes, and asked for anew from where one seeks to."""

import io
import os
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError
from urllib3.exceptions import HTTPError

from anshin.plumbing.files.errors import StorageAway

BUFFER_BYTES = 256 * 1024
_TRIES = 3

Ask = Callable[[int], Any]
"""From which byte on; gives the answer of GetObject."""


class Reading(io.RawIOBase):
    """Bytes of one object. A line that breaks in the middle is taken up again from the same byte."""

    def __init__(self, ask: Ask) -> None:
        super().__init__()
        self._ask = ask
        answer = ask(0)
        self.size_bytes = int(answer["ContentLength"])
        self._body: Any = answer["Body"]
        self._body_at = self._at = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True: the next read asks from there."""
        return True

    def tell(self) -> int:
        """The byte that is read next."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a byte; nothing is asked yet. Raises ValueError before the beginning."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size_bytes}[whence]
        if base + offset < 0:
            raise ValueError(f"negative seek value {base + offset}")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Bytes put into `buffer`; 0 at the end. Raises StorageAway when the line breaks again and again."""
        wanted = min(len(buffer), self.size_bytes - self._at)
        if wanted <= 0:
            return 0
        portion = self._portion(wanted)
        buffer[: len(portion)] = portion
        self._at += len(portion)
        self._body_at = self._at
        return len(portion)

    def close(self) -> None:
        """Let go of the line."""
        if not self.closed:
            self._let_go()
        super().close()

    def _portion(self, wanted: int) -> bytes:
        broken: Exception | None = None
        for _try in range(_TRIES):
            try:
                if self._body is None or self._body_at != self._at:
                    self._let_go()
                    self._body, self._body_at = self._ask(self._at)["Body"], self._at
                if portion := bytes(self._body.read(wanted)):
                    return portion
            except (BotoCoreError, HTTPError, OSError) as error:
                broken = error
            self._let_go()
        raise StorageAway from broken

    def _let_go(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()
