"""A transport around another one that counts what became of each mail."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from anshin.channels.email.ports import Leaving, Parcel, Sender, Transport, TransportFailed, conversation, send_together
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
            _count(failure)
            raise
        _count(words)
        return words

    def send_together(
        self, sender: Sender, parcels: Sequence[Parcel], *, handing_over: Leaving
    ) -> list[str | TransportFailed | None]:
        """See ports.Together."""
        answers = send_together(self._inner, sender, parcels, handing_over=handing_over)
        for answer in answers:
            if answer is not None:
                _count(answer)
        return answers

    @contextmanager
    def conversation(self, sender: Sender) -> Iterator[Transport]:
        """See ports.Conversing."""
        with conversation(self._inner, sender) as way:
            yield Counted(way)


def _count(answer: str | TransportFailed) -> None:
    outcome = "sent"
    if isinstance(answer, TransportFailed):
        outcome = "unsure" if answer.unsure else "refused" if answer.permanent else "later"
    counts.mails_out.labels(outcome).inc()
