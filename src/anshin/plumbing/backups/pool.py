"""The files of all backups, each once, under its hash: the second night copies what is new only.

They lie at files/ab/cd/<sha256> beside the sets, as in an installation's own folder.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

_PORTION_BYTES = 1024 * 1024


def path_of(root: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie below a folder of files."""
    return root / sha256[:2] / sha256[2:4] / sha256


def bring(files: Iterable[tuple[str, int]], *, source: Path, target: Path) -> list[str]:
    """Copy what `target` lacks; the hashes of files that `source` lacks or holds damaged.

    A file of the right length under its hash is whole: it is written elsewhere, forced to the disk and renamed.
    Raises OSError when the target cannot be written.
    """
    lost = []
    for sha256, size in files:
        there = path_of(target, sha256)
        if there.exists() and there.stat().st_size == size:
            continue
        if not _copy(path_of(source, sha256), there, sha256):
            lost.append(sha256)
    return lost


def hash_of(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def prune(root: Path, *, keep: set[str]) -> int:
    """Remove the files that no set names any more; how many."""
    gone = [file for file in root.glob("??/??/*") if file.name not in keep]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def _copy(source: Path, target: Path, sha256: str) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    total = hashlib.sha256()
    try:
        with source.open("rb") as file, draft.open("wb") as out:
            draft.chmod(0o600)
            while portion := file.read(_PORTION_BYTES):
                total.update(portion)
                out.write(portion)
            out.flush()
            os.fsync(out.fileno())
        if total.hexdigest() == sha256:
            draft.replace(target)
            return True
    except FileNotFoundError:
        pass
    finally:
        draft.unlink(missing_ok=True)
    return False
