"""The stream of live events as a small ASGI application, which project/asgi.py puts at /s/<slug>/live.

A page opens it with EventSource and names what it wants to follow beside its shop and itself:
`/s/<slug>/live?channel=case:123`. It gets `id:`, `event:` and `data:` for each event, the event "here" first, and
"reload" when it was away for so long that what it missed has been forgotten.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.db import InterfaceError, OperationalError

from anshin.plumbing.live import queries
from anshin.plumbing.live.hub import Follower, Hub, as_frame, ask, process_hub
from anshin.plumbing.pages.breakdowns import is_line_lost

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 20.0
HEARTBEATS_BEFORE_ASKING = 15
"""After so many heartbeats (5 minutes) it is asked again whether the viewer may still follow."""
MOST_CHANNELS = 20
AGAIN_SECONDS = 3
"""After which a page may come again that was turned away because the database is."""
_HEARTBEAT = b": still here\n\n"
_RECONNECT = b"retry: 3000\n\n"
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, into which shop, and which sorts of channels ("case" for "case:123") they may ask for."""

    shop_id: int
    person_id: int
    sorts: frozenset[str] = frozenset({"case"})

    def channels(self, asked: list[str]) -> frozenset[str]:
        """The shop's and the person's own channel, and those asked for that the person may follow."""
        may = [channel for channel in asked if channel.partition(":")[0] in self.sorts]
        return frozenset({"shop", f"person:{self.person_id}", *may[:MOST_CHANNELS]})


class LiveApp:
    """Streams to one page after another.

    `allowed` says who a connection belongs to, None when it may not follow; the project wires it to its sessions.
    """

    def __init__(
        self,
        *,
        allowed: Callable[[Scope], Awaitable[Viewer | None]],
        hub: Hub = process_hub,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self._allowed = allowed
        self._hub = hub
        self._heartbeat_seconds = heartbeat_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        try:
            viewer = await self._allowed(scope)
        except (OperationalError, InterfaceError) as error:
            if not is_line_lost(error):  # which pages and workers say loudly enough
                log.warning("A live page was turned away: %s", error)
            await _refuse(send, 503, [(b"retry-after", str(AGAIN_SECONDS).encode())])
            return
        if viewer is None:
            await _refuse(send, 403)
            return
        follower = await self._hub.join(viewer.shop_id, viewer.channels(_query(scope, "channel")))
        try:
            await self._stream(scope, receive, send, follower, viewer)
        finally:
            await self._hub.part(follower)

    async def _stream(self, scope: Scope, receive: Receive, send: Send, follower: Follower, viewer: Viewer) -> None:
        """Write until the page closes, is too slow, or may not follow any more."""
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        ends = [
            asyncio.ensure_future(self._write(scope, send, follower, viewer)),
            asyncio.ensure_future(_disconnected(receive)),
            asyncio.ensure_future(follower.gone.wait()),
        ]
        try:
            ended, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            for end in ended:
                error = end.exception()
                if error and not is_line_lost(error):
                    log.warning("A live page was let go: %s", error, exc_info=error)
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
        with suppress(TimeoutError, OSError):
            await asyncio.wait_for(send({"type": "http.response.body", "body": b""}), 1)

    async def _write(self, scope: Scope, send: Send, follower: Follower, viewer: Viewer) -> None:
        seen = await self._catch_up(scope, send, follower)
        heartbeats = 0
        while True:
            try:
                async with asyncio.timeout(self._heartbeat_seconds):  # unlike wait_for, it begins no task for each
                    event_id, frame = await follower.queue.get()
            except TimeoutError:
                heartbeats += 1
                if heartbeats % HEARTBEATS_BEFORE_ASKING == 0 and await self._allowed(scope) != viewer:
                    return
                frame = _HEARTBEAT
            else:
                if event_id in seen:
                    continue
            await _body(send, frame)

    async def _catch_up(self, scope: Scope, send: Send, follower: Follower) -> frozenset[int]:
        """Send what the page has missed; the numbers of those events."""
        last_id = _last_id(scope)
        newest = await ask(queries.newest_id)
        if last_id is None:
            await _body(send, _RECONNECT + as_frame(newest, "here", {}))
            return frozenset()
        events = await ask(queries.missed, follower.shop_id, follower.channels, last_id)
        if events is None:
            await _body(send, _RECONNECT + as_frame(newest, "reload", {}))
            return frozenset()
        frames = (as_frame(event.pk, event.kind, event.payload) for event in events)
        await _body(send, _RECONNECT + b"".join(frames))
        return frozenset(event.pk for event in events)


async def _body(send: Send, frame: bytes) -> None:
    await send({"type": "http.response.body", "body": frame, "more_body": True})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]] = ()) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": b""})


def _last_id(scope: Scope) -> int | None:
    """The last event the page has seen: the header of a reconnecting EventSource, or ?last= of a new one."""
    header = next((v.decode("latin-1") for k, v in scope["headers"] if k == b"last-event-id"), "")
    given = header or next(iter(_query(scope, "last")), "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _query(scope: Scope, name: str) -> list[str]:
    return parse_qs(scope.get("query_string", b"").decode("latin-1")).get(name, [])
