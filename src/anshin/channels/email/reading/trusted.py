"""The issuers whose word on signed mail counts: certificates that the operator names in ANSHIN_SMIME_ISSUERS."""

import logging
from functools import lru_cache

from cryptography import x509
from django.conf import settings

from anshin.plumbing.mail.issuers import read_issuers

log = logging.getLogger(__name__)


def issuers() -> tuple[x509.Certificate, ...]:
    """The certificates; none when the setting is empty or is no PEM, which the log says."""
    return _read(settings.SMIME_ISSUERS)


@lru_cache(maxsize=1)
def _read(pem: str) -> tuple[x509.Certificate, ...]:
    try:
        return read_issuers(pem.encode())
    except ValueError:
        log.exception("ANSHIN_SMIME_ISSUERS holds no certificates in PEM form; signed mail is checked without issuers.")
        return ()
