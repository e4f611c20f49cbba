"""The skeleton of ASN.1: tagged values in bytes, by position; for `smime`.

Signed mails come in BER with lengths left open (Apple Mail, streaming OpenSSL), which the DER reader of `cryptography`
refuses. Only what CMS needs: no types, no values, at most 20 levels and 20,000 elements.

Source: ITU-T X.690 (02/2021) section 8.1, read 2026-11-26.
"""

from dataclasses import dataclass

MAX_DEPTH = 20
MAX_ELEMENTS = 20_000

SEQUENCE, SET, OCTETS, INTEGER, OID, NULL = 0x30, 0x31, 0x04, 0x02, 0x06, 0x05


class NotBer(ValueError):
    """The bytes are not BER, or more deeply nested than anything honest."""


@dataclass(slots=True)
class Element:
    """One tagged value: a stretch of the bytes, copied only when asked for (a signed mail may have 30 MB)."""

    tag: int
    raw: bytes
    start: int
    inside: int
    inside_end: int
    end: int
    children: list["Element"]

    @property
    def whole(self) -> bytes:
        """Its bytes with tag and length."""
        return self.raw[self.start : self.end]

    @property
    def content(self) -> bytes:
        """What stands inside."""
        return self.raw[self.inside : self.inside_end]

    def child(self, number: int, tag: int | None = None) -> "Element":
        """The child at that place. Raises NotBer when there is none or it has another tag."""
        if number >= len(self.children) or (tag is not None and self.children[number].tag != tag):
            raise NotBer("not as expected")
        return self.children[number]

    def tagged(self, tag: int) -> "Element | None":
        """The first child with that tag."""
        return next((child for child in self.children if child.tag == tag), None)

    def octets(self) -> bytes:
        """The bytes of an octet string, its pieces put together when it was sent in pieces."""
        return b"".join(child.octets() for child in self.children) if self.children else self.content


def read(raw: bytes) -> Element:
    """The first element in `raw`. Raises NotBer."""
    return _Reader(raw).element(0, len(raw), 0)[0]


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.left = MAX_ELEMENTS

    def element(self, start: int, end: int, depth: int) -> tuple[Element, int]:
        """The element that begins at `start`, and where the next begins."""
        self.left -= 1
        if depth > MAX_DEPTH or self.left < 0 or start + 2 > end:
            raise NotBer("too deep, too many or cut off")
        tag, position = self.raw[start], start + 1
        if tag & 0x1F == 0x1F:
            raise NotBer("a tag that no mail uses")
        length, position = self._length(position, end)
        if length is None:
            children, after = self._until_end(position, end, depth)
            return Element(tag, self.raw, start, position, after - 2, after, children), after
        after = position + length
        if after > end:
            raise NotBer("cut off")
        children = self._children(position, after, depth) if tag & 0x20 else []
        return Element(tag, self.raw, start, position, after, after, children), after

    def _length(self, position: int, end: int) -> tuple[int | None, int]:
        first = self.raw[position]
        if first < 0x80:
            return first, position + 1
        if first == 0x80:
            return None, position + 1
        after = position + 1 + (first & 0x7F)
        if after > end or first & 0x7F > 8:
            raise NotBer("a length that cannot be")
        return int.from_bytes(self.raw[position + 1 : after], "big"), after

    def _children(self, position: int, end: int, depth: int) -> list[Element]:
        found: list[Element] = []
        while position < end:
            child, position = self.element(position, end, depth + 1)
            found.append(child)
        return found

    def _until_end(self, position: int, end: int, depth: int) -> tuple[list[Element], int]:
        found: list[Element] = []
        while self.raw[position : position + 2] != b"\0\0":
            child, position = self.element(position, end, depth + 1)
            found.append(child)
        return found, position + 2
