"""Mails as the outside world writes them: a customer's, an automatic answer, a report that a mail came back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anshin.commerce.terms import BounceKind
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


SAID = {
    BounceKind.UNKNOWN_USER: ("5.1.1", "550 5.1.1 User unknown"),
    BounceKind.REFUSED: ("5.7.1", "550 5.7.1 Mail from this domain is refused by the recipient's settings"),
    BounceKind.MAILBOX_FULL: ("5.2.2", "552 5.2.2 Mailbox is full"),
    BounceKind.TRY_LATER: ("4.4.1", "451 4.4.1 Connection timed out"),
}
"""What servers answer, as far as the practice world knows them: code and words."""


def bounce(left: LeftMail, *, now: datetime, kind: BounceKind = BounceKind.UNKNOWN_USER) -> bytes:
    """The report of a mail server that the mail could not be delivered; for "try later" that it is delayed.

    Source: RFC 3464 (delivery status), RFC 6522 (multipart/report).
    """
    domain = left.recipients[0].rpartition("@")[2]
    header = bytes(left.raw).split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
    edge = f"report-{secrets.token_hex(8)}"
    status, said = SAID[kind]
    is_delay = kind == BounceKind.TRY_LATER
    lines = [
        f"Date: {now:%a, %d %b %Y %H:%M:%S} +0000",
        f"From: Mail Delivery System <MAILER-DAEMON@{domain}>",
        f"To: {left.sender}",
        f"Subject: {'Delayed Mail (still being retried)' if is_delay else 'Undelivered Mail Returned to Sender'}",
        f"Message-ID: <{_fresh_id(f'daemon@{domain}')}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"',
        "",
        f"--{edge}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"I'm sorry to have to inform you that your message could not be delivered{' yet' if is_delay else ''}.",
        "",
        *(f"<{mail}>: host mx.{domain} said: {said}" for mail in left.recipients),
        "",
        f"--{edge}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; mx.{domain}",
    ]
    for mail in left.recipients:
        lines += ["", f"Final-Recipient: rfc822; {mail}", f"Action: {'delayed' if is_delay else 'failed'}"]
        lines += [f"Status: {status}", f"Diagnostic-Code: smtp; {said}"]
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
