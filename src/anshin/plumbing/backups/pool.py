"""The files of all backups, each once, under its hash: the second night copies what is new only.

They lie at files/ab/cd/<sha256> beside the sets, as in an installation's own folder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from anshin.plumbing.files.folder import INCOMING, Folder
from anshin.plumbing.files.ports import Shelf

_PORTION_BYTES = 1024 * 1024


def in_folder(root: Path) -> Folder:
    """The pool below a folder of backups."""
    return Folder(root, is_forced=False)


def bring(files: Iterable[tuple[str, int]], *, source: Shelf, target: Shelf) -> list[str]:
    """Copy what `target` lacks; the hashes of files that `source` lacks or holds damaged.

    A file of the right length under its hash is whole: it is written elsewhere, forced to the disk and renamed.
    Raises OSError when the target cannot be written, StorageTrouble when one of both is away.
    """
    return [
        sha256
        for sha256, size_bytes in files
        if target.size_of(sha256) != size_bytes and not _copy(sha256, source=source, target=target)
    ]


def hash_of(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def prune(root: Path, *, keep: set[str]) -> int:
    """Remove the files that no set names any more, and what was broken off before; how many."""
    gone = [file for file in root.glob("??/??/*") if file.name not in keep]
    for file in (*gone, *(root / INCOMING).glob("*")):
        file.unlink(missing_ok=True)
    return len(gone)


def _copy(sha256: str, *, source: Shelf, target: Shelf) -> bool:
    try:
        file, _size = source.open(sha256)
    except FileNotFoundError:
        return False
    draft, total, size_bytes = target.draft(), hashlib.sha256(), 0
    try:
        with file, draft.open("xb") as out:
            draft.chmod(0o600)
            while portion := file.read(_PORTION_BYTES):
                total.update(portion)
                size_bytes += len(portion)
                out.write(portion)
        if total.hexdigest() != sha256:
            return False
        target.put(draft, sha256, size_bytes)
    finally:
        draft.unlink(missing_ok=True)
    return True
