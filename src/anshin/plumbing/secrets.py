"""Passwords of mailboxes and the like, encrypted at rest with a key derived from the installation's secret."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(ValueError):
    """The stored secret was written under another installation secret and must be entered again."""


def seal(plain: str) -> str:
    """`plain` encrypted, as ASCII text for a column."""
    return _box().encrypt(plain.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What was sealed; empty text stays empty. Raises Unreadable."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode("ascii")).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _box() -> Fernet:
    key = hashlib.sha256(b"anshin.secrets:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
