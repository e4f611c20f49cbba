"""An SMTP server in a process of its own that writes down when it had taken a mail and for whom, a line each.

python -m bench.safety_sink FILE MILLISECONDS: it prints its port, and answers to the final dot after so long, as a
server at the other end of the country does. Each line holds the moment in seconds since 1970, and the address.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Sink:
    """The server: its port, its process, and the file with what it took."""

    port: int
    process: subprocess.Popen[str]
    taken: Path

    def count(self) -> int:
        """How many mails it has taken."""
        return self.taken.read_bytes().count(b"\n")

    def mails(self) -> list[tuple[float, str]]:
        """When it took each mail, and for whom."""
        lines = (line.split() for line in self.taken.read_text().splitlines())
        return [(float(at), address) for at, address in lines]

    def empty(self) -> None:
        """Forget what was taken."""
        os.truncate(self.taken, 0)


@contextmanager
def running(taken: Path, *, core: int, answers_after_ms: float = 0) -> Iterator[Sink]:
    """A server bound to one core."""
    taken.touch()
    command = ["taskset", "-c", str(core), sys.executable, "-m", "bench.safety_sink", str(taken), str(answers_after_ms)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, stdout=pipe, stdin=pipe, text=True)
    try:
        assert process.stdout is not None
        yield Sink(int(process.stdout.readline()), process, taken)
    finally:
        process.kill()
        process.wait(10)


class _Taking:
    def __init__(self, taken: Path, answers_after_ms: float) -> None:
        self._file = os.open(taken, os.O_WRONLY | os.O_APPEND)
        self._seconds = answers_after_ms / 1000

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd’s word
        os.write(self._file, f"{time.time():.6f} {envelope.rcpt_tos[0]}\n".encode())
        if self._seconds:
            await asyncio.sleep(self._seconds)
        return "250 2.0.0 Ok"


def _serve() -> None:
    import socket

    from aiosmtpd.controller import Controller

    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    handler = _Taking(Path(sys.argv[1]), float(sys.argv[2]))
    Controller(handler, hostname="127.0.0.1", port=port, server_hostname="localhost").start()
    print(port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    _serve()
