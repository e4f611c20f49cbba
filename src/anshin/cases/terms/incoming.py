"""What a channel hands to the room: a message with its files, a report about one that came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from anshin.cases.terms.card import Card
from anshin.cases.terms.case import Channel, Party
from anshin.cases.terms.message import Hold
from anshin.cases.terms.remark import Remark
from anshin.cases.terms.sender import SenderWarning
from anshin.commerce.terms import BounceKind


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that came with a message. `blob_id` is its stored content."""

    blob_id: int
    name: str
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """What a channel hands to `receive_message`.

    `text` is the readable text in full; `quoted_from` is the character offset where quoted history and signature
    begin, or None. `refers_to` are normalised Message-IDs, nearest first. `case_token_id` is the case number that a
    valid reply token names. `message_key` is the normalised Message-ID or a content hash: unique in a shop.
    `charset` is the character code as which the text was read and `charset_reason` why: declared, guessed and so on,
    "" where there was no choice. `remarks` are a Remark and what it is about ("" for the message as a whole).
    `sender_checks` are words of RFC 8601 by method (spf, dkim, dmarc, …), as the receiving server stated them;
    `spam_by` is the filter there that called the message spam, "" for none.
    `cards`: its signature and the events it brings. `utc_offset_minutes`: how far ahead of UTC the writer's clock is.
    """

    channel: Channel
    sender: Party
    subject: str
    text: str
    message_key: str
    received_at: datetime
    html: str = ""
    quoted_from: int | None = None
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    refers_to: tuple[str, ...] = ()
    token_case_id: int | None = None
    raw_blob_id: int | None = None
    files: tuple[IncomingFile, ...] = ()
    phone: str = ""
    order_number: str = ""
    topic: str = ""
    language: str = ""
    hold: Hold = Hold.NONE
    hold_reason: str = ""
    charset: str = ""
    charset_reason: str = ""
    remarks: tuple[tuple[Remark, str], ...] = ()
    cards: tuple[Card, ...] = ()
    is_automatic: bool = False
    sender_checks: Mapping[str, str] = field(default_factory=dict)
    sender_warnings: tuple[SenderWarning, ...] = ()
    spam_by: str = ""
    utc_offset_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class IncomingBounce:
    """What a channel hands to `record_bounce`: one address that one of our messages did not reach.

    `message_keys` name our message, the surest first. `address` may be empty when the report does not tell. While
    `given_up` is False the other server still tries. `words` are the server's own, `at` is when the report arrived,
    `raw_blob_id` the report itself.
    """

    message_keys: tuple[str, ...]
    address: str
    kind: BounceKind
    given_up: bool
    words: str
    at: datetime
    raw_blob_id: int | None = None
