"""Finds mails in files: single .eml files, mbox files, Maildirs, and folders that hold any of these."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SEPARATOR = re.compile(rb"From \S+.*\d{4}\s*$")
"""RFC 4155, appendix A: "From " address, space, date; the year is what programs agree on."""
_ESCAPED = re.compile(rb">+From ")
_MAIL_ENDINGS = {".eml", ".msg822", ".mail"}
_MBOX_ENDINGS = {".mbox", ".mbx"}


@dataclass(frozen=True, slots=True)
class FoundMail:
    """One mail in a file. `where` names it for people: the path, and in an mbox its number from 1."""

    where: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is no mail, or cannot be read, with the reason."""

    where: str
    reason: str


def mails_in(path: Path) -> Iterator[FoundMail | LeftOut]:
    """Every mail under `path`, in a stable order, so that an import that was broken off can be run again."""
    if path.is_dir():
        yield from _mails_in_folder(path)
    else:
        yield from _mails_in_file(path, is_named_by_user=True)


def _mails_in_folder(folder: Path) -> Iterator[FoundMail | LeftOut]:
    if is_maildir(folder):
        for part in ("cur", "new"):
            for file in sorted((folder / part).iterdir()):
                yield from _single(file)
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if not (is_maildir(folder) and entry.name in {"cur", "new", "tmp"}):
                yield from _mails_in_folder(entry)
        elif not is_maildir(folder):
            yield from _mails_in_file(entry, is_named_by_user=False)


def is_maildir(folder: Path) -> bool:
    """Whether the folder is a Maildir: it holds cur and new."""
    return (folder / "cur").is_dir() and (folder / "new").is_dir()


def _mails_in_file(file: Path, *, is_named_by_user: bool) -> Iterator[FoundMail | LeftOut]:
    try:
        with file.open("rb") as opened:
            begins_as_mbox = bool(_SEPARATOR.match(opened.readline(500)))
    except OSError as error:
        yield LeftOut(str(file), error.strerror or str(error))
        return
    if begins_as_mbox or file.suffix.lower() in _MBOX_ENDINGS:
        yield from _mbox(file)
    elif is_named_by_user or file.suffix.lower() in _MAIL_ENDINGS:
        yield from _single(file)
    else:
        yield LeftOut(str(file), "is not named like a mail (.eml) or a mailbox (.mbox)")


def _single(file: Path) -> Iterator[FoundMail | LeftOut]:
    try:
        yield FoundMail(str(file), file.read_bytes())
    except OSError as error:
        yield LeftOut(str(file), error.strerror or str(error))


def _mbox(file: Path) -> Iterator[FoundMail | LeftOut]:
    try:
        with file.open("rb") as opened:
            for number, raw in enumerate(_split(opened), 1):
                yield FoundMail(f"{file} ({number})", raw)
    except OSError as error:
        yield LeftOut(str(file), error.strerror or str(error))


def _split(lines: BinaryIO) -> Iterator[bytes]:
    """The mails of an mbox without their separators, escaped lines as they were (the mboxrd way)."""
    mail: list[bytes] = []
    has_begun, after_blank = False, True
    for line in lines:
        if after_blank and _SEPARATOR.match(line):
            if has_begun:
                yield _without_last_blank(mail)
            mail, has_begun = [], True
        else:
            mail.append(line[1:] if _ESCAPED.match(line) else line)
        after_blank = not line.strip(b"\r\n")
    if has_begun or mail:
        yield _without_last_blank(mail)


def _without_last_blank(mail: list[bytes]) -> bytes:
    """The blank line before a separator belongs to the mbox, not to the mail."""
    if mail and not mail[-1].strip(b"\r\n"):
        mail = mail[:-1]
    return b"".join(mail)
