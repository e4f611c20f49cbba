"""Decides whether a post really comes from the provider for which an address was opened, and which post it is.

No database: what was posted and the address's secrets in, the post's own number out. A post that is not proved says
nothing about why.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import load_pem_x509_certificate

from anshin.channels.email.posts import form_bytes
from anshin.channels.email.terms import Poster
from anshin.plumbing.web import client as web

USER = "anshin"
"""The name before our password where a provider can only send name and password."""
STANDARD_WITHIN = timedelta(minutes=5)
MAILGUN_WITHIN = timedelta(hours=12)
"""Mailgun tries for eight hours; within this time its token, which counts once, keeps replays out."""
_SNS_HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_SIGNED_BY_SNS = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type",
    ),
}  # fmt: skip


class NotProved(Exception):
    """Nobody proved to be the provider; the text is for our own log only."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What came over the line. Names of headers in lower case."""

    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Both secrets of an address in clear, for the moment of use only."""

    ours: str = field(repr=False)
    given: str = field(repr=False, default="")


def proved(poster: Poster, posted: Posted, secrets: Secrets, *, now: datetime) -> str:
    """The post's own number, at most 200 characters. Raises NotProved; Unreachable when Amazon cannot be asked."""
    return _CHECKS[poster](posted, secrets, now)[:200]


def sign_standard(secret: str, *, number: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers with which a system signs a mail that it posts as the body.

    Source: Standard Webhooks, “Signature scheme” and “Webhook headers”, standardwebhooks.com, specification 1.0.
    """
    moment = str(int(at.timestamp()))
    return {
        "webhook-id": number,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{_standard_digest(secret, number, moment, body)}",
    }


def sns_message(body: bytes) -> dict[str, Any]:
    """A message of Amazon SNS. Raises NotProved when it is none."""
    try:
        message = json.loads(body)
    except ValueError as error:
        raise NotProved("not JSON") from error
    if not isinstance(message, dict) or message.get("Type") not in _SIGNED_BY_SNS:
        raise NotProved("not a message of SNS")
    return message


def is_of_sns(url: str) -> bool:
    """Whether an address belongs to Amazon SNS itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(_SNS_HOST.fullmatch(parts.netloc))


def _standard(posted: Posted, secrets: Secrets, now: datetime) -> str:
    number, moment = posted.headers.get("webhook-id", ""), posted.headers.get("webhook-timestamp", "")
    _demand_recent(moment, now, STANDARD_WITHIN)
    wanted = f"v1,{_standard_digest(secrets.ours, number, moment, posted.body)}"
    signatures = posted.headers.get("webhook-signature", "").split()
    if not number or not any(_same(wanted, signature) for signature in signatures):
        raise NotProved("wrong signature")
    return number


def _standard_digest(secret: str, number: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{number}.{moment}.".encode() + body, hashlib.sha256)
    return base64.b64encode(signed.digest()).decode("ascii")


def _mailgun(posted: Posted, secrets: Secrets, now: datetime) -> str:
    """Source: Mailgun, “Securing webhooks”: HMAC-SHA256 of timestamp and token; documentation.mailgun.com."""
    fields = form_bytes.fields(posted.headers.get("content-type", ""), posted.body)
    moment, token = fields.get("timestamp", ""), fields.get("token", "")
    _demand_recent(moment, now, MAILGUN_WITHIN)
    wanted = hmac.new(secrets.given.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    if not token or not _same(wanted, fields.get("signature", "")):
        raise NotProved("wrong signature")
    return token


def _postmark(posted: Posted, secrets: Secrets, _now: datetime) -> str:
    """Postmark does not sign; it sends the name and password that stand in the address it is given."""
    wanted = base64.b64encode(f"{USER}:{secrets.ours}".encode()).decode("ascii")
    if not _same(f"Basic {wanted}", posted.headers.get("authorization", "")):
        raise NotProved("wrong name or password")
    return hashlib.sha256(posted.body).hexdigest()


def _sendgrid(posted: Posted, secrets: Secrets, now: datetime) -> str:
    """Name and password, and the signature, too, where SendGrid's public key was entered.

    Source: Twilio, “Securing your Inbound Parse Webhooks”: ECDSA over timestamp and body, twilio.com/docs/sendgrid,
    read 2026-11-26.
    """
    number = _postmark(posted, secrets, now)
    if not secrets.given:
        return number
    moment = posted.headers.get("x-twilio-email-event-webhook-timestamp", "")
    try:
        signature = base64.b64decode(posted.headers.get("x-twilio-email-event-webhook-signature", ""))
        key = serialization.load_der_public_key(base64.b64decode(secrets.given))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise NotProved("the key is of another kind")
        key.verify(signature, moment.encode() + posted.body, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError) as error:
        raise NotProved("wrong signature") from error
    return number


def _ses(posted: Posted, secrets: Secrets, _now: datetime) -> str:
    """Signed by Amazon SNS with a certificate of its own, for the topic that was entered.

    Source: AWS, “Verifying the signatures of Amazon SNS messages”, docs.aws.amazon.com/sns, read 2026-11-26.
    """
    message = sns_message(posted.body)
    if not secrets.given or not _same(secrets.given, str(message.get("TopicArn", ""))):
        raise NotProved("another topic")
    names = _SIGNED_BY_SNS[message["Type"]]
    signed = "".join(f"{name}\n{message[name]}\n" for name in names if name in message).encode()
    algorithm = hashes.SHA256() if message.get("SignatureVersion") == "2" else hashes.SHA1()  # noqa: S303  version 1
    try:
        signature = base64.b64decode(str(message.get("Signature", "")))
        _sns_key(str(message.get("SigningCertURL", ""))).verify(signature, signed, padding.PKCS1v15(), algorithm)
    except (InvalidSignature, ValueError) as error:
        raise NotProved("wrong signature") from error
    return str(message.get("MessageId", ""))


def _sns_key(url: str) -> rsa.RSAPublicKey:
    if not is_of_sns(url) or not url.endswith(".pem"):
        raise NotProved("the certificate is not Amazon's")
    answer = web.get(url)
    if answer.status != 200:
        raise web.Unreachable(f"Amazon's certificate: {answer.status}")
    key = load_pem_x509_certificate(answer.body).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise NotProved("the key is of another kind")
    return key


def _demand_recent(moment: str, now: datetime, within: timedelta) -> None:
    if not re.fullmatch(r"\d{1,12}", moment) or abs(now.timestamp() - int(moment)) > within.total_seconds():
        raise NotProved("too old, or from the future")


def _same(wanted: str, said: str) -> bool:
    return hmac.compare_digest(wanted.encode(), said.encode("utf-8", "replace"))


_CHECKS: dict[Poster, Callable[[Posted, Secrets, datetime], str]] = {
    Poster.STANDARD: _standard,
    Poster.MAILGUN: _mailgun,
    Poster.POSTMARK: _postmark,
    Poster.SENDGRID: _sendgrid,
    Poster.SES: _ses,
}
