"""An order as it is shown to whoever placed it, and the papers' shapes made from what is kept."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import translation

from anshin.commerce.terms import Carrier, PaymentMethod, SalesChannel
from anshin.delivery import rules
from anshin.delivery.models import Reshipment, Snapshot
from anshin.delivery.ports import (
    OrderSnapshot,
    PackingSlip,
    SlipLine,
    SnapshotLine,
    SnapshotParcel,
    SnapshotPayment,
)
from anshin.delivery.terms import Insert

if TYPE_CHECKING:
    from anshin.commerce.models import Order, OrderLine, Payment, Shipment
    from anshin.shops.models import Shop


def facts_of(shop: Shop, order: Order, *, language: str) -> dict[str, Any]:
    """The facts of an order with its parts loaded (order_with_details), names and numbers masked; no query.

    Channels, payments and carriers are words in `language`, English ones where a language has none.
    """
    with translation.override(language if language in {"ja", "en"} else "en"):
        return {
            "shop_name": shop.name if language == "ja" else shop.name_en or shop.name,
            "number": order.number,
            "channel": str(SalesChannel(order.channel).label),
            "ordered_at": order.ordered_at.isoformat(),
            "cancelled_at": order.cancelled_at.isoformat() if order.cancelled_at else "",
            "buyer_name": rules.masked_name(order.customer.name),
            "recipient_name": rules.masked_name(order.recipient_name),
            "recipient_postcode": rules.masked_number(order.recipient_postcode),
            "recipient_address": rules.masked_address(order.recipient_lines),
            "recipient_phone": rules.masked_number(order.recipient_phone),
            "lines": [_line(line) for line in order.lines.all()],
            "shipping_yen": order.shipping_yen,
            "fee_yen": order.fee_yen,
            "discount_yen": order.discount_yen,
            "total_yen": order.total_yen,
            "payments": [_payment(payment) for payment in order.payments.all()],
            "parcels": [_parcel(parcel) for parcel in order.shipments.all()],
        }


def snapshot_paper(shop: Shop, snapshot: Snapshot) -> OrderSnapshot:
    """What is printed of a snapshot. No query."""
    facts = dict(snapshot.facts)
    for name in ("ordered_at", "cancelled_at"):
        facts[name] = _moment(facts[name])
    facts["lines"] = tuple(SnapshotLine(**line) for line in facts["lines"])
    facts["payments"] = tuple(SnapshotPayment(**payment) for payment in facts["payments"])
    facts["parcels"] = tuple(
        SnapshotParcel(
            carrier=parcel["carrier"],
            tracking_number=parcel["tracking_number"],
            shipped_at=_moment(parcel["shipped_at"]),
            delivered_at=_moment(parcel["delivered_at"]),
        )
        for parcel in facts["parcels"]
    )
    return OrderSnapshot(
        **facts, taken_at=snapshot.taken_at, digest=snapshot.digest, language=snapshot.language, zone=shop.zone
    )


def snapshot_by_id(shop: Shop, snapshot_id: int) -> Snapshot | None:
    """A snapshot of this shop with its trouble. One query."""
    return Snapshot.objects.select_related("trouble__case").filter(shop=shop, pk=snapshot_id).first()


def reshipment_by_id(shop: Shop, reshipment_id: int) -> Reshipment | None:
    """A re-shipment of this shop with its trouble and order. One query."""
    rows = Reshipment.objects.select_related("trouble__order__customer", "trouble__case")
    return rows.filter(shop=shop, pk=reshipment_id).first()


def packing_slip(shop: Shop, reshipment: Reshipment, *, letter: str, now: datetime) -> PackingSlip:
    """What lies in a re-sent parcel; `letter` is the text of the apology. Names of inserts as the warehouse reads
    them. No query."""
    trouble = reshipment.trouble
    order = trouble.order
    with translation.override("ja" if shop.zone == "Asia/Tokyo" else "en"):
        inserts = tuple(str(Insert(code).label) for code in reshipment.inserts)
    return PackingSlip(
        shop_name=shop.name,
        number=f"D-{trouble.number:04}-{reshipment.place}",
        order_number=order.number,
        recipient_name=order.recipient_name or order.customer.name,
        recipient_postcode=order.recipient_postcode,
        recipient_address=order.recipient_lines,
        recipient_phone=order.recipient_phone,
        lines=(SlipLine(reshipment.name, reshipment.variant, reshipment.sku, reshipment.quantity),),
        inserts=inserts,
        letter=letter if Insert.LETTER in reshipment.inserts else "",
        made_at=now,
        zone=shop.zone,
    )


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "variant": line.variant,
        "sku": line.sku,
        "quantity": line.quantity,
        "unit_price_yen": line.unit_price_yen,
        "amount_yen": line.unit_price_yen * line.quantity,
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "method": str(PaymentMethod(payment.method).label),
        "amount_yen": payment.amount_yen,
        "account_hint": f"•••• {payment.account_hint}" if payment.account_hint else "",
    }


def _parcel(parcel: Shipment) -> dict[str, Any]:
    return {
        "carrier": str(Carrier(parcel.carrier).label),
        "tracking_number": parcel.tracking_number,
        "shipped_at": parcel.shipped_at.isoformat() if parcel.shipped_at else "",
        "delivered_at": parcel.delivered_at.isoformat() if parcel.delivered_at else "",
    }


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
