"""Sockets of the cases room: how a reply leaves the building."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from anshin.cases.terms import Party
from anshin.plumbing.sockets import Socket


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send; `blob_id` is its stored content."""

    blob_id: int
    name: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One reply as it is to leave. It has no field in which a note could travel."""

    shop_id: int
    message_id: int
    case_id: int
    message_key: str
    author_name: str
    to: tuple[Party, ...]
    cc: tuple[Party, ...]
    subject: str
    text: str
    at: datetime
    in_reply_to: str
    references: tuple[str, ...]
    files: tuple[OutgoingFile, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The other side took the message over."""

    server_words: str


class DeliveryRefused(Exception):
    """The message did not leave.

    `permanent`: trying again is useless. `unsure`: it may have left, the answer was lost. `words`: what the server
    said, for the clerk.
    """

    def __init__(self, words: str, *, permanent: bool, unsure: bool = False) -> None:
        self.words, self.permanent, self.unsure = words, permanent, unsure
        super().__init__(words)


class NotYet(Exception):
    """Nothing was tried: others are before this message. To be delivered again at `until_at`; `words` says why."""

    def __init__(self, words: str, *, until_at: datetime) -> None:
        self.words, self.until_at = words, until_at
        super().__init__(words)


class HandingOver(Protocol):
    """Called by the adapter immediately before the message becomes irrevocable."""

    def __call__(self) -> None: ...


class Outbox(Protocol):
    """Takes replies out of the building."""

    def sender_of(self, shop_id: int) -> Party | None:
        """The shop's own address on this channel, or None when the shop has none yet."""
        ...

    def new_message_key(self, shop_id: int, message_id: int) -> str:
        """A fresh Message-ID without angle brackets, the same for the same message."""
        ...

    def deliver(self, message: OutgoingMessage, *, handing_over: HandingOver) -> Delivered:
        """Hand the message to the outside. Raises DeliveryRefused, NotYet."""
        ...


outbox: Socket[Outbox] = Socket("cases.outbox")
