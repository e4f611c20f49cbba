"""A working stand-in for the transport: keeps what it is given in memory. For tests and offline work."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from anshin.channels.email.ports import Sender, TransportFailed


@dataclass(frozen=True, slots=True)
class Carried:
    """A mail that was taken over."""

    sender: Sender
    recipients: tuple[str, ...]
    raw: bytes


@dataclass
class FakeTransport:
    """Takes every mail, or fails with `failure` before or after the final dot, as real servers do."""

    failure: Exception | None = None
    fails_after_the_dot: bool = False
    words: str = "250 queued"
    carried: list[Carried] = field(default_factory=list)

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """See ports.Transport."""
        if self.failure and not self.fails_after_the_dot:
            raise self.failure
        handing_over()
        if self.failure:
            raise self.failure
        self.carried.append(Carried(sender, tuple(recipients), raw))
        return self.words


def refusal(
    words: str, *, permanent: bool = False, unsure: bool = False, slower_for: Collection[str] = ()
) -> TransportFailed:
    """A failure as a server would cause it."""
    return TransportFailed(words, permanent=permanent, unsure=unsure, slower_for=slower_for)
