"""Any bytes read as a mail, for the channel that has already stored them: `parse` never raises.

What cannot be read well is read as well as possible, with a defect code for each thing found wrong; `unreadable`
tells which mails have to be shown in quarantine. Embedded messages are kept whole as .eml attachments.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509

from anshin.plumbing.mail.addresses import addresses, first_address
from anshin.plumbing.mail.bodies import Body, Piece, collect
from anshin.plumbing.mail.dates import moment
from anshin.plumbing.mail.headers import (
    MAX_HEADER_CHARS,
    MAX_VALUE_CHARS,
    message_ids,
    readable,
    unfolded,
)
from anshin.plumbing.mail.protected import Author
from anshin.plumbing.mail.spelling import Spelling, spelling_of
from anshin.plumbing.mail.structure import Node, take_apart
from anshin.plumbing.mail.values import Address, CharsetChoice, ParsedMail, Unreadable, unique

MAX_KEPT_HEADERS = 1_000
MAX_KEPT_CHARS = 500_000
MAX_SAME_HEADERS = 20


def parse(raw: bytes, *, read_as: str = "", trusted: Sequence[x509.Certificate] = ()) -> ParsedMail:
    """The mail in `raw`, whatever these bytes are. `read_as`: one of charsets.READABLE_AS, when a person chose it;
    `trusted`: issuers whose word on a signature counts.

    Limits: 40 levels, 1,000 parts, 2 MB of text; beyond them the rest becomes an attachment, with a defect code.
    """
    if not raw.strip(b"\0\r\n\t "):
        return ParsedMail(defects=("empty",))
    try:
        return _parse(_with_line_feeds(raw), read_as, trusted)
    except Exception as failure:  # the promise: one bad mail never stops the queue
        return _failed(raw, failure)


def unreadable(mail: ParsedMail) -> Unreadable | None:
    """Why this mail must be shown in quarantine instead of becoming a case; None for a readable one."""
    for code in ("empty", "reader_failed", "no_headers"):
        if code in mail.defects:
            return Unreadable(code)
    if not mail.sender.mail:
        return Unreadable("no_sender")
    return None


@dataclass(frozen=True, slots=True)
class _People:
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]


def _parse(raw: bytes, read_as: str, trusted: Sequence[x509.Certificate]) -> ParsedMail:
    defects: list[str] = []
    late: list[str] = []
    root = take_apart(raw, defects)
    if not root.headers:
        defects.append("no_headers")
    spelling = spelling_of(root, read_as)
    if spelling != Spelling():
        root.headers = [(name, spelling.header(value)) for name, value in root.headers]
    people = _people(root, late)
    date, wrong = moment(unfolded(root.raw(b"date")))
    author = Author(people.sender.mail, date, trusted)
    body: Body = collect(Piece(raw, root), defects, spelling=spelling, author=author)
    defects += late
    if wrong:
        defects.append(wrong)
    identifiers = message_ids(unfolded(root.raw(b"message-id")))
    if not identifiers:
        defects.append("message_id_missing")
    return ParsedMail(
        subject=readable(root.raw(b"subject"), defects),
        sender=people.sender,
        to=people.to,
        cc=people.cc,
        reply_to=people.reply_to,
        message_id=identifiers[0] if identifiers else None,
        in_reply_to=_ids(root, b"in-reply-to"),
        references=_ids(root, b"references"),
        date=date,
        text=body.text,
        html=body.html,
        attachments=body.attachments,
        headers=_kept_headers(root),
        charset_choice=body.charset_choice,
        signed=body.signed,
        invitations=body.invitations,
        defects=unique(defects),
    )


def _with_line_feeds(raw: bytes) -> bytes:
    """A mail written with bare CR only (old Macintosh) gets line feeds; any other is left as it is."""
    if b"\n" in raw or b"\r" not in raw:
        return raw
    return raw.replace(b"\r", b"\n")


def _people(root: Node, defects: list[str]) -> _People:
    sender = first_address(_all(root, b"from"))
    if not sender.mail:
        defects.append("sender_missing")
        others = (first_address(_all(root, name)) for name in (b"sender", b"reply-to", b"return-path"))
        found = next((address for address in others if address.mail), Address("", ""))
        sender = Address(sender.name or found.name, found.mail)
    return _People(
        sender=sender,
        to=addresses(_all(root, b"to")),
        cc=addresses(_all(root, b"cc")),
        reply_to=addresses(_all(root, b"reply-to")),
    )


def _all(root: Node, name: bytes) -> str:
    """Every header of that name (at most 20), as one list of at most 100,000 characters."""
    return _joined(root, name, ", ")


def _ids(root: Node, name: bytes) -> tuple[str, ...]:
    return message_ids(_joined(root, name, " "))


def _joined(root: Node, name: bytes, between: str) -> str:
    values = [value for key, value in root.headers if key.lower() == name][:MAX_SAME_HEADERS]
    most = MAX_HEADER_CHARS // max(1, len(values))
    return between.join(unfolded(value, most=most) for value in values)


def _kept_headers(root: Node) -> tuple[tuple[str, str], ...]:
    """The first thousand headers, as long as they fit; the raw mail holds the rest."""
    kept: list[tuple[str, str]] = []
    left = MAX_KEPT_CHARS
    for name, value in root.headers[:MAX_KEPT_HEADERS]:
        left -= min(len(value), MAX_VALUE_CHARS)
        if left < 0:
            break
        kept.append((name.decode("ascii"), readable(value)))
    return tuple(kept)


def _failed(raw: bytes, failure: Exception) -> ParsedMail:
    """What is shown of a mail on which the reader itself failed; read by nothing that may have been the reason."""
    text = raw[:100_000].decode("utf-8", "replace").replace("\0", "\ufffd").replace("\r\n", "\n")
    return ParsedMail(
        text=text,
        charset_choice=CharsetChoice("", "utf-8", "damaged", text.count("\ufffd")),
        defects=("reader_failed", f"failure_{type(failure).__name__}"),
    )
