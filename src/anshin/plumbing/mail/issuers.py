"""Whether an issuer that the operator trusts stands behind a certificate; for `smime`.

Deliberately narrow: signatures, names, validity, the right to issue, and use for mail. Revocation is not asked for,
and a chain with name constraints or with an extension that must be understood and is not, is not vouched for.

Source: RFC 5280 section 6.1 (path validation), RFC 8550 section 4.4.4 (use for mail); read 2026-11-26.
"""

from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

MAX_LENGTH = 6
_UNDERSTOOD = frozenset(
    {
        x509.ExtensionOID.BASIC_CONSTRAINTS,
        x509.ExtensionOID.KEY_USAGE,
        x509.ExtensionOID.EXTENDED_KEY_USAGE,
        x509.ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)


def read_issuers(pem: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM file. Raises ValueError when one of them is none."""
    return tuple(x509.load_pem_x509_certificates(pem)) if pem.strip() else ()


def vouched_for(
    certificate: x509.Certificate,
    known: Sequence[x509.Certificate],
    *,
    trusted: Sequence[x509.Certificate],
    at: datetime | None,
) -> bool:
    """Whether a chain of at most six leads to one of `trusted`, valid `at` the moment of signing; None: never."""
    if at is None or not trusted or not _is_for_mail(certificate):
        return False
    current = certificate
    for length in range(MAX_LENGTH):
        if not _holds(current, at) or (length and not _may_issue(current, length - 1)):
            return False
        anchor = _issuer_of(current, trusted)
        if current in trusted or (anchor is not None and _holds(anchor, at) and _may_issue(anchor, length)):
            return True
        issuer = _issuer_of(current, [each for each in known if each != current])
        if issuer is None:
            return False
        current = issuer
    return False


def _issuer_of(certificate: x509.Certificate, among: Sequence[x509.Certificate]) -> x509.Certificate | None:
    for each in among:
        try:
            certificate.verify_directly_issued_by(each)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            continue
        return each
    return None


def _holds(certificate: x509.Certificate, at: datetime) -> bool:
    in_time = certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc
    return in_time and all(each.oid in _UNDERSTOOD for each in certificate.extensions if each.critical)


def _may_issue(certificate: x509.Certificate, below: int) -> bool:
    """Whether it is an issuer's certificate, with room for `below` others under it, and for any name."""
    try:
        basics = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    if not basics.ca or (basics.path_length is not None and basics.path_length < below):
        return False
    held = {each.oid: each.value for each in certificate.extensions}
    usage = held.get(x509.ExtensionOID.KEY_USAGE)
    signs = not isinstance(usage, x509.KeyUsage) or usage.key_cert_sign
    return signs and x509.ExtensionOID.NAME_CONSTRAINTS not in held and _is_for_mail(certificate)


def _is_for_mail(certificate: x509.Certificate) -> bool:
    """Nothing is said about its use, or mail is among the uses."""
    try:
        uses = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    email, anything = x509.ExtendedKeyUsageOID.EMAIL_PROTECTION, x509.ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
    return email in uses or anything in uses
