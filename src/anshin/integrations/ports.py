"""The socket through which tellings leave."""

from collections.abc import Mapping
from typing import Protocol

from anshin.integrations.terms import Told
from anshin.plumbing.sockets import Socket


class Messenger(Protocol):
    """Brings bytes to an address that somebody typed in."""

    def tell(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Told:
        """What the other side answered, or why it did not. Never raises for what the other side does."""


messenger: Socket[Messenger] = Socket("integrations.messenger")
