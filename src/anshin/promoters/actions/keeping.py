"""Keeping the register: promoters and their accounts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.language.folding import fold
from anshin.promoters import events
from anshin.promoters.actions.refusals import PromoterRefused, locked, web_address, write_down
from anshin.promoters.models import Account, Promoter, Sample
from anshin.promoters.terms import LONGEST_WORDS, MOST_FOLLOWERS, Platform
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LONGEST_NAME = 120
_MOST_ACCOUNTS = 20


@transaction.atomic
def add_promoter(
    *, by: Membership, name: str, platform: str, address: str, followers: int, note: str = "", now: datetime
) -> Promoter:
    """Into the register with the first account, not verified. Raises NotAllowed, PromoterRefused."""
    require(by, Permission.KEEP_PROMOTERS)
    found = Promoter.objects.create(
        shop_id=by.shop_id, name=_name(name), note=note.strip()[:LONGEST_WORDS], folded="", added_by=by, added_at=now
    )
    _new_account(found, platform, address, followers)
    _fold(found)
    write_down(events.PromoterAdded(promoter_id=found.pk), by=by, now=now)
    return found


@transaction.atomic
def change_promoter(*, by: Membership, promoter_id: int, name: str, note: str, now: datetime) -> Promoter:
    """Name and note. Raises NotAllowed, UnknownPromoter, PromoterRefused."""
    found = locked(by, promoter_id)
    found.name, found.note = _name(name), note.strip()[:LONGEST_WORDS]
    found.save(update_fields=["name", "note"])
    _fold(found)
    write_down(events.PromoterChanged(promoter_id=found.pk), by=by, now=now)
    return found


@transaction.atomic
def add_account(
    *, by: Membership, promoter_id: int, platform: str, address: str, followers: int, now: datetime
) -> Account:
    """A further account. Raises NotAllowed, UnknownPromoter, PromoterRefused."""
    found = locked(by, promoter_id)
    if Account.objects.filter(promoter=found).count() >= _MOST_ACCOUNTS:
        raise PromoterRefused(_("A promoter has %(most)s accounts at most.") % {"most": _MOST_ACCOUNTS})
    made = _new_account(found, platform, address, followers)
    _fold(found)
    write_down(events.PromoterChanged(promoter_id=found.pk), by=by, now=now)
    return made


@transaction.atomic
def drop_account(*, by: Membership, promoter_id: int, account_id: int, now: datetime) -> None:
    """An account away; checks of it keep what they saw. The last one stays. Raises NotAllowed, UnknownPromoter,
    PromoterRefused."""
    found = locked(by, promoter_id)
    rows = Account.objects.filter(promoter=found)
    account = rows.filter(pk=account_id).first()
    if account is None:
        return
    if rows.count() == 1:
        raise PromoterRefused(_("The last account stays. Add the other one first."))
    account.delete()
    _fold(found)
    write_down(events.PromoterChanged(promoter_id=found.pk), by=by, now=now)


@transaction.atomic
def remove_promoter(*, by: Membership, promoter_id: int, now: datetime) -> None:
    """Out of the register with accounts and checks. Whoever was sent something stays: it may have to be shown later
    what was agreed. Raises NotAllowed, UnknownPromoter, PromoterRefused."""
    found = locked(by, promoter_id)
    if Sample.objects.filter(verification__promoter=found).exists():
        raise PromoterRefused(_("Samples were sent to this promoter. The record of what was agreed stays."))
    fact = events.PromoterRemoved(promoter_id=found.pk)
    found.delete()
    write_down(fact, by=by, now=now)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise PromoterRefused(_("Write the promoter’s name."))
    if len(name) > _LONGEST_NAME:
        raise PromoterRefused(_("Write the name in %(most)s characters or fewer.") % {"most": _LONGEST_NAME})
    return name


def _new_account(found: Promoter, platform: str, address: str, followers: int) -> Account:
    if platform not in Platform.values:
        raise PromoterRefused(_("Choose where the promoter publishes."))
    kept = web_address(address)
    if not 0 <= followers <= MOST_FOLLOWERS:
        raise PromoterRefused(_("Write how many followers the promoter states, as a whole number."))
    if Account.objects.filter(shop_id=found.shop_id, address=kept).exists():
        raise PromoterRefused(_("This address stands in the register already."))
    return Account.objects.create(
        shop_id=found.shop_id, promoter=found, platform=platform, address=kept, followers_stated=followers
    )


def _fold(found: Promoter) -> None:
    addresses = Account.objects.filter(promoter=found).values_list("address", flat=True)
    found.folded = fold(" ".join([found.name, *addresses]))
    found.save(update_fields=["folded"])
