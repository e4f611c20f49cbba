"""What must never lie open beside a copy of the data: the installation's key and settings, sealed with a passphrase.

scrypt makes the key (N = 2**15, r = 8, p = 1: 32 MiB and about a tenth of a second, the least that OWASP's Password
Storage Cheat Sheet names for scrypt with p = 3 is less memory; read 2026-11-27), AES-256 in GCM seals. The file is
JSON, so that somebody without Anshin can open it, too.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from anshin.plumbing.backups.terms import Refused, Trouble

LEAST_CHARACTERS = 12
_N, _R, _P = 2**15, 8, 1
_PURPOSE = b"anshin backup secrets 1"


def seal(contents: Mapping[str, str], passphrase: str) -> str:
    """Texts by name as one sealed text. Raises Refused for no passphrase or one of under 12 characters."""
    if not passphrase:
        raise Refused(Trouble.NO_PASSPHRASE)
    if len(passphrase) < LEAST_CHARACTERS:
        raise Refused(Trouble.SHORT_PASSPHRASE)
    salt, nonce = os.urandom(16), os.urandom(12)
    plain = json.dumps(dict(contents), ensure_ascii=False).encode()
    sealed = AESGCM(_key(passphrase, salt, _N, _R, _P)).encrypt(nonce, plain, _PURPOSE)
    head = {"kdf": "scrypt", "n": _N, "r": _R, "p": _P, "cipher": "AES-256-GCM", "for": _PURPOSE.decode()}
    return json.dumps(head | {"salt": _text(salt), "nonce": _text(nonce), "sealed": _text(sealed)}, indent=1)


def unseal(text: str, passphrase: str) -> dict[str, str]:
    """What was sealed. Raises Refused for another passphrase, or for a text that was changed."""
    try:
        head = json.loads(text)
        key = _key(passphrase, _bytes(head["salt"]), int(head["n"]), int(head["r"]), int(head["p"]))
        plain = AESGCM(key).decrypt(_bytes(head["nonce"]), _bytes(head["sealed"]), _PURPOSE)
    except InvalidTag:
        raise Refused(Trouble.WRONG_PASSPHRASE) from None
    except (KeyError, ValueError, TypeError):
        raise Refused(Trouble.DAMAGED, "secrets.sealed") from None
    return {str(name): str(value) for name, value in json.loads(plain).items()}


def _key(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    if n * r * p > 2**20:
        raise ValueError("more work than a seal of ours asks for")
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(passphrase.encode())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
