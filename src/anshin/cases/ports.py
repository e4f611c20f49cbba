"""Sockets of the cases room: how a reply leaves, how an original is read again, who else keeps what was said, and who
objects to the end of a case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from anshin.cases.terms import Card, Party, PlaceKind, Remark
from anshin.plumbing.sockets import Socket

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from anshin.shops.models import Membership


@dataclass(frozen=True, slots=True)
class FromAddress:
    """An address from which a shop may write, with what stands below its replies ("" where it has no own)."""

    name: str
    mail: str
    signature_ja: str = ""
    signature_en: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send; `blob_id` is its stored content."""

    blob_id: int
    name: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One reply as it is to leave. It has no field in which a note could travel.

    `is_automatic`: no person wrote it, and it says so to other machines (RFC 3834).
    """

    shop_id: int
    message_id: int
    case_id: int
    message_key: str
    author_name: str
    sender: Party
    to: tuple[Party, ...]
    cc: tuple[Party, ...]
    subject: str
    text: str
    at: datetime
    in_reply_to: str
    references: tuple[str, ...]
    files: tuple[OutgoingFile, ...]
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """The other side took the message over."""

    server_words: str


@dataclass(frozen=True, slots=True)
class RefusedRecipient:
    """Somebody to whom the other side does not take mail; `kind` is a code of commerce.terms.BounceKind."""

    mail: str
    kind: str


class DeliveryRefused(Exception):
    """The message did not leave.

    `permanent`: trying again is useless. `unsure`: it may have left, the answer was lost. `words`: what the server
    said, for the clerk. `refused`: the recipient whom the other side does not accept, and why; None when it is not
    about one recipient.
    """

    def __init__(
        self, words: str, *, permanent: bool, unsure: bool = False, refused: RefusedRecipient | None = None
    ) -> None:
        self.words, self.permanent, self.unsure, self.refused = words, permanent, unsure, refused
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

    def senders_for(self, shop_id: int, case_id: int) -> tuple[FromAddress, ...]:
        """The shop's own addresses, first the one to which the customer wrote last; none when it has none yet."""
        ...

    def new_message_key(self, shop_id: int, turn: str, sender_mail: str) -> str:
        """A Message-ID without angle brackets in the sender's domain, one a turn: a word the shop uses once."""
        ...

    def deliver(self, message: OutgoingMessage, *, handing_over: HandingOver) -> Delivered:
        """Hand the message to the outside. Raises DeliveryRefused, NotYet."""
        ...


outbox: Socket[Outbox] = Socket("cases.outbox")


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a reply should not leave as it is. `code`: of which kind; `passage`: the words meant, "" where something is
    missing; `words` and `instead`: why not, and what to write, as sentences in the reader's language."""

    code: str
    passage: str
    words: str
    instead: str = ""


class ReplyCheck(Protocol):
    """Looks through a reply before it is written into the case."""

    def unfilled(self, text: str) -> tuple[str, ...]:
        """What in the text was meant to be filled in and is not, as it stands there. Pure: no query, no clock."""
        ...

    def objections(self, shop_id: int, case_id: int, text: str) -> tuple[Objection, ...]:
        """What a person should see before this leaves. Costs no query for a text in which nothing can be wrong."""
        ...


reply_check: Socket[ReplyCheck] = Socket("cases.reply_check")


@dataclass(frozen=True, slots=True)
class Reread:
    """A message as its kept original reads in another character code.

    `file_names`: SHA-256 of each file's content with the name it has now, in the order of the mail. `html` is "" for
    a mail without. The other fields are as in terms.IncomingMessage.
    """

    subject: str
    sender: Party
    to: tuple[Party, ...]
    cc: tuple[Party, ...]
    text: str
    quoted_from: int | None
    html: str
    charset: str
    charset_reason: str
    remarks: tuple[tuple[Remark, str], ...]
    file_names: tuple[tuple[str, str], ...]
    cards: tuple[Card, ...] = ()


class NothingToRead(Exception):
    """There is no whole original: only the beginning was fetched, or its bytes are damaged."""

    permanent = True


class Originals(Protocol):
    """Reads the kept originals of messages; the channel that brought them knows how."""

    def read(self, *, shop_id: int, raw_blob_id: int, charset: str) -> Reread:
        """The message read as `charset` ("" for as it seems best). Changes nothing of the original, corrects the
        channel's own notes. Inside the caller's transaction. Raises NothingToRead."""
        ...

    def take_in_again(self, *, by: Membership, message_id: int, now: datetime) -> int | None:
        """Have the original of a held message taken in once more; the id of the message that it became, None when it
        still cannot be read. Raises Refused."""
        ...


originals: Socket[Originals] = Socket("cases.originals")


@dataclass(frozen=True, slots=True)
class Sought:
    """What is to be struck out.

    `find` gives start, end and replacement of every place in a text. `hints`: every text in which something is found
    unbroken holds one of these. `gone`: SHA-256 of files that go as a whole.
    """

    find: Callable[[str], list[tuple[int, int, str]]]
    hints: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where is sought: messages that belong together, and what came since the first of them without being in a case."""

    shop_id: int
    message_ids: tuple[int, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """One place where something sought stands. `name`: of the file, the colleague or the mailbox."""

    kind: PlaceKind
    at: datetime
    case_number: int | None = None
    message_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """A place and how to strike it: `strike(now)` writes, and names the stored contents (blob ids) that it replaced."""

    place: Place
    strike: Callable[[datetime], list[int]]


class Keeper(Protocol):
    """A channel that keeps its own copy of what was said: raw mails, filled-in forms."""

    def traces(self, sought: Sought, scope: Scope) -> Iterator[Trace]:
        """Every place in this channel's own tables. Inside a transaction when it is to be struck."""
        ...

    def erase(
        self, *, shop_id: int, message_ids: tuple[int, ...], mail_keys: tuple[str, ...], now: datetime
    ) -> list[int]:
        """Empty this channel's copies of these messages, and what else came from these addresses (folded); the stored
        contents (blob ids) that were replaced. Inside a transaction."""
        ...

    def erase_originals(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:
        """Empty the raw mails and delete the files of these messages only; the stored contents that were replaced."""
        ...

    def erase_files(
        self, *, shop_id: int, message_ids: tuple[int, ...], gone: frozenset[str], now: datetime
    ) -> list[int]:
        """Take the files whose SHA-256 is in `gone` out of this channel's copies of these messages; the stored
        contents that were replaced. Inside a transaction."""
        ...

    def erase_reports(self, *, shop_id: int, message_ids: tuple[int, ...], now: datetime) -> list[int]:
        """Empty what came back about these messages of ours; the stored contents that were replaced."""
        ...

    def copied_messages(self, shop_id: int) -> QuerySet[Any]:
        """The ids, as `message_id`, of messages of which this channel keeps what was sent beside the message itself."""
        ...

    def erase_copies(self, *, shop_id: int, message_ids: tuple[int, ...]) -> None:
        """Empty those copies; what was written stands in the messages."""
        ...


keepers: Socket[tuple[Keeper, ...]] = Socket("cases.keepers")


class ClosingCheck(Protocol):
    """A room above that has something to finish before a case may be closed."""

    def why_not(self, shop_id: int, case_id: int) -> str:
        """What is still to be done, as a sentence in the reader's language; "" when the case may be closed.

        Asked inside the transaction that closes, with the case locked. At most one query that an index answers.
        """
        ...


closing_checks: Socket[tuple[ClosingCheck, ...]] = Socket("cases.closing_checks")


class FilledForms(Protocol):
    """A channel in which customers answer questions one by one; its messages hold the answers as lines of words."""

    def answers(self, shop_id: int, message_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
        """What was filled in, by field (`text` the customer's own words), for messages that came so. One query."""
        ...


filled_forms: Socket[FilledForms] = Socket("cases.filled_forms")
