"""Which products of the shop are meant: proposed by the program, said by a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from anshin.commerce.queries import product_by_id, product_names
from anshin.safety import events
from anshin.safety.actions.approving import void_approval
from anshin.safety.actions.keeping import locked, note
from anshin.safety.actions.refusals import IllegalStep, UnknownAdvisory
from anshin.safety.models import Advisory, AffectedProduct, ProductMatch
from anshin.safety.rules.matching import Likeness, Sold, likeness
from anshin.safety.terms import AdvisoryState, Affected, MatchReason, MatchState
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

MOST_PROPOSED: Final = 30
Named = tuple[str, str, str, str]


def propose(advisory: Advisory, *, kept: Iterable[ProductMatch] = ()) -> None:
    """Propose products for each that the publisher names: the surest, at most MOST_PROPOSED each. One pass over the
    shop's products. `kept`: what a person said of former rows; it holds where the publisher's naming is the same."""
    said = {(_naming(each.affected), each.product_id): each for each in kept if not each.is_open}
    rows = list(AffectedProduct.objects.filter(advisory=advisory).order_by("position"))
    named = [(row, Affected(row.name, row.gtin, row.sku, row.model_number)) for row in rows]
    found: dict[int, list[tuple[int, Likeness]]] = {row.pk: [] for row in rows}
    for pk, sku, name, gtin, model in product_names(advisory.shop_id) if rows else ():
        for row, told in named:
            if alike := likeness(told, Sold(sku, name, gtin, model)):
                found[row.pk].append((pk, alike))
    made: dict[tuple[int, int], ProductMatch] = {}
    for row in rows:
        for pk, alike in sorted(found[row.pk], key=lambda each: -each[1].certainty)[:MOST_PROPOSED]:
            made[row.pk, pk] = _match(row, pk, alike)
        for (naming, pk), former in said.items():
            if naming == _naming(row):
                made[row.pk, pk] = _match(row, pk, Likeness(MatchReason(former.reason), former.certainty), former)
    ProductMatch.objects.bulk_create(made.values())


@transaction.atomic
def decide(*, by: Membership, advisory_id: int, match_id: int, is_meant: bool, now: datetime) -> ProductMatch:
    """Say whether a proposed product is the one that is meant; the same again changes nothing.

    It decides who is warned, so an approval is void and whoever says it counts as author.
    Raises NotAllowed, UnknownAdvisory, IllegalStep (public, and no correction has begun).
    """
    advisory = _open(by, advisory_id)
    match = ProductMatch.objects.filter(affected__advisory=advisory, pk=match_id).first()
    if match is None:
        raise UnknownAdvisory
    state = MatchState.CONFIRMED if is_meant else MatchState.REJECTED
    if match.state != state:
        match.state, match.decided_by, match.decided_at = state, by, now
        match.save()
        _said(advisory, match, by=by, now=now)
    return match


@transaction.atomic
def choose(*, by: Membership, advisory_id: int, affected_id: int, product_id: int, now: datetime) -> ProductMatch:
    """Say by hand that a product of the shop is meant. Raises NotAllowed, UnknownAdvisory, IllegalStep."""
    advisory = _open(by, advisory_id)
    affected = AffectedProduct.objects.filter(advisory=advisory, pk=affected_id).first()
    product = product_by_id(advisory.shop_id, product_id)
    if affected is None or product is None:
        raise UnknownAdvisory
    match, is_new = ProductMatch.objects.get_or_create(
        affected=affected,
        product=product,
        defaults={"shop_id": advisory.shop_id, "reason": MatchReason.HAND, "certainty": 100},
    )
    if is_new or match.state != MatchState.CONFIRMED:
        match.state, match.decided_by, match.decided_at = MatchState.CONFIRMED, by, now
        match.save()
        _said(advisory, match, by=by, now=now)
    return match


def _open(by: Membership, advisory_id: int) -> Advisory:
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    is_correction = (
        advisory.state == AdvisoryState.RELEASED and (advisory.approved_version or 0) < advisory.facts_version
    )
    if not AdvisoryState(advisory.state).is_sealed and not is_correction:
        raise IllegalStep
    return advisory


def _said(advisory: Advisory, match: ProductMatch, *, by: Membership, now: datetime) -> None:
    advisory.author = by
    void_approval(advisory, reason="products", by=by, now=now)
    advisory.save()
    fact = events.AdvisoryMatched(advisory_id=advisory.pk, product_id=match.product_id, state=str(match.state))
    note(advisory, fact, by=by, now=now)


def _match(row: AffectedProduct, product_id: int, alike: Likeness, former: ProductMatch | None = None) -> ProductMatch:
    return ProductMatch(
        shop_id=row.shop_id,
        affected=row,
        product_id=product_id,
        reason=alike.reason,
        certainty=alike.certainty,
        state=former.state if former else MatchState.PROPOSED,
        decided_by=former.decided_by if former else None,
        decided_at=former.decided_at if former else None,
    )


def _naming(row: AffectedProduct) -> Named:
    return (row.name, row.gtin, row.sku, row.model_number)
