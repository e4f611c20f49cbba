"""In which order reactions read the journal, so that none is ever missed.

On SQLite one transaction writes at a time, so ids appear in order and the id is enough. On PostgreSQL an id is drawn
when the row is written but seen when its transaction commits: entry 6 may be visible while entry 5 is not yet. A
reader that remembers "I have read up to 6" would never see 5. Therefore each entry stores the number of its
transaction (pg_current_xact_id), and a reader

- takes only entries of transactions below pg_snapshot_xmin, the oldest transaction still running: below it nothing
  can appear any more; and
- goes by (transaction number, id), because a transaction that is still running may have drawn a *lower* id than one
  that has ended.

A long transaction anywhere in the database cluster thus delays reactions until it ends; nothing is lost or doubled.

Two transactions that touch the same case are read in the order in which they began to write, which is the order of
their ids except when one of them had written something else before it waited for the other.

After a dump is restored into a new cluster, transaction numbers start low again. Entries that claim a number from the
future are recognised, and all numbers of the shop are set to 0 (`adopt_restored`), which leaves the order of ids.

Source: PostgreSQL 15, 9.27.12 "Transaction ID and Snapshot Information Functions", read 2026-11-22.
"""

from django.db import connection, transaction
from django.db.models import BigIntegerField, Func, Q, QuerySet

from anshin.plumbing.journal.models import JournalEntry, ReactionCursor


class _OldestRunning(Func):
    """The lowest transaction number still running when this statement began."""

    template = "(pg_snapshot_xmin(pg_current_snapshot())::text::bigint)"
    output_field = BigIntegerField()


class _Own(Func):
    """The reader's own transaction number, NULL while it has written nothing."""

    template = "(pg_current_xact_id_if_assigned()::text::bigint)"
    output_field = BigIntegerField()


def writing_transaction() -> int:
    """The number to store with entries written now; 0 on SQLite."""
    if connection.vendor != "postgresql":
        return 0
    return _number("SELECT pg_current_xact_id()::text::bigint")


def next_entry(cursor: ReactionCursor, event: str) -> JournalEntry | None:
    """The first entry after the cursor that is safe to read, or None."""
    beyond = _beyond(cursor, event)
    if connection.vendor == "postgresql":
        beyond = beyond.filter(Q(transaction_id__lt=_OldestRunning()) | Q(transaction_id=_Own()))
    return beyond.order_by("transaction_id", "id").first()


def must_wait(cursor: ReactionCursor, event: str) -> bool:
    """Whether entries lie beyond the cursor, be they safe to read already or not."""
    return _beyond(cursor, event).exists()


def adopt_restored(cursor: ReactionCursor, event: str) -> bool:
    """Make a shop's journal that came from another PostgreSQL cluster readable here; True when it had to be done."""
    if connection.vendor != "postgresql":
        return False
    future = _number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    foreign = _beyond(cursor, event).filter(transaction_id__gte=future).exclude(transaction_id=_Own())
    if cursor.last_transaction_id < future and not foreign.exists():
        return False
    with transaction.atomic(), connection.cursor() as sql:
        sql.execute("UPDATE journal_journalentry SET transaction_id = 0 WHERE shop_id = %s", [cursor.shop_id])
        ReactionCursor.objects.filter(shop_id=cursor.shop_id).update(last_transaction_id=0)
    return True


def _beyond(cursor: ReactionCursor, event: str) -> QuerySet[JournalEntry]:
    after = Q(transaction_id__gt=cursor.last_transaction_id) | Q(
        transaction_id=cursor.last_transaction_id, id__gt=cursor.last_entry_id
    )
    return JournalEntry.objects.filter(after, shop_id=cursor.shop_id, event=event)


def _number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
