"""Whose the rows of a carrier's file are: parcels found by our numbers, and what has a number already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.commerce.queries import check_tracking, orders_by_numbers, read_tracking, shipments_with_tracking
from anshin.commerce.terms import TrackingCheck
from anshin.delivery import queries as delivery
from anshin.language.folding import half_width
from anshin.language.order_numbers import key as number_key
from anshin.returns import queries as returns
from anshin.slips import rules
from anshin.slips.rules import Judged, NumberTold, OurParcel
from anshin.slips.terms import NumberOutcome, ParcelKey, SlipKind

if TYPE_CHECKING:
    from anshin.commerce.terms import Carrier
    from anshin.shops.models import Shop
    from anshin.slips.ports import IssuedRow, IssuedSlips

_CHECKS = {
    TrackingCheck.WRONG: NumberOutcome.WRONG_DIGIT,
    TrackingCheck.OTHER_CARRIER: NumberOutcome.OTHER_CARRIER,
    TrackingCheck.UNKNOWN: NumberOutcome.OTHER_CARRIER,
}


def judged(shop: Shop, issued: IssuedSlips) -> list[Judged]:
    """Every row of the file with what becomes of it. Eight queries, whatever the file holds."""
    rows = [_told(row, issued.carrier) for row in issued.rows]
    numbers = {row.number for row in rows if row.number}
    ours = _ours(shop, numbers)
    trackings = {row.tracking_number for row in rows if row.tracking_number}
    taken = (
        shipments_with_tracking(shop, trackings)
        | delivery.parcels_with_tracking(shop, trackings)
        | returns.parcels_with_tracking(shop, trackings)
    )
    foreign = numbers - ours.keys()
    orders = {order.number_key for order in orders_by_numbers(shop, foreign)} if foreign else set()
    return rules.judge(rows, ours=ours, taken=taken, is_order=lambda number: number_key(number) in orders)


def _told(row: IssuedRow, carrier: Carrier) -> NumberTold:
    read = read_tracking(row.tracking_number)
    check = check_tracking(carrier, row.tracking_number) if row.tracking_number else TrackingCheck.FITS
    return NumberTold(
        row=row.row,
        number=half_width(row.number).strip().upper(),
        tracking_number=read.number,
        raw=row.tracking_number.strip(),
        check=_CHECKS.get(check),
    )


def _ours(shop: Shop, numbers: set[str]) -> dict[str, OurParcel]:
    sent = {each: found for each in numbers if (found := rules.reshipment_of(each))}
    fetched = {each: number for each in numbers if (number := rules.pick_up_of(each)) is not None}
    back = {each: number for each in numbers if (number := rules.return_of(each)) is not None}
    parcels: dict[tuple[SlipKind, object], OurParcel] = {}
    for reshipment in delivery.reshipments_by_numbers(shop, list(sent.values())) if sent else ():
        parcels[SlipKind.RESHIPMENT, (reshipment.trouble.number, reshipment.place)] = OurParcel(
            ParcelKey(SlipKind.RESHIPMENT, reshipment.pk),
            delivery.reshipment_number(reshipment),
            reshipment.tracking_number,
            delivery.may_take_number(reshipment),
        )
    for pick_up in delivery.pick_ups_by_numbers(shop, list(fetched.values())) if fetched else ():
        parcels[SlipKind.PICK_UP, pick_up.trouble.number] = OurParcel(
            ParcelKey(SlipKind.PICK_UP, pick_up.pk),
            delivery.pick_up_number(pick_up),
            pick_up.reference,
            delivery.may_take_number(pick_up),
        )
    for returned in returns.returns_by_numbers(shop, list(back.values())) if back else ():
        parcels[SlipKind.RETURN, returned.number] = OurParcel(
            ParcelKey(SlipKind.RETURN, returned.pk),
            str(returned),
            returned.tracking_number,
            returns.may_take_number(returned),
        )
    wanted = [(SlipKind.RESHIPMENT, sent), (SlipKind.PICK_UP, fetched), (SlipKind.RETURN, back)]
    return {
        number: parcels[kind, key]
        for kind, read in wanted
        for number, key in read.items()  # type: ignore[attr-defined]
        if (kind, key) in parcels
    }
