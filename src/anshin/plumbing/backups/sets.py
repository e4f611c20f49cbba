"""Sets in a folder of backups: each a folder named after its moment, whole when its manifest.json is there.

<folder>/2026-11-27T051000Z/manifest.json      what is in it; written last
                            database.…         copy of the database
                            files.txt          one line a file: SHA-256, bytes
                            secrets.sealed     key and settings of the installation
<folder>/files/ab/cd/<sha256>                  the files of all sets, each once
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from anshin.plumbing.backups import pool
from anshin.plumbing.backups.counting import Counted
from anshin.plumbing.backups.terms import Refused, Trouble

FORM = 1
MANIFEST, FILES, SECRETS, POOL = "manifest.json", "files.txt", "secrets.sealed", "files"


@dataclass(frozen=True)
class Manifest:
    """What a set holds. `tables`: rows and hash of each; `database` is the file's name, `sha256` its hash."""

    made_at: str
    version: str
    database: str
    sha256: str
    size_bytes: int
    files: int
    file_bytes: int
    lost: list[str] = field(default_factory=list)
    tables: dict[str, Counted] = field(default_factory=dict)
    form: int = FORM

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.tables.values())


def name_of(moment: datetime) -> str:
    """The folder's name for a set made at this moment (UTC)."""
    return f"{moment:%Y-%m-%dT%H%M%SZ}"


def write(folder: Path, manifest: Manifest) -> None:
    """Write manifest.json, after which the set counts as whole."""
    draft = folder / f".{MANIFEST}"
    with draft.open("w", encoding="utf-8") as out:
        json.dump(asdict(manifest), out, indent=1, sort_keys=True)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(folder / MANIFEST)


def read(folder: Path) -> Manifest:
    """The manifest of a set. Raises Refused when the folder holds none, or one of a newer form."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if int(said["form"]) > FORM:
            raise Refused(Trouble.NEWER)
        tables = {name: Counted(**table) for name, table in said.pop("tables").items()}
        return Manifest(**said, tables=tables)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(Trouble.NOT_A_BACKUP, str(folder)) from error


def files_of(folder: Path) -> Iterator[tuple[str, int]]:
    """The files that a set names: SHA-256 and bytes."""
    with (folder / FILES).open(encoding="ascii") as lines:
        for line in lines:
            sha256, _, size = line.partition(" ")
            yield sha256, int(size)


def whole_sets(place: Path) -> list[Path]:
    """The whole sets in a folder of backups, newest first."""
    return sorted((file.parent for file in place.glob(f"*/{MANIFEST}")), key=lambda folder: folder.name, reverse=True)


def prune(place: Path, *, keep: int) -> int:
    """Remove all but the newest whole sets, what was broken off before, and files that no set names; how many sets.

    A set that is being made is newer than every whole one and stays.
    """
    whole = whole_sets(place)
    kept = whole[:keep]
    if not kept:
        return 0
    old = [
        folder for folder in place.iterdir() if folder.is_dir() and folder.name != POOL and folder.name < kept[0].name
    ]
    gone = [folder for folder in old if folder not in kept]
    for folder in gone:
        shutil.rmtree(folder)
    pool.prune(place / POOL, keep={sha256 for folder in whole_sets(place) for sha256, _ in files_of(folder)})
    return len(gone)
