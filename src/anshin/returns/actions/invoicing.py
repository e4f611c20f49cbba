"""Gives the return invoice (適格返還請求書) of a settlement whose money has moved, and voids it when it came back."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from anshin.commerce.queries import order_with_details, refund_by_id
from anshin.commerce.terms import RefundState
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.returns import events
from anshin.returns.models import ReturnInvoice, ReturnNumbering, Settlement
from anshin.returns.ports import InvoiceFacts, InvoiceLine, return_invoices
from anshin.returns.queries.lists import setting_of
from anshin.returns.rules import return_invoices as rules
from anshin.returns.rules.settling import Item
from anshin.returns.terms import ItemKind

if TYPE_CHECKING:
    from anshin.commerce.models import Order, Refund

ISSUER = Actor.system("return invoices")


@transaction.atomic
def issue_return_invoice(*, shop_id: int, refund_id: int, now: datetime) -> ReturnInvoice | None:
    """The invoice of the settlement that this refund paid; None where none is due. Asked twice: the same one."""
    row = Settlement.objects.select_related("returned__shop").filter(shop_id=shop_id, refund=refund_id).first()
    if row is None:
        return None
    ReturnNumbering.objects.get_or_create(shop_id=shop_id)
    ReturnNumbering.objects.select_for_update().get(shop_id=shop_id)  # held: one invoice at a time gets the next number
    known = ReturnInvoice.objects.filter(settlement=row, voided_at=None).first()
    if known is not None:
        return known
    shop, registration = row.returned.shop, setting_of(row.returned.shop).registration_number
    refund, order = refund_by_id(shop, refund_id), order_with_details(shop, row.order_id)
    items = _items(row)
    if refund is None or order is None or refund.state != RefundState.SETTLED:
        return None
    if not rules.is_due(registration, rules.sums(items)):
        return None
    number, revision = _number(row)
    invoice = ReturnInvoice(
        shop_id=shop_id, number=number, revision=revision, returned=row.returned, settlement=row, issued_at=now
    )
    facts = _facts(invoice, refund, order, items)
    pdf = return_invoices.get().pdf(facts)
    invoice.registration_number = facts.registration_number
    invoice.total_yen = sum(amount for _rate, amount, _tax in facts.sums)
    invoice.facts = asdict(facts) | {"returned_on": str(facts.returned_on), "sold_on": str(facts.sold_on)}
    invoice.blob, invoice.sha256 = keep(shop_id, pdf, now=now), hashlib.sha256(pdf).hexdigest()
    invoice.save(force_insert=True)
    fact = events.ReturnInvoiceIssued(
        return_id=row.returned_id, number=row.returned.number, invoice=str(invoice), total_yen=invoice.total_yen
    )
    record(fact, shop_id=shop_id, by=ISSUER, now=now, case_id=row.returned.case_id, order_id=row.order_id)
    return invoice


@transaction.atomic
def void_return_invoice(*, shop_id: int, refund_id: int, now: datetime) -> ReturnInvoice | None:
    """The invoice of the settlement whose money came back, void from now on; None where there is none that counts, or
    the money is there."""
    row = Settlement.objects.select_related("returned").filter(shop_id=shop_id, refund=refund_id).first()
    refund = refund_by_id(row.returned.shop, refund_id) if row else None
    if row is None or refund is None or refund.state == RefundState.SETTLED:
        return None
    known = ReturnInvoice.objects.select_for_update().filter(settlement=row, voided_at=None).first()
    if known is None:
        return None
    known.voided_at, known.void_why = now, refund.failure
    known.save(update_fields=["voided_at", "void_why"])
    fact = events.ReturnInvoiceVoided(return_id=row.returned_id, number=row.returned.number, invoice=str(known))
    record(fact, shop_id=shop_id, by=ISSUER, now=now, case_id=row.returned.case_id, order_id=row.order_id)
    return known


def _number(row: Settlement) -> tuple[int, int]:
    """Number and revision of the next invoice: that of the void one which it replaces, else a new number."""
    given = ReturnInvoice.objects.filter(shop_id=row.shop_id)
    of_order = given.filter(returned=row.returned_id, settlement__order=row.order_id).order_by("-number", "-revision")
    counts = set(of_order.filter(voided_at=None).values_list("number", flat=True))
    former = next((each for each in of_order if each.number not in counts), None)
    if former is not None:
        return former.number, former.revision + 1
    return (given.aggregate(last=Max("number"))["last"] or 0) + 1, 1


def _items(row: Settlement) -> list[Item]:
    return [
        Item(ItemKind(each.kind), each.amount_yen, each.label, each.unit_price_yen, each.quantity, each.tax_rate)
        for each in row.items.all()
    ]


def _facts(invoice: ReturnInvoice, refund: Refund, order: Order, items: list[Item]) -> InvoiceFacts:
    setting, by_rates = setting_of(invoice.returned.shop), rules.sums(items)
    zone = ZoneInfo(invoice.returned.shop.zone)
    return InvoiceFacts(
        number=str(invoice),
        issuer_name=setting.issuer_name or invoice.returned.shop.name,
        registration_number=setting.registration_number,
        return_number=str(invoice.returned),
        order_number=order.number,
        returned_on=refund.moved_on or invoice.issued_at.astimezone(zone).date(),
        sold_on=_sold_on(order, zone),
        lines=tuple(
            InvoiceLine(_label(item), item.quantity, item.amount_yen, item.tax_rate) for item in rules.counted(items)
        ),
        sums=tuple((rate, *by_rates[rate]) for rate in sorted(by_rates, reverse=True)),
        paid_yen=refund.amount_yen,
    )


def _label(item: Item) -> str:
    """What the line is, in Japanese: the paper is one of Japanese law."""
    words = {
        ItemKind.GOODS: item.label,
        ItemKind.DELIVERY: "送料",
        ItemKind.PAYMENT_FEE: "決済手数料",
        ItemKind.COUPON: "クーポン値引き",
        ItemKind.DISCOUNT: "値引き",
        ItemKind.POINTS: "ポイント利用",
        ItemKind.FEE: "返品手数料",
        ItemKind.DEDUCTION: "返品の状態による減額",
    }
    return words.get(item.kind) or "商品"


def _sold_on(order: Order, zone: ZoneInfo) -> date:
    """The day of the sale: when it was sent, else ordered."""
    sent = [parcel.shipped_at for parcel in order.shipments.all() if parcel.shipped_at]
    return (min(sent) if sent else order.ordered_at).astimezone(zone).date()
