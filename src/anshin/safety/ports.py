"""Sockets of the safety room: how safety mails leave, and who reads the lists of publishers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from anshin.plumbing.sockets import Socket


@dataclass(frozen=True, slots=True)
class SafetyLetter:
    """A finished safety mail. `message_id` with its angle brackets, the same at every try.

    `picture` is shown in the HTML part as cid:picture. There is no List-Unsubscribe: a safety notice is no advertising,
    and who bought the thing must hear of it.
    """

    mail_id: int
    to: str
    name: str
    subject: str
    text: str
    html: str
    language: str
    message_id: str
    picture: bytes | None = field(default=None, repr=False)
    picture_type: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """What the mail server made of one letter."""

    mail_id: int
    is_taken: bool
    words: str = ""
    is_permanent: bool = False  # refused for good; else it is tried again
    is_unsure: bool = False  # the connection broke after the letter was handed over
    bounce: str = ""  # code of commerce.terms.BounceKind where the refusal is about this address


class SafetyPost(Protocol):
    """Takes safety mails out of the building, many over one connection, through the shop's own mailbox or provider."""

    def send(
        self, shop_id: int, letters: Sequence[SafetyLetter], *, handing_over: Callable[[SafetyLetter], None]
    ) -> Iterator[Handed]:
        """Hand over one after the other; `handing_over` is called right before a letter cannot be recalled.

        Yields an answer for each letter, in order, and stops early where the server will take no more now.
        """


safety_post: Socket[SafetyPost] = Socket("safety.post")


@dataclass(frozen=True, slots=True)
class FeedProduct:
    """A product as a publisher's list names it; empty where it says nothing."""

    name: str = ""
    gtin: str = ""
    model_number: str = ""
    lots: tuple[tuple[str, str], ...] = ()
    sold_from: date | None = None
    sold_to: date | None = None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One caution in a publisher's list, in our shape. `source_id` is the publisher's own number of it.

    `trouble` says in a sentence what could not be understood; the item is shown all the same.
    """

    source_id: str
    agency: str
    title: str
    url: str
    published_at: datetime | None
    hazard: str = ""
    what_to_do: str = ""
    remedy: str = ""
    contact: str = ""
    products: tuple[FeedProduct, ...] = ()
    pictures: tuple[str, ...] = ()
    language: str = "ja"
    trouble: str = ""


class NotAFeed(Exception):
    """What came is no such list; `str(error)` says what it is instead, and what to do."""


class Feeds(Protocol):
    """Reads publishers' lists. Pure: bytes in, cautions out."""

    def read(self, kind: str, content: bytes, *, mapping: dict[str, str]) -> Iterator[FeedItem]:
        """Every entry of the list. `kind` is a code of terms.FeedKind. Raises NotAFeed."""


feeds: Socket[Feeds] = Socket("safety.feeds")
