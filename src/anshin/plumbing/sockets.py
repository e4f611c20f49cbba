"""Sockets: where something outside the building plugs in.

A room declares `outbox = Socket[Outbox]("cases.outbox")` beside its Protocol; `project/wiring.py` fills it once
at start with an adapter or a fake; the room calls `outbox.get()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class EmptySocket(LookupError):
    """Nothing was plugged into this socket; the wiring is incomplete."""


class Socket(Generic[T]):
    """A named place for one adapter."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._filling: T | None = None

    def fill(self, adapter: T) -> None:
        self._filling = adapter

    def get(self) -> T:
        """The adapter in this socket. Raises EmptySocket when there is none."""
        if self._filling is None:
            raise EmptySocket(self.name)
        return self._filling

    def peek(self) -> T | None:
        """The adapter in this socket, if there is one; for sockets that may stay empty."""
        return self._filling

    @contextmanager
    def filled_with(self, adapter: T) -> Iterator[T]:
        """Use `adapter` inside the block and the former one after it; for tests."""
        former, self._filling = self._filling, adapter
        try:
            yield adapter
        finally:
            self._filling = cast(T, former)
