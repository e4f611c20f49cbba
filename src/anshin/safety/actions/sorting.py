"""What a person makes of an entry of a publisher's list: a sealed notice, or nothing, with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.journal.actions import record
from anshin.safety import events
from anshin.safety.actions.drafting import draft
from anshin.safety.actions.refusals import ReasonNeeded
from anshin.safety.actions.taking_in import compare, look_out
from anshin.safety.models import Advisory, FeedDraft, FeedItem
from anshin.safety.queries.advisories import advisories
from anshin.safety.queries.feeds import items_to_match_again
from anshin.safety.rules import content, hazards, products
from anshin.safety.rules.matching import Sold, likeness
from anshin.safety.terms import LANGUAGES, Affected, AsideReason, Facts, ItemState, Origin
from anshin.shops import queries as shops
from anshin.shops.actions import Refused, require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership, Shop

_MOST_PRODUCTS: Final = 50
_PORTION: Final = 200


class UnknownItem(Refused):
    """There is no such entry in this shop."""

    def __init__(self) -> None:
        super().__init__(_("There is no such entry here. Load the page again."))


@transaction.atomic
def draft_from_item(*, by: Membership, item_id: int, now: datetime) -> Advisory:
    """A sealed notice with what the publisher says, for `by` alone; asked twice by one person it is the same notice.

    Whether somebody else has begun one is not told: that would break their seal. Raises NotAllowed, UnknownItem.
    """
    item = _locked(by, item_id)
    mine = FeedDraft.objects.filter(item=item, advisory__in=advisories(by)).select_related("advisory")
    if known := mine.order_by("id").first():
        return known.advisory
    made = draft(by=by, facts=_facts(item, now=now), origin=Origin.FEED, is_published=True, now=now)
    FeedDraft.objects.create(shop_id=item.shop_id, item=item, advisory=made)
    return made


@transaction.atomic
def put_aside(*, by: Membership, item_id: int, reason: AsideReason, words: str = "", now: datetime) -> FeedItem:
    """It does not concern the shop, and why; it stays findable. The publisher's next change brings it up again.

    Raises NotAllowed, UnknownItem, ReasonNeeded (another reason without a sentence).
    """
    item = _locked(by, item_id)
    if reason == AsideReason.OTHER and not words.strip():
        raise ReasonNeeded
    if item.state == ItemState.PUT_ASIDE and (item.aside_reason, item.aside_words) == (reason, words.strip()):
        return item
    item.state, item.aside_reason, item.aside_words = ItemState.PUT_ASIDE, reason, words.strip()[:500]
    item.aside_by, item.aside_at = by, now
    item.save()
    fact = events.FeedItemPutAside(item_id=item.pk, source=item.source_id[:100], reason=str(reason))
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return item


@transaction.atomic
def take_up(*, by: Membership, item_id: int, now: datetime) -> FeedItem:
    """It is to be looked at again. Raises NotAllowed, UnknownItem."""
    item = _locked(by, item_id)
    if item.state != ItemState.PUT_ASIDE:
        return item
    item.state = ItemState.MATCHED if item.matches.exists() else ItemState.NEW
    item.aside_reason, item.aside_words, item.aside_by, item.aside_at = "", "", None, None
    item.save()
    fact = events.FeedItemTakenUp(item_id=item.pk, source=item.source_id[:100])
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return item


def match_again(*, shop: Shop, now: datetime) -> int:
    """Compare what matched nothing with the products that the shop has by now; how many entries match since then."""
    catalogue = look_out(shop)
    risen = 0
    waiting: list[FeedItem] = []
    for item in items_to_match_again(shop, now=now):
        named = [content.affected(each) for each in item.products]
        if catalogue.find(named, "\n".join((item.title, item.affected, item.hazard))):
            waiting.append(item)
        if len(waiting) == _PORTION:
            risen += _compare(waiting)
            waiting = []
    return risen + _compare(waiting)


@transaction.atomic
def _compare(items: list[FeedItem]) -> int:
    if not items:
        return 0
    held = list(FeedItem.objects.select_for_update().filter(pk__in=[item.pk for item in items], aside_by=None))
    if held:
        compare(held, look_out(held[0].feed.shop))
    return len(held)


def _locked(by: Membership, item_id: int) -> FeedItem:
    require(by, Permission.PREPARE_SAFETY)
    found = FeedItem.objects.select_for_update().filter(shop_id=by.shop_id, pk=item_id).first()
    if found is None:
        raise UnknownItem
    return found


def _facts(item: FeedItem, *, now: datetime) -> Facts:
    """The facts as far as the publisher says them; a person completes and corrects them."""
    text = "\n".join((item.title, item.hazard, item.affected, item.remedy))
    zone = ZoneInfo(item.feed.shop.zone)
    read_at = item.changed_at or item.first_read_at
    published_at = item.published_at if item.published_at and item.published_at <= now else None
    return Facts(
        title=item.title[:200],
        hazard_class=hazards.hazard_class(text),
        hazard_type=hazards.hazard_type(text),
        severity=hazards.severity(text),
        agency=(item.agency or item.feed.agency or item.feed.name)[:120],
        source_url=item.url or item.feed.url,
        source_read_on=read_at.astimezone(zone).date(),
        products=tuple(dict.fromkeys(_products(item)))[:_MOST_PRODUCTS],
        remedy=hazards.remedy(text),
        publish_at=published_at,
        publish_zone=item.feed.zone or item.feed.shop.zone,
        lead_language=item.language if item.language in LANGUAGES and item.language != "en" else "ja",
    )


def _products(item: FeedItem) -> Iterator[Affected]:
    """Those that make sense, then each of ours that only prose names, so that it is proposed to the person as well."""
    named = [content.affected(each) for each in item.products]
    sensible = [each for each in named if products.trouble_with(each) is None]
    yield from sensible
    for match in item.matches.select_related("product").order_by("-certainty", "pk"):
        sold = Sold(match.product.sku, match.product.name, match.product.gtin, match.product.model_number)
        if not any(likeness(each, sold) for each in sensible):
            yield Affected(name=match.product.name[:300], sku=match.product.sku)
    if not sensible and not item.matches.exists():
        yield Affected(name=item.title[:300])
