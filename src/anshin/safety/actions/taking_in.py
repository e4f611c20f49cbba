"""Entries of a publisher's list, taken in a portion at a time: new, changed, the same, or gone; and compared with what
the shop sells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce.queries import product_names, sold_among
from anshin.language.folding import fold
from anshin.safety.models import FeedFetch, FeedItem, FeedMatch
from anshin.safety.rules import asking, content, recognising
from anshin.safety.rules.matching import Likeness, Sold
from anshin.safety.rules.recognising import Catalogue
from anshin.safety.terms import AsideReason, ItemState

if TYPE_CHECKING:
    from anshin.safety.ports import Caution
    from anshin.shops.models import Shop

_SAID: Final = (
    "agency",
    "title",
    "url",
    "published",
    "published_at",
    "asks_zone",
    "hazard",
    "affected",
    "what_to_do",
    "remedy",
    "contact",
    "language",
    "trouble",
)
_LENGTHS: Final = {"agency": 120, "title": 500, "url": 1000, "published": 100, "contact": 1000, "trouble": 500}
_MOST_PRODUCTS: Final = 100


def look_out(shop: Shop) -> Catalogue:
    """The shop's products, to be compared with many entries: one query."""
    return Catalogue((pk, Sold(sku, name, gtin, model)) for pk, sku, name, gtin, model in product_names(shop.pk))


@transaction.atomic
def take_in(fetch: FeedFetch, cautions: Sequence[Caution], catalogue: Catalogue, *, now: datetime) -> tuple[int, int]:
    """(entries that are new, that the publisher changed). The same entry again only gets `seen_in`."""
    known = {
        each.source_id: each
        for each in FeedItem.objects.select_for_update().filter(
            feed=fetch.feed, source_id__in=[caution.source_id for caution in cautions]
        )
    }
    new, changed, same = [], [], []
    for caution in cautions:
        values = _values(caution)
        digest = _digest(values)
        item = known.get(caution.source_id)
        if item is None:
            new.append(_new(fetch, caution, values, digest, now))
        elif item.digest != digest or (item.gone_at is None) == caution.is_withdrawn:
            item.gone_at = (item.gone_at or now) if caution.is_withdrawn else None
            changed.append(_changed(item, fetch, caution, values, digest))
        else:
            same.append(item.pk)
    FeedItem.objects.filter(pk__in=same).update(seen_in=fetch)
    _name_doubles(fetch, new)
    made = FeedItem.objects.bulk_create(new)
    compare([*made, *changed], catalogue)
    return len(made), len(changed)


def compare(items: Sequence[FeedItem], catalogue: Catalogue) -> None:
    """Find the shop's products in entries and say where each stands now; saves all of them."""
    found = {item.pk: catalogue.find(_named(item), _prose(item)) for item in items}
    sold = sold_among(items[0].shop_id, {pk for each in found.values() for pk in each}) if items else set()
    FeedMatch.objects.filter(item__in=[item.pk for item in items]).delete()
    FeedMatch.objects.bulk_create(
        FeedMatch(
            shop_id=item.shop_id,
            item=item,
            product_id=pk,
            reason=alike.reason,
            certainty=alike.certainty,
            is_sold=pk in sold,
        )
        for item in items
        for pk, alike in found[item.pk].items()
    )
    for item in items:
        _stand(item, found[item.pk], sold)
    FeedItem.objects.bulk_update(items, _ALL_FIELDS, batch_size=50)


def drop_missing(fetch: FeedFetch, cautions: Iterable[Caution], *, now: datetime) -> int:
    """Mark the entries that the publisher took out of the list; how many. What newer ones pushed out stays as it is."""
    since = asking.window_start(each.published_at for each in cautions)
    missing = FeedItem.objects.filter(feed_id=fetch.feed_id, gone_at=None).exclude(seen_in=fetch)
    rows = missing.values_list("pk", "published_at")
    gone = [pk for pk, published_at in rows.iterator() if asking.is_gone(published_at, since=since)]
    for start in range(0, len(gone), 500):
        FeedItem.objects.filter(pk__in=gone[start : start + 500]).update(gone_at=now)
    return len(gone)


_ALL_FIELDS: Final = [
    *_SAID,
    "products",
    "digest",
    "folded",
    "seen_in",
    "state",
    "rank",
    "listed_at",
    "changed_at",
    "gone_at",
    "aside_reason",
    "aside_words",
    "aside_by",
    "aside_at",
]


def _values(caution: Caution) -> dict[str, Any]:
    said = {name: getattr(caution, name) for name in _SAID}
    for name, most in _LENGTHS.items():
        said[name] = said[name][:most]
    return said | {"products": content.plain([asdict(each) for each in caution.products[:_MOST_PRODUCTS]])}


def _digest(values: dict[str, Any]) -> str:
    told = json.dumps(content.plain(values), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _new(fetch: FeedFetch, caution: Caution, values: dict[str, Any], digest: str, now: datetime) -> FeedItem:
    item = FeedItem(
        shop_id=fetch.shop_id,
        feed=fetch.feed,
        source_id=caution.source_id,
        seen_in=fetch,
        digest=digest,
        first_read_at=fetch.at,
        listed_at=caution.published_at or fetch.at,
        gone_at=now if caution.is_withdrawn else None,
        **values,
    )
    item.folded = _searched(item)
    return item


def _changed(item: FeedItem, fetch: FeedFetch, caution: Caution, values: dict[str, Any], digest: str) -> FeedItem:
    if item.digest != digest:
        item.changed_at = fetch.at
    for name, value in values.items():
        setattr(item, name, value)
    item.digest, item.seen_in = digest, fetch
    item.listed_at = caution.published_at or item.first_read_at
    item.folded = _searched(item)
    return item


def _stand(item: FeedItem, found: dict[int, Likeness], sold: set[int]) -> None:
    """Where an entry stands after it was compared; what a person said of an older one is asked anew."""
    item.rank = recognising.rank((each.certainty, pk in sold) for pk, each in found.items())
    item.aside_reason, item.aside_words, item.aside_by, item.aside_at = "", "", None, None
    if found:
        item.state = ItemState.MATCHED
    elif item.trouble:
        item.state = ItemState.UNREADABLE
    elif not item.products:
        item.state = ItemState.NEW
    else:
        item.state, item.aside_reason = ItemState.PUT_ASIDE, AsideReason.UNSOLD
    if item.state == ItemState.UNREADABLE and not item.trouble:
        item.trouble = _("This entry could not be understood.")


def _name_doubles(fetch: FeedFetch, new: Sequence[FeedItem]) -> None:
    """An entry whose address another list has, too, is the same entry."""
    urls = {item.url for item in new if item.url}
    known = FeedItem.objects.filter(shop_id=fetch.shop_id, url__in=urls, same_as=None).exclude(feed=fetch.feed)
    firsts: dict[str, FeedItem] = {}
    for each in known.order_by("id"):
        firsts.setdefault(each.url, each)
    for item in new:
        item.same_as = firsts.get(item.url) if item.url else None


def _named(item: FeedItem) -> list[Any]:
    return [content.affected(each) for each in item.products]


def _prose(item: FeedItem) -> str:
    return "\n".join((item.title, item.affected, item.hazard, item.what_to_do, item.remedy))


def _searched(item: FeedItem) -> str:
    names = (str(each.get(name, "")) for each in item.products for name in ("name", "model_number", "gtin"))
    return fold("\n".join((item.source_id, _prose(item), *names)))[:20_000]
