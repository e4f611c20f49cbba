"""Content-Transfer-Encoding undone, tolerantly: base64, quoted-printable, uuencode. Bytes in, bytes out.

Source: RFC 2045 section 6; RFC 2047 section 4.2 (the Q form of words).
"""

import base64
import binascii
import quopri
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_DECODED_AS_IS = frozenset({"", "7bit", "8bit", "binary"})


def decode_transfer(body: bytes, encoding: str) -> tuple[bytes, str]:
    """The decoded bytes and a defect code ("" when all was well). Unknown encodings leave the bytes as they are."""
    name = re.sub(r"[\s\"';].*", "", encoding.strip().lower())
    if name == "base64":
        return decode_base64(body)
    if name.startswith("quoted"):
        return quopri.decodestring(body), ""
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _decode_uu(body)
    return body, "" if name in _DECODED_AS_IS else "transfer_encoding_unknown"


def decode_base64(body: bytes) -> tuple[bytes, str]:
    """Base64 with anything between; several texts glued together are read, an odd last character dropped."""
    try:
        return binascii.a2b_base64(body, strict_mode=True), ""
    except binascii.Error:
        pass
    compact = body.translate(None, b"\r\n\t ")
    end = compact.find(b"=")
    padded = end >= 0 and compact[end:].strip(b"=") != b""
    defect = ""
    if padded:
        # Padding in the middle: several base64 texts were put one after the other.
        pieces = [piece for piece in re.split(rb"=+", compact) if piece]
        return b"".join(_lenient(piece)[0] for piece in pieces), "base64_damaged"
    decoded, odd = _lenient(compact)
    if odd:
        defect = "base64_damaged"
    return decoded, defect


def decode_q_word(payload: str) -> bytes:
    """The Q form of RFC 2047: underscore is a space, =XX a byte; a broken =X stays as it is."""
    raw = payload.replace("_", " ").encode("utf-8", "replace")
    return re.sub(rb"=([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found.group(1).decode()), raw)


def _lenient(compact: bytes) -> tuple[bytes, bool]:
    """Decoded base64 and whether some of it was not base64."""
    clean = _NOT_BASE64.sub(b"", compact)
    odd = len(clean) != len(compact.rstrip(b"="))
    if len(clean) % 4 == 1:
        clean, odd = clean[:-1], True
    return base64.b64decode(clean + b"=" * (-len(clean) % 4)), odd


def _decode_uu(body: bytes) -> tuple[bytes, str]:
    out: list[bytes] = []
    defect = ""
    for line in body.splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                defect = "uuencode_damaged"
    return b"".join(out), defect
