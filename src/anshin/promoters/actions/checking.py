"""Checking a promoter's followers: what was looked at, what was seen, and what it came to."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.promoters import events, rules
from anshin.promoters.actions.refusals import PromoterRefused, day_of, locked, write_down
from anshin.promoters.models import Account, Check, Verification
from anshin.promoters.terms import LONGEST_WORDS, MOST_FOLLOWERS, Reason, Verdict

if TYPE_CHECKING:
    from anshin.promoters.terms import Looked
    from anshin.shops.models import Membership

_MOST_POSTS = 1000


@transaction.atomic
def check_promoter(*, by: Membership, promoter_id: int, looked: Looked, now: datetime) -> Check:
    """The check is kept, and decides from now on. Raises NotAllowed, UnknownPromoter, PromoterRefused."""
    found = locked(by, promoter_id)
    _look_through(looked)
    account = Account.objects.filter(promoter=found, pk=looked.account_id).first()
    if account is None:
        raise PromoterRefused(_("Choose at which account you looked."))
    is_verified = looked.verdict == Verdict.VERIFIED
    made = Check.objects.create(
        shop_id=found.shop_id,
        promoter=found,
        platform=account.platform,
        address=account.address,
        followers_stated=account.followers_stated,
        followers_seen=looked.followers,
        posts=looked.posts,
        reactions=looked.reactions,
        evidence=looked.evidence.strip(),
        verdict=looked.verdict,
        reason="" if is_verified else looked.reason,
        words=looked.words.strip(),
        checked_by=by,
        checked_at=now,
    )
    found.verdict, found.verified_until = made.verdict, None
    if is_verified:
        found.verified_until = _verify(made, by, now)
    found.save(update_fields=["verdict", "verified_until"])
    fact = events.PromoterChecked(promoter_id=found.pk, check_id=made.pk, verdict=made.verdict, reason=made.reason)
    write_down(fact, by=by, now=now)
    return made


def _verify(made: Check, by: Membership, now: datetime) -> date:
    today = day_of(by, now)
    until = rules.valid_until(today)
    Verification.objects.create(
        shop_id=made.shop_id, promoter=made.promoter, check_made=made, valid_from=today, valid_until=until
    )
    return until


def _look_through(looked: Looked) -> None:
    if looked.verdict not in Verdict.values:
        raise PromoterRefused(_("Choose what the check came to."))
    if not looked.evidence.strip():
        raise PromoterRefused(_("Write at what you looked, so that others can follow it."))
    if max(len(looked.evidence.strip()), len(looked.words.strip())) > LONGEST_WORDS:
        raise PromoterRefused(_("Write it in %(most)s characters or fewer.") % {"most": LONGEST_WORDS})
    _look_through_figures(looked)
    if looked.verdict != Verdict.VERIFIED:
        _look_through_reason(looked)


def _look_through_figures(looked: Looked) -> None:
    if not 0 <= looked.followers <= MOST_FOLLOWERS:
        raise PromoterRefused(_("Write how many followers you saw, as a whole number."))
    if looked.posts is None and looked.reactions is None:
        return
    if looked.posts is None or looked.reactions is None:
        raise PromoterRefused(_("Write both how many posts you looked at and the reactions per post, or neither."))
    if not (1 <= looked.posts <= _MOST_POSTS and 0 <= looked.reactions <= MOST_FOLLOWERS):
        raise PromoterRefused(_("Write posts and reactions as whole numbers; at least one post."))


def _look_through_reason(looked: Looked) -> None:
    if looked.reason not in Reason.values:
        raise PromoterRefused(_("Choose the reason."))
    if looked.reason == Reason.OTHER and not looked.words.strip():
        raise PromoterRefused(_("Write the reason in words."))
