"""Socket of the mail channel: what carries a finished mail out of the building."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from anshin.channels.email.terms import Server
from anshin.plumbing.sockets import Socket


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose behalf a mail leaves: the shop's mailbox and its server (None where no server is needed)."""

    shop_id: int
    address: str
    server: Server | None


class TransportFailed(Exception):
    """The mail was not taken over.

    `words` is what happened as a sentence, `permanent` whether trying again is useless, `unsure` whether the mail may
    have left because the answer was lost.
    """

    def __init__(self, words: str, *, permanent: bool = False, unsure: bool = False) -> None:
        self.words, self.permanent, self.unsure = words, permanent, unsure
        super().__init__(words)


class Transport(Protocol):
    """Hands one mail to a server."""

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """The server's words of acceptance for all recipients; when one is refused, nobody gets the mail.

        `handing_over` is called once, immediately before the mail becomes irrevocable. Raises TransportFailed.
        """
        ...


transport: Socket[Transport] = Socket("email.transport")
