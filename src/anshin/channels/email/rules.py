"""Decisions of the mail channel that depend on values only: when two mails are the same, whom to answer."""

import hashlib
import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

LARGEST_MAIL_BYTES = 50 * 1024 * 1024
"""Larger mails are kept as header only and shown as a visible item; providers rarely deliver more than 50 MB."""
LONGEST_KEY = 200
EARLIEST_DATE = datetime(1995, 1, 1, tzinfo=UTC)
"""No shop has older mail; 1970 is what a broken clock or program writes."""
DATE_MAY_BE_AHEAD = timedelta(days=2)

_MESSAGE_ID = re.compile(rb"(?im)^message-id[ \t]*:[ \t]*(?:\r?\n[ \t]+)*([^\r\n]+)")
_NO_REPLY = re.compile(r"(?:no|do-?not|donot)[-_.]?reply.*|wordpress|www-data|apache|nobody", re.IGNORECASE)
_FOLD = re.compile(rb"\n[ \t]+")
_READ_HEADERS = (b"from:", b"subject:", b"date:", b"reply-to:", b"content-type:")
_DELIVERED_TO = re.compile(
    rb"(?im)^(?:delivered-to|x-original-to|(?:x-)?envelope-to)[ \t]*:[ \t]*(?:\r?\n[ \t]+)*([^\r\n]+)"
)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


def stated_message_id(raw: bytes) -> str:
    """The bare Message-ID that the header states, or "". Reads bytes only, so nothing in a mail can make it fail.

    Source: RFC 5322, 3.6.4. Case is kept, since ids are compared exactly; angle brackets and spaces are not.
    """
    header = _HEADER_END.split(raw, maxsplit=1)[0]
    found = _MESSAGE_ID.search(header)
    if not found:
        return ""
    value = found[1].decode("ascii", "replace").strip()
    inside = re.search(r"<([^<>]*)>", value)
    return normal_id(inside[1] if inside else value)


def stated_recipients(raw: bytes) -> list[str]:
    """The addresses to which mail servers say they delivered, the last server's first. Reads bytes only.

    Postfix and qmail write Delivered-To and X-Original-To, Exim Envelope-To. Only the lines above the first Received
    are believed when there are any, since what stands below was there before the mail reached the shop's server.
    """
    header = _HEADER_END.split(raw, maxsplit=1)[0]
    own_part = re.split(rb"(?im)^received[ \t]*:", header, maxsplit=1)[0]
    lines = _DELIVERED_TO.findall(own_part) or _DELIVERED_TO.findall(header)[:1]
    named = [address for line in lines for address in line.decode("utf-8", "replace").split(",")]
    return list(dict.fromkeys(address.strip(" \t<>").lower() for address in named if "@" in address))


def normal_id(text: str) -> str:
    """A message id in the one form in which ids are kept and compared: bare, its domain in lower case."""
    local, at, domain = re.sub(r"[\s<>]+", "", text).rpartition("@")
    return f"{local}@{domain.lower()}" if at else domain


def content_sha256(raw: bytes) -> str:
    """Hex SHA-256 of the whole mail."""
    return hashlib.sha256(raw).hexdigest()


def letter_sha256(raw: bytes) -> str:
    """Hex SHA-256 of what a person reads in a mail: sender, subject, date and body, without the marks of its route.

    The same for copies over different servers; line ends and folding do not count.
    """
    parts = _HEADER_END.split(raw, maxsplit=1)
    lines = _FOLD.sub(b" ", parts[0].replace(b"\r\n", b"\n")).split(b"\n")
    read = sorted(b" ".join(line.split()) for line in lines if line.lower().startswith(_READ_HEADERS))
    body = parts[1].replace(b"\r\n", b"\n").rstrip(b"\n") if len(parts) == 2 else b""
    return hashlib.sha256(b"\n".join([*read, b"", body])).hexdigest()


def dedupe_key(raw: bytes) -> str:
    """What makes a mail that mail: its Message-ID, or the hash of its content when it has none (or a senseless one)."""
    stated = stated_message_id(raw)
    if len(stated) < 3 or len(stated) > LONGEST_KEY or "\ufffd" in stated:
        return hash_key(raw)
    return stated


def hash_key(raw: bytes) -> str:
    """The key of a mail without a usable Message-ID."""
    return f"sha256:{content_sha256(raw)}"


def key_beside(key: str, raw: bytes) -> str:
    """The key of a *different* mail that claims a Message-ID already taken: some mailers give one id to many mails,
    and none of them may be lost."""
    return f"{key[: LONGEST_KEY - 18]}#{letter_sha256(raw)[:16]}"


def answers_go_to_reply_to(sender: str, reply_to: str, own_addresses: Collection[str]) -> bool:
    """Whether the person behind a mail stands in Reply-To instead of From.

    So it is with contact forms and shared groups that write in the shop's own name, and with no-reply senders. For
    all others From counts: it is by From that a customer is known.
    """
    if not reply_to or is_own(reply_to, own_addresses):
        return False
    local, _at, domain = sender.lower().rpartition("@")
    own_domains = {address.rpartition("@")[2].lower() for address in own_addresses}
    return is_own(sender, own_addresses) or domain in own_domains or bool(_NO_REPLY.fullmatch(local))


def is_plausible_date(date: datetime | None, arrived_at: datetime) -> bool:
    """Whether a mail that arrived then can have been written at `date`; clocks may be two days fast."""
    return date is not None and EARLIEST_DATE <= date <= arrived_at + DATE_MAY_BE_AHEAD


def is_own(address: str, own_addresses: Collection[str]) -> bool:
    """Whether the address is one of ours, with or without a tag behind a plus."""
    local, _at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in own_addresses
