"""Hands each live event to the open pages of this process that follow its channel.

One hub a process. While at least one page is open, one task reads: on PostgreSQL it LISTENs, and each NOTIFY names
one committed event; with a carrier (Redis) it looks into the table at each ring; on SQLite it looks into the table
when this process has committed one, and each second for what
other processes have written. When reading fails, all pages are let go; they come back and catch up by themselves.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from anshin.plumbing.live import queries
from anshin.plumbing.live.models import LiveEvent
from anshin.plumbing.live.ports import Carrier, carrier
from anshin.plumbing.live.recent import Recent

NOTIFY_NAME = "anshin_live"
QUEUE_LENGTH = 100
"""Events that may wait for one slow page before it is let go."""
LOOK_ANYWAY_SECONDS = 5.0
"""So often a hub that others ring looks by itself, should a process have died between its commit and its ring."""
_AT_ONCE = 500
_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A LISTEN connection that died in silence is noticed after a minute."""

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class Follower:
    """One open page: what it follows and what waits for it. `gone` is set when the hub has let it go."""

    __slots__ = ("channels", "gone", "queue", "shop_id")

    def __init__(self, shop_id: int, channels: frozenset[str]) -> None:
        self.shop_id = shop_id
        self.channels = channels
        self.queue: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue(QUEUE_LENGTH)
        self.gone = asyncio.Event()

    def hand(self, event_id: int, frame: bytes) -> None:
        """Put the event in the page's queue; a page that is too slow is let go."""
        try:
            self.queue.put_nowait((event_id, frame))
        except asyncio.QueueFull:
            self.gone.set()


class Hub:
    """The followers of one process and the task that reads for them."""

    def __init__(self, *, look_each_seconds: float = 1.0) -> None:
        self._look_each_seconds = look_each_seconds
        self._followers: dict[tuple[int, str], set[Follower]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._reading: asyncio.Task[None] | None = None
        self._is_told = False
        self._bell = asyncio.Event()
        self._ready = asyncio.Event()

    async def join(self, shop_id: int, channels: Collection[str]) -> Follower:
        """A follower that misses nothing committed from now on."""
        follower = Follower(shop_id, frozenset(channels))
        for channel in follower.channels:
            self._followers.setdefault((shop_id, channel), set()).add(follower)
        if self._reading is None or self._reading.done():
            self._loop = asyncio.get_running_loop()
            self._bell, self._ready = asyncio.Event(), asyncio.Event()
            self._reading = asyncio.create_task(self._read(self._ready))
        try:
            await self._ready.wait()
        except asyncio.CancelledError:
            await self.part(follower)
            raise
        return follower

    async def part(self, follower: Follower) -> None:
        """Hand nothing more to this follower. Reading ends with the last one."""
        for channel in follower.channels:
            others = self._followers.get((follower.shop_id, channel), set())
            others.discard(follower)
            if not others:
                self._followers.pop((follower.shop_id, channel), None)
        if not self._followers and self._reading:
            reading, self._reading, self._loop = self._reading, None, None
            self._ready = asyncio.Event()  # by which reading knows that it is over
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    def listeners(self) -> int:
        """How many pages of this process follow something."""
        return len({follower for group in tuple(self._followers.values()) for follower in tuple(group)})

    def look(self) -> None:
        """Look into the table now. May be called from any thread."""
        if loop := self._loop:
            with suppress(RuntimeError):  # the loop has ended in this moment
                loop.call_soon_threadsafe(self._bell.set)

    def deliver(self, events: Iterable[LiveEvent]) -> None:
        """Hand the events to whoever follows their channels."""
        for event in events:
            followers = self._followers.get((event.shop_id, event.channel))
            if followers:
                frame = as_frame(event.pk, event.kind, event.payload)
                for follower in tuple(followers):
                    follower.hand(event.pk, frame)

    async def _read(self, ready: asyncio.Event) -> None:
        try:
            if told_by := carrier.peek():
                await self._be_rung(told_by, ready)
            elif connection.vendor == "postgresql":
                await self._listen(ready)
            else:
                await self._look_again_and_again(ready)
        except Exception as error:  # whatever it is, pages that wait in vain must not stay
            if isinstance(error, OperationalError | InterfaceError):
                log.warning("Live pages: the database does not answer (%s); open pages will come back", error)
            else:
                log.exception("Live pages: reading failed; open pages will come back")
            for follower in {one for group in self._followers.values() for one in group}:
                follower.gone.set()
        finally:
            ready.set()

    async def _be_rung(self, told_by: Carrier, ready: asyncio.Event) -> None:
        """Look at each ring; now and then anyway, and each second while nobody can ring."""
        recent = await ask(Recent)
        ready.set()
        hearing = asyncio.create_task(self._hear(told_by))
        try:
            while self._ready is ready:
                with suppress(TimeoutError):
                    each = LOOK_ANYWAY_SECONDS if self._is_told else self._look_each_seconds
                    await asyncio.wait_for(self._bell.wait(), each)
                self._bell.clear()
                self.deliver(await ask(recent.look))
        finally:
            hearing.cancel()
            self._is_told = False

    async def _hear(self, told_by: Carrier) -> None:
        async for is_told in told_by.rings():
            self._is_told = is_told
            self._bell.set()

    async def _look_again_and_again(self, ready: asyncio.Event) -> None:
        last_id = await ask(queries.newest_id)
        ready.set()
        while self._ready is ready:  # a question to the database that is under way swallows the cancellation
            with suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), self._look_each_seconds)
            self._bell.clear()
            while events := await ask(queries.events_after, last_id, _AT_ONCE):
                self.deliver(events)
                last_id = events[-1].pk

    async def _listen(self, ready: asyncio.Event) -> None:
        from psycopg import Error

        try:
            await self._hand_on_what_is_told(ready)
        except Error as error:
            raise OperationalError(" ".join(str(error).split())) from error

    async def _hand_on_what_is_told(self, ready: asyncio.Event) -> None:
        from psycopg import AsyncConnection

        parameters = await sync_to_async(connection.get_connection_params)()
        parameters.pop("cursor_factory", None)
        async with await AsyncConnection.connect(**{**_KEEPALIVES, **parameters}, autocommit=True) as own:
            await own.execute(f"LISTEN {NOTIFY_NAME}")
            ready.set()
            async for notice in own.notifies():
                event_id, shop_id, channel = notice.payload.split(" ", 2)
                if (int(shop_id), channel) in self._followers:
                    self.deliver(await ask(queries.events_of, [int(event_id)]))
                if self._ready is not ready:
                    return


async def ask(query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The answer to a query, asked in the thread for such; a broken connection is replaced before the next one."""

    def _ask() -> T:
        close_old_connections()
        return query(*args, **kwargs)

    return await sync_to_async(_ask)()


def as_frame(event_id: int, kind: str, payload: dict[str, Any]) -> bytes:
    """One event in the text form of server-sent events.

    Source: HTML Standard, 9.2.6 "Interpreting an event stream", read 2026-11-22.
    """
    words = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event_id}\nevent: {kind}\ndata: {words}\n\n".encode()


process_hub = Hub()
"""The hub of this process: pages join it in the event loop, and `publish` wakes it from any thread."""
