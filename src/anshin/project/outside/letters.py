"""Mails as the outside world writes them: a customer's, an automatic answer, a report that a mail came back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anshin.plumbing.mail.compose import AutoSubmitted, OutgoingFile, OutgoingMail, compose
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import Address, ParsedMail
from anshin.project.outside.models import LeftMail


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote as a customer; `answers` is the mail of the shop that it replies to."""

    name: str
    mail: str
    to: str
    subject: str
    body: str
    files: Sequence[OutgoingFile] = ()
    answers: LeftMail | None = None


def customers_mail(written: Written, *, now: datetime) -> bytes:
    """The mail as a customer's mailer would send it, with the quoted original below when it is an answer."""
    original = parse(bytes(written.answers.raw)) if written.answers else None
    return compose(
        OutgoingMail(
            sender=Address(written.name, written.mail),
            to=(Address("", _reply_address(original) or written.to),),
            subject=written.subject,
            text=written.body + (_quoted(original) if original else ""),
            message_id=_fresh_id(written.mail),
            sent_at=now,
            in_reply_to=(original.message_id or "") if original else "",
            references=_references(original),
            files=tuple(written.files),
        )
    )


def automatic_answer(left: LeftMail, *, now: datetime) -> bytes:
    """An out-of-office answer of the first recipient."""
    original = parse(bytes(left.raw))
    sender = left.recipients[0]
    return compose(
        OutgoingMail(
            sender=Address("", sender),
            to=(Address("", _reply_address(original) or left.sender),),
            subject=f"自動返信: {original.subject}",
            text="ただいま不在にしております。11月25日以降にご連絡いたします。",
            message_id=_fresh_id(sender),
            sent_at=now,
            in_reply_to=original.message_id or "",
            references=_references(original),
            auto_submitted=AutoSubmitted.REPLIED,
        )
    )


def bounce(left: LeftMail, *, now: datetime) -> bytes:
    """The report of a mail server that the mail could not be delivered.

    Source: RFC 3464 (delivery status), RFC 6522 (multipart/report).
    """
    domain = left.recipients[0].rpartition("@")[2]
    header = bytes(left.raw).split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
    edge = f"report-{secrets.token_hex(8)}"
    lines = [
        f"Date: {now:%a, %d %b %Y %H:%M:%S} +0000",
        f"From: Mail Delivery System <MAILER-DAEMON@{domain}>",
        f"To: {left.sender}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Message-ID: <{_fresh_id(f'daemon@{domain}')}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"',
        "",
        f"--{edge}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "",
        *(f"<{mail}>: host mx.{domain} said: 550 5.1.1 User unknown" for mail in left.recipients),
        "",
        f"--{edge}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; mx.{domain}",
    ]
    for mail in left.recipients:
        lines += ["", f"Final-Recipient: rfc822; {mail}", "Action: failed", "Status: 5.1.1"]
        lines += ["Diagnostic-Code: smtp; 550 5.1.1 User unknown"]
    lines += ["", f"--{edge}", "Content-Type: text/rfc822-headers", "", header, "", f"--{edge}--", ""]
    return "\r\n".join(lines).encode("ascii", "replace")


def _reply_address(original: ParsedMail | None) -> str:
    return original.reply_to[0].mail if original and original.reply_to else ""


def _references(original: ParsedMail | None) -> tuple[str, ...]:
    if original is None or not original.message_id:
        return ()
    return (*original.references, original.message_id)


def _quoted(original: ParsedMail) -> str:
    lines = "\n".join(f"> {line}" for line in original.text.rstrip().splitlines())
    when = f"{original.date:%Y年%m月%d日 %H:%M}" if original.date else ""
    return f"\n\n{when} {original.sender.name} <{original.sender.mail}>:\n{lines}\n"


def _fresh_id(mail: str) -> str:
    return f"{secrets.token_hex(12)}@{mail.rpartition('@')[2]}"
