"""Makes a backup while the installation works: first the database of one moment, then the files that it names."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import transaction

import anshin
from anshin.plumbing import clock
from anshin.plumbing.backups import databases, pool, sealing, sets
from anshin.plumbing.backups.models import Backup
from anshin.plumbing.backups.terms import Refused, State, Trouble
from anshin.plumbing.files.store import StorageTrouble, own_shelf

_SAID_CHARACTERS = 300


def make(*, place: Path, secrets: Mapping[str, str], passphrase: str, keep: int = 0, now: datetime) -> Backup:
    """Make a set in `place`, then remove all but the newest `keep` (0: none is removed); the row that tells of it.

    `secrets` are the texts to seal, by name. Whatever goes wrong is told by the row's state and trouble, not raised.
    """
    row = Backup.objects.create(place=str(place), begun_at=now)
    try:
        sealed = sealing.seal(secrets, passphrase)
        with _alone(place):
            _end_broken_off(row, now)
            manifest = _fill(place / sets.name_of(now.astimezone(UTC)), sealed, now)
            if keep:
                sets.prune(place, keep=keep)
    except Refused as refused:
        return _ended(row, State.FAILED, trouble=refused.trouble, said=refused.said)
    except StorageTrouble as trouble:
        return _ended(row, State.FAILED, trouble=Trouble.FILES_AWAY, said=str(trouble))
    except OSError as error:
        return _ended(row, State.FAILED, trouble=Trouble.UNWRITABLE, said=str(error.strerror or error))
    except (sqlite3.Error, psycopg.Error) as error:
        return _ended(row, State.FAILED, trouble=Trouble.TOOL_FAILED, said=str(error))
    row.rows, row.files, row.lost_files = manifest.rows, manifest.files, len(manifest.lost)
    row.size_bytes = manifest.size_bytes + manifest.file_bytes
    return _ended(row, State.LACKING if manifest.lost else State.WHOLE)


@transaction.atomic
def _end_broken_off(row: Backup, now: datetime) -> None:
    """End the rows of attempts whose process died: alone in the folder, no other one is being made there."""
    others = Backup.objects.filter(state=State.RUNNING, place=row.place).exclude(pk=row.pk)
    others.update(state=State.FAILED, trouble=Trouble.INTERRUPTED, ended_at=now)


def _fill(folder: Path, sealed: str, now: datetime) -> sets.Manifest:
    folder.mkdir(mode=0o700)
    try:
        _write(folder / sets.SECRETS, [sealed])
        file, tables, files = databases.copy(settings.DATABASES["default"], folder)
        file.chmod(0o600)
        lost = pool.bring(files, source=own_shelf(), target=pool.in_folder(folder.parent / sets.POOL))
        _write(folder / sets.FILES, (f"{sha256} {size}\n" for sha256, size in files))
        manifest = sets.Manifest(
            made_at=now.astimezone(UTC).isoformat(),
            version=anshin.__version__,
            database=file.name,
            sha256=pool.hash_of(file),
            size_bytes=file.stat().st_size,
            files=len(files),
            file_bytes=sum(size for _, size in files),
            lost=lost,
            tables=tables,
        )
        sets.write(folder, manifest)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return manifest


def _write(path: Path, lines: Any) -> None:
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8") as out:
        out.writelines(lines)
        out.flush()
        os.fsync(out.fileno())


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Nobody else makes or removes sets in this folder meanwhile; a process that dies lets go of it."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(Trouble.BUSY, str(place)) from None
        yield


@transaction.atomic
def _ended(row: Backup, state: State, *, trouble: str = "", said: str = "") -> Backup:
    row.state, row.trouble, row.said, row.ended_at = state, trouble, said[:_SAID_CHARACTERS], clock.now()
    row.save()
    return row
