"""Begin an advisory and change its facts. Every change of a fact makes the words stale and the approval void."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.db import transaction

from anshin.safety import events
from anshin.safety.actions.approving import void_approval
from anshin.safety.actions.keeping import locked, note
from anshin.safety.actions.matching import propose
from anshin.safety.actions.picturing import is_picture_of
from anshin.safety.actions.refusals import (
    BadPicture,
    BadProduct,
    BadSource,
    IllegalStep,
    MovedOn,
    PastTime,
    SourceMissing,
    TimeWithoutZone,
)
from anshin.safety.models import Advisory, AffectedProduct, Insider, ProductMatch
from anshin.safety.queries import facts_of
from anshin.safety.rules import content, products
from anshin.safety.terms import REMIND_EVERY_DAYS, REMIND_MOST, AdvisoryState, Facts, Origin
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership

_KEY_BYTES = 12
_PLAIN = (
    "title",
    "hazard_class",
    "hazard_type",
    "severity",
    "agency",
    "source_url",
    "source_read_on",
    "stop_using",
    "must_come_back",
    "remedy",
    "contact_name",
    "contact_phone",
    "contact_mail",
    "contact_hours",
    "lead_language",
)


@transaction.atomic
def draft(
    *,
    by: Membership,
    facts: Facts,
    origin: Origin = Origin.HAND,
    case: Case | None = None,
    is_published: bool = False,
    now: datetime,
) -> Advisory:
    """A sealed advisory that exists for `by` alone. `is_published`: its publisher has published it already.

    Raises NotAllowed, SourceMissing (except for what began inside), BadSource, BadProduct, TimeWithoutZone, PastTime.
    """
    require(by, Permission.PREPARE_SAFETY)
    _look_through(by.shop_id, facts, needs_source=origin != Origin.INSIDE)
    check_time(facts.publish_at, facts.publish_zone, is_published=is_published, now=now)
    advisory = Advisory(
        shop=by.shop,
        key=secrets.token_urlsafe(_KEY_BYTES),
        origin=origin,
        case=case,
        author=by,
        created_at=now,
        remind_every_days=REMIND_EVERY_DAYS,
        remind_most=REMIND_MOST,
    )
    take_facts(advisory, facts)
    Insider.objects.create(shop=by.shop, advisory=advisory, membership=by, named_by=by, named_at=now)
    note(advisory, events.AdvisoryDrafted(advisory_id=advisory.pk, origin=str(origin)), by=by, now=now)
    return advisory


def take_facts(advisory: Advisory, facts: Facts) -> None:
    """Write a new advisory with its facts and products, and propose which of the shop's products are meant."""
    _take(advisory, facts)
    advisory.publish_at, advisory.publish_zone = facts.publish_at, facts.publish_zone
    advisory.save()
    _write_products(advisory, facts)
    propose(advisory)


@transaction.atomic
def change_facts(*, by: Membership, advisory_id: int, facts: Facts, seen_version: int, now: datetime) -> Advisory:
    """Take these facts instead; the same again changes nothing. The time is moved by `move_time`.

    Of a public advisory this begins a correction: what is shown stays until a second person approves.
    Raises NotAllowed, UnknownAdvisory, IllegalStep, MovedOn, SourceMissing, BadSource, BadProduct.
    """
    advisory = locked(by, advisory_id, Permission.PREPARE_SAFETY)
    if advisory.state in {AdvisoryState.WITHDRAWN, AdvisoryState.CLOSED}:
        raise IllegalStep
    if advisory.facts_version != seen_version:
        raise MovedOn
    _look_through(by.shop_id, facts, needs_source=advisory.origin != Origin.INSIDE)
    names = content.changed(facts_of(advisory), facts)
    if not names:
        return advisory
    _take(advisory, facts)
    if "products" in names:
        kept = list(ProductMatch.objects.filter(affected__advisory=advisory).select_related("affected"))
        AffectedProduct.objects.filter(advisory=advisory).delete()
        _write_products(advisory, facts)
        propose(advisory, kept=kept)
    advisory.facts_version += 1
    advisory.author = by
    advisory.sent_back_words = ""  # taken up
    void_approval(advisory, reason="facts", by=by, now=now)
    advisory.save()
    fact = events.AdvisoryFactsChanged(advisory_id=advisory.pk, fields=names, version=advisory.facts_version)
    note(advisory, fact, by=by, now=now)
    return advisory


def check_time(publish_at: datetime | None, zone: str, *, is_published: bool, now: datetime) -> None:
    """Raises TimeWithoutZone, PastTime (unless it was published by its publisher already)."""
    if zone not in available_timezones():
        raise TimeWithoutZone
    if publish_at is None:
        return
    if publish_at.tzinfo is None:
        raise TimeWithoutZone
    if publish_at <= now and not is_published:
        raise PastTime


def _look_through(shop_id: int, facts: Facts, *, needs_source: bool) -> None:
    if needs_source and not (facts.agency.strip() and facts.source_url.strip() and facts.source_read_on):
        raise SourceMissing
    if facts.source_url.strip():
        parts = urlsplit(facts.source_url.strip())
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise BadSource
    if facts.picture is not None and not is_picture_of(shop_id, facts.picture):
        raise BadPicture
    for product in facts.products:
        if trouble := products.trouble_with(product):
            raise BadProduct(trouble.label)


def _take(advisory: Advisory, facts: Facts) -> None:
    advisory.picture_id = facts.picture
    for name in _PLAIN:
        value = getattr(facts, name)
        setattr(advisory, name, value.strip() if isinstance(value, str) else value)


def _write_products(advisory: Advisory, facts: Facts) -> None:
    AffectedProduct.objects.bulk_create(
        AffectedProduct(
            shop_id=advisory.shop_id,
            advisory=advisory,
            position=position,
            name=product.name.strip(),
            gtin=products.gtin(product.gtin),
            sku=product.sku.strip(),
            model_number=product.model_number.strip(),
            lots=[[start.strip(), end.strip()] for start, end in product.lots],
            sold_from=product.sold_from,
            sold_to=product.sold_to,
        )
        for position, product in enumerate(facts.products)
    )
