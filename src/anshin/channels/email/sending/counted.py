"""A transport around another one that counts what became of each mail."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from anshin.channels.email.ports import Sender, Transport, TransportFailed, conversation
from anshin.plumbing.watching import counts


class Counted:
    """Counts by answer: sent, later (asked again), refused, unsure."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """See ports.Transport."""
        try:
            words = self._inner.send(sender, recipients, raw, handing_over=handing_over)
        except TransportFailed as failure:
            outcome = "unsure" if failure.unsure else "refused" if failure.permanent else "later"
            counts.mails_out.labels(outcome).inc()
            raise
        counts.mails_out.labels("sent").inc()
        return words

    @contextmanager
    def conversation(self, sender: Sender) -> Iterator[Transport]:
        """See ports.Conversing."""
        with conversation(self._inner, sender) as way:
            yield Counted(way)
