"""Copies of pictures that do not say where they were taken: what staff download and what leaves the house.

A phone writes the place of each photo into it, often the customer's home. The kept file stays as it came, since its
SHA-256 is evidence; the copy holds the same picture, bit by bit for JPEG, PNG and WebP, with no metadata but the
camera's rotation. HEIC keeps its metadata in ways that cannot be cut out one by one, so its copy is a JPEG.

Sources: ITU T.81 annex B (JPEG segments), W3C PNG third edition section 11, RFC 9649 (WebP chunks), CIPA DC-008 (Exif,
tag 0x0112), read 2026-11-26.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from PIL import Image, ImageOps

from anshin.plumbing.files import store, thumbnails
from anshin.plumbing.files.models import Blob

_ORIENTATION = 0x0112
_WALKED = frozenset({"image/jpeg", "image/png", "image/webp"})
_REDRAWN = frozenset({"image/heic"})
_QUALITY = 92
_UNREADABLE = (OSError, ValueError, SyntaxError, struct.error, EOFError, MemoryError, RuntimeError)
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_WORDS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt"})
_WEBP_WORDS = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0b1100  # of VP8X: Exif and XMP follow


class NoPlacelessCopy(Exception):
    """The picture cannot be read, so nobody can tell whether it says a place; it must not leave the house."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Copy:
    """A picture without its place. `name` has another ending when the form is another."""

    name: str
    kind: str
    content: bytes


def says_where(kind: str) -> bool:
    """Whether files of this kind can hold the place where they were taken, in a form we know."""
    return kind in _WALKED or kind in _REDRAWN


def placeless(blob: Blob, *, name: str) -> Copy:
    """The copy of a kept picture. Raises NoPlacelessCopy, BlobDamaged, ValueError for what is no such picture."""
    if not says_where(blob.kind):
        raise ValueError(f"{blob.kind} is not a picture with a place")
    content = store.read_bytes(blob)
    try:
        if blob.kind in _REDRAWN:
            return Copy(str(PurePath(name).with_suffix(".jpg")), "image/jpeg", _redrawn(content))
        return Copy(name, blob.kind, without_place(content, blob.kind))
    except (*_UNREADABLE, Image.DecompressionBombError) as error:
        raise NoPlacelessCopy(str(error)) from error


def without_place(content: bytes, kind: str) -> bytes:
    """The same picture without metadata; `kind` is image/jpeg, image/png or image/webp.

    What stands behind the end of the picture (other pictures, films of the same moment) goes too.
    Raises ValueError or struct.error when its parts cannot be told apart.
    """
    turned = _orientation(content)
    if kind == "image/jpeg":
        return b"".join(_jpeg(content, turned))
    return b"".join(_png(content, turned)) if kind == "image/png" else _webp(content, turned)


def _orientation(content: bytes) -> int:
    """How the camera was held, 1 to 8; 1 when nothing says so."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"]) as image:
            turned = image.getexif().get(_ORIENTATION, 1)
    except (*_UNREADABLE, Image.DecompressionBombError):
        return 1
    return turned if turned in range(1, 9) else 1


def _exif(turned: int) -> bytes:
    """Exif that says nothing but the rotation: a big-endian TIFF with one entry."""
    return b"MM\x00*\x00\x00\x00\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, turned, 0, 0)


def _jpeg(content: bytes, turned: int) -> Iterator[bytes]:
    yield b"\xff\xd8"
    if turned != 1:
        segment = b"Exif\x00\x00" + _exif(turned)
        yield b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
    at = 2
    while True:
        marker, at = _marker(content, at)
        if marker == 0xD9:
            yield b"\xff\xd9"
            return
        (length,) = struct.unpack_from(">H", content, at)
        segment = content[at : at + length]
        if length < 2 or len(segment) < length:
            raise ValueError("a segment of the JPEG is cut off")
        at += length
        if _stays(marker, segment[2:]):
            yield bytes((0xFF, marker)) + segment
        if marker == 0xDA:
            end = _end_of_scan(content, at)
            yield content[at:end]
            at = end


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """The marker at this place and where its segment begins; a picture that is cut off ends there."""
    if at >= len(content):
        return 0xD9, at
    if content[at] != 0xFF:
        raise ValueError("the JPEG has bytes between its segments")
    while at < len(content) and content[at] == 0xFF:
        at += 1
    return (content[at], at + 1) if at < len(content) else (0xD9, at)


def _stays(marker: int, body: bytes) -> bool:
    """JFIF, colour profile and Adobe's colour transform belong to the picture; other notes and comments do not."""
    if marker == 0xE2:
        return body.startswith(b"ICC_PROFILE\x00")
    return marker in {0xE0, 0xEE} or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands; stuffed zeros and restart markers belong to the scan."""
    while (at := content.find(b"\xff", at)) >= 0:
        following = content[at + 1 : at + 2]
        if following and following[0] != 0xFF and following[0] != 0 and not 0xD0 <= following[0] <= 0xD7:
            return at
        at += 1 if following == b"\xff" else 2
    return len(content)


def _png(content: bytes, turned: int) -> Iterator[bytes]:
    yield _PNG_SIGNATURE
    at = len(_PNG_SIGNATURE)
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        chunk = content[at : at + length + 12]
        if len(chunk) < length + 12:
            raise ValueError("a chunk of the PNG is cut off")
        at += length + 12
        if name not in _PNG_WORDS:
            yield chunk
        if name == b"IHDR" and turned != 1:
            body = b"eXIf" + _exif(turned)
            yield struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        if name == b"IEND":
            return


def _webp(content: bytes, turned: int) -> bytes:
    (size,) = struct.unpack_from("<I", content, 4)
    kept, at, end = [], 12, min(len(content), size + 8)
    is_long = False
    while at < end:
        name, length = struct.unpack_from("<4sI", content, at)
        body = content[at + 8 : at + 8 + length]
        if len(body) < length:
            raise ValueError("a chunk of the WebP is cut off")
        at += 8 + length + length % 2
        if name == b"VP8X":
            is_long = True
            body = bytes((body[0] & ~_WEBP_FLAGS | (8 if turned != 1 else 0),)) + body[1:]
        if name not in _WEBP_WORDS:
            kept.append(_chunk(name, body))
    if is_long and turned != 1:
        kept.append(_chunk(b"EXIF", _exif(turned)))
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)


def _redrawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=["HEIF"]) as image:
        if image.width * image.height > thumbnails.MOST_PIXELS:
            raise ValueError("the picture has too many pixels")
        upright = thumbnails.in_srgb(ImageOps.exif_transpose(image)).convert("RGB")
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
