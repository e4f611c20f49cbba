"""Mails that somebody passed on, unfolded: who wrote what when, in whatever form a mail program wrote it.

For the timeline, which shows each as a mail of its own, and for intake, which looks for the order and the thread that
a forwarded mail of the shop belongs to. What stands in a forward is what the forwarder sent: it can be changed and
proves nothing about anybody. Reads text only; forwards attached as message/rfc822 become such text first.

Known forms: Gmail, Yahoo! Mail, Outlook (old and new), iPhone and Mac, Thunderbird, Becky!, mobile carriers, in
Japanese and English.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from anshin.plumbing.mail.addresses import first_address
from anshin.plumbing.mail.dates import moment
from anshin.plumbing.mail.quote_marks import (
    has_header_block,
    is_forward_rule,
    is_original_rule,
    is_underscore_rule,
)
from anshin.plumbing.mail.values import Address, ParsedMail

MAX_FORWARDS = 10
MAX_ATTACHED = 3
MAX_ATTACHED_BYTES = 5_000_000
MAX_ATTACHED_TEXT = 100_000
RULE = "---------- Forwarded message ----------"

_LOOKED_AT = 400
_GAP = 3
_PREFIX = re.compile(
    r"\s*(?:(?:re|aw|返信|回复)(?:\[\d+\])?\s*[:：]\s*)*(?:fwd?|fw|転送|tr|wg|转发)(?:\[\d+\])?\s*[:：]", re.I
)
_WORTH_A_LOOK = re.compile(
    r"forward|original|転送|元のメ|差出人|送信者|^[> *]*from\s*[:：]", re.IGNORECASE | re.MULTILINE
)
_FIELD = re.compile(
    r"[>\s*]*(?:(?P<sender>from|差出人|送信者|送信元|発信者)|(?P<sent>sent|date|送信日時|日時|日付|送信日|受信日時)"
    r"|(?P<to>to|宛先|受信者|送信先)|(?P<subject>subject|件名|題名|表題)"
    r"|(?:cc|bcc|ｃｃ|reply-to|返信先|importance|priority|重要度|attachments|添付ファイル|message-id))"
    r"[*\s]*[:：][*\s]*(?P<value>.*)",
    re.IGNORECASE,
)
_BECKY = re.compile(
    r"\s*-{4,}\s*original message follows\s*-{4,}\s*|\s*-{4,}\s*start of forwarded message.{0,40}", re.I
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH = re.compile(
    r"([A-Z][a-z]{2})[a-z]*\.?\s+(\d{1,2}),?\s+(\d{4})(?:,|\s+at|\s)*\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Forward:
    """One mail passed on. `sent` is the date as written; `at` is aware when a zone was written, else naive, or None.

    It stands in the text from `start` (its rule) to `end`; `text` is what its writer wrote, without quote marks.
    """

    sender: Address
    to: str
    sent: str
    at: datetime | None
    subject: str
    text: str
    start: int
    end: int


def unfold(text: str, subject: str = "") -> tuple[Forward, ...]:
    """The forwarded mails in a text, in order, at most ten; () for an ordinary mail or an answer.

    A block of From, Date and Subject that no rule announces counts only when the subject says that it is a forward,
    or when the writer wrote nothing above it: under an answer the same block is the quoted history.
    """
    if not _WORTH_A_LOOK.search(text):
        return ()
    lines = text.splitlines(keepends=True)
    found = _heads(lines, may_be_bare=_PREFIX.match(subject) is not None)
    if not found:
        return ()
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line))
    ends = [head.first for head in found[1:]] + [len(lines)]
    return tuple(_forward(head, lines, end, offsets) for head, end in zip(found, ends, strict=True))


def attached(mail: ParsedMail, parse: Callable[[bytes], ParsedMail]) -> tuple[ParsedMail, ...]:
    """The mails attached to a mail, read; at most three of at most 5 MB."""
    parts = [part for part in mail.attachments if part.content_type in ("message/rfc822", "message/global")]
    return tuple(parse(part.content) for part in parts[:MAX_ATTACHED] if len(part.content) <= MAX_ATTACHED_BYTES)


def as_text(mail: ParsedMail) -> str:
    """An attached mail written out in the form that `unfold` reads, its text cut at 100,000 characters."""
    sender = f"{mail.sender.name} <{mail.sender.mail}>" if mail.sender.mail else mail.sender.name
    to = ", ".join(f"{each.name} <{each.mail}>".strip() for each in mail.to[:5])
    date = f"{mail.date:%Y-%m-%d %H:%M:%S +0000}" if mail.date else ""
    head = [RULE, f"From: {sender}", f"Date: {date}", f"Subject: {mail.subject}", f"To: {to}"]
    return "\n".join(head) + "\n\n" + mail.text[:MAX_ATTACHED_TEXT]


@dataclass(frozen=True, slots=True)
class _Head:
    """Lines [first, body) announce a forward; `fields` are what they say."""

    first: int
    body: int
    fields: dict[str, str]


def _heads(lines: Sequence[str], *, may_be_bare: bool) -> list[_Head]:
    found: list[_Head] = []
    said = False
    at = 0
    while at < len(lines) and len(found) < MAX_FORWARDS:
        head = _head_at(lines, at, may_be_bare=may_be_bare or not said)
        if head:
            found.append(head)
            at = head.body
        else:
            said = said or bool(lines[at].strip("> \t\r\n"))
            at += 1
    return found


def _head_at(lines: Sequence[str], at: int, *, may_be_bare: bool) -> _Head | None:
    """The head of a forward that begins at this line: a rule and a block of fields, or the block alone."""
    line = lines[at][:_LOOKED_AT].strip("> \t\r\n")
    if len(line) < 4:
        return None
    is_forward = is_forward_rule(line) or _BECKY.fullmatch(line) is not None
    if is_forward or (may_be_bare and (is_original_rule(line) or is_underscore_rule(line))):
        start = _skip_blank(lines, at + 1)
        body, fields = _fields(lines, start)
        if body == start and is_forward:  # one rule says "forwarded by", the next "original message"
            body, fields = _fields(lines, _skip_blank(lines, start + 1)) if _is_rule(lines, start) else (start, {})
        return _Head(at, body, fields) if "sender" in fields or (is_forward and "subject" in fields) else None
    if (
        may_be_bare
        and _FIELD.match(lines[at][:_LOOKED_AT])
        and has_header_block([each.lstrip("> ") for each in lines[at : at + 20]], 0)
    ):
        body, fields = _fields(lines, at)
        return _Head(at, body, fields) if len(fields) >= 3 else None
    return None


def _is_rule(lines: Sequence[str], at: int) -> bool:
    line = lines[at][:_LOOKED_AT].strip("> \t\r\n") if at < len(lines) else ""
    return is_original_rule(line) or is_forward_rule(line) or _BECKY.fullmatch(line) is not None


def _skip_blank(lines: Sequence[str], at: int) -> int:
    for _line in range(_GAP):
        if at < len(lines) and not lines[at].strip("> \t\r\n"):
            at += 1
    return at


def _fields(lines: Sequence[str], at: int) -> tuple[int, dict[str, str]]:
    """The fields that begin at this line, and the first line after them. A long one runs over onto indented lines."""
    fields: dict[str, str] = {}
    last = ""
    start = at
    while at < len(lines) and at < start + 20:
        line = lines[at][:2_000].rstrip("\r\n")
        found = _FIELD.fullmatch(line)
        if found:
            last = next((name for name in ("sender", "sent", "to", "subject") if found[name]), "")
            if last:
                fields.setdefault(last, found["value"].strip())
        elif last and line[:1] in " \t" and line.strip():
            fields[last] = f"{fields[last]} {line.strip()}"
        elif line.strip("> \t") or at + 1 >= len(lines) or not _FIELD.fullmatch(lines[at + 1][:2_000].rstrip("\r\n")):
            break
        at += 1
    return at, fields


def _forward(head: _Head, lines: Sequence[str], end: int, offsets: Sequence[int]) -> Forward:
    sent = head.fields.get("sent", "")
    return Forward(
        sender=_sender(head.fields.get("sender", "")),
        to=head.fields.get("to", "")[:500],
        sent=sent[:100],
        at=_moment(sent[:100]),
        subject=head.fields.get("subject", "")[:300],
        text=_unquoted(lines[head.body : end]),
        start=offsets[head.first],
        end=offsets[end],
    )


def _sender(value: str) -> Address:
    """Name and address; Outlook writes `山田 [mailto:a@b]` or `山田 <a@b>`, others `a@b (山田)`."""
    plain = re.sub(r"\[mailto:([^\]\s]{1,320})\]", r"<\1>", value[:500])
    plain = re.sub(r"<mailto:([^>\s]{1,320})>", "", plain) if plain.count("<") > 1 else plain
    return first_address(plain)


def _unquoted(lines: Sequence[str]) -> str:
    """The words of a forward; the marks go when every line carries one."""
    written = [line for line in lines if line.strip()]
    if written and all(line.startswith((">", "＞")) for line in written):
        lines = [re.sub(r"^[>＞] ?", "", line) for line in lines]
    return "".join(lines).strip("\r\n") + "\n" if written else ""


def _moment(written: str) -> datetime | None:
    found = _ENGLISH.search(written)
    if found and found.group(1).lower() in _MONTHS:
        return _english(found, written)
    at, defect = moment(written)
    return at.replace(tzinfo=None) if at and defect == "date_without_zone" else at


def _english(found: re.Match[str], written: str) -> datetime | None:
    """`November 20, 2026 at 10:00:00 JST`, `Friday, November 20, 2026 10:00 AM`."""
    month, day, year, hour, minute, second, half = found.groups()
    hours = int(hour) % 12 + (12 if half.upper() == "PM" else 0) if half else int(hour)
    zone = re.search(r"\b(JST|UTC|GMT|[+-]\d{4})\b", written[found.end() :])
    number = _MONTHS.index(month.lower()) + 1
    plain = f"{year}-{number:02d}-{int(day):02d} {hours:02d}:{minute}:{second or '00'}"
    named = {"JST": "+09:00", "UTC": "Z", "GMT": "Z"}
    at, _defect = moment(f"{plain} {named.get(zone[1], zone[1])}" if zone else plain)
    return at if zone or at is None else at.replace(tzinfo=None)
