"""Words of the cases room: states of cases and messages, views, resolutions, channels."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from anshin.commerce.terms import BounceKind


class Status(TextChoices):
    """Whose turn it is. `open` waits for us, `waiting` for the customer."""

    OPEN = "open", _("Waiting for us")
    WAITING = "waiting", _("Waiting for the customer")
    SNOOZED = "snoozed", _("Snoozed")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")


class Channel(TextChoices):
    """How a case or message reached us."""

    EMAIL = "email", _("Mail")
    WEB_FORM = "web_form", _("Web form")
    PHONE = "phone", _("Phone")


class Direction(TextChoices):
    IN = "in", _("From the customer")
    OUT = "out", _("To the customer")


class Delivery(TextChoices):
    """Where an outgoing message stands. `received` is every incoming one."""

    RECEIVED = "received", _("Received")
    HELD = "held", _("Leaves in a moment")
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being handed over")
    SENT = "sent", _("Sent")
    DEFERRED = "deferred", _("Will be tried again")
    BOUNCED = "bounced", _("Came back")
    FAILED = "failed", _("Could not be sent")
    UNSURE = "unsure", _("Not known whether it left")
    TAKEN_BACK = "taken_back", _("Taken back")
    PAUSED = "paused", _("Stopped: the customer wrote first")
    APPROVAL = "approval", _("Waits for approval")


class Resolution(TextChoices):
    """How a case ended; a case closes only with one (requirement row 97)."""

    ANSWERED = "answered", _("Answered the question")
    ORDER_CHANGED = "order_changed", _("Changed or cancelled the order")
    REPLACED = "replaced", _("Sent a replacement or exchanged")
    REFUNDED = "refunded", _("Refunded")
    DECLINED = "declined", _("Explained why it is not possible")
    NO_REPLY = "no_reply", _("The customer did not write again")
    DUPLICATE = "duplicate", _("Merged into another case")
    NOT_A_CASE = "not_a_case", _("No answer needed")


class Hold(TextChoices):
    """Why an incoming mail needs a person before it counts as an ordinary message."""

    NONE = "", _("Nothing")
    UNREADABLE = "unreadable", _("The mail could not be read")
    OVERSIZE = "oversize", _("The mail is too large")
    STORM = "storm", _("Too many mails from one address")


class Remark(TextChoices):
    """What was out of the ordinary in a message that came, as a sentence for the person who reads it."""

    EMPTY = "empty", _("This mail is empty. Ask the sender to write again if you know who it was.")
    NO_HEADERS = "no_headers", _("What arrived does not look like a mail. Its beginning is shown as it came.")
    NO_SENDER = "no_sender", _("This mail names no sender. To answer, enter an address yourself.")
    READER_FAILED = "reader_failed", _("We could not read this mail. What we could make out is shown below.")
    TAKING_IN_FAILED = "taking_in_failed", _("We could not take this mail in as usual. Its text is shown below.")
    BYTES_DAMAGED = "bytes_damaged", _("The kept original of this mail is damaged. Restore it from a backup.")
    OVERSIZE = "oversize", _("This mail is larger than 50 MB, so only its beginning was fetched.")
    UNFETCHABLE = "unfetchable", _("The mail server did not hand this mail out. Look for it in the mailbox itself.")
    CONNECTION_BREAKS = "connection_breaks", _("The connection always broke at this mail. Look in the mailbox itself.")
    NO_MESSAGE_ID = "message_id_missing", _("The sender’s software gave this mail no identification (Message-ID).")
    ODD_DATE = "date_odd", _("The date in this mail (%(about)s) cannot be right. The time of arrival is shown.")
    TOO_MANY_PARTS = "too_many_parts", _("This mail has more than 1,000 parts. The rest is kept as one last file.")
    NESTED_TOO_DEEP = "nested_too_deep", _("Parts lie over 40 deep in each other. The innermost are kept as a file.")
    TEXT_TOO_LONG = "text_too_long", _("The text is longer than 2 MB. Its beginning is shown, the whole is a file.")
    TEXT_DAMAGED = "text_damaged", _("Some characters were damaged on the way and are shown as �.")
    SUBJECT_DAMAGED = "encoded_word_damaged", _("Subject or names were damaged on the way.")
    HEADER_TOO_LONG = "header_too_long", _("A line at the head of this mail is far too long. Its beginning is shown.")
    TOO_MANY_HEADERS = "too_many_headers", _("The head of this mail has thousands of lines; the last are not shown.")
    NUL_IN_HEADER = "nul_in_header", _("The head of this mail holds a forbidden character, shown as �.")
    UNPACKS_ENORMOUSLY = "zip_bomb", _("Do not open “%(about)s”. Unpacked it becomes enormous (a zip bomb).")
    ARCHIVES_INSIDE = "archives_inside", _("“%(about)s” holds compressed files in a compressed file. Open with care.")


HELD_BECAUSE = frozenset(
    {
        Remark.EMPTY,
        Remark.NO_HEADERS,
        Remark.NO_SENDER,
        Remark.READER_FAILED,
        Remark.TAKING_IN_FAILED,
        Remark.BYTES_DAMAGED,
        Remark.OVERSIZE,
        Remark.UNFETCHABLE,
        Remark.CONNECTION_BREAKS,
    }
)
"""Remarks for which a person must look at a message before it counts as an ordinary one."""
ONLY_BEGINNING = frozenset({Remark.OVERSIZE, Remark.UNFETCHABLE, Remark.CONNECTION_BREAKS})
"""Remarks of messages of which only the beginning is here: reading them again is useless."""


class Charset(TextChoices):
    """Character codes as which a person can have a mail read again."""

    UTF_8 = "utf-8", _("Unicode (UTF-8)")
    ISO_2022_JP = "iso-2022-jp", _("Japanese (JIS, ISO-2022-JP)")
    SHIFT_JIS = "cp932", _("Japanese (Shift_JIS)")
    EUC_JP = "euc-jp", _("Japanese (EUC-JP)")
    GB18030 = "gb18030", _("Chinese, simplified (GB18030)")
    BIG5 = "cp950", _("Chinese, traditional (Big5)")
    EUC_KR = "cp949", _("Korean (EUC-KR)")
    LATIN = "cp1252", _("Western European (Windows-1252)")


class SenderSign(TextChoices):
    """What makes the sender of a mail doubtful. Each comes with values for a whole sentence."""

    OWN_ADDRESS_FORGED = "own_address_forged", _("Our own address, not sent by us")
    COMPANY_ADDRESS_FORGED = "company_address_forged", _("A company’s address, not sent by it")
    LOOKALIKE_OF_SHOP = "lookalike_of_shop", _("A domain that looks like ours")
    LOOKALIKE_OF_COMPANY = "lookalike_of_company", _("A domain that looks like a company’s")
    LOOKALIKE_LINK = "lookalike_link", _("A link to a domain that looks like another")
    NAME_OF_SHOP = "name_of_shop", _("Our name with a foreign address")
    NAME_OF_COMPANY = "name_of_company", _("A company’s name with a foreign address")
    ADDRESS_IN_NAME = "address_in_name", _("Another address as the sender’s name")
    ANSWERS_ELSEWHERE = "answers_elsewhere", _("Answers would go to somebody else")


BY_HAND = "by_hand"
"""Reason of a case that a person put into the spam folder; other reasons are the names of filters."""
PHISHING_TOPIC = "account.phishing"
"""Topic of a case in which somebody pretends to be somebody else."""


class StrikeReason(TextChoices):
    """Why something was struck out."""

    NUMBER = "number", _("A card number or My Number")
    WRONG_PERSON = "wrong_person", _("It was meant for somebody else")
    ASKED = "asked", _("The customer asked for it")
    OTHER = "other", _("Another reason")


class ErasureGround(TextChoices):
    """Why a customer is erased. Source: 個人情報保護法 (平成15年法律第57号) 第35条, 第22条; e-Gov, read 2026-11-26."""

    REQUEST = "request", _("The person asked for it (APPI, article 35)")
    NO_NEED = "no_need", _("The data are no longer needed (APPI, article 22)")
    PERIOD = "period", _("Kept for long enough, as set by the owner (APPI, article 22)")
    OTHER = "other", _("Another reason")


class RetentionPurpose(TextChoices):
    """What is kept for a period only; each with the moment from which it counts."""

    ORIGINALS = "originals", _("Raw mails and files of closed cases")
    FILES = "files", _("Files that came with closed cases")
    REPORTS = "reports", _("Reports about mail that came back, of closed cases")
    COPIES = "copies", _("Contact forms as they were sent, of closed cases")
    TEXTS = "texts", _("Texts, names and notes of closed cases")
    CUSTOMERS = "customers", _("Customers without an open case or a new order")
    SPAM = "spam", _("Cases in the spam folder")


class PlaceKind(TextChoices):
    """Where something stands that is to be struck out."""

    TEXT = "text", _("Text of a message")
    SUBJECT = "subject", _("Subject or name")
    HTML = "html", _("Mail as designed")
    RAW = "raw", _("Mail as it came")
    FILE = "file", _("File")
    NOTE = "note", _("Note")
    DRAFT = "draft", _("Draft")
    FORM = "form", _("Contact form")
    LEDGER = "ledger", _("Mail outside of cases")
    ORDER = "order", _("Remark of an order")
    ORDER_FILE = "order_file", _("Imported order file")
    SURVEY = "survey", _("Words beside an answer to a survey")


class View(TextChoices):
    """The inbox's lists, in the order of the rail."""

    MINE = "mine", _("Mine")
    UNASSIGNED = "unassigned", _("Unassigned")
    DUE_SOON = "due", _("Due soon or overdue")
    OPEN = "open", _("Waiting for us")
    WAITING = "waiting", _("Waiting for the customer")
    SNOOZED = "snoozed", _("Snoozed")
    CLOSED = "closed", _("Closed")
    ALL = "all", _("All cases")
    SPAM = "spam", _("Spam")


class Sorting(TextChoices):
    """How a list is sorted."""

    PRIORITY = "priority", _("Most pressing first")
    NEWEST = "newest", _("Newest first")
    LONGEST = "longest", _("Longest waiting first")
    DUE = "due", _("Due first")


class DueState(TextChoices):
    """How a case stands to its next deadline, once a job has told."""

    SOON = "soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")


class Priority(TextChoices):
    """Of which cases a service target speaks."""

    URGENT = "urgent", _("Urgent")
    NORMAL = "normal", _("Ordinary")


class SignatureState(TextChoices):
    """What can be said about a signed or encrypted mail; never more than was checked."""

    VALID = "valid", _("Signed, unchanged, and an issuer you trust vouches for the sender (withdrawal not checked).")
    UNKNOWN_ISSUER = "unknown_issuer", _("Signed and unchanged, but nobody we know vouches for the signer.")
    OTHER_SENDER = "other_sender", _("The signature belongs to another address than the sender’s.")
    EXPIRED = "expired", _("Signed and unchanged, but the certificate was not valid at that time.")
    ALTERED = "altered", _("The signature does not fit: the mail was changed after it was signed.")
    UNCHECKED = "unchecked", _("This mail has a signature that we cannot check.")
    PARTLY = "partly", _("Only a part of this mail is signed. The rest could be anybody’s.")
    ENCRYPTED = "encrypted", _("This mail is encrypted and cannot be read here. Ask for it unencrypted.")


class EventKind(TextChoices):
    """What a calendar file in a mail wants."""

    REQUEST = "request", _("Invitation")
    CANCEL = "cancel", _("Cancelled event")
    REPLY = "reply", _("Answer to an invitation")
    OTHER = "", _("Event")


@dataclass(frozen=True, slots=True)
class SignatureCard:
    """What was found about a message's signature. Names and address are the certificate's own words.

    `form`: smime or pgp. `signed_at`: ISO, "" when not said.
    """

    state: str
    form: str = "smime"
    signer: str = ""
    mail: str = ""
    issuer: str = ""
    signed_at: str = ""


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event of a calendar file. `starts`, `ends`: ISO moments in UTC, local ones without a zone, or dates.

    `zone`: the name of a zone that we do not know. `answer`: accepted, declined, tentative or "".
    """

    kind: str
    summary: str
    starts: str = ""
    ends: str = ""
    zone: str = ""
    place: str = ""
    organiser: str = ""
    answer: str = ""
    is_repeated: bool = False


Card = SignatureCard | EventCard
"""What is shown beside a message's text in a form of its own."""


def card_values(card: Card) -> dict[str, Any]:
    """The card as the database keeps it."""
    return {"card": "signature" if isinstance(card, SignatureCard) else "event"} | asdict(card)


def card_of(values: dict[str, Any]) -> Card | None:
    """The card kept; None for one that this version does not know."""
    kinds: dict[str, type[Card]] = {"signature": SignatureCard, "event": EventCard}
    kind = kinds.get(str(values.get("card")))
    try:
        return kind(**{key: value for key, value in values.items() if key != "card"}) if kind else None
    except TypeError:
        return None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the customer's side of a case."""

    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class SenderWarning:
    """Why a sender is doubtful. `values` are what the sentence names: domain, genuine, company, name, address …"""

    sign: SenderSign
    values: Mapping[str, str]

    def as_values(self) -> dict[str, str]:
        """The warning as plain values to keep with the message."""
        return {"sign": self.sign.value, **self.values}


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
    `cards`: its signature and the events it brings.
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
