"""The socket of live pages: whoever lets other processes know that an event was committed."""

from collections.abc import AsyncIterator
from typing import Protocol

from anshin.plumbing.sockets import Socket


class Carrier(Protocol):
    """Rings in every process. What happened stands in the table; a ring may be lost, or come for nothing."""

    def ring(self) -> None:
        """Let all processes look into the table. Never waits for the network and never raises."""
        ...

    def rings(self) -> AsyncIterator[bool]:
        """True when this process can be reached, and at each ring; False when it cannot any more. Without end."""
        ...

    def is_well(self) -> bool:
        """Whether it answers now; asks for a second at the most."""
        ...


carrier = Socket[Carrier]("live.carrier")
"""Empty unless ANSHIN_LIVE_URL says otherwise: then PostgreSQL's NOTIFY tells processes, or they look by themselves."""
