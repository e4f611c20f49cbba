"""Reads one line of a cases file (JSON Lines) into plain values, or says in words why it cannot be taken in.

The format is documented in docs/operators/import-export.md; queries/exporting.py writes it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from anshin.cases.terms import Channel, Delivery, Direction, Resolution, Status
from anshin.language.mails import looks_like_mail

LONGEST_ID = 120
LONGEST_TEXT = 2_000_000
_YEARS = range(1980, 2100)
_LEFT = {Delivery.SENT, Delivery.BOUNCED, Delivery.FAILED, Delivery.UNSURE}
Given = Mapping[str, Any]


class LineRefused(Exception):
    """The line cannot become a case; `str(error)` says why, for the person who mends the file."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file named in a line: its bytes, or its place in the zip."""

    name: str
    path: str = ""
    content: bytes = b""
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One message of a line. `sender`, `to`, `cc`: (name, mail)."""

    at: datetime
    direction: Direction
    body: str
    subject: str
    message_id: str
    channel: Channel | None
    author_mail: str
    sender: tuple[str, str]
    to: tuple[tuple[str, str], ...]
    cc: tuple[tuple[str, str], ...]
    in_reply_to: str
    is_automatic: bool
    quoted_from: int | None
    delivery: Delivery
    files: tuple[FileLine, ...]
    html: FileLine | None
    source: FileLine | None


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One internal note of a line."""

    at: datetime
    author_mail: str
    body: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order beside the case."""

    number: str
    is_proposed: bool | None  # None: not told
    reason: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as the file tells it. `status` None: whose turn it is follows from the messages."""

    external_id: str
    number: int | None
    subject: str
    customer_name: str
    customer_mail: str
    customer_phone: str
    order_number: str
    orders: tuple[OrderLine, ...]
    status: Status | None
    resolution: Resolution | None
    snoozed_until_at: datetime | None
    owner_mail: str
    channel: Channel
    topic: str
    is_urgent: bool
    is_unread: bool | None
    created_at: datetime
    closed_at: datetime | None
    tags: tuple[str, ...]
    messages: tuple[MessageLine, ...]
    notes: tuple[NoteLine, ...]


def read_line(text: str, *, zone: ZoneInfo) -> CaseLine:
    """The case of one line; moments without an offset are on the clock of `zone`. Raises LineRefused."""
    given = _object(text)
    messages = tuple(_message(each, place, zone) for place, each in enumerate(_list(given, "messages"), 1))
    created_at = _moment(given, "created_at", zone) or min((message.at for message in messages), default=None)
    if created_at is None:
        raise LineRefused(_("“messages” is empty; a case needs at least one message, or “created_at”."))
    customer = _part(given, "customer")
    mail = _text(customer, "email", 320)
    if mail and not looks_like_mail(mail):
        raise LineRefused(_("The customer’s address “%(mail)s” is not a mail address.") % {"mail": mail})
    return CaseLine(
        external_id=_external_id(given),
        number=_number(given, "number"),
        subject=_text(given, "subject", 300),
        customer_name=_text(customer, "name", 200),
        customer_mail=mail,
        customer_phone=_text(customer, "phone", 40),
        order_number=_text(given, "order_number", 80),
        orders=tuple(_order(each) for each in _list(given, "orders")),
        status=_status(given),
        resolution=_choice(given, "resolution", Resolution),
        snoozed_until_at=_moment(given, "snoozed_until", zone),
        owner_mail=_text(given, "assignee", 320).lower(),
        channel=_choice(given, "channel", Channel) or Channel.EMAIL,
        topic=_text(given, "topic", 60),
        is_urgent=bool(given.get("urgent")),
        is_unread=None if given.get("unread") is None else bool(given["unread"]),
        created_at=created_at,
        closed_at=_moment(given, "closed_at", zone),
        tags=tuple(sorted({tag for tag in map(_tag, _list(given, "tags")) if tag})),
        messages=tuple(sorted(messages, key=lambda message: message.at)),
        notes=tuple(_note(each, zone) for each in _list(given, "notes")),
    )


def storable(text: str) -> str:
    """Text that both databases can store: no NUL, no half characters."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _object(text: str) -> Given:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LineRefused(_("This line is not JSON: %(error)s.") % {"error": str(error)[:200]}) from error
    if not isinstance(given, dict):
        raise LineRefused(_("This line is not a JSON object."))
    return given


def _external_id(given: Given) -> str:
    value = given.get("external_id")
    key = storable(str(value)).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not key:
        raise LineRefused(_("“external_id” is missing; without it a second run could not know this case again."))
    if len(key) > LONGEST_ID:
        raise LineRefused(_("“external_id” is longer than %(most)s characters.") % {"most": LONGEST_ID})
    return key


def _status(given: Given) -> Status | None:
    """Our own `state` when the file has it; else None for “open”, whose turn it is the messages say."""
    state = _choice(given, "state", Status)
    status = given.get("status")
    if state is None and status not in {"open", "closed"}:
        raise LineRefused(_("“status” must be “open” or “closed”, not “%(status)s”.") % {"status": str(status)[:40]})
    if state == Status.SNOOZED and not given.get("snoozed_until"):
        return None
    return state or (Status.CLOSED if status == "closed" else None)


def _message(given: Any, place: int, zone: ZoneInfo) -> MessageLine:
    if not isinstance(given, dict):
        raise LineRefused(_("Message %(place)s is not a JSON object.") % {"place": place})
    at = _moment(given, "at", zone)
    if at is None:
        raise LineRefused(_("Message %(place)s has no “at”.") % {"place": place})
    direction = given.get("direction")
    if direction not in Direction.values:
        words = {"place": place, "direction": str(direction)[:40]}
        raise LineRefused(_("“direction” of message %(place)s must be “in” or “out”, not “%(direction)s”.") % words)
    body = _text(given, "body", LONGEST_TEXT)
    is_out = direction == Direction.OUT
    told = _choice(given, "delivery", Delivery) or Delivery.SENT
    return MessageLine(
        at=at,
        direction=Direction(direction),
        body=body,
        subject=_text(given, "subject", 300),
        message_id=_text(given, "message_id", 200),
        channel=_choice(given, "channel", Channel),
        author_mail=_text(given, "author", 320).lower(),
        sender=_party(given.get("from")),
        to=tuple(_party(each) for each in _list(given, "to")),
        cc=tuple(_party(each) for each in _list(given, "cc")),
        in_reply_to=_text(given, "in_reply_to", 200),
        is_automatic=bool(given.get("automatic")),
        quoted_from=_offset(given, body),
        delivery=(told if told in _LEFT else Delivery.UNSURE) if is_out else Delivery.RECEIVED,
        files=tuple(_file(each) for each in _list(given, "attachments")),
        html=_file(given["html"]) if given.get("html") else None,
        source=_file(given["source"]) if given.get("source") else None,
    )


def _note(given: Any, zone: ZoneInfo) -> NoteLine:
    at = _moment(given, "at", zone) if isinstance(given, dict) else None
    if at is None:
        raise LineRefused(_("A note needs “at” and “body”."))
    return NoteLine(at=at, author_mail=_text(given, "author", 320).lower(), body=_text(given, "body", LONGEST_TEXT))


def _order(given: Any) -> OrderLine:
    if not isinstance(given, dict) or not given.get("number"):
        raise LineRefused(_("An entry of “orders” needs a “number”."))
    told = given.get("proposed")
    return OrderLine(
        number=_text(given, "number", 80),
        is_proposed=None if told is None else bool(told),
        reason=_text(given, "reason", 40),
    )


def _file(given: Any) -> FileLine:
    if not isinstance(given, dict) or not (given.get("path") or "base64" in given):
        raise LineRefused(_("A file needs “path” (its place in the zip) or “base64”."))
    try:
        content = base64.b64decode(given.get("base64") or "", validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise LineRefused(_("The “base64” of a file cannot be read.")) from error
    return FileLine(
        name=_text(given, "name", 255),
        path=_text(given, "path", 400),
        content=content,
        content_id=_text(given, "content_id", 255),
        is_inline=bool(given.get("inline")),
    )


def _party(given: Any) -> tuple[str, str]:
    if not given:
        return ("", "")
    if not isinstance(given, dict):
        raise LineRefused(_("A person is written as {“name”, “email”}."))
    return (_text(given, "name", 200), _text(given, "email", 320))


def _offset(given: Given, body: str) -> int | None:
    value = _number(given, "quoted_from")
    return value if value is not None and 0 < value < len(body) else None


def _number(given: Given, name: str) -> int | None:
    value = given.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _part(given: Given, name: str) -> Given:
    value = given.get(name) or {}
    if not isinstance(value, dict):
        raise LineRefused(_("“%(name)s” is not a JSON object.") % {"name": name})
    return value


def _list(given: Given, name: str) -> list[Any]:
    value = given.get(name) or []
    if not isinstance(value, list):
        raise LineRefused(_("“%(name)s” is not a list.") % {"name": name})
    return value


def _text(given: Given, name: str, longest: int) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise LineRefused(_("“%(name)s” is not a text.") % {"name": name})
    text = storable(str(value))
    if longest == LONGEST_TEXT:
        if len(text) > longest:
            raise LineRefused(_("“%(name)s” is longer than %(most)s characters.") % {"name": name, "most": longest})
        return text
    return text.strip()[:longest]


def _tag(value: Any) -> str:
    return storable(value).strip()[:40] if isinstance(value, str) else ""


def _choice(given: Given, name: str, choices: Any) -> Any:
    value = given.get(name)
    if not value:
        return None
    if value not in choices.values:
        words = {"name": name, "value": str(value)[:40], "known": ", ".join(v for v in choices.values if v)}
        raise LineRefused(_("“%(name)s” is “%(value)s”; known are: %(known)s.") % words)
    return choices(value)


def _moment(given: Given, name: str, zone: ZoneInfo) -> datetime | None:
    value = given.get(name)
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        words = {"name": name, "value": str(value)[:40]}
        raise LineRefused(_("“%(name)s” is “%(value)s”, which is not a moment in ISO 8601.") % words) from error
    if moment.year not in _YEARS:
        raise LineRefused(_("“%(name)s” lies in the year %(year)s.") % {"name": name, "year": moment.year})
    return moment
