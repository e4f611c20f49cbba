"""What sending services report: only who proves to be the service is heard, and each report is settled once."""

import base64
import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from anshin.cases.models import BounceReport, Case, Message
from anshin.cases.terms import Delivery, Direction
from anshin.channels.email import keys
from anshin.channels.email.models import Mailbox
from anshin.channels.email.sending.reports import url_of
from anshin.plumbing import secrets
from anshin.plumbing.journal.models import JournalEntry

pytestmark = pytest.mark.django_db
KEY = "12.abcdef@komorebi.example"
WHSEC = "whsec_" + base64.b64encode(b"neko-no-te-mo-karitai-123").decode()


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch, now):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: now)


@pytest.fixture
def message(mailbox, now):
    case = Case.objects.create(shop=mailbox.shop, number=1, channel="email", created_at=now, last_activity_at=now)
    return Message.objects.create(
        shop=mailbox.shop, case=case, direction=Direction.OUT, channel="email", at=now, delivery=Delivery.SENT,
        to=[["", "misaki@example.jp"]], message_key=KEY, sent_at=now, sender_mail=mailbox.address,
    )  # fmt: skip


def over(mailbox, service, key=""):
    mailbox.sends_by, mailbox.service_key_sealed = service, secrets.seal("k")
    mailbox.report_key_sealed = secrets.seal(key) if key else ""
    mailbox.save()


def tell(client, mailbox, said, **headers):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    url = f"/mail/report/{keys.report_token(mailbox.pk)}"
    return client.post(url, body, content_type="application/json", headers=headers).status_code


def basic(mailbox, password=None):
    word = f"anshin:{keys.report_secret(mailbox.pk) if password is None else password}"
    return {"Authorization": f"Basic {base64.b64encode(word.encode()).decode()}"}


def mailgun(event, now, *, key="signing", **more):
    moment, token = str(int(now.timestamp())), "a" * 50
    digest = hmac.new(key.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    data = {"event": event, "id": "e1", "timestamp": now.timestamp(), "recipient": "misaki@example.jp",
            "user-variables": {"anshin": KEY}, "message": {"headers": {"message-id": "x@mg"}}, **more}  # fmt: skip
    return {"signature": {"timestamp": moment, "token": token, "signature": digest}, "event-data": data}


def postmark(kind, now, **more):
    return {"RecordType": kind, "Metadata": {"anshin": KEY}, "Email": "misaki@example.jp", "ID": 42,
            "BouncedAt": "2026-11-22T02:00:00Z", **more}  # fmt: skip


BOUNCE = {"Type": "HardBounce", "Details": "smtp;550 5.1.1 User unknown", "Description": "hard bounce"}


def state(message):
    message.refresh_from_db()
    return message.delivery


def test_delivered_says_the_other_servers_words_on_the_reply(client, mailbox, message, now):
    over(mailbox, "mailgun", "signing")
    told = mailgun("delivered", now, **{"delivery-status": {"code": 250, "message": "250 2.0.0 OK 1732"}})
    assert tell(client, mailbox, told) == 200
    assert (state(message), message.server_words) == (Delivery.SENT, "250 2.0.0 OK 1732")
    assert not BounceReport.objects.exists()


def test_delivered_settles_a_reply_of_which_nobody_knew_whether_it_left(client, mailbox, message, now):
    over(mailbox, "mailgun", "signing")
    Message.objects.update(delivery=Delivery.UNSURE)
    assert tell(client, mailbox, mailgun("delivered", now)) == 200
    assert state(message) == Delivery.SENT
    assert JournalEntry.objects.filter(event="case.delivery_changed").count() == 1


def test_a_bounce_after_a_delay_brings_the_reply_back_once(client, mailbox, message, now):
    over(mailbox, "postmark")
    later = {"Type": "Transient", "Details": "450 4.2.1 busy"}
    assert tell(client, mailbox, postmark("Bounce", now, **later), **basic(mailbox)) == 200
    assert (state(message), message.report_count) == (Delivery.SENT, 1)
    for _again in range(2):
        assert tell(client, mailbox, postmark("Bounce", now, **BOUNCE), **basic(mailbox)) == 200
    assert (state(message), message.report_count) == (Delivery.BOUNCED, 2)
    reports = BounceReport.objects.order_by("id").values_list("kind", "given_up", "address")
    assert list(reports) == [
        ("try_later", False, "misaki@example.jp"),
        ("unknown_user", True, "misaki@example.jp"),
    ]
    assert "550 5.1.1 User unknown" in message.server_words


def test_a_complaint_stays_with_the_reply_and_is_no_bounce(client, mailbox, message, now):
    over(mailbox, "postmark")
    assert tell(client, mailbox, postmark("SpamComplaint", now, Type="SpamComplaint"), **basic(mailbox)) == 200
    assert state(message) == Delivery.SENT
    assert BounceReport.objects.get().words == "お客様がこのメールを迷惑メールとして報告しました。"


def sendgrid_key():
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_signed(key, body, moment="1764000000"):
    signature = key.sign(moment.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": moment,
    }


def test_sendgrid_tells_many_events_at_once_and_signs_them(client, mailbox, message, now):
    key = sendgrid_key()
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    over(mailbox, "sendgrid", base64.b64encode(key.public_key().public_bytes(*form)).decode())
    told = [
        {"email": "misaki@example.jp", "event": "deferred", "response": "450 later", "anshin": KEY, "sg_event_id": "1"},
        {"email": "misaki@example.jp", "event": "open", "anshin": KEY, "sg_event_id": "2"},
        {"email": "misaki@example.jp", "event": "bounce", "reason": "552 5.2.2 Mailbox full", "anshin": KEY,
         "sg_event_id": "3"},
        {"email": "eve@example.com", "event": "bounce", "reason": "550", "anshin": "x@y.example", "sg_event_id": "4"},
    ]  # fmt: skip
    body = json.dumps(told).encode()
    signed = {**basic(mailbox), **sendgrid_signed(key, body)}
    assert tell(client, mailbox, body, **basic(mailbox)) == 404
    assert tell(client, mailbox, body, **{**basic(mailbox), **sendgrid_signed(sendgrid_key(), body)}) == 404
    assert not BounceReport.objects.exists()
    assert tell(client, mailbox, body, **signed) == 200
    assert state(message) == Delivery.BOUNCED
    assert list(BounceReport.objects.order_by("id").values_list("kind", flat=True)) == ["try_later", "mailbox_full"]


def test_brevo_tells_with_its_password(client, mailbox, message, now):
    over(mailbox, "brevo")
    told = {
        "event": "hard_bounce",
        "email": "misaki@example.jp",
        "reason": "550 5.1.1 unknown",
        "ts_epoch": 1763778000000,
        "X-Mailin-custom": json.dumps({"anshin": KEY}),
    }
    assert tell(client, mailbox, told, **basic(mailbox, "wrong")) == 404
    assert tell(client, mailbox, told) == 404
    assert state(message) == Delivery.SENT
    assert tell(client, mailbox, told, **basic(mailbox)) == 200
    assert state(message) == Delivery.BOUNCED


def svix(body, now, key=WHSEC, number="msg_1"):
    moment = str(int(now.timestamp()))
    secret = base64.b64decode(key.removeprefix("whsec_"))
    digest = hmac.new(secret, f"{number}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {"svix-id": number, "svix-timestamp": moment, "svix-signature": f"v1,{base64.b64encode(digest).decode()}"}


def test_resend_signs_its_reports(client, mailbox, message, now):
    over(mailbox, "resend", WHSEC)
    data = {
        "email_id": "49a3",
        "to": ["misaki@example.jp"],
        "bounce": {"message": "The recipient's email provider sent a hard bounce message"},
        "headers": [{"name": "X-Metadata", "value": json.dumps({"anshin": KEY})}],
    }
    body = json.dumps({"type": "email.bounced", "created_at": "2026-11-22T02:00:00Z", "data": data}).encode()
    other = "whsec_" + base64.b64encode(b"another").decode()
    assert tell(client, mailbox, body, **svix(body, now, other)) == 404
    assert tell(client, mailbox, body + b" ", **svix(body, now)) == 404
    assert state(message) == Delivery.SENT
    assert tell(client, mailbox, body, **svix(body, now)) == 200
    assert state(message) == Delivery.BOUNCED


@pytest.mark.parametrize("service", ["mailgun", "mailgun_eu", "resend"])
def test_without_the_key_for_checking_nobody_is_heard(client, mailbox, message, now, service):
    over(mailbox, service)
    assert tell(client, mailbox, mailgun("failed", now, key="")) == 404
    assert state(message) == Delivery.SENT


def test_a_wrong_signature_an_old_one_and_another_address_are_not_heard(client, mailbox, message, now):
    from datetime import timedelta

    over(mailbox, "mailgun", "signing")
    assert tell(client, mailbox, mailgun("failed", now, key="guessed")) == 404
    assert tell(client, mailbox, mailgun("failed", now - timedelta(days=2))) == 404
    for token in ("m1-aaaaaaaaaaaaaaaa", "x", keys.report_token(mailbox.pk + 1)):
        answer = client.post(
            f"/mail/report/{token}", json.dumps(mailgun("failed", now)), content_type="application/json"
        )
        assert answer.status_code == 404
    assert (state(message), BounceReport.objects.count()) == (Delivery.SENT, 0)


def test_a_mailbox_that_sends_over_smtp_hears_no_service(client, mailbox, message, now):
    assert tell(client, mailbox, postmark("Bounce", now, **BOUNCE), **basic(mailbox)) == 404
    assert state(message) == Delivery.SENT


def test_another_shops_service_changes_nothing_here(client, mailbox, message, other_shop, now):
    theirs = Mailbox.objects.create(shop=other_shop, address="info@tanuki.example", created_at=now)
    over(theirs, "postmark")
    assert tell(client, theirs, postmark("Bounce", now, **BOUNCE), **basic(theirs)) == 200
    assert (state(message), BounceReport.objects.count()) == (Delivery.SENT, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"RecordType": 7}', b"null", b'"x"'])
def test_a_report_that_makes_no_sense_is_answered_and_changes_nothing(client, mailbox, message, body):
    over(mailbox, "postmark")
    assert tell(client, mailbox, body, **basic(mailbox)) in {200, 400}
    assert state(message) == Delivery.SENT


def test_the_address_for_the_service_carries_its_password_only_where_it_cannot_sign(mailbox):
    over(mailbox, "brevo")
    assert f"anshin:{keys.report_secret(mailbox.pk)}@" in url_of(mailbox)
    over(mailbox, "mailgun")
    assert keys.report_secret(mailbox.pk) not in url_of(mailbox)
    assert url_of(mailbox).endswith(f"/mail/report/{keys.report_token(mailbox.pk)}")
