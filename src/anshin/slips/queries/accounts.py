"""The shop's contracts with carriers, and the programs for which files can be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.delivery.ports import SlipFormat, slip_files
from anshin.slips.models import CarrierAccount

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def formats() -> dict[str, SlipFormat]:
    """Every program by its code, in the order in which they are offered."""
    return {each.code: each for each in slip_files.get().formats()}


def accounts_of(shop: Shop) -> list[CarrierAccount]:
    """The contracts in use, by program: a few, so the list has no pages. One query."""
    return list(CarrierAccount.objects.filter(shop=shop, retired_at=None).order_by("format", "id"))


def account_by_id(shop: Shop, account_id: int) -> CarrierAccount | None:
    """A contract of this shop that is in use. One query."""
    return CarrierAccount.objects.filter(shop=shop, pk=account_id, retired_at=None).first()
