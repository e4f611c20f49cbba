"""Which publishers' lists are read, from where and how; and what becomes of an entry, said by a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.jobs import queue
from anshin.plumbing.journal.actions import record
from anshin.plumbing.web.reach import leads_inside
from anshin.safety import events
from anshin.safety.models import Feed, FeedFetch
from anshin.safety.terms import LANGUAGES, FeedField, FeedKind
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

FETCH: Final = "anshin.safety.jobs.fetch_feed"
_SOONEST_MINUTES, _LATEST_MINUTES = 15, 7 * 24 * 60
_PLAIN: Final = ("name", "kind", "url", "agency", "language", "zone", "every_minutes", "mapping")
_HOW_IT_IS_READ: Final = frozenset({"kind", "language", "zone", "mapping", "agency"})


class UnknownFeed(Refused):
    """There is no such list in this shop."""

    def __init__(self) -> None:
        super().__init__(_("There is no such list here. Load the page again."))


class BadFeed(Refused):
    """What was filled in about a list makes no sense; `field` says where."""

    def __init__(self, where: str, words: Any) -> None:
        super().__init__(words)
        self.where = where


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What a person fills in about a list. `mapping`: folded heading to a code of terms.FeedField."""

    name: str
    kind: str
    url: str
    agency: str = ""
    language: str = "ja"
    zone: str = ""
    every_minutes: int = 60
    mapping: dict[str, str] = field(default_factory=dict)


def add_feed(*, by: Membership, facts: FeedFacts, now: datetime) -> Feed:
    """A list that is read from now on. Raises NotAllowed, BadFeed. Asks name servers: not inside a transaction."""
    require(by, Permission.APPROVE_SAFETY)
    _look_through(facts)
    return _added(by, facts, now)


@transaction.atomic
def _added(by: Membership, facts: FeedFacts, now: datetime) -> Feed:
    feed = Feed(shop=by.shop, created_at=now, next_at=now, **_values(facts))
    _save(feed)
    record(events.FeedAdded(feed_id=feed.pk, feed=feed.name), shop_id=by.shop_id, by=shops.actor(by), now=now)
    _call(feed, now)
    return feed


def change_feed(*, by: Membership, feed_id: int, facts: FeedFacts, now: datetime) -> Feed:
    """Read it so from now on; the same again changes nothing. What was kept last is read anew where it means something
    else now, another address is asked at once. Raises NotAllowed, UnknownFeed, BadFeed. Asks name servers: not inside a
    transaction."""
    require(by, Permission.APPROVE_SAFETY)
    _look_through(facts)
    return _changed(by, feed_id, facts, now)


@transaction.atomic
def _changed(by: Membership, feed_id: int, facts: FeedFacts, now: datetime) -> Feed:
    feed = _locked(by, feed_id)
    values = _values(facts)
    names = tuple(name for name in _PLAIN if getattr(feed, name) != values[name])
    if not names:
        return feed
    for name in names:
        setattr(feed, name, values[name])
    if "url" in names or _HOW_IT_IS_READ & set(names):
        feed.etag = feed.last_modified = feed.digest = ""  # so that the same bytes are read once more
        feed.next_at, feed.failures = now, 0
    _save(feed)
    fact = events.FeedChanged(feed_id=feed.pk, feed=feed.name, fields=names)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    if _HOW_IT_IS_READ & set(names) and "url" not in names:
        _read_again(feed)
    _call(feed, now)
    return feed


@transaction.atomic
def switch_feed(*, by: Membership, feed_id: int, is_on: bool, now: datetime) -> Feed:
    """Read it, or leave it alone; its entries stay. Raises NotAllowed, UnknownFeed."""
    feed = _locked(by, feed_id)
    if feed.is_on == is_on:
        return feed
    feed.is_on, feed.next_at, feed.failures = is_on, now, 0
    feed.save(update_fields=["is_on", "next_at", "failures"])
    fact = events.FeedSwitched(feed_id=feed.pk, feed=feed.name, is_on=is_on)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    _call(feed, now)
    return feed


@transaction.atomic
def ask_now(*, by: Membership, feed_id: int, now: datetime) -> Feed:
    """Ask the publisher at once instead of at the next time. Raises NotAllowed, UnknownFeed."""
    feed = _locked(by, feed_id)
    feed.next_at = now
    feed.save(update_fields=["next_at"])
    _call(feed, now)
    return feed


def _locked(by: Membership, feed_id: int) -> Feed:
    require(by, Permission.APPROVE_SAFETY)
    found = Feed.objects.select_for_update().filter(shop_id=by.shop_id, pk=feed_id).first()
    if found is None:
        raise UnknownFeed
    return found


def _values(facts: FeedFacts) -> dict[str, Any]:
    plain = {name: getattr(facts, name) for name in _PLAIN}
    return {name: value.strip() if isinstance(value, str) else value for name, value in plain.items()}


def _look_through(facts: FeedFacts) -> None:
    try:
        parts = urlsplit(facts.url.strip())
        is_web = parts.scheme in {"https", "http"} and bool(parts.hostname) and not parts.username
    except ValueError:
        is_web = False
    troubles = (
        (not facts.name.strip(), "name", _("Give the list a name.")),
        (not is_web, "url", _("The address of the list must begin with https:// or http://, without a password.")),
        (facts.kind not in FeedKind.values, "kind", _("Choose in which form the list comes.")),
        (facts.language not in LANGUAGES, "language", _("Choose the language of the list.")),
        (bool(facts.zone) and facts.zone not in available_timezones(), "zone", _("There is no such time zone.")),
        (
            not _SOONEST_MINUTES <= facts.every_minutes <= _LATEST_MINUTES,
            "every_minutes",
            _("A list is asked for every 15 minutes at the soonest and once a week at the latest."),
        ),
        (
            not set(facts.mapping.values()) <= {"", *FeedField.values},
            "mapping",
            _("One of the columns has a meaning that does not exist."),
        ),
    )
    for is_wrong, where, words in troubles:
        if is_wrong:
            raise BadFeed(where, words)
    if leads_inside(str(parts.hostname)):
        words = _("This address leads into a private network. Choose one that everybody can reach.")
        raise BadFeed("url", words)


def _save(feed: Feed) -> None:
    try:
        with transaction.atomic():
            feed.save()
    except IntegrityError as error:
        raise BadFeed("url", _("This address is read already.")) from error


def _read_again(feed: Feed) -> None:
    last = FeedFetch.objects.filter(feed=feed).order_by("-id").first()
    if last is not None:
        last.read_at, last.trouble, last.trouble_words = None, "", ""
        last.save(update_fields=["read_at", "trouble", "trouble_words"])


def _call(feed: Feed, now: datetime) -> None:
    if feed.is_on:
        queue.enqueue(FETCH, feed.pk, now=now, unique_key=f"{FETCH}:{feed.pk}", shop_id=feed.shop_id)
