"""Keeps what hangs on an order: lines, payments, shipments, where it went, and its customer's counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from anshin.commerce import rules
from anshin.commerce.models import Customer, Order, OrderLine, Payment, PostalAddress, Product, Shipment
from anshin.commerce.terms import IncomingLine, IncomingOrder, IncomingPayment, IncomingShipment, Recipient

if TYPE_CHECKING:
    from anshin.shops.models import Shop


def keep_details(shop: Shop, rows: Sequence[Order], told: Sequence[IncomingOrder]) -> None:
    """Lines, payments and shipments of orders that were just created: four queries for any number."""
    pairs = list(zip(rows, told, strict=True))
    products = _products(shop, (line.sku for order in told for line in order.lines))
    lines = [_line(row, place, line, products) for row, order in pairs for place, line in enumerate(order.lines, 1)]
    OrderLine.objects.bulk_create(lines)
    Payment.objects.bulk_create(
        [_payment(row, paid) for row, order in pairs for paid in _by_method(order.payments).values()]
    )
    Shipment.objects.bulk_create(
        [_shipment(row, sent) for row, order in pairs for sent in _by_parcel(order.shipments).values()]
    )


def update_details(
    row: Order,
    *,
    lines: tuple[IncomingLine, ...] = (),
    payments: tuple[IncomingPayment, ...] = (),
    shipments: tuple[IncomingShipment, ...] = (),
) -> list[str]:
    """Make what hangs on a known order equal to what is told; the kinds that changed. None told: it stays."""
    changed = []
    if lines and _update_lines(row, lines):
        changed.append("lines")
    if payments and _update_payments(row, payments):
        changed.append("payments")
    if shipments and _update_shipments(row, shipments):
        changed.append("shipments")
    return changed


def keep_addresses(shop: Shop, rows: Iterable[Order]) -> None:
    """Remember for each customer where these orders went; a place already known stays one row."""
    places = [_place(shop, row) for row in rows if row.recipient_lines]
    PostalAddress.objects.bulk_create(places, ignore_conflicts=True)


def recount(customer_ids: set[int]) -> None:
    """Set number and sum of the orders of these customers; cancelled ones do not count."""
    if not customer_ids:
        return
    list(Customer.objects.select_for_update().filter(pk__in=customer_ids).order_by("pk").values_list("pk"))
    valid = Order.objects.filter(customer=OuterRef("pk"), cancelled_at=None).order_by().values("customer")
    Customer.objects.filter(pk__in=customer_ids).update(
        order_count=Coalesce(Subquery(valid.annotate(number=Count("pk")).values("number")), 0),
        order_total_yen=Coalesce(Subquery(valid.annotate(yen=Sum("total_yen")).values("yen")), 0),
    )


def _products(shop: Shop, skus: Iterable[str]) -> dict[str, int]:
    wanted = sorted({sku for sku in skus if sku})
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        rows = Product.objects.filter(shop=shop, sku__in=wanted[start : start + 500])
        found.update(rows.values_list("sku", "pk"))
    return found


def _line(row: Order, position: int, line: IncomingLine, products: dict[str, int]) -> OrderLine:
    return OrderLine(
        shop_id=row.shop_id,
        order=row,
        position=position,
        sku=line.sku[:80],
        name=line.name[:300],
        variant=line.variant[:200],
        quantity=line.quantity,
        unit_price_yen=line.unit_price_yen or 0,
        tax_rate=line.tax_rate,
        product_id=products.get(line.sku),
    )


def _by_method(payments: Iterable[IncomingPayment]) -> dict[str, IncomingPayment]:
    return {str(paid.method): paid for paid in payments}


def _by_parcel(shipments: Iterable[IncomingShipment]) -> dict[tuple[str, str], IncomingShipment]:
    return {(str(sent.carrier), sent.tracking_number[:40]): sent for sent in shipments}


def _payment(row: Order, paid: IncomingPayment) -> Payment:
    amount = row.total_yen if paid.amount_yen is None else paid.amount_yen
    return Payment(
        shop_id=row.shop_id,
        order=row,
        method=paid.method,
        amount_yen=amount,
        due_on=paid.due_on,
        paid_at=paid.paid_at,
        reference=paid.reference[:120],
        account_hint=paid.account_hint[:20],
    )


def _shipment(row: Order, sent: IncomingShipment) -> Shipment:
    return Shipment(
        shop_id=row.shop_id,
        order=row,
        carrier=sent.carrier,
        tracking_number=sent.tracking_number[:40],
        shipped_at=sent.shipped_at,
        delivered_at=sent.delivered_at,
    )


def _update_lines(row: Order, told: tuple[IncomingLine, ...]) -> bool:
    products = _products(row.shop, (line.sku for line in told))
    known = {line.position: line for line in row.lines.all()}
    wanted = [_line(row, position, line, products) for position, line in enumerate(told, 1)]
    for line, news in zip(wanted, told, strict=True):
        former = known.get(line.position)
        if former and (former.sku, former.name) == (line.sku, line.name):
            line.lot = former.lot  # selling systems do not tell it; the warehouse did
        if former and news.unit_price_yen is None and (former.sku, former.name) == (line.sku, line.name):
            line.unit_price_yen = former.unit_price_yen
    if list(map(_as_told, wanted)) == list(map(_as_told, known.values())):
        return False
    for line in wanted:
        if line.position in known:
            line.pk = known[line.position].pk
        line.save()
    row.lines.filter(position__gt=len(told)).delete()
    return True


def _as_told(line: OrderLine) -> IncomingLine:
    return IncomingLine(line.name, line.quantity, line.unit_price_yen, line.sku, line.variant, line.tax_rate)


def _update_payments(row: Order, payments: tuple[IncomingPayment, ...]) -> bool:
    told = _by_method(payments)
    known = {payment.method: payment for payment in row.payments.all()}
    changed = False
    for method, paid in told.items():
        wanted = _payment(row, paid)
        former = known.get(method)
        if former:
            wanted.pk, wanted.due_on = former.pk, wanted.due_on or former.due_on
            wanted.paid_at = wanted.paid_at or former.paid_at
            wanted.reference = wanted.reference or former.reference
            wanted.account_hint = wanted.account_hint or former.account_hint
        if former is None or _values(former) != _values(wanted):
            wanted.save()
            changed = True
    gone = [payment.pk for method, payment in known.items() if method not in told and payment.paid_at is None]
    row.payments.filter(pk__in=gone).delete()
    return changed or bool(gone)


def _update_shipments(row: Order, shipments: tuple[IncomingShipment, ...]) -> bool:
    told = _by_parcel(shipments)
    known = {(shipment.carrier, shipment.tracking_number): shipment for shipment in row.shipments.all()}
    changed = False
    for parcel, sent in told.items():
        wanted = _shipment(row, sent)
        former = known.get(parcel)
        if former:
            wanted.pk, wanted.shipped_at = former.pk, wanted.shipped_at or former.shipped_at
            wanted.delivered_at = wanted.delivered_at or former.delivered_at
        if former is None or _values(former) != _values(wanted):
            wanted.save()
            changed = True
    gone = [shipment.pk for parcel, shipment in known.items() if parcel not in told]
    row.shipments.filter(pk__in=gone).delete()
    return changed or bool(gone)


def _values(row: Payment | Shipment) -> tuple[object, ...]:
    return tuple(getattr(row, field.attname) for field in row._meta.concrete_fields)


def _place(shop: Shop, row: Order) -> PostalAddress:
    recipient = Recipient(row.recipient_name, row.recipient_postcode, row.recipient_lines, row.recipient_phone)
    return PostalAddress(
        shop=shop,
        customer_id=row.customer_id,
        name=recipient.name,
        postcode=recipient.postcode,
        lines=recipient.lines,
        key=rules.address_key(recipient),
    )
