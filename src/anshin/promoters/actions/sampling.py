"""Samples: sent to verified promoters only, with the words that were agreed, and what was published of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.commerce.queries import product_by_sku
from anshin.promoters import events, rules
from anshin.promoters.actions.refusals import (
    NotVerified,
    PromoterRefused,
    UnknownPromoter,
    day_of,
    locked,
    web_address,
    write_down,
)
from anshin.promoters.models import Sample, Verification
from anshin.promoters.terms import LONGEST_WORDS, Disclosure, Seen, Standing
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.promoters.models import Promoter
    from anshin.promoters.terms import Post, Sent
    from anshin.shops.models import Membership


@transaction.atomic
def record_sample(*, by: Membership, promoter_id: int, sent: Sent, now: datetime) -> Sample:
    """A sample that was sent, or is being sent today. The promoter is locked, so that nobody is passed over meanwhile.

    Raises NotAllowed, UnknownPromoter, NotVerified, PromoterRefused.
    """
    found = locked(by, promoter_id)
    under = _verification(found, by, sent.sent_on, now)
    if sent.disclosure not in Disclosure.values:
        raise PromoterRefused(_("Choose with which words the post says that it is advertising."))
    product = product_by_sku(by.shop, sent.sku.strip())
    if product is None:
        raise PromoterRefused(_("The shop has no product of this number. Choose one of the list."))
    made = Sample.objects.create(
        shop_id=found.shop_id,
        verification=under,
        valid_from=under.valid_from,
        valid_until=under.valid_until,
        product=product,
        sku=product.sku,
        product_name=product.name,
        sent_on=sent.sent_on,
        disclosure=sent.disclosure,
        note=sent.note.strip()[:LONGEST_WORDS],
        recorded_by=by,
        recorded_at=now,
    )
    fact = events.SampleSent(promoter_id=found.pk, sample_id=made.pk, disclosure=made.disclosure)
    write_down(fact, by=by, now=now)
    return made


@transaction.atomic
def note_post(*, by: Membership, sample_id: int, post: Post, now: datetime) -> Sample:
    """Where the post is and whether the agreed words stand there; again when it was changed.

    Also of who is not verified any more: what was sent, was sent. Raises NotAllowed, UnknownPromoter, PromoterRefused.
    """
    require(by, Permission.KEEP_PROMOTERS)
    rows = Sample.objects.select_for_update(of=("self",)).select_related("verification")
    found = rows.filter(shop_id=by.shop_id, pk=sample_id).first()
    if found is None:
        raise UnknownPromoter
    if post.seen not in Seen.values:
        raise PromoterRefused(_("Say whether the agreed words stand in the post."))
    if not found.sent_on <= post.posted_on <= day_of(by, now):
        raise PromoterRefused(_("The post cannot be older than the sample, nor lie in the future."))
    found.post_address, found.posted_on, found.seen = web_address(post.address), post.posted_on, post.seen
    found.save(update_fields=["post_address", "posted_on", "seen"])
    fact = events.PostNoted(promoter_id=found.verification.promoter_id, sample_id=found.pk, seen=found.seen)
    write_down(fact, by=by, now=now)
    return found


def _verification(found: Promoter, by: Membership, sent_on: date, now: datetime) -> Verification:
    today = day_of(by, now)
    if rules.standing(found.verdict, found.verified_until, today=today) != Standing.VERIFIED:
        raise NotVerified
    if sent_on > today:
        raise PromoterRefused(_("The day of sending lies in the future. Record it when the sample goes out."))
    under = Verification.objects.filter(promoter=found).order_by("-pk").first()
    if under is None:
        raise NotVerified
    if sent_on < under.valid_from:
        raise PromoterRefused(_("On that day the promoter was not verified yet."))
    return under
