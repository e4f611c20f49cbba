"""Where `anshin worker` can be asked how it is: /metrics and /health/live on an address that the operator names."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from anshin.plumbing.watching import counts
from anshin.project.metrics import may_read

log = logging.getLogger(__name__)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    timeout = 10  # seconds for one question

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a probe each few seconds is no news."""


def open_door(where: str, *, is_well: Callable[[], bool]) -> Callable[[], None]:
    """Answer on `where` (host:port) until the function that is returned is called.

    Raises ValueError when `where` is no address, OSError when somebody else listens there.
    """
    host, colon, port = where.rpartition(":")
    if not colon or not host:
        raise ValueError(where)

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/health/live":
            return _told(start, "200 OK" if is_well() else "503 Service Unavailable", "text/plain", b"")
        if path == "/metrics" and may_read(environ):
            return _told(start, "200 OK", CONTENT_TYPE_LATEST, generate_latest(counts.REGISTRY))
        return _told(start, "404 Not Found", "text/plain", b"")

    server = make_server(host.strip("[]"), int(port), answer, _Server, _Handler)
    threading.Thread(target=server.serve_forever, name="worker-door", daemon=True).start()

    def close() -> None:
        server.shutdown()
        server.server_close()

    return close


def _told(start: Callable[..., Any], status: str, kind: str, body: bytes) -> Iterable[bytes]:
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
    return [body]
