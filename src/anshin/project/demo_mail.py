"""A customer's message of the demo as the bytes that a mail server would have brought."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from html import escape
from typing import TYPE_CHECKING

from anshin.plumbing.mail.compose import OutgoingFile, OutgoingMail, compose
from anshin.plumbing.mail.values import Address
from anshin.project.demo_shop.old_mail import as_iso_2022_jp

if TYPE_CHECKING:
    from anshin.cases.terms import Party
    from anshin.project.demo_shop.shape import Message

_WEEKDAYS = "月火水木金土日"
_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "ics": "text/calendar",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom about what; `refers_to` are the Message-IDs of the thread, oldest first."""

    key: str
    sender: Party
    to: Party
    subject: str
    refers_to: tuple[str, ...]


def as_mail(
    envelope: Envelope,
    message: Message,
    *,
    files: list[tuple[str, bytes]],
    quoted: tuple[datetime, str, str] | None,
) -> bytes:
    """The mail, in the manner that the story asks for. `quoted`: moment, name and text of the message before."""
    text = message.text.strip() + "\n"
    if quoted:
        text += _quote(*quoted)
    if message.mail_style == "iso-2022-jp" and not files:
        return _old(envelope, text, message.at)
    if message.mail_style == "html" or files:
        return _modern(envelope, text, message, files)
    return _plain(envelope, text, message.at)


def as_received(raw: bytes, *, shop_mail: str, results: str, marks: str = "") -> bytes:
    """The mail with what the shop's mail server writes on top: its hop, its checks of the sender, its filter's marks.

    `results` as in Authentication-Results behind the server's name; `marks` is a whole header, or "".
    """
    server = f"mx.{shop_mail.rpartition('@')[2]}"
    hop = f"Received: from relay.example (relay.example [203.0.113.25]) by {server} with ESMTPS"
    lines = [hop, f"Authentication-Results: {server};\r\n {results}", *([marks] if marks else [])]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii") + raw


def passed(sender_mail: str) -> str:
    """Checks that speak for this sender."""
    domain = sender_mail.rpartition("@")[2]
    return f"spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"


def _modern(envelope: Envelope, text: str, message: Message, files: list[tuple[str, bytes]]) -> bytes:
    """Text, HTML and files, as programs of today write."""
    return compose(
        OutgoingMail(
            sender=Address(envelope.sender.name, envelope.sender.mail),
            to=(Address(envelope.to.name, envelope.to.mail),),
            subject=envelope.subject,
            text=text,
            html=_html(text) if message.mail_style == "html" else "",
            message_id=envelope.key,
            sent_at=message.at,
            in_reply_to=envelope.refers_to[-1] if envelope.refers_to else "",
            references=envelope.refers_to,
            files=tuple(
                OutgoingFile(name, _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream"), content)
                for name, content in files
            ),
        )
    )


def _plain(envelope: Envelope, text: str, at: datetime) -> bytes:
    """Nothing but text, in UTF-8."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((envelope.sender.name, envelope.sender.mail))
    mail["To"] = envelope.to.mail
    mail["Subject"] = envelope.subject
    mail["Date"] = at
    mail["Message-ID"] = f"<{envelope.key}>"
    if envelope.refers_to:
        mail["In-Reply-To"] = f"<{envelope.refers_to[-1]}>"
        mail["References"] = " ".join(f"<{key}>" for key in envelope.refers_to)
    mail.set_content(text)
    return mail.as_bytes()


def _quote(at: datetime, name: str, text: str) -> str:
    day = f"{at.year}年{at.month}月{at.day}日({_WEEKDAYS[at.weekday()]}) {at.hour}:{at.minute:02d}"
    lines = "\n".join(f"> {line}" for line in text.splitlines())
    return f"\n{day} {name}:\n{lines}\n"


def _html(text: str) -> str:
    paragraphs = "".join(f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.strip().split("\n\n"))
    return f'<html><body style="font-size:15px">{paragraphs}</body></html>'


def _old(envelope: Envelope, text: str, at: datetime) -> bytes:
    """A mail as programs of the 1990s write it: ISO-2022-JP in header and body."""
    headers = [
        f"From: {_word(envelope.sender.name)} <{envelope.sender.mail}>",
        f"To: <{envelope.to.mail}>",
        f"Subject: {_word(envelope.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{envelope.key}>",
        *([f"In-Reply-To: <{envelope.refers_to[-1]}>"] if envelope.refers_to else []),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=ISO-2022-JP",
        "Content-Transfer-Encoding: 7bit",
    ]
    body = as_iso_2022_jp(text.replace("\n", "\r\n"))
    return "\r\n".join(headers).encode("ascii") + b"\r\n\r\n" + body


def _word(text: str) -> str:
    """Encoded words of at most 12 characters each, so that no word grows longer than RFC 2047 allows."""
    parts = [text[start : start + 12] for start in range(0, len(text), 12)] or [""]
    return "\r\n ".join(f"=?ISO-2022-JP?B?{base64.b64encode(as_iso_2022_jp(part)).decode()}?=" for part in parts)
