"""A raw mail rewritten without certain words and files, part by part; for striking out.

The MIME structure stays and the mail can be parsed as before. A text part that held what was sought is written anew in
UTF-8 and base64; all other parts keep their bytes. When something cannot be rewritten safely, the whole body goes and
only the header stays: what was struck never survives.
"""

import base64
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from anshin.plumbing.mail import charsets
from anshin.plumbing.mail.composed import composed
from anshin.plumbing.mail.flowed import unflowed
from anshin.plumbing.mail.header_words import Field, fields_between, struck_field, structured
from anshin.plumbing.mail.headers import unfolded
from anshin.plumbing.mail.markup_words import Change, Finder, replaced, replaced_in_html
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.structure import Node, take_apart
from anshin.plumbing.mail.transfer import decode_transfer

PLACEHOLDER: Final = "████\n".encode()
"""What stands in the place of a struck file."""
MOST_NESTED: Final = 10
_KEPT = frozenset(
    {"from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to", "auto-submitted"}
)
_MAILS = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers"})
_REWRITTEN = frozenset({"content-type", "content-transfer-encoding", "content-md5"})
_OTHER_CHARSETS = ("utf-8", "cp932", "euc-jp", "iso-2022-jp", "gb18030", "big5", "euc-kr", "utf-16")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|br|table|span|a|td|b|i|font|meta)\b", re.IGNORECASE)


class _CannotRewrite(Exception):
    """A part whose bytes cannot be changed safely holds what is sought."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What is sought in a mail, how deep the mail lies in others, and how its lines end."""

    find: Finder
    gone: Collection[str]
    nested: int
    line_end: bytes


def struck_mail(raw: bytes, find: Finder, *, gone: Collection[str] = (), nested: int = 0) -> bytes:
    """The mail without what `find` finds and without the files whose SHA-256 is in `gone`; else `raw` itself.

    Looks into text and HTML parts in every charset and transfer encoding, headers with their encoded words and file
    names, attached mails, plain stretches of other files, and what stands between the parts. Never raises.
    """
    even = raw if b"\n" in raw or b"\r" not in raw else raw.replace(b"\r", b"\n")
    try:
        written = _rewritten(even, find, gone, nested)
    except (_CannotRewrite, RecursionError, ValueError, LookupError):
        return _header_alone(even, find)
    if _still_there(written, find, gone):  # inside an envelope that is not rewritten: signed as a whole, winmail.dat
        return _header_alone(even, find)
    return raw if written == even else written


def struck_file(content: bytes, find: Finder, *, is_mail: bool = False, nested: int = 0) -> bytes:
    """The file without what is sought; itself when it has none of it.

    Text keeps its charset where that has the sign for struck words. In other files (PDF, pictures, archives) only
    what stands there plainly is found; it is overwritten without changing the length.
    """
    if is_mail:
        return struck_mail(content, find, nested=nested)
    if _NOT_TEXT.search(content[:4096]) and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _overwritten(content, find)
    text, codec = _text_with(content, "", find)
    if text is None:
        return content
    changed = _without(text, find)
    return _in_codec(changed, codec)


def _rewritten(raw: bytes, find: Finder, gone: Collection[str], nested: int) -> bytes:
    root = take_apart(raw, [])
    line_end = b"\r\n" if b"\r\n" in raw[:4096] else b"\n"
    work = _Work(find, gone, nested, line_end)
    edits: list[tuple[int, int, bytes]] = []
    inside: list[tuple[int, int]] = []
    for node in _nodes(root):
        fields = [field for field in fields_between(raw, node.whole_start, node.start) if field.raw.strip()]
        struck = [struck_field(field, find, line_end) or field for field in fields]
        inside.append((node.whole_start, node.start if node.children else node.end))
        if not node.children and (body := _struck_body(raw, node, work)) is not None:
            edits.append((node.start, node.end, body[1]))
            struck = [field for field in struck if field.name not in _REWRITTEN] + body[0]
        if struck != fields:
            edits.append((node.whole_start, node.start, b"".join(field.raw for field in struck) + line_end))
    edits += _between(raw, inside, find)
    return _spliced(raw, edits)


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children


def _struck_body(raw: bytes, node: Node, work: _Work) -> tuple[list[Field], bytes] | None:
    """New fields and body of a part without children; None when it holds nothing that is sought."""
    body = raw[node.start : node.end]
    encoding = unfolded(node.raw(b"content-transfer-encoding"))
    content = body if node.beyond_limits else decode_transfer(body, encoding)[0]
    kind = node.content.value
    if work.gone and hashlib.sha256(content).hexdigest() in work.gone:
        return _fields(node, "text/plain", work, charset="utf-8"), _lines(PLACEHOLDER, work.line_end)
    if kind in _MAILS and work.nested < MOST_NESTED:
        inner = struck_mail(content, work.find, gone=work.gone, nested=work.nested + 1)
        return None if inner == content else (_fields(node, kind, work)[:1], inner)
    if kind.startswith(("multipart/", "message/")) or node.beyond_limits:
        if _overwritten(content, work.find) != content or _text_with(content, "", work.find)[0] is not None:
            raise _CannotRewrite
        return None
    if not kind.startswith("text/"):
        changed = struck_file(content, work.find)
        return None if changed == content else (_fields(node, kind, work), _lines(changed, work.line_end))
    text, _codec = _text_with(content, node.content.values.get("charset", ""), work.find)
    if text is None:
        return None
    written = _without(text, work.find).encode()
    return _fields(node, kind, work, charset="utf-8"), _lines(written, work.line_end)


def _text_with(content: bytes, declared: str, find: Finder) -> tuple[str | None, str]:
    """The text in the reading in which most is found, with its codec: as it would be read first, else in others."""
    decoded = charsets.decode(content, declared)
    if text := _fullest(decoded.text, find):
        return text, decoded.choice.used
    if content.isascii() and b"\x1b" not in content:
        return None, ""
    for codec in _OTHER_CHARSETS:
        if text := _fullest(content.decode(codec, "replace"), find):
            return text, codec
    return None, ""


def _fullest(text: str, find: Finder) -> str:
    """The form of the text in which most is found: as sent, letters put together, lines put together; "" for none."""
    even = text.replace("\r\n", "\n")
    whole = composed(even)
    forms = [text, whole, *(unflowed(whole, delete_space=delete) for delete in (False, True) if " \n" in whole)]
    counts = [len(list(find(form))) + (_in_markup(form, find) if form is text else 0) for form in forms]
    return forms[counts.index(max(counts))] if max(counts) else ""


def _in_markup(text: str, find: Finder) -> bool:
    return bool(_MARKUP.search(text)) and replaced_in_html(text, find) != text


def _without(text: str, find: Finder) -> str:
    changed = replaced_in_html(text, find) if _MARKUP.search(text) else text
    return replaced(changed, find(changed))


def _overwritten(content: bytes, find: Finder) -> bytes:
    plain = content.decode("latin-1")
    changes: list[Change] = [(start, end, "*" * (end - start)) for start, end, _instead in find(plain)]
    return replaced(plain, changes).encode("latin-1") if changes else content


def _in_codec(text: str, codec: str) -> bytes:
    for written in (text, text.replace("█", "■")):
        try:
            return written.encode(codec or "utf-8")
        except (UnicodeError, LookupError):
            continue
    return text.encode("utf-8", "replace")


def _fields(node: Node, kind: str, work: _Work, *, charset: str = "") -> list[Field]:
    """Content-Type, with the file name that the part had, and Content-Transfer-Encoding of a part written anew."""
    name = node.content.values.get("name", "")
    values = {"charset": charset, "name": replaced(name, work.find(name))}
    said = structured(kind, {key: value for key, value in values.items() if value})
    return [
        Field("content-type", b"Content-Type: " + said.encode() + work.line_end),
        Field("content-transfer-encoding", b"Content-Transfer-Encoding: base64" + work.line_end),
    ]


def _between(raw: bytes, inside: list[tuple[int, int]], find: Finder) -> list[tuple[int, int, bytes]]:
    """Edits for what stands before, between and behind the parts."""
    edits: list[tuple[int, int, bytes]] = []
    last = 0
    for start, end in [*sorted(inside), (len(raw), len(raw))]:
        gap = raw[last:start]
        if gap.strip() and (changed := _overwritten(gap, find)) != gap:
            edits.append((last, start, changed))
        last = max(last, end)
    return edits


def _spliced(raw: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    pieces, last = [], 0
    for start, end, instead in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        pieces += [raw[last:start], instead]
        last = end
    return b"".join([*pieces, raw[last:]]) if pieces else raw


def _lines(content: bytes, line_end: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", line_end)


def _still_there(raw: bytes, find: Finder, gone: Collection[str]) -> bool:
    mail = parse(raw)
    texts = [mail.subject, mail.text, *(value for _name, value in mail.headers)]
    texts += [part.filename_as_sent for part in mail.attachments]
    if any(list(find(text)) for text in texts) or replaced_in_html(mail.html, find) != mail.html:
        return True
    return any(
        hashlib.sha256(part.content).hexdigest() in gone or struck_file(part.content, find) != part.content
        for part in mail.attachments
        if part.content_type not in _MAILS
    )


def _header_alone(raw: bytes, find: Finder) -> bytes:
    """The fields by which a mail is known, and nothing else."""
    root = take_apart(raw, [])
    fields = [each for each in fields_between(raw, root.whole_start, root.start) if each.name in _KEPT]
    struck = [struck_field(each, find, b"\r\n") or each for each in fields]
    lines = b"".join(each.raw.rstrip(b"\r\n") + b"\r\n" for each in struck)
    plain = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return lines + plain + _lines(PLACEHOLDER, b"\r\n")
