"""What a sending service reports about a mail that it took: delivered, delayed, came back, refused, called spam.

Each mailbox has one address for this, with a secret of its own made from the installation's; the service proves itself
as for posted mail (posts.signing). A report is settled at once, in one transaction, and changes nothing when it comes
again. django-anymail reads the services' forms.
"""

import json
import logging
import warnings
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.resend import ResendTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from anshin.cases.actions import record_bounce, record_delivered
from anshin.cases.terms import IncomingBounce
from anshin.channels.email import keys
from anshin.channels.email.fetching.inboxes import opened_password
from anshin.channels.email.models import Mailbox
from anshin.channels.email.posts import doors, form_bytes, payloads, signing
from anshin.channels.email.posts.signing import NotProved, Posted, Secrets
from anshin.channels.email.reading.matching import is_of_another
from anshin.channels.email.reading.messages import clean
from anshin.channels.email.sending.over_http import OUR_ID
from anshin.channels.email.terms import Poster, Service
from anshin.commerce.terms import BounceKind
from anshin.plumbing.files.store import keep
from anshin.plumbing.mail.bounce_kinds import kind_of

log = logging.getLogger(__name__)

WITH_PASSWORD = frozenset({Service.POSTMARK, Service.SENDGRID, Service.BREVO})
"""These services send the name and password that stand in the address they are given."""

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # they check nothing here, and anymail tries its SendGrid parser no longer
    _MAILGUN = MailgunTrackingWebhookView(webhook_signing_key="not asked")
    _POSTMARK, _SENDGRID = PostmarkTrackingWebhookView(), SendGridTrackingWebhookView()
    _BREVO, _RESEND = BrevoTrackingWebhookView(), ResendTrackingWebhookView()
    _AMAZON = AmazonSESTrackingWebhookView.__new__(AmazonSESTrackingWebhookView)  # only its __init__ wants boto3

_GIVEN_UP = frozenset({"bounced", "rejected", "failed"})
_TROUBLES = _GIVEN_UP | {"deferred", "complained"}


def url_of(mailbox: Mailbox) -> str:
    """Where the mailbox's service is to report, with the password in it where the service can only send one."""
    url = f"{settings.ANSHIN_ADDRESS}{reverse('mail:report', args=[keys.report_token(mailbox.pk)])}"
    if mailbox.sends_by not in WITH_PASSWORD:
        return url
    scheme, _colon, rest = url.partition("://")
    return f"{scheme}://{signing.USER}:{keys.report_secret(mailbox.pk)}@{rest}"


def take_report(*, token: str, posted: Posted, now: datetime) -> int:
    """How many of the told events were about mail of ours. Raises NotProved for whoever is not the service,
    StorageTrouble, OSError, Unreachable."""
    mailbox = Mailbox.objects.select_related("shop").filter(pk=keys.mailbox_named_in(token) or 0).first()
    if mailbox is None or mailbox.sends_by == Service.SMTP:
        raise NotProved("no mailbox of a service")
    service = Service(mailbox.sends_by)
    given = opened_password(mailbox.report_key_sealed)
    _prove(service, posted, Secrets(keys.report_secret(mailbox.pk), given), now)
    if service is Service.AMAZON_SES and (url := payloads.subscribe_url(Poster.SES, posted.body)):
        doors.confirm(url)
        return 0
    events = [(event, _kept(mailbox, event, now)) for event in _events(service, posted)]
    with transaction.atomic():
        return sum(_settle(mailbox, event, blob_id, now) for event, blob_id in events)


def _prove(service: Service, posted: Posted, secrets: Secrets, now: datetime) -> None:
    """Raises NotProved. Postmark and Brevo do not sign; SendGrid signs where its key was entered."""
    if service in {Service.POSTMARK, Service.BREVO}:
        signing.proved(Poster.POSTMARK, posted, secrets, now=now)
    elif service is Service.SENDGRID:
        signing.proved(Poster.SENDGRID, posted, secrets, now=now)
    elif service is Service.AMAZON_SES:
        signing.proved(Poster.SES, posted, secrets, now=now)
    elif not secrets.given:
        raise NotProved("no key to check the signature with")
    elif service is Service.RESEND:
        names = {f"webhook-{part}": posted.headers.get(f"svix-{part}", "") for part in ("id", "timestamp", "signature")}
        signing.proved(Poster.STANDARD, Posted(names, posted.body), Secrets(secrets.given), now=now)
    else:
        block = _json(posted.body).get("signature")
        form = urlencode(block if isinstance(block, dict) else {}).encode()
        signed = Posted({"content-type": "application/x-www-form-urlencoded"}, form)
        signing.proved(Poster.MAILGUN, signed, secrets, now=now)


def _events(service: Service, posted: Posted) -> list[Any]:
    """The report's events in anymail's words. A form that nobody understands is logged and holds none."""
    said = json.loads(posted.body)
    request = form_bytes.request_with("application/json", posted.body)
    try:
        return _READERS[service](said, request)
    except Exception:
        log.exception("A report of %s could not be read.", service.value)
        return []


_READERS: Mapping[Service, Callable[[Any, Any], list[Any]]] = {
    Service.MAILGUN: lambda said, _request: [_MAILGUN.esp_to_anymail_event(said)],
    Service.MAILGUN_EU: lambda said, _request: [_MAILGUN.esp_to_anymail_event(said)],
    Service.POSTMARK: lambda said, _request: [_POSTMARK.esp_to_anymail_event(said)],
    Service.SENDGRID: lambda said, _request: [_SENDGRID.esp_to_anymail_event(each) for each in said],
    Service.BREVO: lambda said, _request: [_BREVO.esp_to_anymail_event(said)],
    Service.RESEND: lambda said, request: [_RESEND.esp_to_anymail_event(said, request)],
    Service.AMAZON_SES: lambda said, _request: _amazon_events(said),
}


def _amazon_events(said: Any) -> list[Any]:
    """Amazon names the mail by its own id; ours stands in the headers as they were when it took the mail."""
    told = json.loads(said["Message"])
    headers = told.get("mail", {}).get("headers", [])
    ids = [str(each["value"]).strip(" <>") for each in headers if each["name"].lower() == "message-id"]
    events = list(_AMAZON.esp_to_anymail_events(told, said))
    late = told.get("deliveryDelay", {}).get("delayedRecipients", [])
    words = {each.get("emailAddress"): each.get("diagnosticCode") or "deferred" for each in late}
    for event in events:
        event.metadata = {OUR_ID: ids[0]} if ids else {}
        if event.recipient in words:  # anymail does not know this kind
            event.event_type, event.mta_response = "deferred", words[event.recipient]
    return events


def _kept(mailbox: Mailbox, event: Any, now: datetime) -> int | None:
    """What was told about one mail, as it came: the same report again is the same bytes. Raises StorageTrouble."""
    if event.event_type not in _TROUBLES:
        return None
    return keep(mailbox.shop_id, json.dumps(event.esp_event, sort_keys=True, default=str).encode(), now=now).pk


def _settle(mailbox: Mailbox, event: Any, blob_id: int | None, now: datetime) -> bool:
    """Whether the event was about a message of this shop. Openings and clicks are nobody's business."""
    key = str((event.metadata or {}).get(OUR_ID, ""))[:200]
    words = _words(event)
    if not key:
        return False
    if event.event_type == "delivered":
        return record_delivered(shop=mailbox.shop, message_key=key, words=words, now=now)
    if event.event_type not in _TROUBLES:
        return False
    address = clean(event.recipient or "")[:320]
    kind, given_up = BounceKind(kind_of(words, status="", address=address).value), event.event_type in _GIVEN_UP
    if event.event_type == "deferred" and kind is BounceKind.UNKNOWN:
        kind = BounceKind.TRY_LATER
    if event.event_type == "complained":
        kind, words = BounceKind.REFUSED, _("The customer reported this mail as spam.")
    bounce = IncomingBounce(
        message_keys=(key,),
        address=address,
        kind=kind,
        given_up=given_up,
        words=words,
        at=min(event.timestamp or now, now),
        raw_blob_id=blob_id,
    )
    if is_of_another(mailbox.shop_id, bounce, now=now):
        return True
    return record_bounce(shop=mailbox.shop, bounce=bounce, now=now) is not None


def _words(event: Any) -> str:
    said = event.mta_response or event.description or event.reject_reason or event.event_type
    return clean(" ".join(str(said).split()))[:500]


def _json(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise NotProved("not JSON") from error
    return said if isinstance(said, dict) else {}
