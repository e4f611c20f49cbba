"""A line between a program and a server that can be cut in the middle of what the server is saying."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class CuttingProxy:
    """Hands everything on between its own `port` and `target_port`, until it is told to cut."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._lines: set[tuple[socket.socket, socket.socket]] = set()
        self._bytes_left: int | None = None
        self.port = int(self._listener.getsockname()[1])
        self.cut_count = 0
        self.was_cut = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._listener.close()
        self.cut()

    def cut_after(self, count: int) -> None:
        """Cut every line as soon as the server has said `count` bytes more."""
        with self._lock:
            self.was_cut.clear()
            self._bytes_left = count

    def cut(self) -> None:
        """Cut every line now, without a goodbye."""
        with self._lock:
            lines, self._lines, self._bytes_left = self._lines, set(), None
            self.cut_count += bool(lines)
            self.was_cut.set()
        for line in lines:
            for end in line:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                inside, _address = self._listener.accept()
            except OSError:
                return
            try:
                outside = socket.create_connection(("127.0.0.1", self._target_port), 5)
            except OSError:
                inside.close()
                continue
            outside.settimeout(None)
            line = (inside, outside)
            with self._lock:
                self._lines.add(line)
            threading.Thread(target=self._pump, args=(inside, outside, line, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(outside, inside, line, True), daemon=True).start()

    def _pump(
        self, source: socket.socket, sink: socket.socket, line: tuple[socket.socket, socket.socket], counts: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while said := source.recv(4096):
                passed = self._passed(said) if counts else said
                sink.sendall(passed)
                if len(passed) < len(said):
                    self.cut()
                    break
        for end in line:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._lines.discard(line)

    def _passed(self, said: bytes) -> bytes:
        """What still goes through: all, or as many bytes as are left before the cut."""
        with self._lock:
            if self._bytes_left is None:
                return said
            passed = said[: self._bytes_left]
            self._bytes_left -= len(passed)
            return passed


@contextlib.contextmanager
def running(target_port: int) -> Iterator[CuttingProxy]:
    proxy = CuttingProxy(target_port)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
