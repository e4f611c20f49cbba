"""Asking a publisher's server, keeping what came, and only then reading it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction

from anshin.plumbing.files.store import keep, read_bytes
from anshin.plumbing.jobs import queue
from anshin.safety.actions.feeding import FETCH
from anshin.safety.actions.taking_in import drop_missing, look_out, take_in
from anshin.safety.models import Feed, FeedFetch
from anshin.safety.ports import Came, Caution, NotAFeed, NotHad, Reading, feed_servers, feeds
from anshin.safety.queries.feeds import due_feeds
from anshin.safety.rules import asking
from anshin.safety.terms import FeedTrouble

PORTION: Final = 200
_LONGEST_TROUBLE: Final = 500


def call_due_feeds(*, now: datetime) -> int:
    """A job for each list whose time has come, of all shops; one that waits already is not asked for twice."""
    due = due_feeds(now)
    for feed_id, shop_id in due:
        queue.enqueue(FETCH, feed_id, now=now, unique_key=f"{FETCH}:{feed_id}", shop_id=shop_id)
    return len(due)


def fetch_feed(feed_id: int, *, clock: Callable[[], datetime]) -> None:
    """Read what was kept and not read to the end, then ask the publisher if it is time. Never inside a transaction: the
    server may take a minute. Begun again after a kill it goes on."""
    feed = Feed.objects.select_related("shop").filter(pk=feed_id, is_on=True).first()
    if feed is None:
        return
    for unread in FeedFetch.objects.filter(feed=feed, read_at=None).order_by("id"):
        read_fetch(unread.pk, now=clock())
    now = clock()
    feed.refresh_from_db()
    if feed.next_at > now:
        return
    try:
        came = feed_servers.get().ask(feed.url, etag=feed.etag, last_modified=feed.last_modified, now=now)
    except NotHad as error:
        _not_had(feed, error, now=clock())
        return
    fetch = _kept(feed, came, now=clock())
    if fetch is not None:
        read_fetch(fetch.pk, now=clock())


def read_fetch(fetch_id: int, *, now: datetime) -> None:
    """Take in every entry of a list that was kept, in portions, each a transaction of its own; a second time adds
    nothing."""
    fetch = FeedFetch.objects.select_related("feed__shop", "blob").get(pk=fetch_id)
    feed = fetch.feed
    try:
        cautions = list(feeds.get().read(read_bytes(fetch.blob), reading_of(feed, fetch)))
    except NotAFeed as error:
        _no_list(fetch, str(error), now=now)
        return
    told = {each.source_id: each for each in cautions}  # named twice: the later one counts
    catalogue = look_out(feed.shop)
    ids, counts = list(told), [0, 0]
    for start in range(0, len(ids), PORTION):
        portion = [told[each] for each in ids[start : start + PORTION]]
        added, changed = take_in(fetch, portion, catalogue, now=now)
        counts[0] += added
        counts[1] += changed
    _finish(fetch, list(told.values()), counts, now=now)


def reading_of(feed: Feed, fetch: FeedFetch) -> Reading:
    """How the bytes of an answer are to be read."""
    zone = ZoneInfo(feed.shop.zone)
    return Reading(feed.kind, feed.mapping, feed.zone, feed.language, fetch.url, fetch.at.astimezone(zone).date())


@transaction.atomic
def _kept(feed: Feed, came: Came, *, now: datetime) -> FeedFetch | None:
    """The answer as a row with its bytes; None when it says nothing new."""
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    digest = hashlib.sha256(came.content).hexdigest() if came.content is not None else held.digest
    held.asked_at = now
    held.next_at = now + asking.wait(every_minutes=held.every_minutes, failures=0)
    if digest == held.digest:
        held.read_at, held.failures = now, 0
        held.trouble, held.trouble_words, held.trouble_since_at = "", "", None
        held.save()
        return None
    held.save()
    if came.content is None:  # nothing new, says a server that was asked without marks
        return None
    return FeedFetch.objects.create(
        shop=feed.shop,
        feed=held,
        at=now,
        url=came.url[:1000],
        blob=keep(feed.shop_id, came.content, now=now),
        etag=came.etag,
        last_modified=came.last_modified,
    )


@transaction.atomic
def _finish(fetch: FeedFetch, cautions: list[Caution], counts: list[int], *, now: datetime) -> None:
    feed = Feed.objects.select_for_update().get(pk=fetch.feed_id)
    fetch.gone = drop_missing(fetch, cautions, now=now) if cautions else 0
    fetch.entries, fetch.added, fetch.changed = len(cautions), counts[0], counts[1]
    fetch.read_at, fetch.trouble, fetch.trouble_words = now, "", ""
    fetch.save()
    feed.etag, feed.last_modified, feed.digest = fetch.etag, fetch.last_modified, fetch.blob.sha256
    feed.read_at, feed.failures = now, 0
    feed.trouble, feed.trouble_words, feed.trouble_since_at = "", "", None
    feed.save()


@transaction.atomic
def _no_list(fetch: FeedFetch, words: str, *, now: datetime) -> None:
    """Kept as it came, with what it is instead; its marks are not, so that the publisher is asked for it again."""
    fetch.read_at, fetch.trouble, fetch.trouble_words = now, FeedTrouble.NOT_A_FEED, words[:_LONGEST_TROUBLE]
    fetch.save()
    feed = Feed.objects.select_for_update().get(pk=fetch.feed_id)
    _in_trouble(feed, NotHad(FeedTrouble.NOT_A_FEED, words), now=now)


@transaction.atomic
def _not_had(feed: Feed, error: NotHad, *, now: datetime) -> None:
    held = Feed.objects.select_for_update().get(pk=feed.pk)
    held.asked_at = now
    _in_trouble(held, error, now=now)


def _in_trouble(feed: Feed, error: NotHad, *, now: datetime) -> None:
    feed.failures = min(feed.failures + 1, 30)
    if feed.trouble != error.trouble:
        feed.trouble_since_at = now
    feed.trouble, feed.trouble_words = error.trouble, error.words[:_LONGEST_TROUBLE]
    wait = asking.wait(every_minutes=feed.every_minutes, failures=feed.failures, retry_after=error.retry_after)
    feed.next_at = now + wait
    feed.save()
