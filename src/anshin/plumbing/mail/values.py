"""What a read mail is made of: frozen values for the channel that keeps them and the case that shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """A person or mailbox named in a header; `mail` is "" when only a name was readable."""

    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class CharsetChoice:
    """How bytes became characters.

    `reason`: ascii, declared, escapes (ISO-2022 sequences seen), utf8 (valid UTF-8), guessed, hinted (by a label
    elsewhere in the mail), chosen (by a person), or damaged.
    `lost_count`: characters shown as U+FFFD because no byte sequence made sense there.
    """

    declared: str
    used: str
    reason: str
    lost_count: int = 0


@dataclass(frozen=True, slots=True)
class MailPart:
    """A file in a mail. `filename` is safe to store and show, `filename_as_sent` is what the header said.

    `content` is the decoded file; for an embedded message its own bytes (filename ends in .eml).
    """

    filename: str
    filename_as_sent: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


class SignatureState(StrEnum):
    """What can be said about a signed or encrypted mail.

    Unchanged since the owner of a key signed it: valid (an issuer whom the operator trusts vouches for the sender's
    address), unknown_issuer (nobody whom we trust does), other_sender (the key belongs to another address), expired
    (the certificate did not hold when it was signed). Otherwise: altered, unchecked (we cannot tell), partly (only
    some of the mail is signed), encrypted (we cannot read it).
    """

    VALID = "valid"
    UNKNOWN_ISSUER = "unknown_issuer"
    OTHER_SENDER = "other_sender"
    EXPIRED = "expired"
    ALTERED = "altered"
    UNCHECKED = "unchecked"
    PARTLY = "partly"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature or encryption and what was found about it. `form` is smime or pgp; names come from certificates.

    Whatever the state, the names say only what the certificate says of itself.
    """

    state: SignatureState
    form: str = "smime"
    signer: str = ""
    mail: str = ""
    issuer: str = ""
    signed_at: datetime | None = None

    def found(self, state: SignatureState) -> "Signed":
        """The same with another state."""
        return replace(self, state=state)


@dataclass(frozen=True, slots=True)
class Invitation:
    """One event of a calendar file.

    `method` in lower case: request, cancel, reply, publish, counter, … or "". `starts` and `ends` are aware UTC, or
    naive when the sender gave no zone that we know (`zone` is its name), or dates for whole days, both inclusive.
    `answer` is what a reply says: accepted, declined, tentative.
    """

    method: str
    summary: str
    starts: datetime | date | None
    ends: datetime | date | None
    zone: str = ""
    place: str = ""
    organiser: Address = Address("", "")
    answer: str = ""
    is_repeated: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail, read. Message ids are bare (no angle brackets); `date` is aware UTC; line ends are \\n.

    `text` is the best readable text, `html` the decoded HTML as sent (unsafe: pass it through `safe_html`).
    `defects` are plain codes, each once, in the order met.
    """

    subject: str = ""
    sender: Address = Address("", "")
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    text: str = ""
    html: str = ""
    attachments: tuple[MailPart, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    charset_choice: CharsetChoice = CharsetChoice("", "us-ascii", "ascii")
    signed: Signed | None = None
    invitations: tuple[Invitation, ...] = ()
    defects: tuple[str, ...] = ()
    _by_name: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Headers are asked for some thirty times a mail, so they are sorted once."""
        by_name: dict[str, tuple[str, ...]] = {}
        for name, value in self.headers:
            key = name.lower()
            by_name[key] = (*by_name.get(key, ()), value)
        object.__setattr__(self, "_by_name", by_name)

    def header(self, name: str) -> str:
        """The first value of that header, or ""."""
        return next(iter(self.header_all(name)), "")

    def header_all(self, name: str) -> tuple[str, ...]:
        """Every value of that header in the order sent."""
        return self._by_name.get(name.lower(), ())


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a mail must be shown in quarantine.

    `reason`: empty (no bytes), no_headers (not a mail), no_sender (nobody to answer), reader_failed (our
    fault).
    """

    reason: str


class Nature(StrEnum):
    """Who or what wrote a mail. Only a person's mail may get an automatic answer."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    MAILING_LIST = "mailing_list"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class Judged:
    """The nature found and the code of the filter that found it ("" for a person)."""

    nature: Nature
    reason: str


class BounceKind(StrEnum):
    """Why a mail came back, as far as it makes a difference to what one does next."""

    UNKNOWN_USER = "unknown_user"
    UNKNOWN_DOMAIN = "unknown_domain"
    TRY_LATER = "try_later"
    MAILBOX_FULL = "mailbox_full"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    POLICY = "policy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery that failed, as the reporting server told it.

    `status` is an RFC 3463 code ("5.1.1") or "". `given_up` is False while the server still tries (a delay).
    `original_message_ids` are bare ids found in the returned message, its headers or the report.
    """

    failed_address: str
    status: str
    diagnostic: str
    original_message_ids: tuple[str, ...]
    given_up: bool
    kind: BounceKind


def unique(codes: Iterable[str]) -> tuple[str, ...]:
    """Each code once, in the order first met."""
    return tuple(dict.fromkeys(codes))
