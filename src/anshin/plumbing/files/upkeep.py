"""Looking after the bytes that lie there: checking them against their hashes, and removing what no row refers to."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Literal

from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.removal import remove_contents
from anshin.plumbing.files.store import own_shelf

LEFT_ALONE = timedelta(days=1)
"""Younger bytes are left alone: the transaction that refers to them may still be running."""


_AT_ONCE = 500
_PORTION_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Damage:
    """One content that is not as it was kept."""

    sha256: str
    what: Literal["missing", "length", "content"]


def verify() -> Iterator[Damage]:
    """Read and hash every kept content once; what is missing or has changed. Takes about a second for 500 MB."""
    last = ""
    while rows := list(Blob.objects.filter(sha256__gt=last).order_by("sha256")[:500]):
        for row in rows:
            if row.sha256 != last and (damage := _damage(row)):
                yield damage
            last = row.sha256


def remove_leftovers(*, now: datetime) -> int:
    """Delete unfinished files and contents without a row, older than a day; how many."""
    place, before = own_shelf(), now - LEFT_ALONE
    removed, portion = place.drop_unfinished(before), []
    for sha256 in place.before(before):
        portion.append(sha256)
        if len(portion) == _AT_ONCE:
            removed += _remove_unnamed(portion)
            portion = []
    return removed + _remove_unnamed(portion)


def _remove_unnamed(hashes: list[str]) -> int:
    named = set(Blob.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    return remove_contents([sha256 for sha256 in hashes if sha256 not in named])


def _damage(row: Blob) -> Damage | None:
    try:
        file, size_bytes = own_shelf().open(row.sha256)
    except FileNotFoundError:
        return Damage(row.sha256, "missing")
    with file:
        if size_bytes != row.size_bytes:
            return Damage(row.sha256, "length")
        is_same = hash_of(file) == row.sha256
    return None if is_same else Damage(row.sha256, "content")


def hash_of(file: BinaryIO) -> str:
    """SHA-256 in hex of what is left of an open file."""
    digest = hashlib.sha256()
    while portion := file.read(_PORTION_BYTES):
        digest.update(portion)
    return digest.hexdigest()
