"""The words in a file, for whoever looks for something in it: text, HTML, mails, and what Office and zip files hold.

Never raises, and never opens more than its limits allow, whatever a file says of itself. PDF and tables are opened by
`Look.open_document`, where there is one (`plumbing/documents`). Pictures say nothing.

Sources: ECMA-376 part 1 (WordprocessingML `w:p`, `w:t`; SpreadsheetML `si`, `c`), OpenDocument 1.3 part 3 (`text:p`),
read 2026-11-26.
"""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from anshin.plumbing.documents.values import Obstacle, Opener
from anshin.plumbing.mail import charsets, rtf
from anshin.plumbing.mail.markup_words import words_of_markup
from anshin.plumbing.mail.reader import parse
from anshin.plumbing.mail.values import ParsedMail

MOST_BYTES: Final = 20_000_000
"""Of one file, and of all together that is unpacked from it."""
MOST_TEXT_BYTES: Final = 5_000_000
"""Of one text or page."""
MOST_ENTRIES: Final = 500
MOST_NESTED: Final = 4

_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|p|br|table|span|a|td|b|i|font|meta)\b", re.IGNORECASE)
_PARAGRAPHS = re.compile(r"</?(?:\w+:)?(?:p|si|row|br|tr|h|line-break|table-row)\b[^<>]*>")
_CELLS = re.compile(r"</?(?:\w+:)?(?:c|tc|v|tab|table-cell)\b[^<>]*>")
_TAGS = re.compile(r"<[^<>]*>")
_PEOPLES_FIELDS = frozenset({"subject", "from", "to", "cc", "reply-to", "comments", "keywords"})
_MAIL_HEAD = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){3}")


@dataclass
class Look:
    """One looking into a file or a mail: who opens documents, how many bytes may still be unpacked, what stayed closed.

    `obstacles` is complete when the words have been read to their end.
    """

    open_document: Opener | None = None
    left: int = field(default_factory=lambda: MOST_BYTES)
    obstacles: set[Obstacle] = field(default_factory=set)


def words_in_file(content: bytes, name: str = "", *, look: Look | None = None) -> Iterator[str]:
    """Its texts, one after the other. `name` tells a mail and HTML where the bytes do not."""
    yield from _words(content, name.lower(), 0, look or Look())


def words_in_mail(raw: bytes, *, look: Look | None = None) -> Iterator[str]:
    """All that a mail holds: header, text, HTML, what wraps them, and its files."""
    yield from _mail(parse(raw), 0, look or Look())


def _words(content: bytes, name: str, nested: int, look: Look) -> Iterator[str]:
    opened = look.open_document(content) if look.open_document else None
    if opened:
        yield from opened.texts
        look.obstacles |= {opened.obstacle} if opened.obstacle else set()
    if content.startswith(b"PK\x03\x04"):
        yield from _unpacked(content, nested, look)
    elif not opened:
        yield from _plain(content, name, nested, look)


def _plain(content: bytes, name: str, nested: int, look: Look) -> Iterator[str]:
    if name.endswith(".eml") or (_MAIL_HEAD.match(content) and b"\nFrom:" in b"\n" + content[:20_000]):
        if nested < MOST_NESTED:
            yield from _mail(parse(_beginning(content, MOST_BYTES, look)), nested + 1, look)
        else:
            look.obstacles.add(Obstacle.TOO_LARGE)
    elif content.startswith(b"{\\rtf"):
        said = rtf.words_of(_beginning(content, rtf.MAX_BYTES, look), "cp932")
        yield said.text + words_of_markup(said.html)
    elif not _NOT_TEXT.search(content[:4096]) or content.startswith(_UTF_16):
        text = charsets.decode(_beginning(content, MOST_TEXT_BYTES, look)).text
        yield words_of_markup(text) if name.endswith((".html", ".htm")) or _MARKUP.search(text) else text


def _beginning(content: bytes, most: int, look: Look) -> bytes:
    if len(content) > most:
        look.obstacles.add(Obstacle.TOO_LARGE)
    return content[:most]


def _mail(mail: ParsedMail, nested: int, look: Look) -> Iterator[str]:
    yield "\n".join(value for name, value in mail.headers if name.lower() in _PEOPLES_FIELDS)
    yield mail.text
    yield words_of_markup(mail.html)
    for part in mail.attachments:
        yield part.filename_as_sent
        name = ".eml" if part.content_type.startswith("message/rfc822") else part.filename.lower()
        yield from _words(part.content, name, nested, look)


def _unpacked(content: bytes, nested: int, look: Look) -> Iterator[str]:
    if nested >= MOST_NESTED:
        look.obstacles.add(Obstacle.TOO_LARGE)
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                look.obstacles.add(Obstacle.TOO_LARGE)
            for entry in entries[:MOST_ENTRIES]:
                unpacked = _entry(archive, entry, look)
                if entry.filename.lower().endswith((".xml", ".rels")):
                    yield _words_of_office(charsets.decode(unpacked).text)
                elif not entry.filename.endswith("vbaProject.bin"):  # a program, not what somebody wrote
                    yield from _words(unpacked, entry.filename.lower(), nested + 1, look)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, EOFError, zlib.error):
        look.obstacles.add(Obstacle.DAMAGED)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, look: Look) -> bytes:
    """As much of it as may still be unpacked; nothing of what is encrypted or broken."""
    if entry.is_dir():
        return b""
    if entry.flag_bits & 1:
        look.obstacles.add(Obstacle.LOCKED)
        return b""
    try:
        with archive.open(entry) as opened:
            unpacked = opened.read(look.left)
            if opened.read(1):
                look.obstacles.add(Obstacle.TOO_LARGE)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError, zlib.error):
        look.obstacles.add(Obstacle.DAMAGED)
        return b""
    look.left -= len(unpacked)
    return unpacked


def _words_of_office(markup: str) -> str:
    """A paragraph, a cell or a shared string a line; what only changes its look stays one word."""
    lines = _CELLS.sub("\n", _PARAGRAPHS.sub("\n", markup))
    return html.unescape(_TAGS.sub("", lines))
