"""Contracts with carriers: written down, changed, retired."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.language.folding import half_width
from anshin.plumbing.journal.actions import record
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission
from anshin.slips import events
from anshin.slips.actions.refusals import AccountRefused
from anshin.slips.models import CarrierAccount
from anshin.slips.queries.accounts import formats

if TYPE_CHECKING:
    from anshin.shops.models import Membership

_LONGEST: Final = {
    "name": 80,
    "customer_code": 12,
    "freight_number": 2,
    "slip_kind": 20,
    "sender_name": 200,
    "sender_postcode": 16,
    "sender_lines": 400,
    "sender_phone": 40,
}
FIELDS: Final = tuple(_LONGEST)
_CODES: Final = ("customer_code", "freight_number", "slip_kind")


@transaction.atomic
def save_account(
    *, by: Membership, account_id: int | None = None, format: str, values: Mapping[str, str], now: datetime
) -> CarrierAccount:
    """A new contract, or `account_id` changed; `values` has FIELDS, codes in any width. Raises NotAllowed,
    AccountRefused."""
    require(by, Permission.RUN_SHOP)
    if format not in formats():
        raise AccountRefused(_("Choose one of the carriers’ programs."))
    account = _locked(by, account_id)
    told = {name: " ".join(values.get(name, "").split()) for name in FIELDS}
    told |= {name: half_width(told[name]) for name in _CODES}
    _refuse_unusable(by, account, told)
    changed = [name for name in FIELDS if getattr(account, name) != told[name]]
    if account.pk is None or account.format != format:
        changed.append("format")
    if not changed:
        return account
    account.format = format
    for name in FIELDS:
        setattr(account, name, told[name])
    account.save()
    fact = events.AccountSaved(account_id=account.pk, format=format, fields=tuple(changed))
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return account


@transaction.atomic
def retire_account(*, by: Membership, account_id: int, now: datetime) -> None:
    """Not offered any more; files that were written with it stay. Asked twice: done once. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    account = CarrierAccount.objects.select_for_update().filter(shop_id=by.shop_id, pk=account_id).first()
    if account is None:
        raise AccountRefused(_("This contract does not exist any more. Load the page again."))
    if account.retired_at is None:
        account.retired_at = now
        account.save(update_fields=["retired_at"])
        fact = events.AccountRetired(account_id=account.pk, format=account.format)
        record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)


def _locked(by: Membership, account_id: int | None) -> CarrierAccount:
    if account_id is None:
        return CarrierAccount(shop_id=by.shop_id)
    rows = CarrierAccount.objects.select_for_update().filter(shop_id=by.shop_id, retired_at=None)
    found = rows.filter(pk=account_id).first()
    if found is None:
        raise AccountRefused(_("This contract does not exist any more. Load the page again."))
    return found


def _refuse_unusable(by: Membership, account: CarrierAccount, told: Mapping[str, str]) -> None:
    if not told["name"]:
        raise AccountRefused(_("Give the contract a name, such as the warehouse’s."))
    others = CarrierAccount.objects.filter(shop_id=by.shop_id, retired_at=None, name=told["name"][:80])
    if others.exclude(pk=account.pk).exists():
        raise AccountRefused(_("Another contract has this name already. Choose a different one."))
    for name, longest in _LONGEST.items():
        if len(told[name]) > longest:
            words = _("“%(value)s” is longer than %(longest)s characters.")
            raise AccountRefused(words % {"value": told[name][:40], "longest": longest})
    for name in _CODES:
        if told[name] and not told[name].replace("-", "").isalnum():
            words = _("Codes of carriers have letters, digits and hyphens only: “%(value)s” has others.")
            raise AccountRefused(words % {"value": told[name]})
