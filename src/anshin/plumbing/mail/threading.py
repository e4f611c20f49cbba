"""Which mail answers which: signed tokens in reply addresses, message ids and subjects in one comparable
form.

For the channel that writes the reply address and for the room that finds the thread. Pure: the key is an
argument.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable

MAX_REFERENCE_CHARS = 20
_SIGNATURE_CHARS = 16  # 80 bits of HMAC-SHA256 in base32

_TOKEN = re.compile(rf"([a-z0-9]{{1,{MAX_REFERENCE_CHARS}}})-([a-z2-7]{{{_SIGNATURE_CHARS}}})")
_PREFIX = re.compile(
    r"(?:re|res|aw|antw|antwort|sv|vs|odp|rif|r|fw|fwd|wg|tr|rv|i|vl|doorst|"
    r"返信|返|転送|回信|回复|回覆|答复|答覆|转发|轉寄|轉發|회신|전달)"
    r"\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\d{1,3})?\s*[:：]\s*",
    re.IGNORECASE,
)
_LIST_TAG = re.compile(r"[\[(][\w .-]{1,40}[:, ]\s*\d{1,8}[\])]\s*")


def make_token(reference: str, *, key: bytes) -> str:
    """A signed token naming `reference` (1 to 20 lower-case letters and digits), safe in a mail address.

    Units: at most 37 characters of a-z, 0-9 and "-"; unchanged by relays that lower or raise the case.
    Raises: ValueError for any other reference.
    """
    if not re.fullmatch(rf"[a-z0-9]{{1,{MAX_REFERENCE_CHARS}}}", reference):
        message = f"a token's reference must be 1 to {MAX_REFERENCE_CHARS} lower-case letters and digits"
        raise ValueError(message)
    return f"{reference}-{_signature(reference, key)}"


def read_token(token: str, *, keys: Iterable[bytes]) -> str | None:
    """The reference that was signed with one of the keys; None when it was not, or was changed."""
    found = _TOKEN.fullmatch(token.strip().lower())
    if found is None:
        return None
    reference, signature = found.groups()
    accepted = [hmac.compare_digest(signature, _signature(reference, key)) for key in keys]
    return reference if any(accepted) else None


def reply_address(address: str, token: str) -> str:
    """The shop's address with the token behind a plus: shop+token@example.jp.

    Raises: ValueError when the local part would exceed the 64 octets of RFC 5321 section 4.5.3.1.1.
    """
    local, _at, domain = address.rpartition("@")
    tagged = f"{local}+{token}"
    if not local or not domain or len(tagged.encode()) > 64:
        message = "a reply address needs a local part and a domain, together with the token at most 64 octets"
        raise ValueError(message)
    return f"{tagged}@{domain}"


def token_in(address: str) -> str | None:
    """What stands between the last plus and the @ of an address; None when there is none."""
    local = address.rpartition("@")[0]
    tag = local.rpartition("+")
    return tag[2].strip("\"' ").lower() or None if tag[1] else None


def reference_for(addresses: Iterable[str], *, keys: Iterable[bytes]) -> str | None:
    """The first validly signed reference among the addresses a mail was sent to."""
    known = tuple(keys)
    for address in addresses:
        token = token_in(address)
        reference = read_token(token, keys=known) if token else None
        if reference is not None:
            return reference
    return None


def normalise_message_id(text: str) -> str:
    """A message id bare and comparable: no brackets, no white space, domain in lower case; "" for none."""
    bare = re.sub(r"[\s<>]+", "", text)
    local, at, domain = bare.rpartition("@")
    return f"{local}@{domain.lower()}" if at else bare


def plain_subject(subject: str) -> str:
    """The subject without Re:, Fwd:, 返信: and list numbers before them, white space in single spaces."""
    rest = " ".join(subject.replace("\u3000", " ").split())
    while True:
        shorter = _PREFIX.sub("", rest, count=1) if _PREFIX.match(rest) else rest
        tag = _LIST_TAG.match(shorter)
        if tag and _PREFIX.match(shorter, tag.end()):
            shorter = shorter[tag.end() :]
        if shorter == rest:
            return rest
        rest = shorter


def _signature(reference: str, key: bytes) -> str:
    digest = hmac.new(key, b"anshin reply token\0" + reference.encode("ascii"), hashlib.sha256).digest()
    return base64.b32encode(digest[:10]).decode("ascii").lower()
