"""Hands a finished mail to Amazon SES over HTTP: our very bytes in one question, signed as Amazon asks.

django-anymail would need boto3 for this, which is larger than the whole desk and asks again by itself when no answer
comes; a mail must never be asked for twice (docs/decisions/0013-amazon-ses.md).
Sources, read 2026-11-26: AWS, “SendEmail” of the Amazon SES API v2; “Create a signed AWS API request” (version 4).
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

import requests
from django.utils.translation import gettext as _

from anshin.channels.email.ports import EVERYBODY, TransportFailed
from anshin.channels.email.sending.answers import key_refused, meaning, without_answer
from anshin.channels.email.terms import Account, is_region
from anshin.plumbing import clock
from anshin.plumbing.mail.values import ParsedMail

NAME: Final = "Amazon SES"
_PATH: Final = "/v2/email/outbound-emails"
_SLOWER: Final = {"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"}
_KEY_REFUSED: Final = {
    "AccessDeniedException", "ExpiredTokenException", "IncompleteSignatureException", "InvalidClientTokenId",
    "InvalidSignatureException", "MissingAuthenticationTokenException", "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}  # fmt: skip


def send(
    account: Account,
    mail: ParsedMail,
    raw: bytes,
    *,
    handing_over: Callable[[], None],
    url: str = "",
    seconds: tuple[float, float],
) -> str:
    """What Amazon says of the mail that it took. `url` replaces its address; `seconds`: to connect, to answer.

    Raises TransportFailed.
    """
    number, _colon, secret = account.key.partition(":")
    if not secret or not is_region(account.place):
        raise TransportFailed(_("Amazon SES needs a region and a key written as ID:secret."), permanent=True)
    address = f"{url.rstrip('/') or f'https://email.{account.place}.amazonaws.com'}{_PATH}"
    body = json.dumps(_question(mail, raw)).encode()
    headers = signed(
        "POST", address, {"Content-Type": "application/json"}, body,
        key=(number, secret), place=(account.place, "ses"), at=clock.now(),
    )  # fmt: skip
    handing_over()
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(address, data=body, headers=headers, timeout=seconds, allow_redirects=False)
    except requests.RequestException as error:
        raise without_answer(NAME, error) from error
    return _taken(answer)


def answerable(raw: bytes, message_id: str) -> bytes:
    """The mail with its own id among its References.

    Amazon gives each mail another Message-ID, and an answer names that one; but answers repeat the References, too.
    """
    head, separator, rest = raw.partition(b"\r\n\r\n")
    ours = f"<{message_id}>".encode()
    found = re.search(rb"(?im)^References:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*", head)
    if found is None:
        head += b"\r\nReferences: " + ours
    elif ours not in found.group():
        head = head[: found.end()] + b"\r\n " + ours + head[found.end() :]
    return head + separator + rest


def signed(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    key: tuple[str, str],
    place: tuple[str, str],
    at: datetime,
) -> dict[str, str]:
    """The headers with Amazon's signature, version 4. `key`: its number and its secret; `place`: region and service."""
    moment, day = at.strftime("%Y%m%dT%H%M%SZ"), at.strftime("%Y%m%d")
    parts = urlsplit(url)
    told = {**headers, "Host": parts.netloc, "X-Amz-Date": moment}
    lines = {name.lower(): " ".join(value.split()) for name, value in told.items()}
    names = ";".join(sorted(lines))
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    canonical = "\n".join((
        method, quote(parts.path or "/", safe="/-_.~%"), query,
        "".join(f"{name}:{lines[name]}\n" for name in sorted(lines)), names, hashlib.sha256(body).hexdigest(),
    ))  # fmt: skip
    scope = "/".join((day, *place, "aws4_request"))
    text = "\n".join(("AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    derived = f"AWS4{key[1]}".encode()
    for step in (day, *place, "aws4_request"):
        derived = hmac.new(derived, step.encode(), hashlib.sha256).digest()
    signature = hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()
    credential = f"AWS4-HMAC-SHA256 Credential={key[0]}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**told, "Authorization": credential}


def _question(mail: ParsedMail, raw: bytes) -> dict[str, Any]:
    receivers = {"ToAddresses": [each.mail for each in mail.to], "CcAddresses": [each.mail for each in mail.cc]}
    content = base64.b64encode(answerable(raw, mail.message_id or "")).decode("ascii")
    return {
        "FromEmailAddress": mail.sender.mail,
        "Destination": {name: mails for name, mails in receivers.items() if mails},
        "Content": {"Raw": {"Data": content}},
    }


def _taken(answer: requests.Response) -> str:
    """Raises TransportFailed."""
    try:
        said = answer.json()
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    if answer.status_code == 200 and said.get("MessageId"):
        return f"{NAME} {said['MessageId']}"
    kind = (
        answer.headers.get("x-amzn-ErrorType", "").partition(":")[0] or str(said.get("__type", "")).rpartition("#")[2]
    )
    words = f"{kind} {said.get('message') or said.get('Message') or answer.text}".strip()
    if kind in _SLOWER:
        raise TransportFailed(f"{NAME}: {answer.status_code} {words}"[:400], slower_for=[EVERYBODY])
    if kind in _KEY_REFUSED:
        raise key_refused(f"{NAME}: {answer.status_code} {words}"[:400])
    raise meaning(NAME, answer.status_code, words)
