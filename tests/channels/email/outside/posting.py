"""Posts as mail providers make them, signed as they sign."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

BOUNDARY = "xYzZY"
TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:komorebi-mail"
CERTIFICATE_URL = "https://sns.ap-northeast-1.amazonaws.com/SimpleNotificationService-1.pem"


def multipart(fields, files=()):
    """A form with files as browsers send it: (content type, body). Values are bytes or text."""
    parts = []
    for name, value in fields.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        parts.append(head + (value if isinstance(value, bytes) else str(value).encode()) + b"\r\n")
    for name, filename, content in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return f"multipart/form-data; boundary={BOUNDARY}", b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def urlencoded(fields):
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def mailgun_signature(key, now, token="t" * 50):
    moment = str(int(now.timestamp()))
    signature = hmac.new(key.encode(), f"{moment}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": moment, "token": token, "signature": signature}


def basic(password, user="anshin"):
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class SendGridKey:
    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        der = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        self.public = base64.b64encode(self._key.public_key().public_bytes(*der)).decode()

    def sign(self, body, moment="1795000000"):
        signature = base64.b64encode(self._key.sign(moment.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
        return {
            "HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_SIGNATURE": signature,
            "HTTP_X_TWILIO_EMAIL_EVENT_WEBHOOK_TIMESTAMP": moment,
        }


class Amazon:
    """Amazon SNS with a certificate of its own."""

    def __init__(self):
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
        begin = datetime(2026, 1, 1, tzinfo=UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(self._key.public_key())
        made = made.serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=3650))
        self.certificate = made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def signed(self, version="2", **message):
        names = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
        text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()
        signature = base64.b64encode(self._key.sign(text.encode(), padding.PKCS1v15(), algorithm)).decode()
        told = {"SigningCertURL": CERTIFICATE_URL} | message
        return json.dumps(told | {"Signature": signature, "SignatureVersion": version}).encode()

    def notification(self, said, *, number="n-1", version="2", **more):
        known = {"Type": "Notification", "MessageId": number, "TopicArn": TOPIC, "Subject": "Amazon SES"}
        moment = {"Timestamp": "2026-11-22T03:00:00.000Z", "Message": json.dumps(said)}
        return self.signed(version, **(known | moment | more))

    def confirmation(self, url):
        known = {"Type": "SubscriptionConfirmation", "MessageId": "c-1", "TopicArn": TOPIC, "Token": "abc"}
        moment = {"Timestamp": "2026-11-22T03:00:00.000Z", "Message": "You have chosen to subscribe"}
        return self.signed(**(known | moment | {"SubscribeURL": url}))


def ses_received(raw=None, *, encoding="BASE64", headers=()):
    said = {
        "notificationType": "Received",
        "receipt": {"action": {"type": "SNS" if raw else "S3", "encoding": encoding}},
        "mail": {"headers": [{"name": name, "value": value} for name, value in headers]},
    }
    if raw:
        said["content"] = base64.b64encode(raw).decode() if encoding == "BASE64" else raw.decode()
    return said
