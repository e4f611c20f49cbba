"""Header fields of a raw mail with words replaced in them, however these are encoded; for `striking`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.header import Header
from urllib.parse import quote

from anshin.plumbing.mail.headers import decode_words, parameters, unfolded
from anshin.plumbing.mail.markup_words import Finder, replaced

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|\Z)")
_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_WORDS = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=(?:\s+=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=)*")
_ADDRESSES = frozenset({"from", "to", "cc", "bcc", "sender", "reply-to", "return-path", "resent-from", "resent-to"})
_STRUCTURED = frozenset({"content-type", "content-disposition"})
_ADDRESS = re.compile(r"<?([^\s<>,;\"]+@[^\s<>,;\"]+)>?")


@dataclass(frozen=True, slots=True)
class Field:
    """One field as its bytes, line end included; `name` in lower case, "" for a stray line."""

    name: str
    raw: bytes

    @property
    def value(self) -> bytes:
        """What stands behind the colon."""
        return self.raw.partition(b":")[2].strip(b" \t\r\n")


def fields_between(raw: bytes, start: int, end: int) -> Iterator[Field]:
    """The fields of a header region, without the empty line that ends it."""
    position = start
    while position < end:
        found = _FIELD.match(raw, position, end)
        if found:
            yield Field(found.group(1).decode("ascii").lower(), found.group())
            position = found.end()
            continue
        line = _LINE.match(raw, position, end)
        if line is None or line.end() == position:
            return
        if line.group().strip():
            yield Field("", line.group())
        position = line.end()


def struck_field(field: Field, find: Finder, line_end: bytes) -> Field | None:
    """The field without what is sought; None when it holds nothing of it."""
    if not field.name:
        return Field("", b"") if list(find(unfolded(field.raw))) else None
    text = unfolded(field.value, most=len(field.value))
    if not list(find(text)) and not _found_decoded(field, text, find):
        return None
    written = _WORDS.sub(lambda words: _word(words.group(), find), replaced(text, find(text)))
    if field.name in _STRUCTURED:
        written = _parameters(field, find)
    elif list(find(decode_words(written))):
        decoded = replaced(decode_words(written), find(decode_words(written)))
        written = ", ".join(_ADDRESS.findall(decoded)) if field.name in _ADDRESSES else decoded
    name = field.raw.partition(b":")[0]
    return Field(field.name, name + b": " + _encoded(written, field.name, line_end) + line_end)


def _found_decoded(field: Field, text: str, find: Finder) -> bool:
    if field.name in _STRUCTURED and any(list(find(value)) for value in parameters(field.value).values.values()):
        return True
    return bool(list(find(decode_words(text))))


def _word(words: str, find: Finder) -> str:
    """A run of encoded words, written anew when something in it was replaced."""
    decoded = decode_words(words)
    changes = list(find(decoded))
    return Header(replaced(decoded, changes), "utf-8", maxlinelen=75).encode(linesep="\n") if changes else words


def structured(value: str, parameters: Mapping[str, str]) -> str:
    """A value with parameters, for the wire. Source: RFC 2231 section 4 for those that are not plain ASCII."""
    pieces = [value]
    for name, said in parameters.items():
        is_plain = said.isascii() and '"' not in said and "\\" not in said
        pieces.append(f'{name}="{said}"' if is_plain else f"{name}*=UTF-8''{quote(said, safe='')}")
    return "; ".join(pieces)


def _parameters(field: Field, find: Finder) -> str:
    found = parameters(field.value)
    return structured(found.value, {name: replaced(value, find(value)) for name, value in found.values.items()})


def _encoded(text: str, name: str, line_end: bytes) -> bytes:
    """The value for the wire: as it is when plain, else in encoded words."""
    if text.isascii():
        return re.sub(r"\n\s*", "\n ", text).encode().replace(b"\n", line_end)
    if name in _ADDRESSES:
        pieces = re.sub(r"[^\x00-\x7f]+", lambda run: Header(run.group(), "utf-8").encode(), text)
        return pieces.encode("ascii", "replace")
    return Header(text, "utf-8", header_name=name).encode(linesep="\n").encode().replace(b"\n", line_end)
