"""Writing to the journal: every verb of every room records its fact here, in its own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from anshin.plumbing.bulk import insert_many
from anshin.plumbing.journal import jobs, reactions, reading
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.events import Event
from anshin.plumbing.journal.models import JournalEntry, ReactionCursor


class NotInTransaction(RuntimeError):
    """A fact must be recorded in the transaction that makes it true."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry to be: for `record_many`."""

    event: Event
    by: Actor
    at: datetime
    case_id: int | None = None
    order_id: int | None = None


def record(
    event: Event,
    *,
    shop_id: int,
    by: Actor,
    now: datetime,
    case_id: int | None = None,
    order_id: int | None = None,
) -> JournalEntry:
    """The entry written for `event`, in the caller's transaction; reactions to it run after the commit.

    Raises NotInTransaction; NotPlain when the event carries more than ids and short plain values.
    """
    return record_many([Fact(event, by, now, case_id, order_id)], shop_id=shop_id, now=now)[0]


def record_many(facts: Iterable[Fact], *, shop_id: int, now: datetime) -> list[JournalEntry]:
    """The entries written for `facts` of one shop, in their order. Raises as `record` does, then writes nothing."""
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction("record() outside transaction.atomic()")
    writer = reading.announce()
    facts = list(facts)
    entries = [_entry(fact, shop_id=shop_id) for fact in facts]
    insert_many(entries)
    heard = reactions.heard_events([fact.event for fact in facts], shop_id=shop_id)
    listened = next((entry for entry in entries if entry.event in heard), None)
    if listened:
        jobs.ask_for_reactions(
            shop_id=shop_id, first_entry_id=listened.pk, key=f"transaction {writer}", run_at=None, now=now
        )
    return entries


def forget_customer(*, shop_id: int, customer_id: int, case_ids: Iterable[int]) -> int:
    """Take an erased customer's name, and mail servers' words in these cases, out of the journal; how many entries.

    The only change of entries there is; triggers in the database let no other through. Inside a transaction.
    """
    entries: QuerySet[JournalEntry] = QuerySet(JournalEntry).filter(shop_id=shop_id)
    changed = entries.filter(actor_kind="customer", actor_id=customer_id).update(actor_name="")
    told = entries.filter(event="case.delivery_changed", case_id__in=list(case_ids))
    for entry in told.exclude(payload__words=""):
        changed += entries.filter(pk=entry.pk).update(payload={**entry.payload, "words": ""})
    return changed


def begin_anew(reaction: str, *, shop_id: int) -> None:
    """Let a reaction that a shop had no use for begin with what is recorded from now on. Inside a transaction."""
    ReactionCursor.objects.filter(reaction=reaction, shop_id=shop_id).delete()


def retry_reaction(reaction: str, *, shop_id: int, now: datetime) -> bool:
    """Try a stuck or waiting reaction again at once. False when there was nothing to retry."""
    with transaction.atomic():
        cursor = ReactionCursor.objects.select_for_update().filter(reaction=reaction, shop_id=shop_id).first()
        if cursor is None or not cursor.tries:
            return False
        cursor.tries, cursor.next_try_at, cursor.stuck_at, cursor.stuck_words = 0, None, None, ""
        cursor.save(update_fields=["tries", "next_try_at", "stuck_at", "stuck_words"])
        jobs.ask_for_reactions(
            shop_id=shop_id,
            first_entry_id=cursor.last_entry_id,
            key=f"again {reaction} {now.isoformat()}",
            run_at=None,
            now=now,
        )
    return True


def _entry(fact: Fact, *, shop_id: int) -> JournalEntry:
    return JournalEntry(
        shop_id=shop_id,
        at=fact.at,
        actor_kind=fact.by.kind,
        actor_id=fact.by.id,
        actor_name=fact.by.name[:200],
        event=fact.event.name,
        payload=fact.event.to_payload(),
        case_id=fact.case_id,
        order_id=fact.order_id,
    )
