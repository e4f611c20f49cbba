"""Writes down what is paid back: one calculation an order, and one for what the customer laid out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet, Sum

from anshin.commerce.queries import order_with_details
from anshin.commerce.terms import Fault
from anshin.returns.actions import counting
from anshin.returns.actions.refusals import UnknownReturn
from anshin.returns.models import Return, ReturnLine, Settlement, SettlementItem
from anshin.returns.rules import settling as rules
from anshin.returns.terms import Payer, SettlementKind

if TYPE_CHECKING:
    from anshin.commerce.models import Order


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What a person says differently from the rules. `return_postage_yen` is what the carrier asks for the way back,
    `postage_paid_by` who has paid that to the carrier; `with_delivery` None: postage of the order by the fault."""

    return_postage_yen: int = 0
    postage_paid_by: Payer = Payer.SHOP
    deduction_yen: int = 0
    deduction_why: str = ""
    with_delivery: bool | None = None
    waive_fee: bool = False


def calculate(returned: Return, said: Adjusted | None, *, now: datetime) -> list[Settlement]:
    """New calculations of a locked return, one an order, in the order of its lines; then that of the expense. `said`
    None: nobody said anything; then what a person said before of an expense still holds.

    Postage of the one parcel and a deduction count once for the return: an order from which they cannot be taken in
    full leaves the rest to the next.
    """
    lines = list(returned.lines.prefetch_related("inspections").order_by("place"))
    rows: list[Settlement] = []
    left = adjusted = said or Adjusted()
    for order_id in dict.fromkeys(line.order_id for line in lines):
        order = order_with_details(returned.shop, order_id)
        if order is None:
            raise UnknownReturn
        mine = [line for line in lines if line.order_id == order_id]
        counted = counting.count(order, returned, mine)
        found = rules.calculate(counted.sold, terms_of(returned, left, mine, counted))
        postage_yen = 0 if rows else adjusted.return_postage_yen
        rows.append(_keep(returned, order, found, covers=counted.covers, return_postage_yen=postage_yen, now=now))
        left = _left(returned, left, found)
    return [*rows, *_expense(returned, said, rows[0].order, now)]


def terms_of(
    returned: Return, adjusted: Adjusted, lines: Iterable[ReturnLine], counted: counting.Counted
) -> rules.Terms:
    """What else counts; the fee and the postage of the order only once, however many parcels there are."""
    return rules.Terms(
        fault=Fault(returned.fault),
        payer=Payer(returned.payer),
        return_postage_yen=adjusted.return_postage_yen,
        postage_paid_by=adjusted.postage_paid_by,
        fee_yen=0 if adjusted.waive_fee or counted.is_later else max((line.fee_yen for line in lines), default=0),
        deduction_yen=adjusted.deduction_yen,
        deduction_why=adjusted.deduction_why,
        with_delivery=False if counted.gave_delivery else adjusted.with_delivery,
    )


def _left(returned: Return, adjusted: Adjusted, found: rules.Calculation) -> Adjusted:
    """What is still to be taken off the next order: what this one could not bear, of the postage first."""
    is_theirs = (returned.payer, adjusted.postage_paid_by) == (Payer.CUSTOMER, Payer.SHOP)
    postage_yen = min(found.not_covered_yen, adjusted.return_postage_yen) if is_theirs else 0
    return replace(
        adjusted,
        return_postage_yen=postage_yen,
        deduction_yen=min(found.not_covered_yen - postage_yen, adjusted.deduction_yen),
    )


def _expense(returned: Return, said: Adjusted | None, order: Order, now: datetime) -> list[Settlement]:
    """What the customer laid out and has not had back yet; nothing where that is nothing."""
    mine = returned.settlements.filter(kind=SettlementKind.EXPENSE)
    laid_out_yen = _laid_out(returned, said, mine)
    mine.filter(is_current=True).update(is_current=False)
    paid_yen = mine.filter(is_closed=True).aggregate(yen=Sum("total_yen"))["yen"] or 0
    if said is not None:
        mine.filter(is_closed=False).update(return_postage_yen=0)
    if laid_out_yen <= paid_yen:
        return []
    row = Settlement.objects.create(
        shop_id=returned.shop_id,
        returned=returned,
        order=order,
        kind=SettlementKind.EXPENSE,
        version=mine.filter(order=order).count() + 1,
        total_yen=laid_out_yen - paid_yen,
        return_postage_yen=laid_out_yen,
        made_at=now,
    )
    _write_items(row, [rules.expense_item(row.total_yen)])
    return [row]


def _laid_out(returned: Return, said: Adjusted | None, mine: QuerySet[Settlement]) -> int:
    """All that the customer laid out for this return, paid back or not."""
    if said is None:
        newest = mine.order_by("-pk").first()
        return newest.return_postage_yen if newest and returned.payer == Payer.SHOP else 0
    told = rules.Terms(
        fault=Fault(returned.fault),
        payer=Payer(returned.payer),
        return_postage_yen=said.return_postage_yen,
        postage_paid_by=said.postage_paid_by,
    )
    return rules.laid_out(told)


def _keep(
    returned: Return,
    order: Order,
    found: rules.Calculation,
    *,
    covers: dict[str, list[int]],
    return_postage_yen: int,
    now: datetime,
) -> Settlement:
    former = returned.settlements.filter(order=order, kind=SettlementKind.GOODS)
    version = former.count() + 1
    former.filter(is_current=True).update(is_current=False)
    row = Settlement.objects.create(
        shop_id=returned.shop_id,
        returned=returned,
        order=order,
        version=version,
        total_yen=found.total_yen,
        points=found.points,
        coupon_yen=found.coupon_yen,
        by_rate={str(rate): list(pair) for rate, pair in found.by_rate.items()},
        return_postage_yen=return_postage_yen,
        covers=covers,
        made_at=now,
    )
    _write_items(row, found.items)
    return row


def _write_items(row: Settlement, items: Sequence[rules.Item]) -> None:
    SettlementItem.objects.bulk_create(
        SettlementItem(
            shop_id=row.shop_id,
            settlement=row,
            place=place,
            kind=item.kind,
            label=item.label[:300],
            unit_price_yen=item.unit_price_yen,
            quantity=item.quantity,
            amount_yen=item.amount_yen,
            tax_rate=item.tax_rate,
        )
        for place, item in enumerate(items, 1)
    )
