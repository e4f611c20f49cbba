"""Gets the mail out of what a provider posted.

Where the provider posts the mail itself, its very bytes are taken. Where it posts what it read in the mail,
django-anymail puts a mail together again (docs/decisions/0010-posted-mail.md).
"""

import base64
import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from email.policy import default
from typing import Any

from anymail.inbound import AnymailInboundMessage
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView

from anshin.channels.email.posts import form_bytes
from anshin.channels.email.posts.signing import sns_message
from anshin.channels.email.terms import Poster

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # they check nothing here, and anymail tries its SendGrid parser no longer
    _MAILGUN = MailgunInboundWebhookView(webhook_signing_key="not asked")
    _POSTMARK, _SENDGRID = PostmarkInboundWebhookView(), SendGridInboundWebhookView()
_NETWORK_LINES = default.clone(linesep="\r\n", refold_source="none")


@dataclass(frozen=True, slots=True)
class PostedMail:
    """A mail as bytes; `is_header_only` when the provider kept the rest."""

    raw: bytes
    is_header_only: bool = False


def mail_in(poster: Poster, content_type: str, body: bytes) -> PostedMail | None:
    """The mail in a post, None when it holds none by its nature. Raises whatever a malformed post makes parsers do."""
    return _READERS[poster](content_type, body)


def subscribe_url(poster: Poster, body: bytes) -> str:
    """The address at which Amazon SNS wants to hear that its mail is welcome; "" for every other post."""
    if poster != Poster.SES:
        return ""
    message = sns_message(body)
    return str(message.get("SubscribeURL", "")) if message["Type"] == "SubscriptionConfirmation" else ""


def _standard(_content_type: str, body: bytes) -> PostedMail:
    return PostedMail(body)


def _mailgun(content_type: str, body: bytes) -> PostedMail:
    if raw := form_bytes.fields(content_type, body).get("body-mime"):
        return PostedMail(raw.encode(form_bytes.LOSSLESS))
    return _put_together(_MAILGUN.esp_to_anymail_event(form_bytes.request_with(content_type, body)))


def _postmark(_content_type: str, body: bytes) -> PostedMail:
    said = json.loads(body)
    if raw := said.get("RawEmail"):
        return PostedMail(str(raw).encode("utf-8", "surrogateescape"))
    return _put_together(_POSTMARK.esp_to_anymail_event(said))


def _sendgrid(content_type: str, body: bytes) -> PostedMail:
    if raw := form_bytes.fields(content_type, body).get("email"):
        return PostedMail(raw.encode(form_bytes.LOSSLESS))
    return _put_together(_SENDGRID.esp_to_anymail_event(form_bytes.request_with(content_type, body)))


def _ses(_content_type: str, body: bytes) -> PostedMail | None:
    message = sns_message(body)
    if message["Type"] != "Notification":
        return None
    said = json.loads(message["Message"])
    if said.get("notificationType") != "Received":
        return None  # a word about a mail that we sent
    if content := said.get("content"):
        is_base64 = said["receipt"]["action"].get("encoding", "").upper() == "BASE64"
        return PostedMail(base64.b64decode(content) if is_base64 else content.encode("utf-8", "surrogateescape"))
    lines = [f"{header['name']}: {' '.join(str(header['value']).split())}" for header in said["mail"]["headers"]]
    return PostedMail(("\r\n".join(lines) + "\r\n\r\n").encode(), is_header_only=True)


def _put_together(event: Any) -> PostedMail:
    message: AnymailInboundMessage = event.message
    return PostedMail(message.as_bytes(policy=_NETWORK_LINES))


_READERS: dict[Poster, Callable[[str, bytes], PostedMail | None]] = {
    Poster.STANDARD: _standard,
    Poster.MAILGUN: _mailgun,
    Poster.POSTMARK: _postmark,
    Poster.SENDGRID: _sendgrid,
    Poster.SES: _ses,
}
