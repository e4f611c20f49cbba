"""Nothing of what was erased stays in the index's own pages.

On SQLite a row that is deleted from FTS5 leaves its tokens in older segments, beside a mark that they no longer
count, until the segments are merged. A negative number of pages makes the next merges join all segments into one;
"secure-delete" would need SQLite 3.42. Source: "The 'merge' Command", sqlite.org/fts5.html, read 2026-11-26.
PostgreSQL takes rows out of a GIN index when it vacuums.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from anshin.plumbing.files.removal import without_traces
from anshin.plumbing.jobs.queue import enqueue

_PAGES: Final = 500
"""Pages that are merged in one transaction: some tens of milliseconds in which others wait."""
_MOST_STEPS: Final = 100_000


def ask_to_purge(*, now: datetime) -> None:
    """Have the index purged once the caller's transaction has committed; once for all that ask meanwhile."""
    if connection.vendor == "sqlite":
        enqueue("anshin.plumbing.search.jobs.purge", unique_key="search.purge", now=now)


def purge() -> int:
    """Merge all segments of the index into one, in steps that let others write; how many steps it took."""
    if connection.vendor != "sqlite":
        return 0
    steps = 0
    pages = -_PAGES
    with without_traces():
        while steps < _MOST_STEPS and _merge(pages):
            steps, pages = steps + 1, _PAGES
    return steps


def _merge(pages: int) -> bool:
    """One step; whether it changed anything. Less than two changes mean that there was nothing to merge."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        before = cursor.fetchone()[0]
        cursor.execute("INSERT INTO search_tokens(search_tokens, rank) VALUES ('merge', %s)", [pages])
        cursor.execute("SELECT total_changes()")
        return bool(cursor.fetchone()[0] - before >= 2)
