"""Fills `live.carrier`: rings by Redis Pub/Sub, from a thread of its own."""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator

from redis import Redis
from redis import asyncio as redis_asyncio
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
CHANNEL = "anshin_live"
AGAIN_SECONDS = 1.0
ANSWER_SECONDS = 1.0
ASK_SECONDS = 10
"""So often a line on which nothing comes is asked whether it still lives."""


class RedisBell:
    """Many rings while one is on its way become one. What cannot be rung is dropped: the table is looked at anyway."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._wanted = threading.Event()
        self._starting = threading.Lock()
        self._process = 0
        self._is_failing = False

    def ring(self) -> None:
        """As the socket says."""
        self._wanted.set()
        if self._process != os.getpid():
            with self._starting:
                if self._process != os.getpid():  # a fork leaves threads behind
                    self._process = os.getpid()
                    threading.Thread(target=self._work, name="live-bell", daemon=True).start()

    async def rings(self) -> AsyncIterator[bool]:
        """As the socket says."""
        while True:
            line = redis_asyncio.Redis.from_url(
                self.url, socket_connect_timeout=ANSWER_SECONDS, health_check_interval=ASK_SECONDS
            )
            try:
                async with line.pubsub(ignore_subscribe_messages=True) as heard:
                    await heard.subscribe(CHANNEL)
                    yield True
                    while True:
                        if await heard.get_message(timeout=ASK_SECONDS / 2) is not None:
                            yield True
            except (RedisError, OSError) as error:
                self._complain(error)
            finally:
                await line.aclose()
            yield False
            await asyncio.sleep(AGAIN_SECONDS)

    def is_well(self) -> bool:
        """As the socket says."""
        try:
            with Redis.from_url(self.url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=ANSWER_SECONDS) as line:
                return bool(line.ping())
        except (RedisError, OSError):
            return False

    def _work(self) -> None:
        line = Redis.from_url(self.url, socket_connect_timeout=ANSWER_SECONDS, socket_timeout=ANSWER_SECONDS)
        while True:
            self._wanted.wait()
            self._wanted.clear()
            try:
                line.publish(CHANNEL, "")
                self._is_failing = False
            except (RedisError, OSError) as error:
                self._complain(error)

    def _complain(self, error: Exception) -> None:
        if not self._is_failing:
            log.warning("Redis takes no rings (%s); processes look for changes each second.", error)
        self._is_failing = True
