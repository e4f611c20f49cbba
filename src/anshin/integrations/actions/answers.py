"""A write of another program is done once, however often it is asked for with the same Idempotency-Key.

First a row says, in a transaction of its own, that the write has begun; then the write and its answer are committed
together. A process that dies in between leaves the row without an answer and nothing else, so that after a lease the
next one may do it. Source: draft-ietf-httpapi-idempotency-key-header-07, section 2, read 2026-11-27.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction

from anshin.integrations.actions.refusals import StillBeingDone, WordTaken
from anshin.integrations.models import ApiKey, KeptAnswer

KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Answered:
    """What a write was answered. `is_repeated`: it had been answered before."""

    status: int
    content_type: str
    body: str
    is_repeated: bool = False


class TakenOver(RuntimeError):
    """This write took longer than its lease and somebody else has begun it; what it did is undone."""


def once(
    key: ApiKey,
    *,
    word: str,
    fingerprint: str,
    do: Callable[[], Answered],
    clock: Callable[[], datetime],
) -> Answered:
    """What `do` answers, or answered before. `do` runs in a transaction; an answer of 500 and above is not kept.

    Raises WordTaken, StillBeingDone, TakenOver.
    """
    token = secrets.token_hex(16)
    before = _begin(key, word, fingerprint, token, now=clock())
    if before is not None:
        return before
    mine = KeptAnswer.objects.filter(key=key, word=word, token=token, status=None)
    try:
        with transaction.atomic():
            answered = do()
            kept = {"status": answered.status, "content_type": answered.content_type, "body": answered.body}
            if answered.status >= 500:
                mine.delete()
            elif not mine.update(**kept):
                raise TakenOver(word)
    except BaseException:
        mine.delete()
        raise
    return answered


def forget_answers(*, now: datetime) -> int:
    """Forget what is a day old, with what customers wrote in it; how many."""
    return KeptAnswer.objects.filter(begun_at__lt=now - KEPT_FOR).delete()[0]


@transaction.atomic
def _begin(key: ApiKey, word: str, fingerprint: str, token: str, *, now: datetime) -> Answered | None:
    """Mark the write as begun by us; the former answer when there is one. Raises WordTaken, StillBeingDone."""
    row, is_new = KeptAnswer.objects.select_for_update().get_or_create(
        key=key,
        word=word,
        defaults={
            "shop_id": key.shop_id,
            "fingerprint": fingerprint,
            "token": token,
            "begun_at": now,
            "lease_until": now + LEASE,
        },
    )
    if is_new:
        return None
    is_old = row.begun_at < now - KEPT_FOR
    if not is_old and row.fingerprint != fingerprint:
        raise WordTaken
    if not is_old and row.status is not None:
        return Answered(row.status, row.content_type, row.body, is_repeated=True)
    if row.status is None and row.lease_until > now:
        raise StillBeingDone(max(1, ceil((row.lease_until - now).total_seconds() / 30)))
    row.fingerprint, row.token, row.begun_at, row.lease_until = fingerprint, token, now, now + LEASE
    row.status, row.content_type, row.body = None, "", ""
    row.save()
    return None
