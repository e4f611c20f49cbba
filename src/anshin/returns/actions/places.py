"""The shop's places for returns: written down, taken out of use, and chosen for one return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext as _

from anshin.plumbing.journal.actions import record
from anshin.returns import events
from anshin.returns.actions import stepping, telling
from anshin.returns.actions.refusals import IllegalStep, PlaceRefused
from anshin.returns.models import ReturnPlace
from anshin.returns.rules.places import place_for
from anshin.returns.terms import Approval, ParcelState
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from collections.abc import Collection

    from anshin.returns.models import Return
    from anshin.shops.models import Membership, Shop

_LONGEST: Final = {"name": 80, "address_name": 200, "postcode": 16, "lines": 400, "phone": 40}
_MOST_PLACES: Final = 20
_MOST_STARTS: Final = 50
_NOT_SENT = frozenset({ParcelState.NOT_YET, ParcelState.AWAITED})


@transaction.atomic
def save_place(
    *,
    by: Membership,
    values: Mapping[str, str],
    sku_starts: Collection[str] = (),
    place_id: int | None = None,
    now: datetime,
) -> ReturnPlace:
    """A new place, or `place_id` changed; `values` has name, address_name, postcode, lines, phone, all of them told.

    Raises NotAllowed, PlaceRefused.
    """
    require(by, Permission.RUN_SHOP)
    known = ReturnPlace.objects.select_for_update().filter(shop=by.shop, retired_at=None)
    place = known.filter(pk=place_id).first() if place_id else ReturnPlace(shop=by.shop)
    if place is None:
        raise PlaceRefused(_("There is no such place any more."))
    told: dict[str, object] = {name: " ".join(values.get(name, "").split()) for name in _LONGEST}
    told["sku_starts"] = list(dict.fromkeys(start.strip() for start in sku_starts if start.strip()))
    _refuse(told, [each for each in known if each.pk != place.pk])
    if place.pk is not None and all(getattr(place, name) == value for name, value in told.items()):
        return place
    for name, value in told.items():
        setattr(place, name, value)
    place.save()
    fact = events.ReturnPlaceSaved(place_id=place.pk, place=place.name)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)
    return place


@transaction.atomic
def retire_place(*, by: Membership, place_id: int, now: datetime) -> None:
    """Take a place out of use; parcels on their way there keep it. Twice changes nothing. Raises NotAllowed."""
    require(by, Permission.RUN_SHOP)
    place = ReturnPlace.objects.select_for_update().filter(shop=by.shop, pk=place_id, retired_at=None).first()
    if place is None:
        return
    place.retired_at = now
    place.save(update_fields=["retired_at"])
    fact = events.ReturnPlaceRetired(place_id=place.pk, place=place.name)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now)


@transaction.atomic
def direct_to(*, by: Membership, return_id: int, place_id: int | None, now: datetime) -> Return:
    """Have a return go to another place, None for the usual address; the customer is told once it is approved.

    Raises NotAllowed, UnknownReturn, PlaceRefused, IllegalStep once the parcel is on its way.
    """
    require(by, Permission.HANDLE_RETURNS)
    returned = stepping.locked_return(by.shop_id, return_id)
    place = ReturnPlace.objects.filter(shop=by.shop, pk=place_id, retired_at=None).first() if place_id else None
    if place_id and place is None:
        raise PlaceRefused(_("There is no such place any more."))
    if returned.place_id == place_id:
        return returned
    if returned.parcel not in _NOT_SENT or returned.tracking_number:
        raise IllegalStep(_("The parcel is on its way already."))
    returned.place = place
    returned.save(update_fields=["place"])
    name = place.name if place else ""
    fact = events.ReturnDirected(return_id=returned.pk, number=returned.number, place=name)
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=returned.case_id)
    if returned.approval == Approval.APPROVED and returned.parcel == ParcelState.AWAITED:
        telling.tell(returned, "elsewhere", turn=f"return-{returned.pk}-elsewhere-{now.timestamp():.0f}", now=now)
    stepping.announce(returned, now=now)
    return returned


def place_of_new(shop: Shop, skus: Collection[str]) -> int | None:
    """To which place a new return goes by itself: one query."""
    places = ReturnPlace.objects.filter(shop=shop, retired_at=None).order_by("id")
    return place_for(skus, places.values_list("pk", "sku_starts"))


def _refuse(told: Mapping[str, object], others: Collection[ReturnPlace]) -> None:
    for name, longest in _LONGEST.items():
        if not told[name] or len(str(told[name])) > longest:
            raise PlaceRefused(_("Fill in name, recipient, postcode, address and phone number: carriers need each."))
    if any(each.name == told["name"] for each in others):
        raise PlaceRefused(_("There is a place of this name already."))
    if len(others) >= _MOST_PLACES or len(list(told["sku_starts"])) > _MOST_STARTS:  # type: ignore[call-overload]
        raise PlaceRefused(_("So many places or product numbers cannot be kept."))
