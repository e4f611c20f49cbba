"""Takes letters to staff out of the building: fills the socket `shops.ports.postbox` with the mail channel's transport.

The sender is ANSHIN_MAIL_FROM with the server of ANSHIN_SMTP_URL where the operator has set them, else the first
mailbox of the shop for which the letter is written.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from urllib.parse import unquote, urlsplit

from anshin.channels.email import keys, queries
from anshin.channels.email.ports import Sender, TransportFailed, transport
from anshin.channels.email.sending.adapter import sender_from
from anshin.channels.email.terms import MailTrouble, Security, Server, Trouble, sentence
from anshin.plumbing import clock
from anshin.plumbing.mail import compose
from anshin.plumbing.mail.compose import AutoSubmitted, NotComposed, OutgoingMail
from anshin.plumbing.mail.values import Address
from anshin.project import environment
from anshin.shops.ports import LetterNotSent, StaffLetter

_SUBMISSION_PORT = 587
_TLS_PORT = 465


class SignInPost:
    """The postbox of a real installation; in the demo the transport behind it is a stand-in."""

    def send(self, letter: StaffLetter, *, handing_over: Callable[[], None] = lambda: None) -> None:
        """See shops.ports.Postbox."""
        try:
            name, sender = _sender(letter.shop_id)
            mail = _mail(letter, name, sender, now=clock.now())
            transport.get().send(sender, mail.recipients, compose.compose(mail), handing_over=handing_over)
        except MailTrouble as trouble:
            raise LetterNotSent(trouble.sentence, permanent=trouble.permanent) from trouble
        except TransportFailed as failure:
            raise LetterNotSent(failure.words, permanent=failure.permanent, unsure=failure.unsure) from failure
        except NotComposed as error:
            raise LetterNotSent(str(error), permanent=True) from error


def server_of(url: str) -> Server | None:
    """The server of smtp://user:password@host:587 (STARTTLS) or smtps:// (TLS), None for "". Raises ValueError."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("ANSHIN_SMTP_URL must look like smtp://user:password@host:587")
    is_tls = parts.scheme == "smtps"
    user = unquote(parts.username or "")
    security = Security.TLS if is_tls else Security.STARTTLS if user else Security.PLAIN
    port = parts.port or (_TLS_PORT if is_tls else _SUBMISSION_PORT)
    return Server(parts.hostname, port, security, user, unquote(parts.password or ""), is_operators=True)


def _sender(shop_id: int) -> tuple[str, Sender]:
    """The name in the From line, the address and the server. Raises MailTrouble, LetterNotSent."""
    address = environment.read("ANSHIN_MAIL_FROM")
    if address:
        return "Anshin", Sender(shop_id, address, server_of(environment.read("ANSHIN_SMTP_URL")))
    mailbox = queries.first_mailbox(shop_id)
    if mailbox is None:
        raise LetterNotSent(sentence(Trouble.NOT_SET_UP), permanent=True)
    return mailbox.display_name or str(mailbox.shop), sender_from(mailbox, mailbox.address, returns_to="")


def _mail(letter: StaffLetter, name: str, sender: Sender, *, now: datetime) -> OutgoingMail:
    domain = sender.address.rpartition("@")[2].lower() or "anshin.invalid"
    return OutgoingMail(
        sender=Address(name, sender.address),
        to=(Address(" ".join(letter.name.split()), letter.to),),
        subject=letter.subject,
        text=letter.text,
        message_id=f"staff.{secrets.token_hex(16)}@{domain}",
        sent_at=now,
        auto_submitted=AutoSubmitted.GENERATED,
        desk_mark=keys.desk_mark(letter.shop_id),
    )
