"""Sockets of the safety room: how safety mails leave, who reads the lists of publishers, who prints reports and
letters."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from anshin.commerce.terms import Recipient
from anshin.plumbing.sockets import Socket
from anshin.safety.terms import Affected


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
    reply_to: str = ""  # where an answer goes; "": to the sender


@dataclass(frozen=True, slots=True)
class Waits:
    """A receiver takes no more at this moment. `receiver` is its key, "" the shop's own server; after `until_at` it
    takes one mail each `spacing`."""

    receiver: str
    until_at: datetime
    spacing: timedelta


@dataclass(frozen=True, slots=True)
class Handed:
    """What the mail server made of one letter."""

    mail_id: int
    is_taken: bool
    words: str = ""
    is_permanent: bool = False  # refused for good; else it is tried again
    is_unsure: bool = False  # the connection broke after the letter was handed over
    bounce: str = ""  # code of commerce.terms.BounceKind where the refusal is about this address
    waits: Waits | None = None  # it was not tried: the receiver takes mails one after the other, or asks for patience


HandingOver = Callable[[Sequence[SafetyLetter]], Collection[int]]
"""Called with one or a few letters right before they cannot be recalled; the `mail_id`s of those that may leave."""


class SafetyPost(Protocol):
    """Takes safety mails out of the building, many over few connections, through the shop's own mailbox or provider."""

    def send(self, shop_id: int, letters: Sequence[SafetyLetter], *, handing_over: HandingOver) -> Iterator[Handed]:
        """Hand them over, a few at a time; each is asked about with `handing_over` once.

        Yields an answer for each letter, about in order, none for one that was not to leave. It stops early there, and
        where the server will take no more now.
        """
        ...

    def arrives_here(self, shop_id: int, mail: str) -> bool:
        """Whether what is sent to this address comes in at the shop's desk, where everybody reads it."""
        ...


safety_post: Socket[SafetyPost] = Socket("safety.post")


@dataclass(frozen=True, slots=True)
class Caution:
    """One entry of a publisher's list, in our shape. `source_id` is the publisher's own name for it.

    `published` is the time as it was written; `published_at` None where it cannot be read, or where it has no zone and
    the feed names none: `asks_zone`. `affected`: how the publisher says which pieces are meant, in prose. `trouble`
    says in a sentence what could not be understood; the entry is shown all the same.
    """

    source_id: str
    title: str
    url: str = ""
    agency: str = ""
    published: str = ""
    published_at: datetime | None = None
    asks_zone: bool = False
    hazard: str = ""
    affected: str = ""
    what_to_do: str = ""
    remedy: str = ""
    contact: str = ""
    products: tuple[Affected, ...] = ()
    language: str = "ja"
    is_withdrawn: bool = False  # the publisher itself says so
    trouble: str = ""


class NotAFeed(Exception):
    """What came is no such list; `str(error)` says what it is instead, and what to do."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a feed is read. `mapping`: folded heading or element to a code of terms.FeedField; `zone`: of times that
    are written without one, "" for not known; `address`: against which its links are read; `today`: for years that
    are not written."""

    kind: str
    mapping: Mapping[str, str]
    zone: str
    language: str
    address: str
    today: date


class Feeds(Protocol):
    """Reads publishers' lists. Pure: bytes in, cautions out."""

    def read(self, content: bytes, how: Reading) -> Iterator[Caution]:
        """Every entry of the list. `how.kind` is a code of terms.FeedKind. Raises NotAFeed."""

    def headings(self, content: bytes, how: Reading) -> tuple[tuple[str, str], ...]:
        """Columns or elements of the list with what each is taken for ("" for nothing); none for kinds that need no
        mapping. Raises NotAFeed."""


feeds: Socket[Feeds] = Socket("safety.feeds")


@dataclass(frozen=True, slots=True)
class Came:
    """What a publisher's server said. `content` None: nothing new since last time. `url`: where it was in the end."""

    content: bytes | None = field(repr=False)
    url: str
    etag: str = ""
    last_modified: str = ""


class NotHad(Exception):
    """A list could not be fetched. `trouble` is a code of terms.FeedTrouble, `words` what the server or the door said,
    `retry_after` how long the server wants to be left alone."""

    def __init__(self, trouble: str, words: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(words)
        self.trouble, self.words, self.retry_after = trouble, words, retry_after


class FeedServers(Protocol):
    """Fetches publishers' lists, from addresses that everybody can reach."""

    def ask(self, url: str, *, etag: str, last_modified: str, now: datetime) -> Came:
        """The list, if it is another than that of these marks. Raises NotHad."""


feed_servers: Socket[FeedServers] = Socket("safety.feed_servers")


@dataclass(frozen=True, slots=True)
class ReportBar:
    """One step on the way to the buyers, in words. `percent` 0 to 100 of the step it is measured by, or None."""

    name: str
    count: str
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table in words: the first column is text, the others are figures."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """How far a notice got, as it is printed: every value a finished text. `figures`: the few that are read first."""

    title: str
    sub: str
    issuer: str
    made: str
    rows: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]
    bars_title: str
    bars: tuple[ReportBar, ...]
    tables: tuple[ReportTable, ...]
    notes: tuple[str, ...] = ()


class ReportPapers(Protocol):
    """Prints reports. Pure: the same facts give the same bytes."""

    def pdf(self, report: ReportPaper) -> bytes:
        """One PDF on A4."""


report_papers: Socket[ReportPapers] = Socket("safety.report_papers")


@dataclass(frozen=True, slots=True)
class PaperLetter:
    """One letter as it is printed: every value a finished text in `language`. A paragraph may have several lines; the
    first of them is its heading where it begins with ■ or is all capitals. `link` is printed as a QR code, too."""

    to: Recipient
    language: str
    title: str
    heading: str  # the paragraph that is read first: “Stop using it”
    paragraphs: tuple[str, ...]
    sender: str
    number: str
    day: str
    link: str


class LetterPapers(Protocol):
    """Prints letters for window envelopes. Pure: the same letters give the same bytes."""

    def pdf(self, letters: Sequence[PaperLetter]) -> bytes:
        """One PDF on A4, each letter on sheets of its own, in their order. At least one."""


letter_papers: Socket[LetterPapers] = Socket("safety.letter_papers")
