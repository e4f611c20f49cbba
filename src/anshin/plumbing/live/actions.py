"""Telling open pages that something changed, and forgetting what is older than an hour."""

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from anshin.plumbing.live.hub import NOTIFY_NAME, process_hub
from anshin.plumbing.live.models import LiveEvent, Presence
from anshin.plumbing.live.queries import newest_id
from anshin.plumbing.prepared import write_returning

KEPT = timedelta(hours=1)
LONGEST_PAYLOAD = 4000
"""Characters of JSON. Pages are told what changed and fetch it; content does not travel here."""
_WORD = re.compile(r"[a-z0-9][a-z0-9._:-]{0,63}", re.IGNORECASE | re.ASCII)


_FIELDS = ("shop_id", "channel", "kind", "payload", "at")


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
    for word in (*channels, kind):
        if not _WORD.fullmatch(word):
            raise ValueError(f"Not a channel or kind: {word!r}")
    payload = payload or {}
    if (length := len(json.dumps(payload))) > LONGEST_PAYLOAD:
        raise PayloadTooLarge(f"{kind}: {length} characters of JSON; the limit is {LONGEST_PAYLOAD}")
    events = [LiveEvent(shop_id=shop_id, channel=each, kind=kind, payload=payload, at=now) for each in channels]
    with transaction.atomic(savepoint=False):
        _insert(events)
        if connection.vendor != "postgresql":
            transaction.on_commit(process_hub.look, robust=True)
    return events


def prune(*, now: datetime) -> int:
    """Delete events older than an hour, except the newest of all, and stale presences; how many events went."""
    gone, _ = LiveEvent.objects.filter(at__lt=now - KEPT).exclude(id=newest_id()).delete()
    Presence.objects.filter(seen_at__lt=now - KEPT).delete()
    return gone


def _insert(events: Sequence[LiveEvent]) -> None:
    """One statement. On PostgreSQL it tells every process, too: NOTIFY is delivered at the commit."""
    row = "(" + ", ".join(["%s"] * len(_FIELDS)) + ")"
    sql = f"INSERT INTO live_liveevent ({', '.join(_FIELDS)}) VALUES {', '.join([row] * len(events))} RETURNING id"  # noqa: S608
    if connection.vendor == "postgresql":
        told = "pg_notify(%s, id || ' ' || shop_id || ' ' || channel)"
        sql = f"WITH put AS ({sql}, shop_id, channel) SELECT id, {told} FROM put ORDER BY id"  # noqa: S608
    fields: list[Any] = [LiveEvent._meta.get_field(name) for name in _FIELDS]
    values = [field.get_db_prep_save(getattr(event, field.name), connection) for event in events for field in fields]
    told_to = [NOTIFY_NAME] if connection.vendor == "postgresql" else []
    for event, returned in zip(events, write_returning(sql, values + told_to), strict=True):
        event.pk = returned[0]
