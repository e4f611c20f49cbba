"""Header values as a person would read them: encoded words, raw 8-bit text, parameters, message ids.

For `reader` and `filters`. Everything is tolerant: a malformed piece stays as it was sent, nothing raises.

Source: RFC 2047 (encoded words), RFC 2231 (parameters), RFC 6532 (UTF-8 headers), RFC 5322 3.6.4 (message
ids).
"""

import re
from itertools import islice
from typing import NamedTuple

from anshin.plumbing.mail import charsets, jis
from anshin.plumbing.mail.composed import composed
from anshin.plumbing.mail.transfer import decode_base64, decode_q_word

MAX_HEADER_CHARS = 100_000
MAX_VALUE_CHARS = 10_000
MAX_WORDS = 1_000

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?((?:[^?]|\?(?!=))*)(?:\?=|$)")
_MESSAGE_ID = re.compile(r"<([^<>]{1,998})>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*("|\Z|\\\Z)', re.DOTALL)
_QUOTED_OR_SEMICOLON = re.compile(r'"(?:[^"\\]|\\.)*"|;')


class _Word(NamedTuple):
    charset: str
    encoding: str
    payload: str


class Parameters(NamedTuple):
    """A structured header: its value in lower case and its parameters, names in lower case."""

    value: str
    values: dict[str, str]


def unfolded(raw: bytes, defects: list[str] | None = None, *, most: int = MAX_VALUE_CHARS) -> str:
    """The header on one line with raw 8-bit or JIS bytes read, encoded words untouched; cut after `most` bytes."""
    if len(raw) > most:
        raw = raw[:most]
        _note(defects, "header_too_long")
    if b"\0" in raw:
        _note(defects, "nul_in_header")
    decoded = charsets.decode(raw)
    if decoded.choice.lost_count and b"\0" not in raw:
        _note(defects, "header_damaged")
    first, *rest = re.split(r"[\r\n]+", decoded.text)
    return "".join([first, *(line if line[:1] in (" ", "\t") else " " + line for line in rest)]).strip(" \t")


def readable(raw: bytes, defects: list[str] | None = None) -> str:
    """The header as text: unfolded, encoded words decoded, control characters gone."""
    return printable(decode_words(unfolded(raw, defects), defects))


def printable(text: str) -> str:
    """Text on one line without control characters, in whole characters; a NUL stays visible as U+FFFD."""
    text = _CONTROLS.sub("", text.replace("\0", jis.REPLACEMENT).replace("\r", " ").replace("\n", " "))
    if "\t" in text:
        text = re.sub(r"[ \t]+", lambda run: " " if "\t" in run.group() else run.group(), text)
    return composed(text.strip())


_CONTROLS = re.compile(r"[\x01-\x08\x0b-\x1f\x7f]")


def decode_words(text: str, defects: list[str] | None = None) -> str:
    """Encoded words decoded; white space between two of them dropped, everything else as it stands."""
    if "=?" not in text:
        return text
    out: list[str] = []
    adjacent: list[_Word] = []
    position = 0
    for found in islice(_WORD.finditer(text), MAX_WORDS):
        between = text[position : found.start()]
        if adjacent and between.strip(" \t"):
            out.append(_joined(adjacent, defects))
            adjacent = []
        if not adjacent:
            out.append(between)
        adjacent.append(_Word(found.group(1), found.group(2).lower(), found.group(3)))
        position = found.end()
    out.append(_joined(adjacent, defects))
    out.append(text[position:])
    return "".join(out)


def parameters(raw: bytes, defects: list[str] | None = None) -> Parameters:
    """Content-Type and the like taken apart: quotes, RFC 2231 pieces, RFC 2047 where it is forbidden."""
    text = unfolded(raw, defects)
    pieces = _split_parameters(text)
    plain: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[1:]:
        name, separator, value = piece.partition("=")
        if separator:
            _take_parameter(name.strip().lower(), value.strip(), plain, extended)
    values = {name: printable(decode_words(value, defects)) for name, value in plain.items()}
    for name, numbered in extended.items():
        values[name] = printable(_rfc2231(numbered, defects))
    return Parameters(_COMMENT.sub("", pieces[0]).strip(" \t\"'").lower(), values)


_COMMENT = re.compile(r"\([^()]*\)")


def message_ids(text: str) -> tuple[str, ...]:
    """Bare message ids in the order written; words without brackets count when they hold an @."""
    found = [re.sub(r"\s+", "", inner) for inner in _MESSAGE_ID.findall(text)]
    if not found:
        found = [word for word in re.split(r"[\s<>,;\"]+", text) if "@" in word[1:-1]]
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))


def closed_quotes(text: str) -> str:
    """The text with a quotation mark that never closes, and those after it, made spaces; backslashes escape inside."""
    for found in _QUOTED.finditer(text):
        if found.group(1) != '"':
            return text[: found.start()] + text[found.start() :].replace('"', " ")
    return text


def _note(defects: list[str] | None, code: str) -> None:
    if defects is not None and code not in defects:
        defects.append(code)


def _joined(words: list[_Word], defects: list[str] | None) -> str:
    """Neighbouring words, each decoded alone; those of one charset together where a character was cut."""
    out: list[str] = []
    index = 0
    while index < len(words):
        end = index + 1
        while end < len(words) and words[end].charset.lower() == words[index].charset.lower():
            end += 1
        out.append(_same_charset(words[index:end], defects))
        index = end
    return "".join(out)


def _same_charset(words: list[_Word], defects: list[str] | None) -> str:
    text, lost = _least_lost(words)
    whole = _whole_base64(words) if lost else words
    if len(whole) < len(words):
        text, lost = min((text, lost), _least_lost(whole), key=_losses)
    if lost:
        _note(defects, "encoded_word_damaged")
    return text


def _losses(attempt: tuple[str, int]) -> int:
    return attempt[1]


def _least_lost(words: list[_Word]) -> tuple[str, int]:
    """The words decoded alone or, when that loses more or mixes charsets, together; and how much was lost."""
    charset = words[0].charset
    chunks = [_bytes_of(word) for word in words]
    damaged = sum(is_damaged for _chunk, is_damaged in chunks)
    groups: list[bytes] = []
    for chunk, _is_damaged in chunks:
        if groups and jis.ends_shifted(groups[-1]) and not chunk.startswith(b"\x1b"):
            groups[-1] += chunk
        else:
            groups.append(chunk)
    alone = [charsets.decode(group, charset) for group in groups]
    lost = sum(decoded.choice.lost_count for decoded in alone)
    attempt = "".join(decoded.text for decoded in alone), lost + damaged
    if len(groups) == 1 or (not lost and len({decoded.choice.used for decoded in alone} - {"us-ascii"}) < 2):
        return attempt
    whole = charsets.decode(b"".join(groups), charset)
    return min((whole.text, whole.choice.lost_count + damaged), attempt, key=_losses)


def _whole_base64(words: list[_Word]) -> list[_Word]:
    """Words whose base64 was cut at any place are put together again."""
    out: list[_Word] = []
    for word in words:
        previous = out[-1] if out else None
        if (
            previous is not None
            and previous.encoding == word.encoding == "b"
            and not previous.payload.endswith("=")
            and len(re.sub(r"\s", "", previous.payload)) % 4
        ):
            out[-1] = previous._replace(payload=previous.payload + word.payload)
        else:
            out.append(word)
    return out


def _bytes_of(word: _Word) -> tuple[bytes, bool]:
    """The bytes and whether the base64 was damaged."""
    if word.encoding == "b":
        content, defect = decode_base64(word.payload.encode("ascii", "ignore"))
        return content, bool(defect)
    return decode_q_word(word.payload), False


def _split_parameters(text: str) -> list[str]:
    """Pieces between semicolons that are not inside quotes."""
    pieces: list[str] = []
    start = 0
    text = closed_quotes(text)
    for found in _QUOTED_OR_SEMICOLON.finditer(text):
        if found.group() == ";":
            pieces.append(text[start : found.start()])
            start = found.end()
    pieces.append(text[start:])
    return pieces


def _take_parameter(
    name: str, value: str, plain: dict[str, str], extended: dict[str, dict[int, tuple[str, bool]]]
) -> None:
    """Files one name=value under the plain ones or under the numbered and percent-encoded ones."""
    numbered = re.fullmatch(r"([^*\s]+)(?:\*(\d{1,4}))?(\*)?", name)
    if numbered is None or not (numbered.group(2) or numbered.group(3)):
        plain.setdefault(name, _unquoted(value))
        return
    key, number, percent = numbered.groups()
    extended.setdefault(key, {}).setdefault(int(number or 0), (_unquoted(value), percent is not None))


def _unquoted(value: str) -> str:
    found = re.match(r'"((?:[^"\\]|\\.)*)"', value)
    if found is None:
        return value.strip("\"' \t") if value.startswith(('"', "'")) else _COMMENT.sub("", value).strip()
    inner = found.group(1)
    # Windows paths are sent unescaped: a backslash only escapes quotes and itself.
    return re.sub(r'\\(["\\])', r"\1", inner)


def _rfc2231(numbered: dict[int, tuple[str, bool]], defects: list[str] | None) -> str:
    charset = ""
    raw = bytearray()
    encoded = False
    for position, number in enumerate(sorted(numbered)):
        value, percent = numbered[number]
        if percent and position == 0 and value.count("'") >= 2:
            charset, _language, value = value.split("'", 2)
        encoded = encoded or percent
        raw += _percent_bytes(value) if percent else value.encode()
    decoded = charsets.decode(bytes(raw), charset)
    if decoded.choice.lost_count:
        _note(defects, "parameter_damaged")
    return decode_words(decoded.text, defects)


def _percent_bytes(value: str) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found.group(1).decode()), value.encode())
