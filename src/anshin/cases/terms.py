"""Words of the cases room: states of cases and messages, views, resolutions, channels."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Whose turn it is. `open` waits for us, `waiting` for the customer."""

    OPEN = "open", _("Waiting for us")
    WAITING = "waiting", _("Waiting for the customer")
    SNOOZED = "snoozed", _("Snoozed")
    CLOSED = "closed", _("Closed")


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


class View(TextChoices):
    """The inbox's lists, in the order of the rail."""

    MINE = "mine", _("Mine")
    UNASSIGNED = "unassigned", _("Unassigned")
    DUE_SOON = "due", _("Due soon")
    OPEN = "open", _("Waiting for us")
    WAITING = "waiting", _("Waiting for the customer")
    SNOOZED = "snoozed", _("Snoozed")
    CLOSED = "closed", _("Closed")
    ALL = "all", _("All cases")


class Sorting(TextChoices):
    """How a list is sorted."""

    NEWEST = "newest", _("Newest first")
    LONGEST = "longest", _("Longest waiting first")
    DUE = "due", _("Due first")


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on the customer's side of a case."""

    name: str
    mail: str


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
    is_automatic: bool = False
