"""Running the reactions of one shop: entry by entry, in order.

What is done about an entry and that the cursor has moved past it are one transaction. Entries about which nothing was
done but reading share one with the next: most messages concern no rule.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from anshin.plumbing.journal import reading
from anshin.plumbing.journal.models import JournalEntry, ReactionCursor
from anshin.plumbing.journal.reactions import Reaction, known_reactions
from anshin.plumbing.prepared import Prepared, update

WAITS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)
"""How long a failing reaction waits before each new try. When they are used up it stays stuck and is shown."""
AT_ONCE = 200
"""Entries that one reaction works off before it lets other jobs go first."""
MOST_READ = 25
"""Entries that share a transaction: on SQLite nobody else can write meanwhile."""
LOOK_BACK = timedelta(minutes=5)
"""How far before its first entry a reaction that is new to a shop begins, so that concurrent ones are not missed."""

_LOCKED = Prepared(lambda cursor: ReactionCursor.objects.select_for_update().filter(pk=cursor), cursor=int)
_OF_SHOP = Prepared(lambda shop: ReactionCursor.objects.filter(shop_id=shop), shop=int)

log = logging.getLogger(__name__)


def run_reactions(*, shop_id: int, first_entry_id: int, now: datetime) -> list[ReactionCursor]:
    """Run all reactions of the shop; the cursors that have more to do later, those given up excluded.

    A reaction that fails holds up only itself in this shop. One that is new begins near `first_entry_id` and does
    not go through the history before.
    """
    up_to = reading.safe_up_to()
    known = known_reactions()
    cursors = _cursors(known, shop_id, first_entry_id, up_to=up_to)
    heard = {reaction.name: reaction.events for reaction in known}
    waiting = reading.waiting(cursors.values(), heard, most=AT_ONCE + 1)
    rest = (
        _run(reaction, waiting[reaction.name], up_to=up_to, now=now) for reaction in known if reaction.name in waiting
    )
    return [cursor for cursor in rest if cursor]


class _Failed(Exception):
    """A reaction raised at the entry after this one."""

    def __init__(self, last_entry_id: int) -> None:
        self.last_entry_id = last_entry_id
        super().__init__(last_entry_id)


def _run(
    reaction: Reaction, waiting: tuple[ReactionCursor, list[JournalEntry]], *, up_to: int | None, now: datetime
) -> ReactionCursor | None:
    """Work off what one reaction may read; its cursor when it must come back later."""
    cursor, entries = waiting
    left = [entry for entry in entries[:AT_ONCE] if up_to is None or entry.pk <= up_to]
    while left:
        try:
            cursor, left = _step(reaction, cursor.pk, left, now=now)
        except _Failed as failure:
            log.exception("Reaction %s failed", reaction.name, exc_info=failure.__cause__)
            cursor, left = _note_failure(cursor.pk, failure, now=now), []
    return cursor if cursor.stuck_at is None and entries[-1].pk > cursor.last_entry_id else None


def _step(
    reaction: Reaction, cursor_id: int, entries: list[JournalEntry], *, now: datetime
) -> tuple[ReactionCursor, list[JournalEntry]]:
    """Do entries up to the first about which something is done, and move the cursor, in one transaction.

    The cursor, and the entries left to do now. Raises _Failed, and then nothing was done.
    """
    with transaction.atomic():
        cursor = _locked(cursor_id)
        if cursor.stuck_at or (cursor.next_try_at and cursor.next_try_at > now):
            return cursor, []
        left = [entry for entry in entries if entry.pk > cursor.last_entry_id]
        function = None
        for entry in left[:MOST_READ]:
            try:
                function = function or reaction.ready(entry.shop_id)
                has_acted = function(entry, entry.fact()) is not False
            except Exception as error:
                raise _Failed(cursor.last_entry_id) from error
            cursor.last_entry_id = entry.pk
            if has_acted:
                break
        cursor.tries, cursor.next_try_at, cursor.stuck_words = 0, None, ""
        update(cursor, ("last_entry_id", "tries", "next_try_at", "stuck_words"))
    return cursor, [entry for entry in left if entry.pk > cursor.last_entry_id]


def _locked(cursor_id: int) -> ReactionCursor:
    """The cursor, held until the transaction ends. Raises DoesNotExist when the reaction begins anew meanwhile."""
    cursor = _LOCKED.first(cursor=cursor_id)
    if cursor is None:
        raise ReactionCursor.DoesNotExist(cursor_id)
    return cursor


def _note_failure(cursor_id: int, failure: _Failed, *, now: datetime) -> ReactionCursor:
    error = failure.__cause__
    with transaction.atomic():
        cursor = _locked(cursor_id)
        if failure.last_entry_id > cursor.last_entry_id:  # what came before was only read
            cursor.last_entry_id, cursor.tries = failure.last_entry_id, 0
        cursor.tries += 1
        cursor.stuck_words = f"{type(error).__name__}: {error}"[:500]
        if cursor.tries > len(WAITS):
            cursor.next_try_at, cursor.stuck_at = None, now
        else:
            cursor.next_try_at = now + WAITS[cursor.tries - 1]
        cursor.save()
    return cursor


def _cursors(
    known: Sequence[Reaction], shop_id: int, first_entry_id: int, *, up_to: int | None
) -> dict[str, ReactionCursor]:
    """How far each reaction has read in the shop; those that are new to it begin now."""
    cursors = {cursor.reaction: cursor for cursor in _OF_SHOP.rows(shop=shop_id)}
    new = [reaction for reaction in known if reaction.name not in cursors]
    firsts = reading.firsts(shop_id, first_entry_id, new, look_back=LOOK_BACK) if new else None
    if firsts is None:
        return cursors
    for reaction in new:
        first_id = min((firsts[event] for event in reaction.events if event in firsts), default=first_entry_id)
        cursors[reaction.name] = _first_cursor(reaction, shop_id, first_id, up_to=up_to)
    return cursors


def _first_cursor(reaction: Reaction, shop_id: int, first_id: int, *, up_to: int | None) -> ReactionCursor:
    """A cursor before the first entry that a reaction new to this shop should see.

    It is never behind `up_to`, for entries after that may still appear.
    """
    last_id = first_id - 1 if up_to is None else min(first_id - 1, up_to)
    cursor, _ = ReactionCursor.objects.get_or_create(
        reaction=reaction.name, shop_id=shop_id, defaults={"last_entry_id": last_id}
    )
    return cursor
