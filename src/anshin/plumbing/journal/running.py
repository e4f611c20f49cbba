"""Running the reactions of one shop: entry by entry, each in its own transaction, in order."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from anshin.plumbing.journal import reading
from anshin.plumbing.journal.models import JournalEntry, ReactionCursor
from anshin.plumbing.journal.reactions import Reaction, known_reactions

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
LOOK_BACK = timedelta(minutes=5)
"""How far before its first entry a reaction that is new to a shop begins, so that concurrent ones are not missed."""

log = logging.getLogger(__name__)


def run_reactions(*, shop_id: int, first_entry_id: int, now: datetime) -> list[ReactionCursor]:
    """Run all reactions of the shop; the cursors that have more to do later, those given up excluded.

    A reaction that fails holds up only itself in this shop. One that is new begins near `first_entry_id` and does
    not go through the history before.
    """
    up_to = reading.safe_up_to()
    cursors = {cursor.reaction: cursor for cursor in ReactionCursor.objects.filter(shop_id=shop_id)}
    trigger = JournalEntry.objects.filter(shop_id=shop_id, pk=first_entry_id).first()
    rest = []
    for reaction in known_reactions():
        cursor = cursors.get(reaction.name) or _first_cursor(reaction, trigger, up_to=up_to)
        if cursor and _has_more(cursor, reaction) and _run(reaction, cursor, up_to=up_to, now=now):
            rest.append(cursor)
    return rest


def _run(reaction: Reaction, cursor: ReactionCursor, *, up_to: int | None, now: datetime) -> bool:
    """Work off one reaction; whether it must come back later."""
    for _ in range(AT_ONCE):
        try:
            if not _step(reaction, cursor.pk, up_to=up_to, now=now):
                break
        except Exception as error:
            log.exception("Reaction %s failed", reaction.name)
            _note_failure(cursor.pk, error, now=now)
            break
    cursor.refresh_from_db()
    return cursor.stuck_at is None and _has_more(cursor, reaction)


def _has_more(cursor: ReactionCursor, reaction: Reaction) -> bool:
    return reading.next_entry(cursor, reaction.events, up_to=None) is not None


def _step(reaction: Reaction, cursor_id: int, *, up_to: int | None, now: datetime) -> bool:
    """Do one entry and move the cursor in one transaction; False when there is none to do now."""
    with transaction.atomic():
        cursor = ReactionCursor.objects.select_for_update().get(pk=cursor_id)
        if cursor.stuck_at or (cursor.next_try_at and cursor.next_try_at > now):
            return False
        entry = reading.next_entry(cursor, reaction.events, up_to=up_to)
        if entry is None:
            return False
        reaction.function(entry, entry.fact())
        cursor.last_entry_id = entry.pk
        cursor.tries, cursor.next_try_at, cursor.stuck_words = 0, None, ""
        cursor.save()
    return True


def _note_failure(cursor_id: int, error: Exception, *, now: datetime) -> None:
    with transaction.atomic():
        cursor = ReactionCursor.objects.select_for_update().get(pk=cursor_id)
        cursor.tries += 1
        cursor.stuck_words = f"{type(error).__name__}: {error}"[:500]
        if cursor.tries > len(WAITS):
            cursor.next_try_at, cursor.stuck_at = None, now
        else:
            cursor.next_try_at = now + WAITS[cursor.tries - 1]
        cursor.save()


def _first_cursor(reaction: Reaction, trigger: JournalEntry | None, *, up_to: int | None) -> ReactionCursor | None:
    """A cursor before the first entry that a reaction new to this shop should see, if there is one yet.

    It is never behind `up_to`, for entries after that may still appear.
    """
    if trigger is None:
        return None
    recent = Q(pk__gte=trigger.pk) | Q(at__gte=trigger.at - LOOK_BACK)
    mine = JournalEntry.objects.filter(recent, shop_id=trigger.shop_id, event__in=reaction.events)
    first = mine.order_by("pk").first()
    if first is None:
        return None
    last_id = first.pk - 1 if up_to is None else min(first.pk - 1, up_to)
    cursor, _ = ReactionCursor.objects.get_or_create(
        reaction=reaction.name, shop_id=trigger.shop_id, defaults={"last_entry_id": last_id}
    )
    return cursor
