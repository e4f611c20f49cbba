"""Card numbers and My Number that stand elsewhere than in a message's text: in its files, its HTML, its raw mail.

What has been looked through once is known by the row; what has not (older messages) is looked through when it is asked
for. What cannot be read (pictures, locked files) says nothing; of a document it is said why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from anshin.cases.terms import Unseen
from anshin.language.sensitive_numbers import find_numbers
from anshin.plumbing.documents.opening import DocumentOpener
from anshin.plumbing.documents.values import Obstacle
from anshin.plumbing.files.store import BlobDamaged, read_bytes
from anshin.plumbing.mail.file_words import Look, words_in_file, words_in_mail
from anshin.plumbing.mail.markup_words import words_of_markup

if TYPE_CHECKING:
    from anshin.cases.models import Attachment, BounceReport, Message
    from anshin.plumbing.files.models import Blob

MOST_CHARS: Final = 5_000_000
"""Of one file or mail; some seconds of CPU where it is full of digits."""
_STRETCH: Final = 50_000
_ACROSS: Final = 200
Kinds = list[str]


def kinds_in_text(message: Message) -> Kinds:
    """Which kinds of numbers subject and text have."""
    return _kinds([f"{message.subject}\n{message.text}"])


@dataclass(frozen=True, slots=True)
class Found:
    """Which kinds of numbers a file has, and why not all of it was looked into ("" when it was, or nothing can be)."""

    kinds: Kinds
    unseen: str = ""


def kinds_in_file(file: Attachment) -> Kinds:
    """Which kinds an attached file has, as far as it can be read."""
    if file.number_kinds is None:
        return found_in_file(file, DocumentOpener()).kinds
    return list(file.number_kinds)


def found_in_file(file: Attachment, opener: DocumentOpener) -> Found:
    """The same by looking anew."""
    return found_in_content(_bytes(file.blob), file.name, opener)


def found_in_content(content: bytes, name: str, opener: DocumentOpener) -> Found:
    """The same of bytes that are about to be kept. One found number ends the looking: the warning is there."""
    look = Look(opener)
    kinds = _kinds(_counted(words_in_file(content, name, look=look), look))
    reasons = {obstacle.value for obstacle in look.obstacles}
    return Found(kinds, "" if kinds else next((each.value for each in Unseen if each in reasons), ""))


def kinds_in_design(message: Message) -> Kinds:
    """Which kinds the message's HTML has."""
    if message.number_kinds is None:
        return kinds_in_markup(_bytes(message.html_blob))
    return list(message.number_kinds)


def words_of_design(message: Message) -> str:
    """The words of the message's HTML, tags and comments after them."""
    return words_of_markup(_bytes(message.html_blob).decode("utf-8", "replace"))


def kinds_in_markup(content: bytes) -> Kinds:
    """The same of HTML as we keep it."""
    return _kinds([words_of_markup(content.decode("utf-8", "replace"))])


def kinds_in_raw(message: Message) -> Kinds:
    """Which kinds the mail as it came has, in every part, also in those that nobody sees."""
    files = list(message.attachments.all())
    known = message.number_kinds or [kind for file in files for kind in file.number_kinds or ()]
    look = Look(DocumentOpener() if any(file.number_kinds is None for file in files) else None)
    raw = words_in_mail(_bytes(message.raw_blob), look=look)
    return known or _kinds(chain([f"{message.subject}\n{message.text}"], raw))


def kinds_in_report(report: BounceReport) -> Kinds:
    """Which kinds a report about a returned mail has; it may hold all of that mail."""
    about = report.message
    raw = words_in_mail(_bytes(report.raw_blob), look=Look(DocumentOpener()))
    return _kinds(chain([f"{about.subject}\n{about.text}"], raw))


def _kinds(texts: Iterable[str]) -> Kinds:
    """Those of the first stretch that has any: one is enough for a warning, and a large file costs time."""
    for stretch in _stretches(texts):
        if found := find_numbers(stretch):
            return sorted({number.kind.value for number in found})
    return []


def _counted(texts: Iterator[str], look: Look) -> Iterator[str]:
    """The texts; what is more than anybody looks through becomes an obstacle."""
    count = 0
    for text in texts:
        count += len(text)
        if count > MOST_CHARS:
            look.obstacles.add(Obstacle.TOO_LARGE)
        yield text


def _stretches(texts: Iterable[str]) -> Iterator[str]:
    """At most MOST_CHARS of the texts, in pieces; each begins with the end of the one before, for what lies across."""
    left = MOST_CHARS
    for text in texts:
        for start in range(0, min(len(text), left), _STRETCH):
            yield text[max(0, start - _ACROSS) : min(start + _STRETCH, left)]
        left -= len(text)
        if left <= 0:
            return


def _bytes(blob: Blob | None) -> bytes:
    """The content; nothing where it is damaged or gone: then nobody gets it, either."""
    if blob is None:
        return b""
    try:
        return read_bytes(blob)
    except BlobDamaged:
        return b""
