"""Outlook's winmail.dat opened: the text and the files that Exchange wrapped in one attachment; for `bodies`.

Written anew because tnefparse, the one library for it, is LGPL and was last released in 2021 (decision 0005).
Everything is bounded: at most 2,000 attributes and 200 files, values no longer than the stream, three streams deep.

Source: Microsoft Open Specifications MS-OXTNEF (sections 2.1.3 attributes, 2.1.3.4 MAPI properties) and MS-OXPROPS,
read 2026-11-26.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from anshin.plumbing.mail import charsets, rtf
from anshin.plumbing.mail.html import text_from_html

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 2_000
MAX_PROPERTIES = 2_000
MAX_FILES = 200
MAX_DEPTH = 3

_CODEPAGE, _BODY, _MESSAGE_PROPERTIES = 0x00069007, 0x0002800C, 0x00069003
_NEW_FILE, _FILE_DATA, _FILE_TITLE, _FILE_PROPERTIES = 0x00069002, 0x0006800F, 0x00018010, 0x00069005
_TEXT, _RTF, _HTML, _INTERNET_CODEPAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_DATA, _SHORT_NAME, _LONG_NAME, _SHOWN_NAME, _MIME, _CONTENT_ID = 0x3701, 0x3704, 0x3707, 0x3001, 0x370E, 0x3712
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING8, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_MANY = 0x1000
_CODEPAGES = {65001: "utf-8", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 51932: "euc-jp", 20932: "euc-jp"}


class TnefFile(NamedTuple):
    """A file in winmail.dat. `name` is as sent; `kind` is a MIME type or ""."""

    name: str
    kind: str
    content: bytes
    content_id: str = ""


@dataclass(slots=True)
class Opened:
    """What was inside. `is_whole` is False when the stream ended early or a limit was reached."""

    text: str = ""
    html: str = ""
    files: list[TnefFile] = field(default_factory=list)
    is_whole: bool = True


@dataclass(slots=True)
class _File:
    """An attachment being collected."""

    title: str = ""
    content: bytes = b""
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class _Stream:
    """What the attributes of a stream have said so far."""

    opened: Opened = field(default_factory=Opened)
    files: list[_File] = field(default_factory=list)
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    body: bytes = b""
    codec: str = "cp1252"

    def take(self, identifier: int, value: bytes) -> None:
        """One attribute."""
        if identifier == _CODEPAGE and len(value) >= 4:
            self.codec = _codec(struct.unpack_from("<I", value)[0], self.codec)
        elif identifier == _BODY:
            self.body = value
        elif identifier == _MESSAGE_PROPERTIES:
            self.properties |= _properties(value, self.opened)
        elif identifier == _NEW_FILE and len(self.files) < MAX_FILES:
            self.files.append(_File())
        elif self.files:
            _take_file_attribute(self.files[-1], identifier, value, self.codec, self.opened)


def is_tnef(content: bytes) -> bool:
    """Whether these bytes say that they are TNEF."""
    return content.startswith(SIGNATURE)


def open_tnef(content: bytes, *, depth: int = 0) -> Opened | None:
    """The text and files inside; None when this is no TNEF. Never raises for any bytes."""
    if not is_tnef(content):
        return None
    stream = _Stream()
    for identifier, value in _attributes(content, stream.opened):
        stream.take(identifier, value)
    _take_words(stream.opened, stream.properties, stream.body, stream.codec)
    for each in stream.files:
        _add_file(stream.opened, each, stream.codec, depth)
    return stream.opened


def _attributes(content: bytes, opened: Opened) -> Iterator[tuple[int, bytes]]:
    position = 6
    for _number in range(MAX_ATTRIBUTES):
        if position + 9 > len(content):
            opened.is_whole = opened.is_whole and not content[position:].strip(b"\0\r\n")
            return
        identifier, length = struct.unpack_from("<II", content, position + 1)
        start = position + 9
        if content[position] not in (1, 2) or start + length > len(content):
            opened.is_whole = False
            if content[position] in (1, 2):  # cut off: what is there of the last value
                yield identifier, content[start:]
            return
        yield identifier, content[start : start + length]
        position = start + length + 2
    opened.is_whole = False


def _properties(value: bytes, opened: Opened) -> dict[int, tuple[int, bytes]]:
    """MAPI properties by id: (type, first value). Whatever is cut off is left out, and `is_whole` says so."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        count = struct.unpack_from("<I", value)[0]
        position = 4
        for _number in range(min(count, MAX_PROPERTIES)):
            kind, identifier = struct.unpack_from("<HH", value, position)
            position = _after_name(value, position + 4, identifier)
            first, position = _value(value, position, kind)
            found.setdefault(identifier, (kind & ~_MANY, first))
    except (struct.error, ValueError):
        opened.is_whole = False
    return found


def _after_name(value: bytes, position: int, identifier: int) -> int:
    """Past the GUID and name of a named property."""
    if identifier < 0x8000:
        return position
    kind, length = struct.unpack_from("<II", value, position + 16)
    return position + 24 if kind == 0 else position + 24 + _padded(length)


def _value(value: bytes, position: int, kind: int) -> tuple[bytes, int]:
    """The first value and where the next property begins. Raises ValueError, struct.error beyond the end."""
    plain = kind & ~_MANY
    is_counted = plain in (_STRING8, _UNICODE, _OBJECT, _BINARY)
    if plain not in _FIXED and not is_counted:
        raise ValueError("unknown type")
    count = 1
    if is_counted or kind & _MANY:
        count = struct.unpack_from("<I", value, position)[0]
        position += 4
    if count > len(value):
        raise ValueError("more values than bytes")
    first = b""
    for number in range(count):
        length = _FIXED.get(plain, 0)
        if is_counted:
            length = struct.unpack_from("<I", value, position)[0]
            position += 4
        if position + length > len(value):
            raise ValueError("beyond the end")
        if number == 0:
            first = value[position : position + length]
        position += _padded(length)
    return first, position


def _padded(length: int) -> int:
    return length + (-length) % 4


def _take_file_attribute(file: _File, identifier: int, value: bytes, codec: str, opened: Opened) -> None:
    if identifier == _FILE_DATA:
        file.content = value
    elif identifier == _FILE_TITLE:
        file.title = _string((_STRING8, value), codec)
    elif identifier == _FILE_PROPERTIES:
        file.properties |= _properties(value, opened)


def _take_words(opened: Opened, properties: dict[int, tuple[int, bytes]], body: bytes, codec: str) -> None:
    """The plain text and the HTML, the latter out of the RTF when that is where Outlook put it."""
    opened.text = _string(properties.get(_TEXT), codec) or _string((_STRING8, body), codec)
    kind, page = properties.get(_INTERNET_CODEPAGE, (0, b""))
    html_codec = _codec(struct.unpack("<I", page)[0], codec) if kind == 3 and len(page) == 4 else codec
    opened.html = _string(properties.get(_HTML), html_codec, binary=html_codec)
    compressed = properties.get(_RTF, (0, b""))[1]
    if compressed and not opened.html:
        words = rtf.words_of(rtf.decompressed(compressed), codec)
        opened.html = words.html
        opened.text = opened.text or words.text


def _add_file(opened: Opened, file: _File, codec: str, depth: int) -> None:
    known = file.properties
    names = (_string(known.get(key), codec) for key in (_LONG_NAME, _SHORT_NAME))
    name = next((each for each in names if each), "") or file.title or _string(known.get(_SHOWN_NAME), codec)
    kind, data = known.get(_DATA, (0, b""))
    if kind == _OBJECT:
        data = data[16:]  # the interface it is an object of
    content = file.content or data
    inner = open_tnef(content, depth=depth + 1) if depth < MAX_DEPTH else None
    if inner is None:
        mime, cid = _string(known.get(_MIME), codec).lower(), _string(known.get(_CONTENT_ID), codec).strip("<>")
        opened.files.append(TnefFile(name, mime, content, cid))
        return
    words = (inner.text or text_from_html(inner.html)).encode()
    opened.files.append(TnefFile(f"{name or 'message'}.txt", "text/plain", words))
    opened.files.extend(inner.files[: MAX_FILES - len(opened.files)])
    opened.is_whole = opened.is_whole and inner.is_whole


def _string(value: tuple[int, bytes] | None, codec: str, *, binary: str = "") -> str:
    if value is None:
        return ""
    kind, raw = value
    if kind == _UNICODE:
        return raw.decode("utf-16-le", "replace").rstrip("\0")
    if kind == _STRING8 or (binary and kind == _BINARY):
        return charsets.decode(raw.rstrip(b"\0"), codec).text
    return ""


def _codec(page: int, otherwise: str) -> str:
    """The charset of a Windows code page."""
    return charsets.codec_for(_CODEPAGES.get(page, f"cp{page}")) or otherwise
