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

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Min, Q

from anshin.plumbing.journal.models import JournalEntry, ReactionCursor
from anshin.plumbing.journal.reactions import Reaction
from anshin.plumbing.prepared import Prepared, write_returning

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
_LAST_DRAWN = f"SELECT {_DRAWN} FROM {_SEQUENCE}"  # noqa: S608  constants
_LOWEST_ANNOUNCED = f"""
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = {_OURS}
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""  # noqa: S608  constants
_ENTRY = Prepared(lambda entry: JournalEntry.objects.filter(pk=entry), entry=int)
_FEW = 3


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
    drawn = int(write_returning(_LAST_DRAWN, [])[0][0])
    lowest = write_returning(_LOWEST_ANNOUNCED, [])[0][0]
    return drawn if lowest is None else min(drawn, int(lowest))


def waiting(
    cursors: Iterable[ReactionCursor], heard: Mapping[str, Collection[str]], *, most: int
) -> dict[str, tuple[ReactionCursor, list[JournalEntry]]]:
    """By reaction: its cursor and its first entries after it, at most so many; those that have none are left out.

    `heard`: the events of each reaction. A few queries. What may not be read yet is among them.
    """
    asked = [cursor for cursor in cursors if cursor.stuck_at is None and cursor.reaction in heard]
    if not asked:
        return {}
    pairs = write_returning(*_first_ids(asked, heard, most))
    entries = _entries({pk for _place, pk in pairs})
    found: dict[str, tuple[ReactionCursor, list[JournalEntry]]] = {}
    for place, pk in sorted(pairs):
        cursor = asked[place]
        found.setdefault(cursor.reaction, (cursor, []))[1].append(entries[pk])
    return found


def _entries(ids: Collection[int]) -> dict[int, JournalEntry]:
    """By id: most messages bring two entries, for which no query need be put together."""
    if len(ids) > _FEW:
        return JournalEntry.objects.in_bulk(ids)
    return {pk: entry for pk in ids if (entry := _ENTRY.first(entry=pk))}


def _first_ids(
    cursors: Sequence[ReactionCursor], heard: Mapping[str, Collection[str]], most: int
) -> tuple[str, list[Any]]:
    """SQL for (place of the cursor, id of an entry): every cursor's first ones, each by the index over its events."""
    branches: list[str] = []
    values: list[Any] = []
    for place, cursor in enumerate(cursors):
        events = sorted(heard[cursor.reaction])
        marks = ", ".join(["%s"] * len(events))
        where = f"shop_id = %s AND event IN ({marks}) AND id > %s"
        one = f"SELECT {place} AS place, id FROM journal_journalentry WHERE {where} ORDER BY id LIMIT %s"  # noqa: S608
        branches.append(f"SELECT place, id FROM ({one}) AS first_{place}")  # noqa: S608  no value in it
        values += [cursor.shop_id, *events, cursor.last_entry_id, most]
    return " UNION ALL ".join(branches), values


def firsts(
    shop_id: int, first_entry_id: int, new: Iterable[Reaction], *, look_back: timedelta
) -> dict[str, int] | None:
    """By event that these reactions hear: its first entry from so long before `first_entry_id` on. Two queries.

    None when the shop has no such entry.
    """
    trigger = JournalEntry.objects.filter(shop_id=shop_id, pk=first_entry_id).only("at").first()
    if trigger is None:
        return None
    events = {event for reaction in new for event in reaction.events}
    recent = Q(pk__gte=trigger.pk) | Q(at__gte=trigger.at - look_back)
    rows = JournalEntry.objects.filter(recent, shop_id=shop_id, event__in=events).order_by()
    return dict(rows.values_list("event").annotate(Min("pk")))
