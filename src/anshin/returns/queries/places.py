"""Where a return goes: the shop's usual address, or another place of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.commerce.terms import Recipient
from anshin.returns.models import ReturnPlace, ReturnSetting

if TYPE_CHECKING:
    from anshin.returns.models import Return
    from anshin.shops.models import Shop


def places_of(shop: Shop) -> list[ReturnPlace]:
    """The places in use, oldest first: one query."""
    return list(ReturnPlace.objects.filter(shop=shop, retired_at=None).order_by("id"))


def place_by_id(shop: Shop, place_id: int) -> ReturnPlace | None:
    """A place of the shop that is in use."""
    return ReturnPlace.objects.filter(shop=shop, pk=place_id, retired_at=None).first()


def destination(returned: Return, setting: ReturnSetting | None = None) -> Recipient:
    """Where the parcel of this return goes: one query, none for a place that was loaded or with a `setting`.

    Where the shop has set no address for returns, its name stands alone: the customer knows the shop's address, and a
    wrong one would send the parcel away.
    """
    if returned.place_id is not None and returned.place is not None:
        place = returned.place
        return Recipient(place.address_name, place.postcode, place.lines, place.phone)
    if setting is None:
        setting = ReturnSetting.objects.filter(shop_id=returned.shop_id).first() or ReturnSetting(shop=returned.shop)
    return usual_place(returned.shop, setting)


def usual_place(shop: Shop, setting: ReturnSetting) -> Recipient:
    """The address to which returns go unless something else is said."""
    return Recipient(
        setting.address_name or shop.name, setting.address_postcode, setting.address_lines, setting.address_phone
    )
