"""Which parts of a mail are its words and which are its files; for `reader`.

A mail's words are a row of blocks, each with a plain and an HTML side. Of alternatives the plain side is
taken from the plain part and the HTML side from the last HTML part, so that neither is shown twice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from mimetypes import guess_type
from typing import NamedTuple

from anshin.plumbing.mail import charsets
from anshin.plumbing.mail.composed import composed
from anshin.plumbing.mail.filenames import message_filename, safe_filename
from anshin.plumbing.mail.flowed import unflowed
from anshin.plumbing.mail.headers import parameters, readable, unfolded
from anshin.plumbing.mail.html import html_from_plain, text_from_html
from anshin.plumbing.mail.invitations import CALENDAR_TYPES, read_invitations
from anshin.plumbing.mail.protected import SMIME_TYPES, Author, of_envelope, of_multipart, of_text
from anshin.plumbing.mail.smime import open_envelope
from anshin.plumbing.mail.spelling import Spelling
from anshin.plumbing.mail.structure import Node, take_apart
from anshin.plumbing.mail.tnef import Opened, is_tnef, open_tnef
from anshin.plumbing.mail.transfer import decode_transfer
from anshin.plumbing.mail.values import CharsetChoice, Invitation, MailPart, Signed

MAX_TEXT_BYTES = 2_000_000
MAX_WRAPPED = 4
"""So often may a signed mail be inside a signed mail."""

_PLAIN_TYPES = frozenset({"text/plain", "text/enriched", "text/richtext", "text", "text/x-plain"})
_SAME_WORDS_AGAIN = frozenset({"text/x-amp-html", "text/watch-html"})
_MAY_WRAP = (
    CALENDAR_TYPES | SMIME_TYPES | {"application/ms-tnef", "application/vnd.ms-tnef", "application/octet-stream"}
)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Piece(NamedTuple):
    """A part together with the bytes that its positions count in."""

    raw: bytes
    node: Node


@dataclass(frozen=True, slots=True)
class Body:
    """The words and files of a mail."""

    text: str
    html: str
    attachments: tuple[MailPart, ...]
    charset_choice: CharsetChoice
    signed: Signed | None
    invitations: tuple[Invitation, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Some words: `text` is None when only HTML was sent, `html` None when only plain text was."""

    text: str | None
    html: str | None


@dataclass(slots=True)
class _Found:
    attachments: list[MailPart] = field(default_factory=list)
    choices: list[CharsetChoice] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    spelling: Spelling = field(default_factory=Spelling)
    author: Author = field(default_factory=Author)
    wrapped: list[Opened] = field(default_factory=list)
    signed: Signed | None = None
    invitations: list[Invitation] = field(default_factory=list)
    unwrapped: int = 0


def collect(piece: Piece, defects: list[str], *, spelling: Spelling, author: Author) -> Body:
    """The words and files of the mail whose root is given; `defects` gains what was found wrong."""
    found = _Found(defects=defects, spelling=spelling, author=author)
    blocks = _with_wrapped_words(_blocks(piece, found, alone=True), found)
    html = _joined_html(blocks)
    return Body(
        text=_joined_text(blocks) if blocks else _other_text(found),
        html=html,
        attachments=tuple(_shown_inline(found.attachments, html)),
        charset_choice=next(iter(found.choices), CharsetChoice("", "us-ascii", "ascii")),
        signed=found.signed or of_text(blocks[0].text or "" if blocks else ""),
        invitations=tuple(found.invitations),
    )


def _blocks(piece: Piece, found: _Found, *, alone: bool = False) -> list[_Block]:
    node = piece.node
    kind = node.content.value
    if kind.startswith("multipart/"):
        return _multipart(piece, found)
    disposition = parameters(found.spelling.header(node.raw(b"content-disposition")), found.defects)
    as_sent = disposition.values.get("filename") or _name_in_type(node, found.spelling)
    is_words = kind in _PLAIN_TYPES or kind == "text/html"
    is_file = not is_words or disposition.value == "attachment" or (bool(as_sent) and not alone)
    if kind in _SAME_WORDS_AGAIN:
        return []
    content = _content(piece, found)
    if is_file and kind in _MAY_WRAP:
        inside = _unwrapped(piece.node, content, as_sent, found)
        if inside is not None:
            return inside
    if is_file or len(content) > MAX_TEXT_BYTES:
        found.attachments.append(_file(node, content, as_sent, disposition.value, len(found.attachments) + 1))
    if is_file:
        return []
    return [_words(node, content, found)]


def _name_in_type(node: Node, spelling: Spelling) -> str:
    if spelling == _AS_ALWAYS or "name" not in node.content.values:
        return node.content.values.get("name", "")
    return parameters(spelling.header(node.raw(b"content-type"))).values.get("name", "")


_AS_ALWAYS = Spelling()


def _multipart(piece: Piece, found: _Found) -> list[_Block]:
    node = piece.node
    if not node.children:
        return _unsplit(piece, found)
    if found.signed is None:
        found.signed = of_multipart(piece.raw, node, found.author, is_whole_mail=_is_whole(node, found))
    children = [_blocks(Piece(piece.raw, child), found) for child in _not_twice(node)]
    if node.content.value != "multipart/alternative":
        return [block for blocks in children for block in blocks]
    plain = [blocks for blocks in children if blocks and all(block.html is None for block in blocks)]
    rich = [blocks for blocks in children if any(block.html is not None for block in blocks)]
    text = _joined_text(block for blocks in plain for block in blocks)
    html = _joined_html(rich[-1]) if rich else None
    if not text.strip() and html is not None:
        return [_Block(None, html)]
    return [_Block(text, html)] if plain or rich else []


def _not_twice(node: Node) -> list[Node]:
    """The children; of alternatives without those that only repeat the plain text with its own markup."""
    kinds = {child.content.value for child in node.children}
    if node.content.value != "multipart/alternative" or "text/plain" not in kinds:
        return node.children
    return [child for child in node.children if child.content.value not in ("text/enriched", "text/richtext")]


def _unsplit(piece: Piece, found: _Found) -> list[_Block]:
    """A multipart without parts: decoded as a whole it may have some; else its body is shown as text."""
    node = piece.node
    if node.beyond_limits:
        content = piece.raw[node.start : node.end]
        name = safe_filename("", content_type="text/plain", number=len(found.attachments) + 1)
        found.attachments.append(MailPart(name, "", node.content.value, content))
        return []
    content = _content(piece, found)
    if content != piece.raw[node.start : node.end]:
        whole = b"Content-Type: " + node.raw(b"content-type") + b"\r\n\r\n" + content
        again = take_apart(whole, found.defects)
        if again.children:
            return _blocks(Piece(whole, again), found)
    if not content.strip():
        return []
    return [_words(node, content, found)]


def _is_whole(node: Node, found: _Found) -> bool:
    return node.depth == 0 and not found.unwrapped


def _unwrapped(node: Node, content: bytes, as_sent: str, found: _Found) -> list[_Block] | None:
    """The words inside a part that only wraps others; None for a part that stays a file."""
    kind = node.content.value
    if kind in CALENDAR_TYPES:
        found.invitations.extend(read_invitations(content, node.content.values.get("charset", "")))
        return None
    if is_tnef(content):
        return _from_tnef(content, found)
    if kind in SMIME_TYPES or as_sent.lower().endswith(".p7m"):
        return _from_envelope(node, content, found)
    return None


def _from_tnef(content: bytes, found: _Found) -> list[_Block] | None:
    """Its files become the mail's; it stays one itself when not all of it could be read."""
    opened = open_tnef(content)
    if opened is None:
        return None
    found.wrapped.append(opened)
    for file in opened.files:
        kind = file.kind or guess_type(file.name)[0] or "application/octet-stream"
        name = safe_filename(file.name, content_type=kind, number=len(found.attachments) + 1)
        found.attachments.append(MailPart(name, file.name, kind, file.content, file.content_id))
    if opened.is_whole:
        return []
    found.defects.append("tnef_damaged")
    return None


def _from_envelope(node: Node, content: bytes, found: _Found) -> list[_Block] | None:
    envelope = open_envelope(content)
    if envelope is None or found.unwrapped >= MAX_WRAPPED:
        return None
    signed = of_envelope(envelope, envelope.content or b"", found.author, is_whole_mail=_is_whole(node, found))
    if envelope.content is None:
        found.signed = found.signed or (signed if envelope.is_encrypted else None)
        return None
    found.signed = found.signed or signed
    found.unwrapped += 1
    return _blocks(Piece(envelope.content, take_apart(envelope.content, found.defects)), found)


def _with_wrapped_words(blocks: list[_Block], found: _Found) -> list[_Block]:
    """What Outlook wrapped counts as words where the mail itself has none, or has them without their look."""
    worded = [opened for opened in found.wrapped if opened.text.strip() or opened.html.strip()]
    if not worded:
        return blocks
    if not _joined_text(blocks).strip():
        return [_Block(_tidy(opened.text) or None, _tidy(opened.html) or None) for opened in worded]
    if _joined_html(blocks) or not worded[0].html:
        return blocks
    return [_Block(_joined_text(blocks), _tidy(worded[0].html))]


def _other_text(found: _Found) -> str:
    """The words of a mail that has none of its own: a report's, or an invitation's."""
    invited = next((each.description or each.summary for each in found.invitations), "")
    return _report_text(found.attachments) or invited


def _content(piece: Piece, found: _Found) -> bytes:
    node = piece.node
    body = piece.raw[node.start : node.end]
    if node.beyond_limits:
        return body
    content, defect = decode_transfer(body, unfolded(node.raw(b"content-transfer-encoding")))
    if defect and defect not in found.defects:
        found.defects.append(defect)
    return content


def _words(node: Node, content: bytes, found: _Found) -> _Block:
    if len(content) > MAX_TEXT_BYTES:
        found.defects.append("text_too_long")
        content = content[:MAX_TEXT_BYTES]
    declared = node.content.values.get("charset", "")
    is_html = node.content.value == "text/html"
    if is_html and not charsets.codec_for(declared):
        meta = _META_CHARSET.search(content[:4_096])
        declared = meta.group(1).decode("ascii") if meta else declared
    decoded = found.spelling.decode(content, declared)
    if decoded.text.strip() or not found.choices:
        found.choices.append(decoded.choice)
    if decoded.choice.lost_count:
        found.defects.append("text_damaged")
    text = _tidy(decoded.text)
    if is_html:
        return _Block(None, text)
    if node.content.value in ("text/enriched", "text/richtext"):
        text = re.sub(r"<[^<>\n]{1,80}>", "", text)
    if node.content.values.get("format", "").lower() == "flowed":
        text = unflowed(text, delete_space=node.content.values.get("delsp", "").lower() == "yes")
    return _Block(text, None)


def _tidy(text: str) -> str:
    """Whole characters, one kind of line end, nothing that only machines obey."""
    return _CONTROLS.sub("", composed(text).replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n"))


def _file(node: Node, content: bytes, as_sent: str, disposition: str, number: int) -> MailPart:
    kind = node.content.value
    if kind in ("message/rfc822", "message/global"):
        inner = take_apart(content[:200_000], [])
        name = message_filename(as_sent, subject=readable(inner.raw(b"subject")), number=number)
    else:
        name = safe_filename(as_sent, content_type=kind, number=number)
    return MailPart(
        filename=name,
        filename_as_sent=as_sent,
        content_type=kind,
        content=content,
        content_id=unfolded(node.raw(b"content-id")).strip("<> \t"),
        inline=disposition == "inline",
    )


def _shown_inline(attachments: list[MailPart], html: str) -> list[MailPart]:
    """A file that the HTML refers to by cid: is inline, whatever its disposition says."""
    referred = {name.lower() for name in re.findall(r"cid:([^\"'\s>)]{1,500})", html, re.IGNORECASE)}
    return [
        replace(part, inline=part.inline or (part.content_id != "" and part.content_id.lower() in referred))
        for part in attachments
    ]


def _report_text(attachments: list[MailPart]) -> str:
    """The words of a mail that is nothing but a delivery report."""
    reports = [part.content for part in attachments if part.content_type == "message/delivery-status"]
    return "\n".join(charsets.decode(report).text.replace("\r\n", "\n") for report in reports)


def _joined_text(blocks: Iterable[_Block]) -> str:
    texts = [block.text if block.text is not None else text_from_html(block.html or "") for block in blocks]
    texts = [text for text in texts if text]
    return "".join(text if text.endswith("\n") or text is texts[-1] else text + "\n" for text in texts)


def _joined_html(blocks: Iterable[_Block]) -> str:
    known = list(blocks)
    if all(block.html is None for block in known):
        return ""
    shown = [block.html if block.html is not None else html_from_plain(block.text or "") for block in known]
    return "\n".join(html for html in shown if html)
