"""Keeping bytes: once per content, and a Blob row for each shop that keeps them.

The bytes lie at MEDIA_ROOT/ab/cd/<sha256>, or in the file store that fills the socket `files.shelf`. They are gathered
in MEDIA_ROOT/incoming, forced to the disk and renamed (or sent away as one), so that what lies under its hash is always
whole, whenever the machine stops. Bytes that no row refers to (the transaction was rolled back) are removed a day later
by upkeep.py.
"""

import errno
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from anshin.plumbing.files.errors import (
    StorageAway,
    StorageFull,
    StorageRefuses,
    StorageTrouble,
    StorageUnwritable,
)
from anshin.plumbing.files.folder import Folder
from anshin.plumbing.files.kinds import HEAD_BYTES, kind_of
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.ports import Shelf, shelf
from anshin.plumbing.prepared import Prepared

__all__ = [
    "BlobDamaged",
    "StorageAway",
    "StorageFull",
    "StorageRefuses",
    "StorageTrouble",
    "StorageUnwritable",
    "keep",
    "keep_many",
    "open_blob",
    "own_shelf",
    "path_of",
    "read_bytes",
]
_PORTION_BYTES = 1024 * 1024


class BlobDamaged(Exception):
    """The bytes on disk are missing or have another length than when they were kept."""

    permanent = True

    def __init__(self, blob: Blob) -> None:
        super().__init__(blob.sha256)
        self.blob = blob

    def __str__(self) -> str:
        return str(_("This file is damaged or missing on the disk. Restore it from a backup."))


def keep(shop_id: int, content: bytes | BinaryIO, *, now: datetime) -> Blob:
    """The row for these bytes in this shop; the same bytes again give the same row.

    Raises StorageFull, StorageUnwritable.
    """
    if isinstance(content, bytes) and (known := _kept_before(shop_id, content)):
        return known
    sha256, size_bytes, head = _keep_bytes(BytesIO(content) if isinstance(content, bytes) else content)
    blob, _is_new = Blob.objects.get_or_create(
        shop_id=shop_id,
        sha256=sha256,
        defaults={"size_bytes": size_bytes, "kind": kind_of(head), "created_at": now},
    )
    return blob


def keep_many(shop_id: int, contents: Sequence[bytes], *, now: datetime) -> list[Blob]:
    """`keep` for each, in their order: two queries, and several files on their way to the disk at a time."""
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    distinct = dict(zip(digests, contents, strict=True))
    known = _blobs(shop_id, distinct)
    absent = {sha256: content for sha256, content in distinct.items() if not _is_there(known.get(sha256))}
    with ThreadPoolExecutor(_AT_A_TIME) as writers:
        list(writers.map(_keep_bytes, map(BytesIO, absent.values())))
    fresh = {sha256: content for sha256, content in distinct.items() if sha256 not in known}
    if fresh:
        rows = [
            Blob(shop_id=shop_id, sha256=sha256, size_bytes=len(content), kind=kind_of(content), created_at=now)
            for sha256, content in fresh.items()
        ]
        Blob.objects.bulk_create(rows, ignore_conflicts=True)  # another process may keep the same
        known |= _blobs(shop_id, fresh)
    return [known[sha256] for sha256 in digests]


def _blobs(shop_id: int, digests: Iterable[str]) -> dict[str, Blob]:
    return {blob.sha256: blob for blob in Blob.objects.filter(shop_id=shop_id, sha256__in=list(digests))}


def _kept_before(shop_id: int, content: bytes) -> Blob | None:
    """The row for bytes that are kept already and lie there whole; they count as just kept."""
    blob = _BLOB.first(shop=shop_id, sha256=hashlib.sha256(content).hexdigest())
    return blob if _is_there(blob) else None


def _is_there(blob: Blob | None) -> bool:
    """Whether the bytes lie there in full length; then they are young again, so that upkeep leaves them alone."""
    if blob is None:
        return False
    with _storage_trouble():
        return own_shelf().renew(blob.sha256, blob.size_bytes)


_BLOB = Prepared(lambda shop, sha256: Blob.objects.filter(shop_id=shop, sha256=sha256), shop=int, sha256=str)
_AT_A_TIME = 8


def open_blob(blob: Blob) -> BinaryIO:
    """The bytes as an open file. Raises BlobDamaged when they are missing or have another length; StorageAway."""
    try:
        file, size_bytes = own_shelf().open(blob.sha256)
    except FileNotFoundError:
        raise BlobDamaged(blob) from None
    if size_bytes != blob.size_bytes:
        file.close()
        raise BlobDamaged(blob)
    return file


def read_bytes(blob: Blob) -> bytes:
    """All bytes. Raises BlobDamaged, StorageAway."""
    with open_blob(blob) as file:
        return file.read()


def own_shelf() -> Shelf:
    """Where this installation's contents lie."""
    return shelf.peek() or Folder(Path(settings.MEDIA_ROOT))


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie in the installation's own folder."""
    return Folder(Path(settings.MEDIA_ROOT)).path_of(sha256)


def _keep_bytes(content: BinaryIO) -> tuple[str, int, bytes]:
    """Hash, length and first bytes of what now lies safely there."""
    with _storage_trouble():
        place = own_shelf()
        draft = place.draft()
        try:
            sha256, size_bytes, head = _write(draft, content)
            place.put(draft, sha256, size_bytes)
        finally:
            draft.unlink(missing_ok=True)
    return sha256, size_bytes, head


def _write(draft: Path, content: BinaryIO) -> tuple[str, int, bytes]:
    digest, size_bytes, head = hashlib.sha256(), 0, b""
    with draft.open("xb") as file:
        while portion := content.read(_PORTION_BYTES):
            digest.update(portion)
            size_bytes += len(portion)
            if len(head) < HEAD_BYTES:
                head += portion[: HEAD_BYTES - len(head)]
            file.write(portion)
    return digest.hexdigest(), size_bytes, head


@contextmanager
def _storage_trouble() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull from error
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EEXIST}:
            raise StorageUnwritable from error
        raise
