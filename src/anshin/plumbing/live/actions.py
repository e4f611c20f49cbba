"""Telling open pages that something changed, and forgetting what is older than an hour."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from anshin.plumbing.bulk import FEW, insert_many
from anshin.plumbing.live.hub import NOTIFY_NAME, process_hub
from anshin.plumbing.live.models import LiveEvent, Presence
from anshin.plumbing.live.ports import carrier
from anshin.plumbing.live.queries import newest_id
from anshin.plumbing.prepared import write_returning

KEPT = timedelta(hours=1)
LONGEST_PAYLOAD = 4000
"""Characters of JSON. Pages are told what changed and fetch it; content does not travel here."""
_WORD = re.compile(r"[a-z0-9][a-z0-9._:-]{0,63}", re.IGNORECASE | re.ASCII)


_FIELDS = ("shop_id", "channel", "kind", "payload", "at")


@dataclass(frozen=True, slots=True)
class Hint:
    """One event to be: for `publish_many`."""

    channel: str
    kind: str
    payload: dict[str, Any]


class PayloadTooLarge(ValueError):
    """A live event should say what changed, not carry it."""


def publish(
    *, shop_id: int, channel: str, kind: str, payload: dict[str, Any] | None = None, now: datetime
) -> LiveEvent:
    """The event, written in the caller's transaction; open pages that follow `channel` get it after the commit.

    `channel` is "shop" (everybody in the shop), "case:123" or "person:7"; `kind` says what happened, like
    "case.changed". A page may receive an event twice.
    Raises PayloadTooLarge; ValueError when channel or kind is no plain word of at most 64 characters.
    """
    return publish_on(shop_id=shop_id, channels=[channel], kind=kind, payload=payload, now=now)[0]


def publish_on(
    *, shop_id: int, channels: Sequence[str], kind: str, payload: dict[str, Any] | None = None, now: datetime
) -> list[LiveEvent]:
    """The same for pages that follow one of several channels: an event each, in their order. Raises as `publish`."""
    return publish_many([Hint(channel, kind, payload or {}) for channel in channels], shop_id=shop_id, now=now)


def publish_many(hints: Sequence[Hint], *, shop_id: int, now: datetime) -> list[LiveEvent]:
    """An event for each of these, in their order. Raises as `publish` does, then writes nothing."""
    for hint in hints:
        _check(hint)
    events = [
        LiveEvent(shop_id=shop_id, channel=hint.channel, kind=hint.kind, payload=hint.payload, at=now) for hint in hints
    ]
    with transaction.atomic(savepoint=False):
        (_insert_few if len(events) <= FEW else _insert_many)(events)
        if told_by := carrier.peek():
            transaction.on_commit(told_by.ring, robust=True)
        if not _notifies():
            transaction.on_commit(process_hub.look, robust=True)
    return events


def prune(*, now: datetime) -> int:
    """Delete events older than an hour, except the newest of all, and stale presences; how many events went."""
    gone, _ = LiveEvent.objects.filter(at__lt=now - KEPT).exclude(id=newest_id()).delete()
    Presence.objects.filter(seen_at__lt=now - KEPT).delete()
    return gone


def _insert_few(events: Sequence[LiveEvent]) -> None:
    """One statement. On PostgreSQL it tells every process, too: NOTIFY is delivered at the commit."""
    row = "(" + ", ".join(["%s"] * len(_FIELDS)) + ")"
    sql = f"INSERT INTO live_liveevent ({', '.join(_FIELDS)}) VALUES {', '.join([row] * len(events))} RETURNING id"  # noqa: S608
    if _notifies():
        told = "pg_notify(%s, id || ' ' || shop_id || ' ' || channel)"
        sql = f"WITH put AS ({sql}, shop_id, channel) SELECT id, {told} FROM put ORDER BY id"  # noqa: S608
    fields: list[Any] = [LiveEvent._meta.get_field(name) for name in _FIELDS]
    values = [field.get_db_prep_save(getattr(event, field.name), connection) for event in events for field in fields]
    told_to = [NOTIFY_NAME] if _notifies() else []
    for event, returned in zip(events, write_returning(sql, values + told_to), strict=True):
        event.pk = returned[0]


def _insert_many(events: Sequence[LiveEvent]) -> None:
    """The same for many, whose rows are written in bulk."""
    insert_many(events)
    if _notifies():
        told = [f"{event.pk} {event.shop_id} {event.channel}" for event in events]
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(pg_notify(%s, said)) FROM unnest(%s::text[]) AS said", [NOTIFY_NAME, told])


def _notifies() -> bool:
    """Whether the database itself tells other processes."""
    return connection.vendor == "postgresql" and carrier.peek() is None


def _check(hint: Hint) -> None:
    for word in (hint.channel, hint.kind):
        if not _WORD.fullmatch(word):
            raise ValueError(f"Not a channel or kind: {word!r}")
    if (length := len(json.dumps(hint.payload))) > LONGEST_PAYLOAD:
        raise PayloadTooLarge(f"{hint.kind}: {length} characters of JSON; the limit is {LONGEST_PAYLOAD}")
