"""Which files hold what is to be struck out in a form that cannot be cut: PDF, Office, archives. They go as a whole.

Asked before the transaction, since documents are opened in processes of their own and may take seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anshin.cases.models import Attachment
from anshin.plumbing.documents.opening import DocumentOpener
from anshin.plumbing.files.store import BlobDamaged, read_bytes
from anshin.plumbing.mail.file_words import Look, words_in_file
from anshin.plumbing.mail.striking import struck_file

if TYPE_CHECKING:
    from anshin.cases.models import Message

Find = Callable[[str], list[tuple[int, int, str]]]
_CUTTABLE = ("text/", "message/")


@dataclass(frozen=True, slots=True)
class Holding:
    """`gone`: SHA-256 of the files that hold it; `names`: theirs; `closed`: of files into which nobody can look."""

    gone: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def files_holding(find: Find, messages: Iterable[Message]) -> Holding:
    """The files of these messages whose words hold it beyond what can be cut out of them, and the closed ones."""
    files = Attachment.objects.filter(message__in=list(messages), struck_at=None).select_related("blob").order_by("id")
    opener = DocumentOpener(cpu_seconds=5)
    looks = {}
    for file in files:
        if file.blob.sha256 not in looks:
            looks[file.blob.sha256] = _look(find, file, opener)
    return Holding(
        frozenset(sha256 for sha256, (holds, _is_closed) in looks.items() if holds),
        tuple(dict.fromkeys(file.name for file in files if looks[file.blob.sha256][0])),
        tuple(file.name for file in files if looks[file.blob.sha256] == (False, True)),
    )


def _look(find: Find, file: Attachment, opener: DocumentOpener) -> tuple[bool, bool]:
    """Whether it holds it where it cannot be cut, and whether some or all of it stays closed."""
    try:
        content = read_bytes(file.blob)
    except BlobDamaged:
        return False, False
    if file.blob.kind.startswith(_CUTTABLE):
        content = struck_file(content, find, is_mail=file.name.lower().endswith(".eml"))
    look, has_words = Look(opener), False
    for words in words_in_file(content, file.name, look=look):
        if find(words):
            return True, False
        has_words |= bool(words.strip())
    return False, bool(look.obstacles) or not (has_words or file.blob.kind.startswith(_CUTTABLE))
