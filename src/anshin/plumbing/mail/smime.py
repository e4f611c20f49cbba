"""What can honestly be said about a signed mail: unchanged, by whom, and what nobody has vouched for; for `bodies`.

A signature proves that the text is what the owner of a key signed. Whose key it is, only an issuer can say: without
trusted issuers the best state is `unknown_issuer`. Revocation is never asked for (no network), so nothing here says
"trustworthy". Weak digests (MD5, SHA-1) prove nothing and count as unchecked.

Source: RFC 5652 (CMS) sections 5.1 to 5.6 and 11, RFC 8551 (S/MIME 4.0) sections 2.5 and 3.5, RFC 8550 section 3;
read 2026-11-26.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from anshin.plumbing.mail import ber, issuers
from anshin.plumbing.mail.values import SignatureState, Signed

MAX_BYTES = 30_000_000
MAX_CERTIFICATES = 20

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = {bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117")}
_MESSAGE_DIGEST, _SIGNING_TIME = bytes.fromhex("2a864886f70d010904"), bytes.fromhex("2a864886f70d010905")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_PSS = bytes.fromhex("2a864886f70d01010a")
_DIGESTS: dict[bytes, type[hashes.HashAlgorithm]] = {
    bytes.fromhex("608648016503040201"): hashes.SHA256,
    bytes.fromhex("608648016503040202"): hashes.SHA384,
    bytes.fromhex("608648016503040203"): hashes.SHA512,
    bytes.fromhex("608648016503040204"): hashes.SHA224,
}
_TROUBLES = (ValueError, TypeError, IndexError, UnsupportedAlgorithm, OverflowError)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A CMS message taken apart. `content` is what is inside, None when it stands beside it (multipart/signed)."""

    is_encrypted: bool
    content: bytes | None
    signed_data: ber.Element | None


def open_envelope(raw: bytes) -> Envelope | None:
    """The CMS message in `raw`; None when it is none. Never raises for any bytes."""
    if len(raw) > MAX_BYTES:
        return None
    try:
        outer = ber.read(raw)
        kind = outer.child(0, ber.OID).content
        if kind in _ENVELOPED:
            return Envelope(is_encrypted=True, content=None, signed_data=None)
        if kind != _SIGNED_DATA:
            return None
        data = outer.child(1).child(0, ber.SEQUENCE)
        inside = data.child(2, ber.SEQUENCE).tagged(0xA0)
        return Envelope(False, inside.child(0).octets() if inside else None, data)
    except _TROUBLES:
        return None


def judge(
    envelope: Envelope, content: bytes, *, sender: str, sent_at: datetime | None, trusted: Sequence[x509.Certificate]
) -> Signed:
    """What the signature of `content` says about a mail from `sender`. Never raises for any bytes.

    `sent_at` is the mail's date, used when the signature names no time. `trusted` are certificates of issuers.
    """
    try:
        return _judged(envelope, content, sender.lower(), sent_at, trusted)
    except _TROUBLES:
        return Signed(SignatureState.UNCHECKED)


def _judged(
    envelope: Envelope, content: bytes, sender: str, sent_at: datetime | None, trusted: Sequence[x509.Certificate]
) -> Signed:
    if envelope.signed_data is None:
        return Signed(SignatureState.UNCHECKED)
    known = _certificates(envelope.signed_data)
    info = envelope.signed_data.children[-1].child(0, ber.SEQUENCE)  # the first signer speaks for the mail
    certificate = _certificate_of(info.child(1), known)
    if certificate is None:
        return Signed(SignatureState.UNCHECKED)
    mails = _mails(certificate)
    named = Signed(
        SignatureState.UNCHECKED,
        signer=_common_name(certificate.subject) or next(iter(mails), ""),
        mail=sender if sender in mails else next(iter(mails), ""),
        issuer=_common_name(certificate.issuer),
        signed_at=_signing_time(info),
    )
    genuine = _is_genuine(info, content, certificate)
    if genuine is not True:
        return named.found(SignatureState.UNCHECKED if genuine is None else SignatureState.ALTERED)
    moment = named.signed_at or sent_at
    if moment and not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        return named.found(SignatureState.EXPIRED)
    if sender not in mails:
        return named.found(SignatureState.OTHER_SENDER)
    vouched = issuers.vouched_for(certificate, known, trusted=trusted, at=moment)
    return named.found(SignatureState.VALID if vouched else SignatureState.UNKNOWN_ISSUER)


def _certificates(data: ber.Element) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    held = data.tagged(0xA0)
    for element in held.children[:MAX_CERTIFICATES] if held else []:
        try:
            found.append(x509.load_der_x509_certificate(element.whole))
        except _TROUBLES:
            continue
    return found


def _certificate_of(identifier: ber.Element, known: list[x509.Certificate]) -> x509.Certificate | None:
    """The signer's own certificate, named by issuer and number or by the key's identifier."""
    for certificate in known:
        if identifier.tag == ber.SEQUENCE:
            issuer, number = identifier.child(0).whole, int.from_bytes(identifier.child(1).content, "big", signed=True)
            if certificate.serial_number == number and certificate.issuer.public_bytes() == issuer:
                return certificate
        elif _key_identifier(certificate) == identifier.content:
            return certificate
    return None


def _key_identifier(certificate: x509.Certificate) -> bytes:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return b""


def _is_genuine(info: ber.Element, content: bytes, certificate: x509.Certificate) -> bool | None:
    """Whether the certificate's key signed this content; None when we cannot tell."""
    digest = _DIGESTS.get(info.child(2).child(0, ber.OID).content)
    if digest is None:
        return None
    attributes = info.tagged(0xA0)
    texts = list(dict.fromkeys((content, _with_crlf(content))))
    if attributes is not None:
        said = _attribute(attributes, _MESSAGE_DIGEST)
        if said is None or _attribute(attributes, _CONTENT_TYPE) is None:
            return None
        if all(_hashed(text, digest) != said.content for text in texts):
            return False
        texts = [bytes((ber.SET,)) + attributes.whole[1:]]  # signed as a SET, sent with a tag of its own
    after = info.children.index(attributes) if attributes is not None else 2
    algorithm, signature = info.child(after + 1, ber.SEQUENCE), info.child(after + 2, ber.OCTETS).octets()
    verdicts = [_verified(certificate, signature, text, digest(), algorithm) for text in texts]
    return None if None in verdicts else any(verdicts)


def _with_crlf(content: bytes) -> bytes:
    return re.sub(rb"\r?\n", b"\r\n", content)


def _hashed(text: bytes, digest: type[hashes.HashAlgorithm]) -> bytes:
    hashing = hashes.Hash(digest())
    hashing.update(text)
    return hashing.finalize()


def _verified(
    certificate: x509.Certificate,
    signature: bytes,
    text: bytes,
    digest: hashes.HashAlgorithm,
    algorithm: ber.Element,
) -> bool | None:
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            if algorithm.child(0, ber.OID).content == _PSS:
                pss = padding.PSS(mgf=padding.MGF1(digest), salt_length=padding.PSS.AUTO)
                key.verify(signature, text, pss, digest)
            else:
                key.verify(signature, text, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, text, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, text)
        else:
            return None
    except InvalidSignature:
        return False
    return True


def _attribute(attributes: ber.Element, wanted: bytes) -> ber.Element | None:
    for attribute in attributes.children:
        if attribute.child(0, ber.OID).content == wanted:
            return attribute.child(1, ber.SET).child(0)
    return None


def _signing_time(info: ber.Element) -> datetime | None:
    attributes = info.tagged(0xA0)
    said = _attribute(attributes, _SIGNING_TIME) if attributes is not None else None
    found = re.fullmatch(rb"([0-9]{2}|[0-9]{4})([0-9]{10})Z", said.content) if said else None
    if said is None or found is None:
        return None
    year = int(found.group(1))
    if said.tag == 0x17:  # UTCTime has two digits: 1950 to 2049
        year += 2000 if year < 50 else 1900
    return datetime.strptime(f"{year:04d}{found.group(2).decode()}", "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _mails(certificate: x509.Certificate) -> list[str]:
    """The addresses the certificate is for, in lower case."""
    found = [str(each.value) for each in certificate.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        found += names.get_values_for_type(x509.RFC822Name)
    except x509.ExtensionNotFound:
        pass
    return [mail.lower() for mail in found]


def _common_name(name: x509.Name) -> str:
    for oid in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        for each in name.get_attributes_for_oid(oid):
            return str(each.value)[:200]
    return ""
