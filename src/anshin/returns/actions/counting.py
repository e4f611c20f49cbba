"""How many pieces a calculation is about: what came back, less what was paid for already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from anshin.plumbing.prepared import Prepared
from anshin.returns.models import Return, ReturnLine, Settlement
from anshin.returns.queries.parts import parts_of
from anshin.returns.rules import settling as rules
from anshin.returns.terms import InspectionState, ItemKind, MoneyState, SettlementKind

if TYPE_CHECKING:
    from anshin.commerce.models import Order

SETTLED = (MoneyState.SECOND, MoneyState.SENDING, MoneyState.PAID, MoneyState.FAILED)


@dataclass(frozen=True, slots=True)
class Counted:
    """The order as the arithmetic takes it. `covers`: {line id: [pieces paid for with this calculation and those
    before, newest part looked at]}; `is_later`: part of this return has been paid for before."""

    sold: rules.SoldOrder
    covers: dict[str, list[int]]
    is_later: bool
    gave_delivery: bool


def count(order: Order, returned: Return, lines: Iterable[ReturnLine], *, as_told: bool = False) -> Counted:
    """What comes back now of an order. `as_told`: as if everything arrived that was asked for and is not here yet."""
    closed = _CLOSED.rows(order=order.pk, returned=returned.pk)
    paid = _pieces(closed)
    whole = as_told or returned.inspection == InspectionState.NOT_NEEDED
    now: dict[int, int] = {}
    before = _of_others(order, returned)
    covers = {}
    for line in lines:
        pieces, earlier = pieces_of(line, whole=whole), paid.get(line.pk, 0)
        now[line.position] = now.get(line.position, 0) + max(pieces - earlier, 0)
        before[line.position] = before.get(line.position, 0) + earlier
        covers[str(line.pk)] = [max(pieces, earlier), max((each.part for each in parts_of(line).finished), default=0)]
    gave = any(item.kind == ItemKind.DELIVERY for row in closed for item in row.items.all())
    return Counted(_sold(order, before, now), covers, is_later=bool(closed), gave_delivery=gave)


def pieces_of(line: ReturnLine, *, whole: bool) -> int:
    """How many of a line are paid for: what was looked at and stays with the shop; `whole`: and what nobody has
    looked at, for it does not come or has not come yet."""
    parts = parts_of(line)
    return parts.kept + (max(line.quantity - parts.seen, 0) if whole else 0)


def settled_part(returned: Return, line: ReturnLine) -> int:
    """The newest part of a line that money was confirmed for: what was found then is not changed any more."""
    rows = returned.settlements.filter(order_id=line.order_id)
    return max((row.covers.get(str(line.pk), [0, 0])[1] for row in _confirmed(rows)), default=0)


def reopen(row: Settlement) -> None:
    """Count what a closed calculation was for as unpaid again, because its money was given up; those after it count
    fewer pieces before them."""
    counts = Q(is_closed=True) | Q(is_current=True, confirmed_at__isnull=False)
    closed = list(row.returned.settlements.filter(counts, order_id=row.order_id).order_by("pk"))
    former = _pieces(each for each in closed if each.pk < row.pk)
    own = {pk: pieces - former.get(int(pk), 0) for pk, (pieces, _part) in row.covers.items()}
    for each in closed:
        if each.pk > row.pk:
            each.covers = {pk: [pieces - own.get(pk, 0), part] for pk, (pieces, part) in each.covers.items()}
            each.save(update_fields=["covers"])
    row.is_closed = False
    row.save(update_fields=["is_closed"])


def _confirmed(rows: QuerySet[Settlement]) -> QuerySet[Settlement]:
    moving = Q(is_current=True, confirmed_at__isnull=False, returned__money__in=SETTLED)
    return rows.filter(Q(is_closed=True) | moving)


def _of_others(order: Order, returned: Return) -> dict[int, int]:
    """How many of each position other returns of this order have been paid for."""
    paid = _pieces(_OTHERS.rows(order=order.pk, returned=returned.pk))
    counts: dict[int, int] = {}
    if not paid:
        return counts
    for pk, position in ReturnLine.objects.filter(pk__in=paid).values_list("pk", "position"):
        counts[position] = counts.get(position, 0) + paid[pk]
    return counts


def _pieces(rows: Iterable[Settlement]) -> dict[int, int]:
    """By line; each row counts what was paid for before it, too, so the newest says it all."""
    return {int(pk): pieces for row in rows for pk, (pieces, _part) in row.covers.items()}


def _sold(order: Order, before: dict[int, int], now: dict[int, int]) -> rules.SoldOrder:
    return rules.SoldOrder(
        lines=tuple(
            rules.SoldLine(
                label=" ".join(filter(None, [each.name, each.variant])),
                unit_price_yen=each.unit_price_yen,
                tax_rate=each.tax_rate,
                sold=each.quantity,
                before=before.get(each.position, 0),
                now=now.get(each.position, 0),
            )
            for each in order.lines.all()
        ),
        shipping_yen=order.shipping_yen,
        fee_yen=order.fee_yen,
        coupon_yen=order.coupon_yen,
        points_used=order.points_used,
        total_yen=order.total_yen,
    )


_CLOSED = Prepared(
    lambda order, returned: Settlement.objects.filter(
        returned_id=returned, order_id=order, kind=SettlementKind.GOODS, is_closed=True
    ).order_by("pk"),
    order=int,
    returned=int,
)
_OTHERS = Prepared(
    lambda order, returned: _confirmed(
        Settlement.objects.filter(order_id=order).exclude(returned_id=returned)
    ).order_by("pk"),
    order=int,
    returned=int,
)
