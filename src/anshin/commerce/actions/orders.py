"""Takes in orders as selling systems tell them: new ones are kept, known ones updated, the same again is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from anshin.commerce import events, rules
from anshin.commerce.actions.customers import add_contacts_of_buyer, recognise_buyers
from anshin.commerce.actions.order_details import keep_addresses, keep_details, recount, update_details
from anshin.commerce.models import Order
from anshin.commerce.terms import IncomingLines, IncomingOrder, Outcome
from anshin.language.order_numbers import key as number_key
from anshin.plumbing.journal.actions import Fact, record, record_many
from anshin.plumbing.journal.actors import Actor
from anshin.shops.actions import Refused

if TYPE_CHECKING:
    from anshin.shops.models import Shop

LONGEST_NUMBER = 80
_BATCH = 200
_LONGEST_REMARK = 10_000


class OrderRefused(Refused):
    """The order cannot be kept; `str(error)` is a sentence for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An order as it is kept now, and what taking it in did."""

    order: Order
    outcome: Outcome


def take_in_order(*, shop: Shop, order: IncomingOrder, now: datetime, by: Actor) -> Taken:
    """The order kept under its number, its customer found or made. Raises OrderRefused without a number."""
    return take_in_orders(shop=shop, orders=[order], now=now, by=by)[0]


@transaction.atomic
def take_in_orders(*, shop: Shop, orders: Iterable[IncomingOrder], now: datetime, by: Actor) -> list[Taken]:
    """Many orders in their order, in one transaction: the same as one after the other, with few queries.

    Raises OrderRefused when one has no number; then none is kept.
    """
    taken: list[Taken] = []
    for batch in _batches(orders):
        try:
            with transaction.atomic():
                taken += _take_in_batch(shop, batch, now, by)
        except IntegrityError:  # somebody else took in one of them a moment ago: now it is a known one
            with transaction.atomic():
                taken += _take_in_batch(shop, batch, now, by)
    return taken


@transaction.atomic
def take_in_lines(*, shop: Shop, told: IncomingLines, now: datetime, by: Actor) -> Taken:
    """The positions of a known order, told apart from it. Raises OrderRefused when the order is unknown."""
    order = (
        Order.objects.select_for_update()
        .filter(shop=shop, number_key=number_key(told.number), channel=told.channel)
        .first()
    )
    if order is None:
        raise OrderRefused(
            _("Order %(number)s is not known yet. Import the file of orders first, then the file of items.")
            % {"number": told.number}
        )
    changed = update_details(order, lines=told.lines)
    if changed:
        _record_change(order, changed, shop, by, now)
    return Taken(order, Outcome.CHANGED if changed else Outcome.SAME)


def _batches(orders: Iterable[IncomingOrder]) -> Iterator[dict[tuple[str, str], IncomingOrder]]:
    """Up to 200 orders by (number key, channel); one told twice starts a new batch, so that the later one wins."""
    batch: dict[tuple[str, str], IncomingOrder] = {}
    for order in orders:
        place = (refuse_unusable(order.number), str(order.channel))
        if place in batch or len(batch) == _BATCH:
            yield batch
            batch = {}
        batch[place] = order
    if batch:
        yield batch


def refuse_unusable(number: str) -> str:
    """The key of an order number. Raises OrderRefused for a number under which no order can be kept."""
    key = number_key(number)
    if not key:
        raise OrderRefused(_("The order has no order number."))
    if max(len(number.strip()), len(key)) > LONGEST_NUMBER:
        raise OrderRefused(_("The order number is longer than %(most)s characters.") % {"most": LONGEST_NUMBER})
    return key


def _take_in_batch(shop: Shop, batch: dict[tuple[str, str], IncomingOrder], now: datetime, by: Actor) -> list[Taken]:
    numbers = [key for key, _channel in batch]
    rows = Order.objects.select_for_update(of=("self",)).select_related("customer")
    known = {
        (row.number_key, row.channel): row for row in rows.filter(shop=shop, number_key__in=numbers).order_by("id")
    }
    digests = {place: rules.digest(order) for place, order in batch.items()}
    fresh = _create(shop, {place: order for place, order in batch.items() if place not in known}, digests, now, by)
    taken = []
    for place, order in batch.items():
        if place in fresh:
            taken.append(Taken(fresh[place], Outcome.NEW))
        elif known[place].source_digest == digests[place]:
            taken.append(Taken(known[place], Outcome.SAME))
        else:
            known[place].source_digest = digests[place]
            changed = _change(known[place], order, shop, by, now)
            taken.append(Taken(known[place], Outcome.CHANGED if changed else Outcome.SAME))
    recount({each.order.customer_id for each in taken if each.outcome != Outcome.SAME})
    return taken


def _create(
    shop: Shop,
    orders: dict[tuple[str, str], IncomingOrder],
    digests: dict[tuple[str, str], str],
    now: datetime,
    by: Actor,
) -> dict[tuple[str, str], Order]:
    if not orders:
        return {}
    told = list(orders.values())
    customers = recognise_buyers(shop=shop, buyers=[order.buyer for order in told], now=now)
    rows: dict[tuple[str, str], Order] = {}
    for (place, order), customer in zip(orders.items(), customers, strict=True):
        row = Order(shop=shop, channel=order.channel, number=order.number.strip(), number_key=place[0])
        row.customer, row.source_digest, row.ordered_at = customer, digests[place], order.ordered_at
        _copy(row, order, now)
        rows[place] = row
    created = Order.objects.bulk_create(rows.values())
    keep_details(shop, created, told)
    keep_addresses(shop, created)
    record_many(
        [Fact(events.OrderTakenIn(number=row.number, order_id=row.pk), by, now, order_id=row.pk) for row in created],
        shop_id=shop.pk,
        now=now,
    )
    return rows


def _change(row: Order, order: IncomingOrder, shop: Shop, by: Actor, now: datetime) -> list[str]:
    is_erased = row.customer.erased_at is not None
    if not is_erased:
        add_contacts_of_buyer(shop=shop, customer=row.customer, buyer=order.buyer, now=now)
    changed = _copy(row, order, now)
    row.save()
    changed += update_details(row, lines=order.lines, payments=order.payments, shipments=order.shipments)
    if not is_erased:
        keep_addresses(shop, [row])
    if changed:
        _record_change(row, changed, shop, by, now)
    return changed


def _copy(row: Order, order: IncomingOrder, now: datetime) -> list[str]:
    """Write what the order tells into the row; the names of columns that changed. Empty texts tell nothing.

    A total that was lowered because money went back stays at least as high as what did.
    Of an erased customer only figures are taken, and a remark that was struck out stays as it is.
    """
    told_total = rules.total_yen(order)
    wanted: dict[str, Any] = {
        "ordered_at": order.ordered_at,
        "is_gift": order.is_gift,
        "shipping_yen": order.shipping_yen,
        "fee_yen": order.fee_yen,
        "discount_yen": order.discount_yen,
        "coupon_yen": order.coupon_yen,
        "points_used": order.points_used,
        "total_yen": row.total_yen if told_total is None else max(told_total, row.refunded_yen),
        "cancelled_at": (order.cancelled_at or row.cancelled_at or now) if order.is_cancelled else None,
    }
    if row.customer.erased_at is None:
        wanted |= _personal(row, order)
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    return changed


def _personal(row: Order, order: IncomingOrder) -> dict[str, Any]:
    told: dict[str, Any] = {
        "wished_on": order.wished_on or row.wished_on,
        "recipient_name": order.recipient.name[:200] or row.recipient_name,
        "recipient_postcode": order.recipient.postcode[:16] or row.recipient_postcode,
        "recipient_lines": order.recipient.lines[:400] or row.recipient_lines,
        "recipient_phone": order.recipient.phone[:40] or row.recipient_phone,
    }
    if row.remark_struck_at is None:
        told["remark"] = order.remark[:_LONGEST_REMARK] or row.remark
    return told


def _record_change(row: Order, changed: Sequence[str], shop: Shop, by: Actor, now: datetime) -> None:
    what = ", ".join(changed)[:400]
    record(
        events.OrderChanged(number=row.number, order_id=row.pk, what=what),
        shop_id=shop.pk,
        by=by,
        now=now,
        order_id=row.pk,
    )
