"""Tables of the journal: the entries, which are only ever added, and how far each reaction has read."""

from typing import Any, NoReturn

from django.db import models

from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.events import Event, event_class


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete journal entries."""


class JournalEntries(models.QuerySet["JournalEntry"]):
    """Entries can be read and added. Triggers in the database refuse changes that go around this class."""

    def update(self, **_values: Any) -> NoReturn:
        raise AppendOnly("Journal entries are never changed; record another fact.")

    def delete(self) -> NoReturn:
        raise AppendOnly("Journal entries are never deleted.")

    def bulk_update(self, *_objects: Any, **_values: Any) -> NoReturn:
        raise AppendOnly("Journal entries are never changed; record another fact.")


class JournalEntry(models.Model):
    """One fact: who did what, when, to which case or order.

    `shop_id`, `case_id` and `order_id` are plain numbers, because this table lies below shops and cases.
    """

    id = models.BigAutoField(primary_key=True)
    shop_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    event = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    case_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)

    objects = JournalEntries.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["shop_id", "id"], name="journal_by_shop"),
            models.Index(fields=["shop_id", "case_id", "id"], name="journal_by_case"),
            models.Index(
                fields=["shop_id", "order_id", "id"],
                condition=models.Q(order_id__isnull=False),
                name="journal_by_order",
            ),
            models.Index(fields=["shop_id", "event", "id"], name="journal_by_event"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor_kind__in=["staff", "customer", "system"]), name="journal_actor_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} #{self.pk}"

    @property
    def by(self) -> Actor:
        return Actor(kind=self.actor_kind, id=self.actor_id, name=self.actor_name)  # type: ignore[arg-type]

    def fact(self) -> Event:
        """The event as its room declared it. Raises UnknownEvent, UnreadableEvent."""
        return event_class(self.event).from_payload(self.payload)


class ReactionCursor(models.Model):
    """How far one reaction has read one shop's journal, and what holds it up.

    `last_entry_id` is the last entry done. `tries` counts failures at the next entry; `next_try_at` is when it is
    tried again; `stuck_at` is set when it is tried no more until a person asks for it.
    """

    reaction = models.CharField(max_length=80)
    shop_id = models.BigIntegerField()
    last_entry_id = models.BigIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    stuck_at = models.DateTimeField(null=True)
    stuck_words = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reaction", "shop_id"], name="journal_one_cursor_per_reaction_and_shop"),
        ]
        indexes = [models.Index(fields=["shop_id", "stuck_at"], name="journal_stuck")]

    def __str__(self) -> str:
        return f"{self.reaction} in shop {self.shop_id} at {self.last_entry_id}"
