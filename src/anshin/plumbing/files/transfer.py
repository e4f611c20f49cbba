"""Carrying all contents from one shelf to another."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.ports import Shelf
from anshin.plumbing.files.upkeep import hash_of

_PORTION_BYTES = 1024 * 1024
_ROWS = 500
_AT_A_TIME = 4


def transfer(source: Shelf, target: Shelf) -> Iterator[tuple[str, bool]]:
    """Each content that a row names, once: its hash, and whether `target` now gives bytes with this hash.

    What lies there already is read and compared, and not copied; so it can be begun again.
    Raises StorageTrouble, OSError.
    """
    last = ""
    while rows := _after(last):
        with ThreadPoolExecutor(_AT_A_TIME) as carriers:
            yield from zip(rows, carriers.map(partial(_carried, source=source, target=target), rows), strict=True)
        last = rows[-1]


def _after(last: str) -> list[str]:
    rows = Blob.objects.filter(sha256__gt=last).order_by("sha256").values_list("sha256", flat=True)
    return list(rows.distinct()[:_ROWS])


def _carried(sha256: str, *, source: Shelf, target: Shelf) -> bool:
    return _is_equal(target, sha256) or (_copied(sha256, source, target) and _is_equal(target, sha256))


def _is_equal(shelf: Shelf, sha256: str) -> bool:
    try:
        file, _size = shelf.open(sha256)
    except FileNotFoundError:
        return False
    with file:
        return hash_of(file) == sha256


def _copied(sha256: str, source: Shelf, target: Shelf) -> bool:
    """Whether the source's bytes have this hash and were put; damaged ones are not carried on."""
    try:
        file, size_bytes = source.open(sha256)
    except FileNotFoundError:
        return False
    draft, digest = target.draft(), hashlib.sha256()
    try:
        with file, draft.open("xb") as out:
            while portion := file.read(_PORTION_BYTES):
                digest.update(portion)
                out.write(portion)
        if digest.hexdigest() != sha256:
            return False
        target.put(draft, sha256, size_bytes)
    finally:
        draft.unlink(missing_ok=True)
    return True
