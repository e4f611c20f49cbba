"""What a compressed file would become when opened, told from its directory alone: nothing is ever unpacked here.

For mail channels, which name such files beside the message. At most 10,000 entries are looked at.

Sources: PKWARE APPNOTE.TXT 6.3.10, sections 4.3.12 (central directory), 4.3.14 and 4.3.15 (ZIP64), 4.3.16 (its end);
RFC 1952, section 2.3.1 (ISIZE). Read 2026-11-26.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

MOST_ENTRIES = 10_000
ENORMOUS_BYTES = 1_000_000_000
"""Nothing that fits into a mail and is meant well becomes larger than this."""
SUSPECT_BYTES = 100_000_000
SUSPECT_RATIO = 200
"""Text shrinks to a tenth or twentieth; zeros, of which bombs are made, to a thousandth."""
_END, _END64, _LOCATOR64, _ENTRY = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
_END_IS_WITHIN = 65_557
_INNER = (b".zip", b".gz", b".7z", b".rar", b".xz", b".bz2", b".zst", b".lzh", b".tgz")

Danger = Literal["zip_bomb", "archives_inside"]


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    packed_bytes: int
    unpacked_bytes: int


def danger_of(content: bytes) -> Danger | None:
    """Why somebody should think before opening this file; None for any that is not compressed, or harmless.

    Never raises: a directory that cannot be read names nothing, and the file stays a file.
    """
    try:
        if content.startswith(b"\x1f\x8b"):
            return _gzip(content)
        return _zip(content) if content.startswith(b"PK") else None
    except (struct.error, ValueError, OverflowError):
        return None


def _gzip(content: bytes) -> Danger | None:
    """The trailer states the length modulo 4 GB; a larger one is seen only by chance."""
    return "zip_bomb" if _is_enormous(len(content), struct.unpack("<I", content[-4:])[0]) else None


def _zip(content: bytes) -> Danger | None:
    packed = unpacked = count = inner = 0
    for entry in _entries(content):
        count += 1
        packed += entry.packed_bytes
        unpacked += entry.unpacked_bytes
        inner += entry.name.lower().endswith(_INNER)
    if count >= MOST_ENTRIES or packed > len(content) or _is_enormous(len(content), unpacked):
        return "zip_bomb"  # more packed bytes than there are: entries that lie one over the other
    return "archives_inside" if inner >= 2 else None


def _is_enormous(have: int, become: int) -> bool:
    return become >= ENORMOUS_BYTES or (become >= SUSPECT_BYTES and become >= have * SUSPECT_RATIO)


def _entries(content: bytes) -> Iterator[_Entry]:
    position = _directory(content)
    for _count in range(MOST_ENTRIES):
        if content[position : position + 4] != _ENTRY:
            return
        packed, unpacked, name, extra, comment = struct.unpack_from("<IIHHH", content, position + 20)
        names = position + 46
        if 0xFFFFFFFF in (packed, unpacked):
            more = content[names + name : names + name + extra]
            packed, unpacked = _large_sizes(more, packed, unpacked)
        yield _Entry(content[names : names + name], packed, unpacked)
        position = names + name + extra + comment


def _directory(content: bytes) -> int:
    """Where the central directory begins. Raises ValueError when there is none."""
    end = content.rindex(_END, max(0, len(content) - _END_IS_WITHIN))
    size: int
    offset: int
    size, offset = struct.unpack_from("<II", content, end + 12)
    if 0xFFFFFFFF in (size, offset) and content[max(0, end - 20) : end - 16] == _LOCATOR64:
        end64 = content.rindex(_END64, 0, end)
        (size,) = struct.unpack_from("<Q", content, end64 + 40)
        end = end64
    return max(0, end - size)  # counted from the end: bytes in front, as in a self-extracting file, do not matter


def _large_sizes(extra: bytes, packed: int, unpacked: int) -> tuple[int, int]:
    """Sizes beyond 4 GB stand in the extra field 1."""
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        if kind == 1:
            values = iter(struct.unpack_from(f"<{length // 8}Q", extra, position + 4))
            unpacked = next(values, unpacked) if unpacked == 0xFFFFFFFF else unpacked
            packed = next(values, packed) if packed == 0xFFFFFFFF else packed
            break
        position += 4 + length
    return packed, unpacked
