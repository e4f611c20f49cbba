"""How far reactions may read the journal, so that they go by id and still never miss an entry.

On SQLite one transaction writes at a time, so entries appear in the order of their ids. On PostgreSQL an id is drawn
when the row is written but seen when its transaction commits: entry 6 may be visible while entry 5 is not yet, and a
reader that remembers "I have read up to 6" would never see 5.

Therefore a transaction that records says so beforehand: it takes a shared advisory lock (`announce`) whose key holds
the last id drawn so far, below which it will not write. The lock lasts until the transaction has ended and is
visible. A reader (`safe_up_to`) first asks for the last id drawn, then for the keys of these locks, and reads up to
the lowest of them all, in a later statement. An entry at or below that number that is not visible then would belong
to a transaction that

- had announced itself when the reader asked: then its key is lower than the entry's id, and the reader stops before;
- or announced itself later: then it draws its ids later, too, above the last id that the reader had asked for first.

So there is none. A long transaction delays reactions only if it records something, and only to what came after it.

Transaction numbers (pg_current_xact_id, pg_snapshot_xmin) would do, too, but any writing transaction of any database
in the cluster would then hold up reactions, ids would be read out of order, and the numbers start anew when a dump is
restored into another cluster. Sources: PostgreSQL 15, 9.27.10 "Advisory Lock Functions", 54.12 "pg_locks"; read
2026-11-22.
"""

from collections.abc import Collection

from django.db import connection

from anshin.plumbing.journal.models import JournalEntry, ReactionCursor
from anshin.plumbing.prepared import write_returning

_OURS = 0x414E
"""The upper 16 bits of our lock keys; the lower 48 hold an id."""
_SEQUENCE = "journal_journalentry_id_seq"
_DRAWN = "(last_value - (NOT is_called)::int)"
"""The last id drawn; 0 before the first."""
# The setting is local to the transaction and to its savepoint, just as the lock is: once is enough for both.
_ANNOUNCE = f"""
    SELECT pg_current_xact_id()::text, CASE WHEN COALESCE(current_setting('anshin.recording', true), '') = '' THEN (
        SELECT set_config('anshin.recording', 'yes' || pg_advisory_xact_lock_shared(
            ({_OURS}::bigint << 48) | {_DRAWN})::text, true)
        FROM {_SEQUENCE}) END
"""  # noqa: S608  constants
_LOWEST_ANNOUNCED = f"""
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = {_OURS}
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""  # noqa: S608  constants


def announce() -> str:
    """Say that this transaction is about to record, and get a word that names the transaction.

    On SQLite, where it cannot be overtaken, nothing is said and all transactions have the same word.
    """
    if connection.vendor != "postgresql":
        return "any"
    return str(write_returning(_ANNOUNCE, [])[0][0])


def safe_up_to() -> int | None:
    """The id up to which no entry can appear any more; None for no limit."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as sql:
        sql.execute(f"SELECT {_DRAWN} FROM {_SEQUENCE}")  # noqa: S608  constants
        drawn = int(sql.fetchone()[0])
        sql.execute(_LOWEST_ANNOUNCED)
        lowest = sql.fetchone()[0]
    return drawn if lowest is None else min(drawn, int(lowest))


def next_entry(cursor: ReactionCursor, events: Collection[str], *, up_to: int | None) -> JournalEntry | None:
    """The first entry after the cursor that may be read, or None."""
    beyond = JournalEntry.objects.filter(shop_id=cursor.shop_id, event__in=events, pk__gt=cursor.last_entry_id)
    if up_to is not None:
        beyond = beyond.filter(pk__lte=up_to)
    return beyond.order_by("pk").first()
