"""Hands a finished mail to a sending service over its HTTP interface, by way of django-anymail; Amazon by amazon.py.

The services build the mail anew from its parts; sender, recipients, subject, both texts, files and the headers by which
mails find their thread are taken from our bytes. One question asks for one mail. Once the question is out, only an
answer tells: none, or "internal error", means that the mail may have left (docs/decisions/0007).
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from typing import Any

from anymail.backends import brevo, mailgun, postmark, resend, sendgrid
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailNotSupportedWarning, AnymailRecipientsRefused
from anymail.message import AnymailMessage
from django.utils.translation import gettext as _

from anshin.channels.email.ports import Sender, Transport, TransportFailed, conversation
from anshin.channels.email.sending import amazon
from anshin.channels.email.sending.answers import meaning, one_line, without_answer
from anshin.channels.email.terms import Account, Service, Trouble, sentence
from anshin.language.mails import mail_key
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import Address, ParsedMail

CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 120.0
OUR_ID = "anshin"
"""Under this name the services keep our Message-ID and say it again in their reports."""

_KEPT_HEADERS = ("In-Reply-To", "References", "X-Anshin-Desk", "Auto-Submitted", "X-Auto-Response-Suppress")
_CAN_LEAVE_LINKS_ALONE = {Service.MAILGUN, Service.MAILGUN_EU, Service.POSTMARK, Service.SENDGRID}


class ByAccount:
    """The transport of a real shop: over its sending service where it has one, else over SMTP."""

    def __init__(self, smtp: Transport, services: Transport) -> None:
        self._smtp, self._services = smtp, services

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """See ports.Transport."""
        way = self._services if sender.account else self._smtp
        return way.send(sender, recipients, raw, handing_over=handing_over)

    def conversation(self, sender: Sender) -> AbstractContextManager[Transport]:
        """See ports.Conversing. Services are asked mail by mail."""
        return conversation(self._services if sender.account else self._smtp, sender)


class ServiceTransport:
    """The transport over sending services. `api_urls` replaces their addresses; `answer_seconds` is waited at most."""

    def __init__(self, *, api_urls: Mapping[str, str] | None = None, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._api_urls = dict(api_urls or {})
        self._answer_seconds = answer_seconds

    def send(self, sender: Sender, recipients: Sequence[str], raw: bytes, *, handing_over: Callable[[], None]) -> str:
        """See ports.Transport. A service may refuse one recipient and take the others; the words then say whom."""
        if sender.account is None:
            raise TransportFailed(sentence(Trouble.NOT_SET_UP), permanent=True)
        read = _read(raw, recipients)
        if sender.account.service is Service.AMAZON_SES:
            url = self._api_urls.get(Service.AMAZON_SES, "")
            seconds = (CONNECT_SECONDS, self._answer_seconds)
            return amazon.send(sender.account, read, raw, handing_over=handing_over, url=url, seconds=seconds)
        backend = self._backend(sender.account)
        mail = letter_of(read, sender.account.service)
        ask = backend.post_to_esp

        def asked(payload: Any, message: Any) -> Any:
            handing_over()
            return ask(payload, message)

        backend.post_to_esp = asked
        try:
            backend.send_messages([mail])
        except AnymailRecipientsRefused as error:
            words = f"{backend.esp_name}: {_refused(error.email_message)}"
            raise TransportFailed(words, permanent=True) from error
        except AnymailAPIError as error:
            raise _failure(backend.esp_name, error) from error
        except AnymailError as error:  # before anything was asked: the mail cannot be put in this service's words
            raise TransportFailed(f"{backend.esp_name}: {one_line(str(error))}", permanent=True) from error
        answer = mail.anymail_status.esp_response
        if answer is None or not 200 <= answer.status_code < 300:  # Postmark says 422 for addresses it has blocked
            said = one_line(answer.text) if answer is not None else ""
            raise TransportFailed(f"{backend.esp_name}: {said}", permanent=True)
        return _taken(backend.esp_name, mail)

    def _backend(self, account: Account) -> Any:
        more: dict[str, Any] = {"timeout": (CONNECT_SECONDS, self._answer_seconds)}
        if account.service in self._api_urls:
            more["api_url"] = self._api_urls[account.service]
        elif account.service is Service.MAILGUN_EU:
            more["api_url"] = "https://api.eu.mailgun.net/v3"
        if account.service in {Service.MAILGUN, Service.MAILGUN_EU}:
            return mailgun.EmailBackend(api_key=account.key, sender_domain=account.place or None, **more)
        if account.service is Service.POSTMARK:
            return postmark.EmailBackend(server_token=account.key, message_stream=account.place or None, **more)
        others = {Service.SENDGRID: sendgrid, Service.BREVO: brevo, Service.RESEND: resend}
        with warnings.catch_warnings():  # anymail tries its SendGrid part no longer; our tests do
            warnings.simplefilter("ignore", AnymailNotSupportedWarning)
            return others[account.service].EmailBackend(api_key=account.key, **more)


def _read(raw: bytes, recipients: Sequence[str]) -> ParsedMail:
    """The mail, which the services deliver to whom its header names. Raises TransportFailed."""
    read = parse(raw)
    if {mail_key(mail) for mail in recipients} != {mail_key(each.mail) for each in (*read.to, *read.cc)}:
        raise TransportFailed(_("The mail's recipients are not those of its header."), permanent=True)
    return read


def letter_of(mail: ParsedMail, service: Service) -> AnymailMessage:
    """The mail in the form from which anymail asks a service."""
    kept = {name: " ".join(mail.header(name).split()) for name in _KEPT_HEADERS if mail.header(name)}
    headers = {"Message-ID": f"<{mail.message_id}>", **kept}
    if service is Service.POSTMARK:
        headers["X-PM-KeepID"] = "true"  # Postmark, “Email API”: else it gives the mail an id of its own
    letter = AnymailMessage(
        subject=mail.subject,
        body=mail.text,
        from_email=_written(mail.sender),
        to=[_written(address) for address in mail.to],
        cc=[_written(address) for address in mail.cc],
        reply_to=[_written(address) for address in mail.reply_to],
        headers=headers,
    )
    if mail.html:
        letter.attach_alternative(mail.html, "text/html")
    for part in mail.attachments:
        letter.attach(_file(part.filename, part.content_type, part.content, part.content_id if part.inline else ""))
    letter.metadata = {OUR_ID: mail.message_id}
    if service in _CAN_LEAVE_LINKS_ALONE:  # what a customer opens and clicks is nobody's business
        letter.track_opens = letter.track_clicks = False
    return letter


def _written(address: Address) -> str:
    if not address.name:
        return address.mail
    escaped = address.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address.mail}>'


def _file(name: str, kind: str, content: bytes, content_id: str) -> MIMEBase:
    part = MIMEBase(*kind.split("/", 1))
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "inline" if content_id else "attachment", filename=name)
    if content_id:
        part.add_header("Content-ID", f"<{content_id}>")
    return part


def _taken(name: str, mail: AnymailMessage) -> str:
    status = mail.anymail_status
    ids = {str(each.message_id) for each in status.recipients.values() if each.message_id}
    words = f"{name} {'/'.join(sorted(status.status or ['taken']))} {' '.join(sorted(ids))}".strip()
    refused = _refused(mail)
    return f"{words}; {refused}" if refused else words


def _refused(mail: Any) -> str:
    recipients = mail.anymail_status.recipients if mail is not None else {}
    not_taken = [f"{who} {each.status}" for who, each in recipients.items() if each.status in {"invalid", "rejected"}]
    return ", ".join(not_taken)


def _failure(name: str, error: AnymailAPIError) -> TransportFailed:
    response = getattr(error, "response", None)
    if response is None:
        return without_answer(name, error.__cause__)
    return meaning(name, int(response.status_code), response.text)
