"""A mail server that measures how it is used, and refuses bursts for the domains of carriers as they do."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from tests.channels.email.outside.smtp_server import Letterbox, running

STRICT = ("docomo.ne.jp", "ezweb.ne.jp")


@dataclass
class StrictServer(Letterbox):
    """Answers 421 when a carrier gets two mails at a time or the next within `shortest_gap` seconds.

    `busy_times` mails for docomo are refused with 450 first. `taken` is (moment, domain) of each mail in order.
    """

    shortest_gap: float = 0.2
    busy_times: int = 0
    wanted: int = 0
    refusals: list[str] = field(default_factory=list)
    taken: list[tuple[float, str]] = field(default_factory=list)
    everything: threading.Event = field(default_factory=threading.Event)
    _inside: dict[str, int] = field(default_factory=dict)
    _ended: dict[str, float] = field(default_factory=dict)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        domain = envelope.rcpt_tos[0].rpartition("@")[2]
        if domain == "docomo.ne.jp" and self.busy_times:
            self.busy_times -= 1
            self.refusals.append("450 4.2.1 busy")
            return "450 4.2.1 Mailbox busy, try again later"
        too_early = domain in STRICT and monotonic() - self._ended.get(domain, 0.0) < self.shortest_gap
        if domain in STRICT and (self._inside.get(domain, 0) or too_early):
            self.refusals.append(domain)
            return "421 4.7.0 Too many sessions from your address"
        self._inside[domain] = self._inside.get(domain, 0) + 1
        await asyncio.sleep(0.03)  # the receiver's own work
        self._inside[domain] -= 1
        self._ended[domain] = monotonic()
        self.taken.append((self._ended[domain], domain))
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.taken) >= self.wanted:
            self.everything.set()
        return answer

    def moments(self, domain: str) -> list[float]:
        """When the mails for this domain were taken."""
        return [at for at, known in self.taken if known == domain]


@contextlib.contextmanager
def serving(server: StrictServer) -> Iterator[int]:
    """The port of the server."""
    with running(server) as port:
        yield port
