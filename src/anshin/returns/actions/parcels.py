"""What is on its way and what arrives: announced by the customer, booked in by the warehouse, sorted when unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.returns import events
from anshin.returns.actions import rounds, settling, stepping, telling
from anshin.returns.actions.deciding import locked_of_customer
from anshin.returns.actions.refusals import IllegalStep, TooMany, UnknownReturn
from anshin.returns.actions.requesting import KeptPhoto
from anshin.returns.models import Parcel, ParcelContent, ParcelPhoto, Return, ReturnLine, ReturnPhoto
from anshin.returns.terms import Approval, Axis, InspectionState, ParcelState, PhotoStage
from anshin.shops import queries as shops
from anshin.shops.actions import require
from anshin.shops.terms import Permission

if TYPE_CHECKING:
    from anshin.commerce.models import Customer
    from anshin.shops.models import Membership, Shop


@dataclass(frozen=True, slots=True)
class Inside:
    """So many of a return's line were in the parcel."""

    line_id: int
    quantity: int


@transaction.atomic
def announce_parcel(
    *, shop: Shop, customer: Customer, number: int, carrier: str, tracking_number: str, now: datetime
) -> Return:
    """The customer has sent it; the number may be corrected on the way. Raises UnknownReturn, IllegalStep."""
    returned = locked_of_customer(shop, customer, number)
    if returned.approval != Approval.APPROVED:
        raise IllegalStep
    returned.carrier, returned.tracking_number = carrier[:20], tracking_number.strip()[:40]
    returned.save(update_fields=["carrier", "tracking_number"])
    if returned.parcel != ParcelState.ON_ITS_WAY:
        who = Actor.customer(customer.pk, customer.name)
        stepping.step(returned, Axis.PARCEL, ParcelState.ON_ITS_WAY, by=who, now=now)
    return returned


@transaction.atomic
def book_in(
    *,
    by: Membership,
    inside: Sequence[Inside] = (),
    carrier: str = "",
    tracking_number: str = "",
    sender_name: str = "",
    note: str = "",
    photos: Sequence[KeptPhoto] = (),
    nonce: str,
    now: datetime,
) -> Parcel:
    """A parcel has arrived with these items; the same nonce again (a scanner that types twice) is the same parcel.

    Without items nobody knows yet what it belongs to: it lies with the unsorted ones. One whose return was not
    approved is flagged. Raises NotAllowed, UnknownReturn, TooMany, IllegalStep.
    """
    require(by, Permission.RECEIVE_GOODS)
    known = Parcel.objects.filter(shop_id=by.shop_id, nonce=nonce).first()
    if known is not None:
        return known
    lines = _lines(by.shop_id, inside)
    returns = _locked(by.shop_id, lines.values())
    parcel = Parcel.objects.create(
        shop_id=by.shop_id,
        nonce=nonce,
        carrier=carrier,
        tracking_number=tracking_number.strip()[:40],
        sender_name=sender_name.strip()[:200],
        note=note.strip(),
        arrived_at=now,
        booked_by=by,
        is_announced=bool(returns) and all(each.approval == Approval.APPROVED for each in returns),
        sorted_at=now if returns else None,
    )
    fact = events.ParcelBookedIn(parcel_id=parcel.pk, is_announced=parcel.is_announced)
    case_id = returns[0].case_id if returns else None
    record(fact, shop_id=by.shop_id, by=shops.actor(by), now=now, case_id=case_id)
    _put_in(parcel, inside, lines)
    for returned in returns:
        _arrive(returned, by, now)
    if returns:
        _keep_photos(returns[0], photos, now)
    else:
        ParcelPhoto.objects.bulk_create(
            ParcelPhoto(shop_id=by.shop_id, parcel=parcel, blob_id=photo.blob_id, name=photo.name[:200])
            for photo in photos
        )
    return parcel


@transaction.atomic
def sort_parcel(*, by: Membership, parcel_id: int, inside: Sequence[Inside], now: datetime) -> Parcel:
    """Say what a parcel belongs to that nobody had announced; the pictures of it go to the first of its returns.

    Raises NotAllowed, UnknownReturn, TooMany, IllegalStep.
    """
    require(by, Permission.RECEIVE_GOODS)
    parcel = Parcel.objects.select_for_update().filter(shop_id=by.shop_id, pk=parcel_id).first()
    if parcel is None or not inside:
        raise UnknownReturn
    if parcel.sorted_at is not None:
        raise IllegalStep
    lines = _lines(by.shop_id, inside)
    parcel.sorted_at = now
    parcel.save(update_fields=["sorted_at"])
    returns = _locked(by.shop_id, lines.values())
    _put_in(parcel, inside, lines)
    for returned in returns:
        _arrive(returned, by, now)
    _keep_photos(returns[0], [KeptPhoto(each.blob_id, each.name) for each in parcel.photos.all()], now)
    parcel.photos.all().delete()
    return parcel


@transaction.atomic
def mark_lost(*, by: Membership, return_id: int, why: str = "", now: datetime) -> Return:
    """The parcel does not arrive any more: the money can be settled without an inspection. Raises NotAllowed,
    UnknownReturn, IllegalStep."""
    require(by, Permission.HANDLE_RETURNS)
    returned = stepping.locked_return(by.shop_id, return_id)
    who = shops.actor(by)
    stepping.step(returned, Axis.PARCEL, ParcelState.LOST, by=who, member=by, why=why, now=now)
    stepping.step(returned, Axis.INSPECTION, InspectionState.NOT_NEEDED, by=who, member=by, now=now)
    settling.propose(returned, now=now)
    return returned


@transaction.atomic
def add_photos(*, shop: Shop, customer: Customer, number: int, photos: Sequence[KeptPhoto], now: datetime) -> Return:
    """Pictures that the customer sends later. Raises UnknownReturn."""
    returned = locked_of_customer(shop, customer, number)
    _keep_photos(returned, photos, now, PhotoStage.REQUEST)
    stepping.announce(returned, now=now)
    return returned


def _lines(shop_id: int, inside: Sequence[Inside]) -> dict[int, ReturnLine]:
    found = ReturnLine.objects.filter(shop_id=shop_id, pk__in=[each.line_id for each in inside]).in_bulk()
    if len(found) != len({each.line_id for each in inside}):
        raise UnknownReturn
    return found


def _locked(shop_id: int, lines: Iterable[ReturnLine]) -> list[Return]:
    ids = sorted({line.returned_id for line in lines})
    return [stepping.locked_return(shop_id, each) for each in ids]


def _put_in(parcel: Parcel, inside: Sequence[Inside], lines: dict[int, ReturnLine]) -> None:
    for each in inside:
        line = lines[each.line_id]
        here = (line.quantity_here or 0) + each.quantity
        if each.quantity < 0 or here > line.quantity:
            raise TooMany(line.name, line.quantity - (line.quantity_here or 0))
        line.quantity_here = here
        line.save(update_fields=["quantity_here"])
        ParcelContent.objects.create(
            shop_id=parcel.shop_id, parcel=parcel, returned_id=line.returned_id, line=line, quantity=each.quantity
        )


def _arrive(returned: Return, by: Membership, now: datetime) -> None:
    counts = returned.lines.aggregate(here=Sum("quantity_here"), all=Sum("quantity"))
    state = ParcelState.HERE if (counts["here"] or 0) >= counts["all"] else ParcelState.PARTLY_HERE
    stepping.step(returned, Axis.PARCEL, state, by=shops.actor(by), member=by, now=now)
    rounds.follow_arrival(returned, by=shops.actor(by), member=by, now=now)
    if state == ParcelState.HERE and returned.approval == Approval.APPROVED:
        telling.tell(returned, "arrived", now=now)


def _keep_photos(
    returned: Return, photos: Sequence[KeptPhoto], now: datetime, stage: PhotoStage = PhotoStage.ARRIVAL
) -> None:
    ReturnPhoto.objects.bulk_create(
        ReturnPhoto(
            shop_id=returned.shop_id,
            returned=returned,
            blob_id=photo.blob_id,
            name=photo.name[:200],
            stage=stage,
            at=now,
        )
        for photo in photos
    )
