"""Japanese by escape sequences and by rows: ISO-2022-JP in all its real shapes, and EUC-JP as Windows wrote
it.

For `charsets`, which decides when to use them. CPython's own codecs fail on NEC row 13 (①㈱), on IBM
extensions (髙﨑) and on ESC ( I kana, so a JIS row and cell is turned into Shift_JIS bytes and read as cp932.

Source: JIS X 0208 and RFC 1468 (ISO-2022-JP), RFC 1554 (-JP-2), RFC 2237 (-JP-1), the eucJP-ms tables of
The Open Group Japan Vendors Council (rows 83 and 84 of the three-byte set).
"""

import re
from collections.abc import Callable
from functools import cache

REPLACEMENT = "\ufffd"

_ASCII, _ROMAN, _KANA, _JIS, _JIS_0212, _JIS_0213_1, _JIS_0213_2, _GB2312, _KSC = range(9)
_SETS: dict[bytes, int] = {
    b"\x1b(B": _ASCII,
    b"\x1b(H": _ASCII,
    b"\x1b(J": _ROMAN,
    b"\x1b(I": _KANA,
    b"\x1b$@": _JIS,
    b"\x1b$B": _JIS,
    b"\x1b$(@": _JIS,
    b"\x1b$(B": _JIS,
    b"\x1b$(O": _JIS_0213_1,
    b"\x1b$(Q": _JIS_0213_1,
    b"\x1b$(D": _JIS_0212,
    b"\x1b$(P": _JIS_0213_2,
    b"\x1b$A": _GB2312,
    b"\x1b$(C": _KSC,
    b"\x1b&@": -1,  # "the 1990 revision follows": says nothing by itself
}
_ESCAPE = re.compile(rb"\x1b(?:\([BHJI]|\$[@BA]|\$\([@BOQDPC]|&@)")
_ESCAPE_OR_G2 = re.compile(_ESCAPE.pattern + rb"|\x1b\.[AF]|\x1bN[ -\x7f]")
_G2_SETS = {b"A": "iso8859-1", b"F": "iso8859-7"}
_SHIFTED_OUT = re.compile(rb"\x0e([!-_ \r\n]{1,400})(?:\x0f|$)")
_LOST_ESCAPE = re.compile(rb"(?<!\x1b)\$[@B]((?:[!-~]{2}){1,400}?)(?<!\x1b)\([BJ]")
_TWO_BYTE = frozenset({_JIS, _JIS_0212, _JIS_0213_1, _JIS_0213_2, _GB2312, _KSC})


def has_escapes(raw: bytes) -> bool:
    """Whether a sequence switches character sets: then it is ISO-2022, whatever the label."""
    return b"\x1b" in raw and _ESCAPE.search(raw) is not None


def ends_shifted(raw: bytes) -> bool:
    """Whether the text stops before it has switched back to ASCII."""
    last = None
    for found in _ESCAPE.finditer(raw):
        last = found
    return last is not None and _SETS[last.group()] not in (_ASCII, _ROMAN, -1)


def restore_escapes(raw: bytes) -> bytes:
    """The text with its ESC bytes put back where a relay has removed them ($B…(B without ESC)."""
    return _LOST_ESCAPE.sub(lambda found: b"\x1b$B" + found.group(1) + b"\x1b(B", raw)


def decode_iso2022jp(raw: bytes, stray: Callable[[bytes], str]) -> str:
    """Text of ISO-2022-JP and its relatives; `stray` reads runs of 8-bit bytes between the sequences.

    Units: one U+FFFD for each character that has no meaning. Never raises for any bytes.
    """
    if b"\x0e" in raw:  # half-width kana between SO and SI, from old phones and hosts
        raw = _SHIFTED_OUT.sub(lambda found: b"\x1b(I" + found.group(1) + b"\x1b(B", raw)
    out: list[str] = []
    current = _ASCII
    position = 0
    second = "iso8859-1"
    for found in (_ESCAPE if b"\x1b." not in raw else _ESCAPE_OR_G2).finditer(raw):
        current = _append_run(out, raw[position : found.start()], current, stray, closed=True)
        position, token = found.end(), found.group()
        if token.startswith(b"\x1b."):
            second = _G2_SETS[token[-1:]]
        elif token.startswith(b"\x1bN"):
            out.append(bytes((token[-1] | 0x80,)).decode(second, "replace"))
        elif _SETS[token] != -1:
            current = _SETS[token]
    _append_run(out, raw[position:], current, stray, closed=False)
    return "".join(out)


def decode_eucjp(raw: bytes) -> str:
    """Text of EUC-JP with NEC row 13, NEC-selected and IBM extensions; U+FFFD where bytes have no meaning."""
    out: list[str] = []
    for ascii_run, euc_run in _EUC_RUNS.findall(raw):
        out.append(ascii_run.decode("ascii") if ascii_run else _euc_run(euc_run))
    return "".join(out)


_EUC_RUNS = re.compile(rb"([\x00-\x7f]+)|([\x80-\xff]+)")


def _append_run(out: list[str], run: bytes, current: int, stray: Callable[[bytes], str], *, closed: bool) -> int:
    """Adds one run between escapes and returns the set in force after it."""
    if not run:
        return current
    if current in _TWO_BYTE:
        return _append_two_byte_lines(out, run, current, stray, closed=closed)
    if current == _KANA:
        out.append(_kana(run, stray))
    else:
        text = run.decode("ascii") if run.isascii() else stray(run)
        out.append(text.replace("\\", "¥") if current == _ROMAN else text)
    return current


def _append_two_byte_lines(
    out: list[str], run: bytes, current: int, stray: Callable[[bytes], str], *, closed: bool
) -> int:
    """Lines of a two-byte run; one that was never switched back is ASCII unless its bytes still pair up."""
    lines = re.split(rb"(\r\n|\n|\r)", run)
    after = current
    for index, line in enumerate(lines):
        if index % 2:
            out.append(line.decode("ascii"))
        elif index and not (closed and index == len(lines) - 1 and len(line) % 2 == 0 and line):
            after = _ASCII
            out.append(line.decode("ascii") if line.isascii() else stray(line))
        else:
            after = current
            out.append(_pairs(line, current, stray))
    return after


def _pairs(line: bytes, current: int, stray: Callable[[bytes], str]) -> str:
    if not line.isascii():
        return _pairs_with_stray(line, current, stray)
    out: list[str] = []
    for chunk in re.findall(rb"[!-~]+|[^!-~]+", line):
        if not 0x21 <= chunk[0] <= 0x7E:
            out.append(chunk.decode("ascii"))
            continue
        even = len(chunk) - len(chunk) % 2
        out.append(_even_pairs(chunk[:even], current))
        if len(chunk) % 2:
            out.append(REPLACEMENT)
    return "".join(out)


def _pairs_with_stray(line: bytes, current: int, stray: Callable[[bytes], str]) -> str:
    """8-bit bytes inside a two-byte run: the same rows with the high bit set, else something else."""
    if len(line) % 2 == 0 and all(0xA1 <= byte <= 0xFE for byte in line):
        return _even_pairs(bytes(byte & 0x7F for byte in line), current)
    parts = re.findall(rb"[\x00-\x7f]+|[\x80-\xff]+", line)
    return "".join(_pairs(part, current, stray) if part.isascii() else stray(part) for part in parts)


def _even_pairs(pairs: bytes, current: int) -> str:
    if current == _JIS or (current == _JIS_0213_1 and _COMMON_ROWS.fullmatch(pairs)):
        try:
            return _shift_jis_bytes(pairs).decode("cp932")
        except UnicodeDecodeError:
            pass
    return "".join(_pair(pairs[index], pairs[index + 1], current) for index in range(0, len(pairs), 2))


def _shift_jis_bytes(pairs: bytes) -> bytes:
    out = bytearray(len(pairs))
    for index in range(0, len(pairs), 2):
        row, cell = pairs[index], pairs[index + 1]
        lead = ((row - 0x21) >> 1) + 0x81
        out[index] = lead + 0x40 if lead > 0x9F else lead
        out[index + 1] = cell + 0x7E if not row & 1 else cell + (0x20 if cell >= 0x60 else 0x1F)
    return bytes(out)


_COMMON_ROWS = re.compile(rb"(?:[!-(0-s][!-~])*")
"""Rows 1 to 8 and 16 to 83, in which JIS X 0208 and 0213 agree; there the one reading of ～ and － is kept."""


@cache
def _pair(row: int, cell: int, current: int) -> str:
    """One character of a two-byte set."""
    high = bytes((row | 0x80, cell | 0x80))
    attempts: list[tuple[bytes, str]] = {
        _JIS: [(_shift_jis_bytes(bytes((row, cell))), "cp932"), (high, "euc_jis_2004")],
        _JIS_0213_1: [(high, "euc_jis_2004"), (_shift_jis_bytes(bytes((row, cell))), "cp932")],
        _JIS_0212: [(b"\x8f" + high, "euc_jp")],
        _JIS_0213_2: [(b"\x8f" + high, "euc_jis_2004")],
        _GB2312: [(high, "gb18030")],
        _KSC: [(high, "cp949")],
    }[current]
    for encoded, codec in attempts:
        try:
            return encoded.decode(codec)
        except UnicodeDecodeError:
            continue
    return _vendor_rows().get((row, cell), REPLACEMENT) if current == _JIS_0212 else REPLACEMENT


def _kana(run: bytes, stray: Callable[[bytes], str]) -> str:
    if not run.isascii():
        parts = re.findall(rb"[\x00-\x7f]+|[\x80-\xff]+", run)
        return "".join(_kana(part, stray) if part.isascii() else stray(part) for part in parts)
    return "".join(chr(0xFF61 + byte - 0x21) if 0x21 <= byte <= 0x5F else chr(byte) for byte in run)


def _euc_run(run: bytes) -> str:
    out: list[str] = []
    index = 0
    while index < len(run):
        lead = run[index]
        if lead == 0x8E and run[index + 1 : index + 2] and 0xA1 <= run[index + 1] <= 0xDF:
            out.append(chr(0xFF61 + run[index + 1] - 0xA1))
            index += 2
        elif lead == 0x8F and _are_high(run[index + 1 : index + 3]):
            out.append(_pair(run[index + 1] & 0x7F, run[index + 2] & 0x7F, _JIS_0212))
            index += 3
        elif _are_high(run[index : index + 2]):
            out.append(_pair(lead & 0x7F, run[index + 1] & 0x7F, _JIS))
            index += 2
        else:
            out.append(REPLACEMENT)
            index += 1
    return "".join(out)


def _are_high(pair: bytes) -> bool:
    return len(pair) == 2 and 0xA1 <= pair[0] <= 0xFE and 0xA1 <= pair[1] <= 0xFE


@cache
def _vendor_rows() -> dict[tuple[int, int], str]:
    """Rows 83 and 84 of the three-byte set: the IBM extensions that JIS X 0212 lacks, in IBM's order."""
    cells = [(0x73, cell) for cell in range(0x73, 0x7F)] + [(0x74, cell) for cell in range(0x21, 0x7F)]
    return dict(zip(cells, _ibm_only_characters(), strict=True))


def _ibm_only_characters() -> list[str]:
    trails = [*range(0x40, 0x7F), *range(0x80, 0xFD)]
    places = [bytes((lead, trail)) for lead in (0xFA, 0xFB, 0xFC) for trail in trails]
    characters = [place.decode("cp932") for place in places if place <= b"\xfc\x4b"]
    return [character for character in characters if character not in "￢￤∵" and not _is_in_jis(character)]


def _is_in_jis(character: str) -> bool:
    if character == "№":  # in JIS X 0212 too, but the vendors kept its own place
        return False
    try:
        character.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return True
