"""Mail servers between a shop and its customer: one that signs with DKIM as providers do, and relays that pass mail on.

Real SMTP on every hop (aiosmtpd, smtplib); the signer and verifier are dkimpy's, the key is made for the test.
"""

import contextlib
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cache
from typing import Any

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.channels.email.outside.smtp_server import Letterbox, running

SELECTOR, DOMAIN = b"s2026", b"komorebi.example"
SIGNED = [b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"reply-to",
          b"mime-version", b"content-type", b"content-transfer-encoding", b"sender", b"list-id"]  # fmt: skip
Passing = Callable[[bytes], bytes]


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(raw: bytes, *, strictness: tuple[bytes, bytes]) -> bytes:
    """The mail with a signature above it, as the provider's server puts it; absent headers are signed as absent."""
    pem = _key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return dkim.sign(raw, SELECTOR, DOMAIN, pem, canonicalize=strictness, include_headers=SIGNED) + raw


def verifies(raw: bytes) -> bool:
    """Whether the customer's server finds the signature whole."""
    spki = _key().public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    told = b"v=DKIM1; k=rsa; p=" + b"".join(spki.splitlines()[1:-1])
    return bool(dkim.verify(raw, dnsfunc=lambda name, timeout=5: told))


@dataclass
class Relay(Letterbox):
    """Takes a mail, does what `passing` says and hands it to the next server."""

    next_port: int = 0
    passing: Passing = bytes

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = self.passing(envelope.original_content)
        with smtplib.SMTP("127.0.0.1", self.next_port) as smtp:
            smtp.sendmail(envelope.mail_from, envelope.rcpt_tos, mail)
        return "250 2.0.0 Ok: relayed"


def with_trace(raw: bytes) -> bytes:
    """Every relay writes where the mail came through above it."""
    trace = b"Received: from shop (localhost [127.0.0.1])\r\n\tby relay.example (Postfix) with ESMTPS id 4F2A;\r\n"
    return trace + b"\tThu, 26 Nov 2026 10:00:00 +0900 (JST)\r\nX-Virus-Scanned: yes\r\n" + raw


def written_anew(raw: bytes) -> bytes:
    """Some filters read a mail into a tree and write it out again."""
    return message_from_bytes(raw, policy=policy.compat32).as_bytes(policy=policy.compat32.clone(linesep="\r\n"))


@contextlib.contextmanager
def road(*passings: Passing) -> Iterator[tuple[int, Letterbox]]:
    """The port of the first server and the customer's letterbox behind the last."""
    letterbox = Letterbox()
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(running(letterbox))
        for passing in reversed(passings):
            port = stack.enter_context(running(Relay(next_port=port, passing=passing)))
        yield port, letterbox
