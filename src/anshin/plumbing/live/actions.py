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

KEPT = timedelta(hours=1)
LONGEST_PAYLOAD = 4000
"""Characters of JSON. Pages are told what changed and fetch it; content does not travel here."""
_WORD = re.compile(r"[a-z0-9][a-z0-9._:-]{0,63}", re.IGNORECASE | re.ASCII)


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
        LiveEvent.objects.bulk_create(events)
        _announce(events)
    return events


def prune(*, now: datetime) -> int:
    """Delete events older than an hour, except the newest of all, and stale presences; how many events went."""
    gone, _ = LiveEvent.objects.filter(at__lt=now - KEPT).exclude(id=newest_id()).delete()
    Presence.objects.filter(seen_at__lt=now - KEPT).delete()
    return gone


def _announce(events: Sequence[LiveEvent]) -> None:
    if connection.vendor == "postgresql":  # NOTIFY is delivered at the commit, to every process
        told = [word for event in events for word in (NOTIFY_NAME, f"{event.pk} {event.shop_id} {event.channel}")]
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join(["pg_notify(%s, %s)"] * len(events)), told)
    else:
        transaction.on_commit(process_hub.look, robust=True)
