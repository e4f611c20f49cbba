"""Letting kept bytes go before their time: struck, erased, or kept for long enough.

The rows go in the caller's transaction; the bytes on disk after its commit, by the process itself and, should it die
in between, by the job that was enqueued with the rows. Bytes that another shop keeps, too, stay there for it.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import ManyToOneRel

from anshin.plumbing.files.models import Blob, Thumbnail
from anshin.plumbing.files.store import own_shelf
from anshin.plumbing.jobs.queue import enqueue

REMOVE = "anshin.plumbing.files.jobs.remove_contents"
_AT_ONCE = 500


def let_go(blob_ids: Iterable[int], *, shop_id: int, now: datetime) -> tuple[str, ...]:
    """Delete these rows of a shop, with their small pictures, where nothing refers to them any more; their hashes.

    Inside a transaction.
    """
    wanted = set(blob_ids)
    pictures = Thumbnail.objects.filter(blob_id__in=wanted, blob__shop_id=shop_id, made__isnull=False)
    wanted |= set(pictures.values_list("made_id", flat=True))
    unused = wanted - _referred(wanted)
    rows = Blob.objects.filter(shop_id=shop_id, pk__in=unused)
    hashes = tuple(sorted(rows.values_list("sha256", flat=True)))
    Thumbnail.objects.filter(blob_id__in=unused).delete()
    rows.delete()
    remove_after_commit(hashes, now=now)
    return hashes


def remove_after_commit(hashes: Collection[str], *, now: datetime) -> None:
    """See to it that these contents leave the disk after the caller's commit, and the database's own traces, too."""
    enqueue(REMOVE, sorted(hashes), now=now)
    transaction.on_commit(partial(remove_contents, hashes), robust=True)


def remove_contents(hashes: Collection[str]) -> int:
    """Delete the contents that no row of any shop refers to; how many. Safe to run twice."""
    removed = 0
    for sha256 in hashes:
        if not _is_kept(sha256):
            removed += own_shelf().remove(sha256, is_wanted=partial(_is_kept, sha256))
    return removed


def _is_kept(sha256: str) -> bool:
    """Whether a row of any shop refers to it, one that was written at this very moment included."""
    return Blob.objects.filter(sha256=sha256).exists()


def _referred(blob_ids: Collection[int]) -> set[int]:
    """Those of the rows to which a row of any table refers, small pictures left aside."""
    found: set[int] = set()
    for relation in Blob._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.related_model is Thumbnail:
            continue
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": blob_ids})
        found |= set(rows.values_list(f"{relation.field.name}_id", flat=True))
    return found


@contextmanager
def without_traces() -> Iterator[None]:
    """Around a transaction that deletes: SQLite fills what is deleted with zeros and its log is emptied afterwards.

    Source: "PRAGMA secure_delete" and "PRAGMA wal_checkpoint", sqlite.org/pragma.html, read 2026-11-26. PostgreSQL has
    no such setting; there, VACUUM overwrites what was deleted in its own time.
    """
    _pragma("secure_delete = ON")
    try:
        yield
    finally:
        _pragma("secure_delete = OFF")
        empty_the_log()


def empty_the_log() -> None:
    """Write SQLite's log (the -wal file) into the database and cut it, if nobody reads from it at this moment."""
    _pragma("wal_checkpoint(TRUNCATE)")


def _pragma(words: str) -> None:
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {words}")
            cursor.fetchall()
