"""Sockets of the mail channel: what carries a finished mail out of the building, and whose other mails there are."""

import hashlib
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from anshin.cases.terms import IncomingBounce
from anshin.channels.email.terms import Account, Server
from anshin.plumbing.sockets import Socket


@dataclass(frozen=True, slots=True)
class Sender:
    """On whose behalf a mail leaves: the shop's address and its server (None where no server is needed), or its
    account with a sending service.

    `return_path` is the address of the envelope, to which reports come back; "" for `address` itself.
    """

    shop_id: int
    address: str
    server: Server | None
    return_path: str = ""
    account: Account | None = None

    @property
    def route(self) -> str:
        """Over which server of ours the mail leaves; receivers measure that one."""
        if self.account:
            key = hashlib.sha256(self.account.key.encode()).hexdigest()[:12]
            return f"{self.account.service.value}:{key}"
        return f"{self.server.host.lower()}:{self.server.port}" if self.server else ""


EVERYBODY = "*"
"""In `slower_for`: the shop's own server asks for patience, whoever the mail is for."""


class TransportFailed(Exception):
    """The mail was not taken over.

    `words` is what happened as a sentence, `permanent` whether trying again is useless, `unsure` whether the mail may
    have left because the answer was lost. `slower_for` are the recipients whose servers asked for patience: what
    goes to the same servers waits, too. `refused` is the one recipient whom the server does not accept for
    good, "" when it is not about one.
    """

    def __init__(
        self,
        words: str,
        *,
        permanent: bool = False,
        unsure: bool = False,
        slower_for: Collection[str] = (),
        refused: str = "",
    ) -> None:
        self.words, self.permanent, self.unsure, self.slower_for = words, permanent, unsure, tuple(slower_for)
        self.refused = refused
        super().__init__(words)


class Transport(Protocol):
    """Hands one mail to a server."""

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """The server's words of acceptance for all recipients; when one is refused, nobody gets the mail.

        `handing_over` is called once, immediately before the mail becomes irrevocable. Raises TransportFailed.
        """
        ...


@runtime_checkable
class Conversing(Protocol):
    """A transport that can hand over many mails in one conversation."""

    def conversation(self, sender: Sender) -> AbstractContextManager[Transport]:
        """What sends for this sender until the block ends; it connects with the first mail, and again when the
        connection breaks."""
        ...


def conversation(way: Transport, sender: Sender) -> AbstractContextManager[Transport]:
    """One conversation for many mails where the transport can; else each mail has one of its own."""
    return way.conversation(sender) if isinstance(way, Conversing) else nullcontext(way)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A finished mail and for whom it is."""

    recipients: tuple[str, ...]
    raw: bytes = field(repr=False)


Leaving = Callable[[Sequence[int]], Collection[int]]
"""Called with the places of mails immediately before they become irrevocable; which of them may."""


@runtime_checkable
class Together(Protocol):
    """A transport that can bring several mails to their final dots before any of them leaves."""

    def send_together(
        self, sender: Sender, parcels: Sequence[Parcel], *, handing_over: Leaving
    ) -> list[str | TransportFailed | None]:
        """For each mail the server's words of acceptance, what went wrong, or None: it was not to leave.

        `handing_over` is called with all that came as far as their dots, once where each has a connection of its own.
        """
        ...


def send_together(
    way: Transport, sender: Sender, parcels: Sequence[Parcel], *, handing_over: Leaving
) -> list[str | TransportFailed | None]:
    """See Together; one after the other where the transport cannot."""
    if isinstance(way, Together):
        return way.send_together(sender, parcels, handing_over=handing_over)
    return [_sent_alone(way, sender, place, parcel, handing_over) for place, parcel in enumerate(parcels)]


class _Kept(RuntimeError):
    """This mail was not to leave."""


def _sent_alone(
    way: Transport, sender: Sender, place: int, parcel: Parcel, handing_over: Leaving
) -> str | TransportFailed | None:
    def at_the_dot() -> None:
        if place not in handing_over([place]):
            raise _Kept

    try:
        return way.send(sender, parcel.recipients, parcel.raw, handing_over=at_the_dot)
    except TransportFailed as failure:
        return failure
    except _Kept:
        return None


transport: Socket[Transport] = Socket("email.transport")


class OtherMails(Protocol):
    """Mails that left through this channel and are no messages of a case."""

    def take_bounce(self, shop_id: int, bounce: IncomingBounce, *, now: datetime) -> bool:
        """Whether the report is about one of them; then it is settled. Twice is once."""
        ...


other_mails: Socket[tuple[OtherMails, ...]] = Socket("email.other_mails")
