"""The bytes of a mail that leaves: the same input gives the same bytes, and no input can add a header.

For the channel that hands them to SMTP. Written here and not with the standard library's generator, whose
folding changes between Python versions; what is sent is kept as evidence and must be reproducible.

Source: RFC 5322 (format, 998 octets a line), RFC 2047 (words of at most 75 characters), RFC 2231 (file
names), RFC 3834 section 5 (Auto-Submitted).
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum
from itertools import chain

from anshin.plumbing.mail.filters import LOOP_HEADER
from anshin.plumbing.mail.html import html_from_text
from anshin.plumbing.mail.values import Address

MAX_REFERENCES = 20

_FOLD_AT = 76
_WORD_BYTES = 39  # 64 characters with =?utf-8?B? and ?=, so that 76 hold the header's name too
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
_DOT_ATOM = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_ID = re.compile(r"[!-;=?-~]{1,400}@[!-;=?-~]{1,400}")
_TYPE = re.compile(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}")


class AutoSubmitted(StrEnum):
    """What kind of automatic mail it is; RFC 3834 section 5."""

    NO = "no"
    GENERATED = "auto-generated"
    REPLIED = "auto-replied"


class NotComposed(ValueError):
    """The mail cannot be written as asked.

    `code`: line_break_in_header, address_unusable, no_recipient, message_id_unusable, moment_without_zone,
    content_type_unusable. `what` names the field or the address.
    """

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"{code}: {what}")
        self.code = code
        self.what = what


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send; with a `content_id` a picture inside the HTML, which refers to it by cid:."""

    filename: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail as frozen when somebody pressed send. Ids are bare or in angle brackets; there is no hidden
    copy.

    `html` "" means: made from `text`. `reply_to` is the address with the token. `desk_mark` goes into the
    header by which a desk recognises its own mails.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    message_id: str
    sent_at: datetime
    cc: tuple[Address, ...] = ()
    reply_to: Address | None = None
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    files: tuple[OutgoingFile, ...] = ()
    auto_submitted: AutoSubmitted = AutoSubmitted.NO
    desk_mark: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The envelope: each address once."""
        return tuple(dict.fromkeys(address.mail for address in chain(self.to, self.cc)))


def compose(mail: OutgoingMail) -> bytes:
    """The mail with CRLF line ends, ready for SMTP; only ASCII, no line over 76 characters but single long
    words.

    Raises: NotComposed.
    """
    if not mail.to:
        raise NotComposed("no_recipient", "to")
    if mail.sent_at.tzinfo is None:
        raise NotComposed("moment_without_zone", "sent_at")
    lines = _headers(mail)
    lines.extend(_body(mail))
    return "\r\n".join(lines).encode("ascii") + b"\r\n"


def _headers(mail: OutgoingMail) -> list[str]:
    lines = [
        f"Date: {format_datetime(mail.sent_at)}",
        _people("From", [mail.sender]),
        _people("To", mail.to),
    ]
    if mail.cc:
        lines.append(_people("Cc", mail.cc))
    if mail.reply_to is not None:
        lines.append(_people("Reply-To", [mail.reply_to]))
    lines.append(f"Message-ID: {_identifier(mail.message_id, 'message_id')}")
    if mail.in_reply_to:
        lines.append(f"In-Reply-To: {_identifier(mail.in_reply_to, 'in_reply_to')}")
    if mail.references:
        lines.append("References: " + "\r\n ".join(_references(mail.references)))
    lines.append(_folded("Subject", _text_words("subject", mail.subject)))
    if mail.auto_submitted is not AutoSubmitted.NO:
        lines.extend([f"Auto-Submitted: {mail.auto_submitted.value}", "X-Auto-Response-Suppress: All"])
    if mail.desk_mark:
        lines.append(_folded(LOOP_HEADER, _text_words("desk_mark", mail.desk_mark)))
    return [*lines, "MIME-Version: 1.0"]


def _references(given: tuple[str, ...]) -> list[str]:
    """At most 20: the first, which began the thread, and the latest."""
    kept = given if len(given) <= MAX_REFERENCES else (given[0], *given[-(MAX_REFERENCES - 1) :])
    return [_identifier(reference, "references") for reference in kept]


def _identifier(given: str, field: str) -> str:
    bare = given.removeprefix("<").removesuffix(">")
    if not _ID.fullmatch(bare):
        raise NotComposed("message_id_unusable", field)
    return f"<{bare}>"


def _on_one_line(field: str, text: str) -> str:
    """The text, refused when it could begin another header line."""
    if re.search(r"[\r\n\0\x0b\x0c\x85\u2028\u2029]", text):
        raise NotComposed("line_break_in_header", field)
    return re.sub(r"[\x01-\x08\x0e-\x1f\x7f]", "", text.replace("\t", " ")).strip()


def _text_words(field: str, text: str) -> list[str]:
    """Free text as words to fold at: ASCII as it stands, else encoded; blanks side by side, too, which relays
    would shorten."""
    clean = _on_one_line(field, text)
    words = clean.split(" ")
    if not clean:
        return []
    if clean.isascii() and "=?" not in clean and all(0 < len(word) <= _FOLD_AT - 2 for word in words):
        return words
    return _encoded_words(clean)


def _encoded_words(text: str) -> list[str]:
    """RFC 2047 words in UTF-8, each of whole characters."""
    words: list[str] = []
    chunk = b""
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(chunk) + len(encoded) > _WORD_BYTES:
            words.append(_word(chunk))
            chunk = b""
        chunk += encoded
    return [*words, _word(chunk)] if chunk else words


def _word(chunk: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(chunk).decode('ascii')}?="


def _folded(name: str, words: Iterable[str]) -> str:
    """The header with line breaks before words where the line would be too long."""
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _FOLD_AT and lines[-1].strip() and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines)


def _people(name: str, addresses: Iterable[Address]) -> str:
    known = list(addresses)
    words: list[str] = []
    for position, address in enumerate(known):
        told = [*_display_name(name, address.name), _addr_spec(address.mail, bracketed=bool(address.name))]
        if position + 1 < len(known):
            told[-1] += ","
        words.extend(told)
    return _folded(name, words)


def _display_name(field: str, name: str) -> list[str]:
    clean = _on_one_line(field, name)
    if not clean:
        return []
    if not clean.isascii() or "=?" in clean or len(clean) > 60:
        return _encoded_words(clean)
    if re.fullmatch(rf"{_ATEXT}+(?: {_ATEXT}+)*", clean):
        return [clean]
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
    return [f'"{escaped}"']


def _addr_spec(mail: str, *, bracketed: bool) -> str:
    """The address as RFC 5322 writes it: local parts of the old carrier kind (a..b@docomo) in quotes."""
    local, _at, domain = _on_one_line("address", mail).rpartition("@")
    local = local[1:-1] if len(local) > 2 and local[0] == local[-1] == '"' else local
    if not local or not local.isascii() or re.search(r'[\s"<>\\,;:()\[\]@]', local):
        raise NotComposed("address_unusable", mail)
    try:
        host = domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotComposed("address_unusable", mail) from None
    if not _DOMAIN.fullmatch(host) or ".." in host:
        raise NotComposed("address_unusable", mail)
    spec = f"{local}@{host}" if _DOT_ATOM.fullmatch(local) else f'"{local}"@{host}'
    return f"<{spec}>" if bracketed else spec


def _body(mail: OutgoingMail) -> list[str]:
    boundaries = _boundaries(mail)
    inline = [file for file in mail.files if file.content_id]
    attached = [file for file in mail.files if not file.content_id]
    rich = _text_part("html", mail.html or _document(mail.text))
    if inline:
        rich = _multipart("related", boundaries[0], [rich, *(_file_part(file) for file in inline)])
    content = _multipart("alternative", boundaries[1], [_text_part("plain", mail.text), rich])
    if attached:
        content = _multipart("mixed", boundaries[2], [content, *(_file_part(file) for file in attached)])
    return content


def _document(text: str) -> str:
    head = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n'
    return f"{head}{html_from_text(text)}\n</body></html>\n"


def _boundaries(mail: OutgoingMail) -> list[str]:
    """Three that depend on the mail alone; "=_" occurs neither in base64 nor in our plain lines."""
    seed = f"{mail.message_id}\0{mail.subject}\0{mail.text}".encode("utf-8", "replace")
    digest = hashlib.sha256(seed).hexdigest()
    return [f"=_{digest[:24]}_{number}" for number in range(3)]


def _multipart(kind: str, boundary: str, parts: list[list[str]]) -> list[str]:
    lines = [f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"', ""]
    for part in parts:
        lines.extend([f"--{boundary}", *part])
    return [*lines, f"--{boundary}--", ""]


def _text_part(kind: str, text: str) -> list[str]:
    normal = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").rstrip("\n") + "\n"
    short = all(len(line) <= _FOLD_AT for line in normal.split("\n"))
    if short and normal.isascii() and "=_" not in normal:
        head = [f"Content-Type: text/{kind}; charset=us-ascii", "Content-Transfer-Encoding: 7bit", ""]
        return [*head, *normal.rstrip("\n").split("\n")]
    head = [f"Content-Type: text/{kind}; charset=utf-8", "Content-Transfer-Encoding: base64", ""]
    return [*head, *_base64_lines(normal.replace("\n", "\r\n").encode("utf-8", "replace"))]


def _file_part(file: OutgoingFile) -> list[str]:
    kind = file.content_type.strip().lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = _safe_kind(kind)
    disposition = "inline" if file.content_id else "attachment"
    name = _on_one_line("filename", file.filename)
    fallback = name if name.isascii() and len(name) <= 50 else "\r\n ".join(_encoded_words(name))
    escaped = fallback.replace("\\", "\\\\").replace('"', '\\"')
    lines = [
        f'Content-Type: {kind};\r\n name="{escaped}"',
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {disposition};\r\n {_filename_parameter(name)}",
    ]
    if file.content_id:
        lines.append(f"Content-ID: {_identifier(file.content_id, 'content_id')}")
    return [*lines, "", *_base64_lines(file.content)]


def _safe_kind(kind: str) -> str:
    """Other people's mails are sent as files, since RFC 2046 forbids base64 for message types."""
    if kind.startswith("message/"):
        return "application/octet-stream"
    raise NotComposed("content_type_unusable", kind)


def _filename_parameter(name: str) -> str:
    """RFC 2231: percent-encoded UTF-8, in numbered pieces when long; plain quotes for a short ASCII name."""
    if name.isascii() and len(name) <= 50:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'filename="{escaped}"'
    pieces = [""]
    for letter in name:
        character = "".join(_percent(byte) for byte in letter.encode("utf-8", "replace"))
        if len(pieces[-1]) + len(character) > 54:
            pieces.append("")
        pieces[-1] += character
    if len(pieces) == 1:
        return f"filename*=utf-8''{pieces[0]}"
    numbered = [f"filename*{number}*={piece}" for number, piece in enumerate(pieces)]
    numbered[0] = f"filename*0*=utf-8''{pieces[0]}"
    return ";\r\n ".join(numbered)


def _percent(byte: int) -> str:
    character = chr(byte)
    return character if re.fullmatch(r"[A-Za-z0-9._-]", character) else f"%{byte:02X}"


def _base64_lines(content: bytes) -> list[str]:
    encoded = base64.b64encode(content).decode("ascii")
    return [encoded[start : start + _FOLD_AT] for start in range(0, len(encoded), _FOLD_AT)]
