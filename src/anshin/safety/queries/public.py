"""What anybody may read: the notices that are public now, and the products they are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Prefetch, Subquery

from anshin.safety.models import Advisory, Edition, ProductMatch
from anshin.safety.rules import content, products
from anshin.safety.terms import AdvisoryState, Content, MatchState

if TYPE_CHECKING:
    from anshin.shops.models import Shop


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """One notice as it is public. `codes`: product numbers and GTINs under which pages ask, in products.code's form."""

    number: int
    content: Content
    released_at: datetime
    corrected_at: datetime | None
    codes: frozenset[str]


def product_code(asked: str) -> str:
    """The form in which a product's number or GTIN is compared with `PublicNotice.codes`."""
    return products.code(asked)


def public_notices(shop: Shop) -> list[PublicNotice]:
    """Every notice of the shop that is public now, the newest first: two queries, whatever their number.

    A notice is about the products that a person confirmed, and about what its publisher named by number or GTIN.
    """
    newest = Edition.objects.filter(advisory=OuterRef("pk"), live_at__isnull=False).order_by("-id")
    confirmed = ProductMatch.objects.filter(state=MatchState.CONFIRMED).select_related("product")
    found = (
        Advisory.objects.filter(shop=shop, state__in=[AdvisoryState.RELEASED, AdvisoryState.CLOSED])
        .annotate(live=Subquery(newest.values("content")[:1]), live_since=Subquery(newest.values("live_at")[:1]))
        .prefetch_related(Prefetch("products__matches", queryset=confirmed))
        .order_by("-released_at", "-pk")
    )
    return [_notice(each) for each in found if each.live]


def _notice(advisory: Advisory) -> PublicNotice:
    told = content.from_json(advisory.live)  # type: ignore[attr-defined]
    since: datetime = advisory.live_since  # type: ignore[attr-defined]
    assert advisory.number is not None and advisory.released_at is not None  # noqa: S101  by constraint
    return PublicNotice(
        number=advisory.number,
        content=told,
        released_at=advisory.released_at,
        corrected_at=since if since > advisory.released_at else None,
        codes=frozenset(_codes(advisory, told)),
    )


def _codes(advisory: Advisory, told: Content) -> Iterator[str]:
    for named in told.facts.products:
        yield from products.codes(sku=named.sku, gtin_told=named.gtin)
    for affected in advisory.products.all():
        for match in affected.matches.all():
            yield from products.codes(sku=match.product.sku, gtin_told=match.product.gtin)
