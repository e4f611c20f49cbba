"""A browser's side of the stream: it calls the ASGI application directly and collects what arrives."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection

from anshin.plumbing.live.asgi import LiveApp, Viewer
from anshin.plumbing.live.hub import Hub

PATIENCE_SECONDS = 10


class Page:
    """One open page: `frames` are the events that arrived, as (id, event, data)."""

    def __init__(self):
        self.status, self.headers, self.text = None, {}, ""
        self.changed, self.leaving, self.reading = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.reading.set()

    @property
    def frames(self):
        blocks = [block for block in self.text.split("\n\n") if "event: " in block]
        fields = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
        return [(int(f["id"]), f["event"], f["data"]) for f in fields]

    async def receive(self):
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            await self.reading.wait()
            self.text += message["body"].decode()
        self.changed.set()

    async def until(self, is_so):
        """Wait for messages until `is_so(page)`; fails when that does not come about."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_so(self):
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
def now():
    return datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def hub():
    return Hub(look_each_seconds=0.01)


@pytest.fixture
def open_page(hub):
    """An async context manager: `async with open_page("channel=case:1", last=5) as page`."""

    @asynccontextmanager
    async def _open(query="", *, last=None, shop_id=1, person_id=7, method="GET", **options):
        async def allowed(scope):
            return Viewer(shop_id, person_id)

        app = LiveApp(**{"allowed": allowed, "hub": hub, **options})
        headers = [(b"last-event-id", str(last).encode())] if last is not None else []
        scope = {"type": "http", "method": method, "query_string": query.encode(), "headers": headers}
        page = Page()
        page.task = asyncio.ensure_future(app(scope, page.receive, page.send))
        page.task.add_done_callback(lambda _: page.changed.set())
        try:
            await page.until(lambda p: p.text or p.task.done() or p.status not in {None, 200})
            yield page
        finally:
            page.leaving.set()
            page.reading.set()
            await page.task

    return _open


@pytest.fixture
def is_postgresql():
    return connection.vendor == "postgresql"
