"""Publishers' lists and their entries. What a person may not know of an entry: that somebody else has begun a sealed
notice from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from anshin.language.folding import fold
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.safety.models import Advisory, Feed, FeedDraft, FeedFetch, FeedItem, FeedMatch
from anshin.safety.ports import NotAFeed, Reading, feeds
from anshin.safety.queries.advisories import advisories
from anshin.safety.terms import AsideReason, FeedKind, ItemState

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

PAGE: Final = 50
_MATCHED_AGAIN: Final = timedelta(days=3 * 365)
_OPEN: Final = (ItemState.NEW, ItemState.MATCHED, ItemState.UNREADABLE)
TABS: Final[dict[str, Q]] = {
    "open": Q(state__in=_OPEN),
    "matched": Q(state=ItemState.MATCHED),
    "unreadable": Q(state=ItemState.UNREADABLE),
    "aside": Q(state=ItemState.PUT_ASIDE),
    "gone": Q(gone_at__isnull=False),
    "all": Q(),
}
"""What the inbox of entries can show; `drafted` comes on top, which depends on who looks."""


@dataclass(frozen=True, slots=True)
class Tabs:
    """How many entries wait for a person, by state, for one person."""

    matched: int
    new: int
    unreadable: int

    @property
    def open(self) -> int:
        """All that a person has to look at."""
        return self.matched + self.new + self.unreadable


def feeds_of(shop: Shop) -> list[Feed]:
    """Every list, those in trouble first."""
    return list(Feed.objects.filter(shop=shop).order_by("-is_on", "-failures", "name", "pk"))


def feed_by_id(shop: Shop, feed_id: int) -> Feed | None:
    """A list of this shop."""
    return Feed.objects.filter(shop=shop, pk=feed_id).first()


def fetches_of(feed: Feed, *, cursor: str = "") -> Page[FeedFetch]:
    """What came from its server and was new, newest first. Raises BadCursor."""
    return page_of(FeedFetch.objects.filter(feed=feed).select_related("blob"), order=("-id",), size=20, cursor=cursor)


def fetch_by_id(shop: Shop, fetch_id: int) -> FeedFetch | None:
    """An answer that was kept, with its bytes' row."""
    return FeedFetch.objects.filter(shop=shop, pk=fetch_id).select_related("blob", "feed").first()


def headings_of(feed: Feed) -> tuple[tuple[str, str], ...]:
    """Columns or elements of the last answer with what each is taken for; none where nothing can be named."""
    last = FeedFetch.objects.filter(feed=feed).select_related("blob").order_by("-id").first()
    if last is None or not FeedKind(feed.kind).is_mapped:
        return ()
    how = Reading(feed.kind, feed.mapping, feed.zone, feed.language, last.url, last.at.date())
    try:
        return feeds.get().headings(read_bytes(last.blob), how)
    except NotAFeed:
        return ()


def due_feeds(now: datetime) -> list[tuple[int, int]]:
    """(id, shop) of lists to be asked for, of all shops, the longest due first."""
    due = Feed.objects.filter(is_on=True, next_at__lte=now).order_by("next_at", "pk")
    return list(due.values_list("pk", "shop_id")[:500])


def items_asking_for_zone(shop: Shop) -> dict[int, int]:
    """Feed to how many of its entries have a time of which nobody knows the zone."""
    found = FeedItem.objects.filter(shop=shop, asks_zone=True, published_at=None).values_list("feed_id")
    return dict(found.annotate(count=Count("pk")).order_by())


def inbox(by: Membership, *, tab: str, asked: str = "", feed_id: int | None = None, cursor: str = "") -> Page[FeedItem]:
    """Entries of a tab: what was sold first, then by the day of publication; with `asked` those that hold every word.

    `drafts` of an entry are those that `by` may know of. Entries from which `by` knows a notice stand under `drafted`
    alone. Three queries. Raises BadCursor, KeyError for a tab that does not exist.
    """
    visible = FeedDraft.objects.filter(advisory__in=advisories(by).values("pk"))
    drafted = Exists(visible.filter(item=OuterRef("pk")))
    found = FeedItem.objects.filter(shop_id=by.shop_id, same_as=None)
    found = found.filter(drafted) if tab == "drafted" else found.filter(TABS[tab])
    if tab in {"open", "matched", "unreadable"}:
        found = found.exclude(drafted)
    if feed_id is not None:
        found = found.filter(feed_id=feed_id)
    for word in fold(asked).split()[:6]:
        found = found.filter(folded__contains=word)
    order = ("-rank", "-listed_at", "-id") if tab in {"open", "matched"} else ("-listed_at", "-id")
    return page_of(_whole(found, visible), order=order, size=PAGE, cursor=cursor)


def item_by_id(by: Membership, item_id: int) -> FeedItem | None:
    """An entry of this shop with its matches, doubles, and the notices from it that `by` may know of."""
    visible = FeedDraft.objects.filter(advisory__in=advisories(by).values("pk"))
    found = FeedItem.objects.filter(shop_id=by.shop_id, pk=item_id).select_related("aside_by__person", "seen_in")
    doubles = Prefetch("doubles", FeedItem.objects.select_related("feed").order_by("id"), to_attr="other_lists")
    return _whole(found, visible).prefetch_related(doubles).first()


def item_counts(by: Membership) -> Tabs:
    """How many wait for a person: one query."""
    visible = FeedDraft.objects.filter(advisory__in=advisories(by).values("pk"), item=OuterRef("pk"))
    found = FeedItem.objects.filter(shop_id=by.shop_id, same_as=None, state__in=_OPEN).exclude(Exists(visible))
    counts = dict(found.values_list("state").annotate(count=Count("pk")).order_by())
    return Tabs(*(counts.get(each, 0) for each in (ItemState.MATCHED, ItemState.NEW, ItemState.UNREADABLE)))


def item_of(advisory: Advisory) -> FeedItem | None:
    """The entry from which a notice was begun; whoever asks may see the notice."""
    found = FeedDraft.objects.filter(advisory=advisory).select_related("item__feed").first()
    return found.item if found else None


def items_to_match_again(shop: Shop, *, now: datetime) -> Iterator[FeedItem]:
    """Entries that matched nothing when they were read, and of which no person has said anything."""
    unsold = Q(state=ItemState.PUT_ASIDE, aside_reason=AsideReason.UNSOLD, aside_by=None)
    young = FeedItem.objects.filter(shop=shop, same_as=None, listed_at__gte=now - _MATCHED_AGAIN)
    nothing = young.filter(unsold | Q(state__in=[ItemState.NEW, ItemState.UNREADABLE]))
    return nothing.order_by("pk").iterator(chunk_size=500)


def _whole(found: QuerySet[FeedItem], visible: QuerySet[FeedDraft]) -> QuerySet[FeedItem]:
    matches = FeedMatch.objects.select_related("product").order_by("-is_sold", "-certainty", "pk")
    return found.select_related("feed").prefetch_related(
        Prefetch("matches", matches, to_attr="known_matches"),
        Prefetch("drafts", visible.select_related("advisory"), to_attr="known_drafts"),
    )
