"""The words in Outlook's compressed RTF: the HTML it was made from when it says so, else its plain text; for `tnef`.

Limits: 2 MB of RTF; pictures, objects, fonts and styles are passed over. One pass over the tokens, no recursion.

Source: MS-OXRTFCP (compression, section 2.1.3), MS-OXRTFEX (HTML inside RTF, section 2.1.3), RTF 1.9.1; read
2026-11-26.
"""

import re
import struct
from dataclasses import dataclass, replace
from typing import NamedTuple

from anshin.plumbing.mail import charsets

MAX_BYTES = 2_000_000

_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n" + rb"\par \pard\plain\f0\fs20\b\i\u"
    rb"\tab\tx"
)
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,9})?[ ]?"  # 1, 2: control word and its number
    rb"|\\'([0-9A-Fa-f]{2})"  # 3: a byte
    rb"|\\(.)"  # 4: control symbol
    rb"|([{}])"  # 5: group
    rb"|([^\\{}\r\n]+)"  # 6: letters
    rb"|[\r\n]+|\\\Z",
    re.DOTALL,
)
_PASSED_OVER = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer", b"themedata"}
)
_LETTERS = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\n", b"tab": "\t", b"cell": "\t",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–",
    b"emdash": "—",
}  # fmt: skip
_FONT_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 204: "cp1251", 0: "cp1252"}


class Words(NamedTuple):
    """What an RTF says: `html` when it was made from HTML, else `text`."""

    text: str = ""
    html: str = ""


def decompressed(raw: bytes) -> bytes:
    """The RTF inside PR_RTF_COMPRESSED, at most MAX_BYTES; as far as it goes when it is cut off."""
    if len(raw) < 16:
        return b""
    kind = raw[8:12]
    if kind == b"MELA":
        return raw[16 : 16 + MAX_BYTES]
    if kind != b"LZFu":
        return b""
    size = min(struct.unpack_from("<I", raw, 4)[0], MAX_BYTES)
    return _unpacked(raw, size)


def _unpacked(raw: bytes, size: int) -> bytes:
    window = bytearray(_DICTIONARY) + bytearray(4096 - len(_DICTIONARY))
    out, write, position = bytearray(), len(_DICTIONARY), 16
    while position < len(raw) and len(out) < size:
        flags, position = raw[position], position + 1
        for bit in range(8):
            if position >= len(raw) or (flags >> bit & 1 and position + 1 >= len(raw)):
                return bytes(out[:size])
            if flags >> bit & 1:
                reference = raw[position] << 8 | raw[position + 1]
                position += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write:
                    return bytes(out[:size])
                piece = [window[offset + step & 4095] for step in range(length)] if _apart(offset, write) else None
                for step in range(length):
                    byte = piece[step] if piece else window[offset + step & 4095]
                    out.append(byte)
                    window[write] = byte
                    write = write + 1 & 4095
            else:
                out.append(raw[position])
                window[write] = raw[position]
                write, position = write + 1 & 4095, position + 1
    return bytes(out[:size])


def _apart(offset: int, write: int) -> bool:
    """Whether the copied stretch cannot run into what it writes."""
    return (write - offset) & 4095 > 17


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside one group."""

    codec: str
    is_passed_over: bool = False
    is_tag: bool = False  # inside {\*\htmltag …}: HTML written as it was
    is_rtf_only: bool = False  # between \htmlrtf and \htmlrtf0
    is_font_table: bool = False
    skip: int = 1  # letters that follow \u for old readers


class _Reader:
    """Walks over the tokens and collects what is said."""

    def __init__(self, codec: str, *, from_html: bool) -> None:
        self.from_html = from_html
        self.base = codec
        self.state = _State(codec)
        self.stack: list[_State] = []
        self.run = bytearray()
        self.out: list[str] = []
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.to_skip = 0

    def read(self, raw: bytes) -> str:
        for found in _TOKEN.finditer(raw):
            word, number, byte, symbol, group, letters = found.groups()
            if word:
                self._word(word, int(number) if number else None)
            elif byte:
                self._bytes(bytes.fromhex(byte.decode()))
            elif symbol:
                self._symbol(symbol)
            elif group:
                self._group(group)
            elif letters:
                self._bytes(letters)
        self._flush()
        return "".join(self.out)

    def _is_heard(self) -> bool:
        state = self.state
        return not state.is_passed_over and (state.is_tag or not (self.from_html and state.is_rtf_only))

    def _bytes(self, letters: bytes) -> None:
        taken = min(self.to_skip, len(letters))
        self.to_skip -= taken
        if self._is_heard():
            self.run += letters[taken:]

    def _flush(self) -> None:
        if self.run:
            self.out.append(charsets.decode_as(bytes(self.run), self.state.codec).text)
            self.run.clear()

    def _say(self, text: str) -> None:
        self._flush()
        if self._is_heard():
            self.out.append(text)

    def _symbol(self, symbol: bytes) -> None:
        if symbol in b"\\{}":
            self._bytes(symbol)
        elif symbol == b"*":
            self._flush()
            self.state = replace(self.state, is_passed_over=True)
        elif symbol == b"~":
            self._say("\u00a0")
        elif symbol == b"_":
            self._say("-")
        elif symbol in (b"\r", b"\n"):
            self._say("\n")

    def _group(self, group: bytes) -> None:
        self._flush()
        self.to_skip = 0
        if group == b"{":
            self.stack.append(self.state)
        elif self.stack:
            self.state = self.stack.pop()

    def _word(self, word: bytes, number: int | None) -> None:
        self._flush()
        if word in _LETTERS:
            # Inside HTML kept in RTF, line ends between the tags are written as \par too.
            self._say(_LETTERS[word])
        elif word == b"u" and number is not None:
            self._unicode(number)
        else:
            self._setting(word, number)

    def _unicode(self, number: int) -> None:
        code = number & 0xFFFF
        self._say(chr(code) if not 0xDC00 <= code < 0xE000 else self._paired(code))
        self.to_skip = self.state.skip

    def _paired(self, low: int) -> str:
        """The second half of a character beyond the first 65,536 joins the first."""
        if self._is_heard() and self.out and "\ud800" <= self.out[-1] < "\udc00":
            high = ord(self.out.pop())
            return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        return charsets.jis.REPLACEMENT

    def _setting(self, word: bytes, number: int | None) -> None:
        state = self.state
        if word == b"uc":
            self.state = replace(state, skip=max(0, min(number or 0, 9)))
        elif word == b"htmltag":
            self.state = replace(state, is_passed_over=not self.from_html, is_tag=self.from_html)
        elif word == b"htmlrtf":
            self.state = replace(state, is_rtf_only=number != 0)
        elif word in _PASSED_OVER:
            self.state = replace(state, is_passed_over=True, is_font_table=word == b"fonttbl")
        elif number is not None:
            self._codec(word, number)

    def _codec(self, word: bytes, number: int) -> None:
        """Words that say in which character set letters stand: the document's, or that of a font."""
        if word == b"ansicpg":
            self.base = charsets.codec_for(f"cp{number}") or self.base
            self.state = replace(self.state, codec=self.base)
        elif word == b"f":
            self.font = number
            if not self.state.is_font_table:
                self.state = replace(self.state, codec=self.fonts.get(number, self.base))
        elif word == b"fcharset" and self.state.is_font_table:
            self.fonts[self.font] = _FONT_CHARSETS.get(number, self.base)


def words_of(raw: bytes, codec: str) -> Words:
    """What the RTF says; `codec` is used where it names none."""
    raw = raw[:MAX_BYTES]
    if not raw.startswith(b"{\\rtf"):
        return Words()
    from_html = b"\\fromhtml1" in raw[:2_000]
    said = _Reader(codec, from_html=from_html).read(raw).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Words(html=said) if from_html else Words(text=said.strip("\n") + "\n" if said.strip() else "")
