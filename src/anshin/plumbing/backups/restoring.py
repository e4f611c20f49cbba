"""Puts a backup back where nothing is yet, and proves that the same is there. Needs no settings and no Django app."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from anshin.plumbing.backups import counting, databases, pool, sealing, sets
from anshin.plumbing.backups.pool import hash_of
from anshin.plumbing.backups.terms import Refused, Trouble
from anshin.plumbing.files.folder import Folder
from anshin.plumbing.files.ports import Shelf

Say = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Restored:
    """What came back. `different`: names of tables that are not as they were; `lost`: hashes of files."""

    manifest: sets.Manifest
    secrets: dict[str, str]
    different: list[str]
    lost: list[str]

    @property
    def is_equal(self) -> bool:
        """Whether every row and every file is as it was when the backup was made."""
        return not self.different and set(self.lost) <= set(self.manifest.lost)


def restore(
    folder: Path,
    *,
    passphrase: str,
    data: Path,
    database: Mapping[str, Any],
    say: Say,
    files: Shelf | None = None,
) -> Restored:
    """Put the set in `folder` back into the folder `data` and an empty database (Django's settings of one).

    `files` is where the files go, below `data` when it is None; `say` hears ("files" or "rows", done, of how many).
    Raises Refused with nothing written when the set is damaged, the passphrase wrong or the place not empty; OSError
    when the place cannot be written, StorageTrouble when `files` is away.
    """
    manifest = sets.read(folder)
    secrets = _opened(folder, manifest, passphrase)
    _refuse_what_is_there(data, database, files)
    data.mkdir(parents=True, exist_ok=True)
    lost = _bring_files(folder, files or Folder(data / "files"), manifest, say)
    say("rows", 0, manifest.rows)
    try:
        found = databases.put_back(folder / manifest.database, database)
    except (sqlite3.Error, psycopg.Error) as error:
        raise Refused(Trouble.TOOL_FAILED, str(error)) from error
    say("rows", manifest.rows, manifest.rows)
    return Restored(manifest, secrets, counting.differences(manifest.tables, found), lost)


def _opened(folder: Path, manifest: sets.Manifest, passphrase: str) -> dict[str, str]:
    try:
        secrets = sealing.unseal((folder / sets.SECRETS).read_text(encoding="utf-8"), passphrase)
        damaged = hash_of(folder / manifest.database) != manifest.sha256
    except OSError as error:
        raise Refused(Trouble.DAMAGED, str(error.filename)) from error
    if damaged:
        raise Refused(Trouble.DAMAGED, manifest.database)
    return secrets


def _refuse_what_is_there(data: Path, database: Mapping[str, Any], files: Shelf | None) -> None:
    there = [name for name in ("anshin.sqlite3", "secret.key", "files") if (data / name).exists()]
    if there:
        raise Refused(Trouble.NOT_EMPTY, f"{data}: {', '.join(there)}")
    if files and not files.is_empty():
        raise Refused(Trouble.NOT_EMPTY, "ANSHIN_FILES")
    try:
        empty = databases.is_empty(database)
    except psycopg.Error as error:
        raise Refused(Trouble.TOOL_FAILED, str(error)) from error
    if not empty:
        raise Refused(Trouble.NOT_EMPTY, str(database["NAME"]))


def _bring_files(folder: Path, target: Shelf, manifest: sets.Manifest, say: Say) -> list[str]:
    source, done = pool.in_folder(folder.parent / sets.POOL), 0
    lost: list[str] = []
    portion: list[tuple[str, int]] = []
    for each in sets.files_of(folder):
        portion.append(each)
        if len(portion) == 500:
            lost += pool.bring(portion, source=source, target=target)
            done, portion = done + len(portion), []
            say("files", done, manifest.files)
    lost += pool.bring(portion, source=source, target=target)
    say("files", manifest.files, manifest.files)
    return lost
