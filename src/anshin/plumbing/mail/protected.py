"""Signed and encrypted parts recognised in the tree of a mail and judged; for `bodies`.

A signature counts for the mail only where it covers all of it: a signed part beside unsigned ones (a mailing list's
footer, or a forger's text) is `partly`.

Source: RFC 1847 (multipart/signed), RFC 8551 section 3.5 (forms of S/MIME), RFC 3156 (PGP/MIME).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from anshin.plumbing.mail import smime
from anshin.plumbing.mail.headers import unfolded
from anshin.plumbing.mail.structure import Node
from anshin.plumbing.mail.transfer import decode_transfer
from anshin.plumbing.mail.values import SignatureState, Signed

SMIME_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SMIME_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
_NO_DOUBT = frozenset({SignatureState.ALTERED, SignatureState.UNCHECKED, SignatureState.ENCRYPTED})


@dataclass(frozen=True, slots=True)
class Author:
    """Who claims to have written a mail and when, and which issuers the operator trusts."""

    mail: str = ""
    sent_at: datetime | None = None
    trusted: Sequence[x509.Certificate] = ()


def of_multipart(raw: bytes, node: Node, author: Author, *, is_whole_mail: bool) -> Signed | None:
    """What a multipart/signed or multipart/encrypted says about itself; None for any other."""
    if node.content.value == "multipart/encrypted":
        return Signed(SignatureState.ENCRYPTED, form="pgp")
    if node.content.value != "multipart/signed" or not node.children:
        return None
    kind = node.children[-1].content.value
    if kind not in _SMIME_SIGNATURES:
        is_pgp = kind == "application/pgp-signature"
        return Signed(SignatureState.UNCHECKED, form="pgp" if is_pgp else "smime")
    signed, signature = node.children[0], node.children[-1]
    encoding = unfolded(signature.raw(b"content-transfer-encoding"))
    envelope = smime.open_envelope(decode_transfer(raw[signature.start : signature.end], encoding)[0])
    if envelope is None or len(node.children) != 2:
        return Signed(SignatureState.UNCHECKED)
    return of_envelope(envelope, raw[signed.whole_start : signed.end], author, is_whole_mail=is_whole_mail)


def of_envelope(envelope: smime.Envelope, content: bytes, author: Author, *, is_whole_mail: bool) -> Signed:
    """What the signature of `content` says, as far as it covers the mail."""
    if envelope.is_encrypted:
        return Signed(SignatureState.ENCRYPTED)
    signed = smime.judge(envelope, content, sender=author.mail, sent_at=author.sent_at, trusted=author.trusted)
    return signed if is_whole_mail or signed.state in _NO_DOUBT else signed.found(SignatureState.PARTLY)


def of_text(text: str) -> Signed | None:
    """PGP written into the text itself."""
    start = text[:200].lstrip()
    if start.startswith("-----BEGIN PGP MESSAGE-----"):
        return Signed(SignatureState.ENCRYPTED, form="pgp")
    if start.startswith("-----BEGIN PGP SIGNED MESSAGE-----"):
        return Signed(SignatureState.UNCHECKED, form="pgp")
    return None
