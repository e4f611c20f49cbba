"""The server's front door: live streams as they are, everything else through a small pool of threads.

Django's own ASGI handler gives each request a thread of its own and hops between loop and thread at every middleware,
which costs more than our pages do, and opens the database anew each time. Here one thread works off a request from
middleware to template, and keeps its database connection. Measured in docs/decisions/0004-threads.md.
"""

from __future__ import annotations

import asyncio
import gc
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import IO, Any

import django
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponseBase
from django.urls import set_script_prefix

from anshin.plumbing.watching import counts, marks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anshin.project.settings")
THREADS = 4
OBJECTS_BEFORE_A_LOOK = 10_000


class DeskHandler(ASGIHandler):
    """Django's handler, with the synchronous middleware chain on one of a few lasting threads."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="desk")

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002  Django's interface
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"Only HTTP is served here, not {scope['type']}")
        loop = asyncio.get_running_loop()
        try:
            body: IO[bytes] = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            response = await loop.run_in_executor(self.pool, self._answer, scope, body)
            try:
                await self.send_response(response, send)
            finally:
                if not response.closed:
                    await loop.run_in_executor(self.pool, response.close)

    def _answer(self, scope: Any, body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        try:
            response: HttpResponseBase | None = self.get_response(request) if request is not None else refusal
        finally:
            marks.end()
        if response is None:
            raise RuntimeError("Django made neither a request nor a refusal")
        return response


def _build() -> Any:
    django.setup(set_prefix=False)
    from anshin.plumbing import pages
    from anshin.plumbing.live.asgi import LiveApp
    from anshin.plumbing.pages.static_files import StaticApp
    from anshin.project.live_gate import allowed
    from anshin.widget.asgi import NoticesApp

    desk = DeskHandler()
    live = LiveApp(allowed=lambda scope: allowed(scope, desk.pool))
    notices = NoticesApp(desk.pool)
    static = StaticApp(Path(pages.__file__).parent / "static")

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/s/") and scope["path"].endswith("/live"):
            await live(scope, receive, send)
        elif static.serves(scope):
            await static(scope, receive, send)
        elif notices.serves(scope):
            await notices(scope, receive, _seen(send, scope["method"]))
        else:
            await desk(scope, receive, send)

    return application


def _seen(send: Any, method: str) -> Any:
    """`send` for an answer that goes past the middleware, and is counted here."""
    began = perf_counter()

    async def counted(message: Any) -> None:
        await send(message)
        if message["type"] == "http.response.start":
            seconds = perf_counter() - began
            counts.count_request(route="notices", method=method, status=message["status"], seconds=seconds)

    return counted


def _spare_the_collector() -> None:
    """Let the garbage collector leave the program itself alone, and look less often for cycles of dead objects.

    A page makes some ten thousand objects and no cycle to speak of, for which it looked fifteen times: a twentieth of
    the page's cost.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK, 10, 10)


application = _build()
_spare_the_collector()

if os.environ.get("ANSHIN_WORK_HERE") == "1":
    from anshin.channels.email.fetching.watching import Watchers
    from anshin.plumbing.jobs.worker import start_embedded

    start_embedded(threads=3)
    Watchers().start()
