"""Reading of refunds: what may still go back, in which way it would, by when it arrives; for returns and screens."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, Sum

from anshin.commerce.models import BankAccount, Dispute, Order, PaymentAccount, PaymentNotice, Refund, RefundSetting
from anshin.commerce.rules import refund_days, refund_routes, refund_steps
from anshin.commerce.rules.refund_routes import Paid, Route
from anshin.commerce.terms import PaymentProvider, RefundState, RefundWay
from anshin.plumbing.pages.keyset import Page, page_of
from anshin.plumbing.prepared import Prepared

if TYPE_CHECKING:
    from anshin.shops.models import Shop

_LOADED = ("order", "customer", "account", "asked_by__person", "approved_by__person", "operator__person", "proof")


def refunds_of(order: Order) -> QuerySet[Refund]:
    """The refunds of an order, oldest first, with the people concerned."""
    found = Refund.objects.select_related("account", "asked_by__person", "approved_by__person", "operator__person")
    return found.filter(shop_id=order.shop_id, order=order).order_by("id")


def refund_sums(shop_id: int, order_ids: Collection[int]) -> dict[int, list[int]]:
    """What went back or is on its way for these orders, each sum in yen, by order. One query."""
    found: dict[int, list[int]] = {}
    rows = Refund.objects.filter(shop_id=shop_id, order_id__in=order_ids).exclude(state=RefundState.WITHDRAWN)
    for order_id, amount_yen in rows.order_by("id").values_list("order_id", "amount_yen"):
        found.setdefault(order_id, []).append(amount_yen)
    return found


def refund_by_id(shop: Shop, refund_id: int) -> Refund | None:
    """One refund of the shop with all it refers to: one query."""
    return Refund.objects.select_related(*_LOADED).filter(shop=shop, pk=refund_id).first()


def refund_by_key(shop: Shop, key: str) -> Refund | None:
    """The refund that was asked for under this key."""
    return Refund.objects.select_related(*_LOADED).filter(shop=shop, key=key).first()


def refunds(shop: Shop, *, states: Collection[RefundState] = (), cursor: str = "", size: int = 50) -> Page[Refund]:
    """One page of the shop's refunds, newest first: one query. Raises BadCursor."""
    found = Refund.objects.select_related("order", "customer", "account", "asked_by__person").filter(shop=shop)
    if states:
        found = found.filter(state__in=states)
    return page_of(found, order=("-id",), size=size, cursor=cursor)


def refunds_for_a_person(shop: Shop) -> QuerySet[Refund]:
    """Refunds that do not go on without somebody: waiting for a second person, failed, unsure; oldest first."""
    waiting = [RefundState.ASKED, RefundState.FAILED, RefundState.UNSURE]
    found = Refund.objects.select_related("order", "customer", "account").filter(shop=shop, state__in=waiting)
    return found.order_by("id")


def refundable_yen(order: Order) -> int:
    """How much may still go back of this order: at most its total, at most what was paid. Two or three queries."""
    paid_yen = sum(each.amount_yen for each in paid_of(order))
    return refund_routes.refundable_yen(
        total_yen=order.total_yen,
        paid_yen=paid_yen,
        refunded_yen=order.refunded_yen,
        disputed_yen=order.disputed_yen,
    )


def route_of(order: Order, *, amount_yen: int, today: date) -> Route:
    """The way in which so much of this order would go back, and why. Two or three queries."""
    return refund_routes.route(paid_of(order), amount_yen=amount_yen, today=today)


def route_of_expenses() -> Route:
    """The way in which a customer gets back what they laid out."""
    return refund_routes.EXPENSES


def routes_of(shop: Shop, amounts: Mapping[int, int], *, today: date) -> dict[int, Route]:
    """The same for many orders at once: their ids with yen in, their ids with routes out. Four queries."""
    found = Order.objects.select_related("shop").prefetch_related("shipments", "payments")
    orders = found.filter(shop=shop, pk__in=amounts)
    back = _back_by_payment(Refund.objects.filter(shop=shop, order__in=amounts))
    if any(order.disputed_yen for order in orders):
        disputes = Dispute.objects.filter(shop=shop, order__in=amounts, state__in=refund_steps.TAKES_MONEY)
        for payment_id, yen in disputes.exclude(payment=None).values_list("payment_id", "amount_yen"):
            back[payment_id] = back.get(payment_id, 0) + yen
    return {
        order.pk: refund_routes.route(_paid(order, back), amount_yen=amounts[order.pk], today=today) for order in orders
    }


def newest_accounts(shop: Shop, customer_ids: Collection[int]) -> dict[int, BankAccount]:
    """The newest bank account known of each of these customers: one query."""
    found = BankAccount.objects.filter(shop=shop, customer_id__in=customer_ids, purged_at=None).order_by("id")
    return {account.customer_id: account for account in found}


def needs_reason(way: str, route: Route) -> bool:
    """Whether somebody who chooses this way must say why."""
    return refund_routes.needs_reason(way, route)


def expected_on(*, way: str, method: str, since: date) -> date:
    """The day by which money that is sent on `since` should have arrived; business days of Japan."""
    return refund_days.expected_on(way=way, method=method, since=since)


def accounts_of(shop: Shop, customer_id: int) -> QuerySet[BankAccount]:
    """The bank accounts known of a customer, newest first; numbers show as `masked` only."""
    return BankAccount.objects.filter(shop=shop, customer_id=customer_id, purged_at=None).order_by("-id")


def newest_account(shop: Shop, customer_id: int) -> BankAccount | None:
    """The bank account that became known last."""
    return _NEWEST_ACCOUNT.first(shop=shop.pk, customer=customer_id)


def refund_setting(shop_id: int) -> RefundSetting:
    """What the shop has set about refunds; the defaults when it has set nothing (then the row is not saved)."""
    return RefundSetting.objects.filter(shop_id=shop_id).first() or RefundSetting(shop_id=shop_id)


def payment_account(shop_id: int) -> PaymentAccount | None:
    """With whom the shop takes payments; the key shows as its end only."""
    return PaymentAccount.objects.filter(shop_id=shop_id).first()


def paid_of(order: Order) -> list[Paid]:
    """How the order was paid, as far as it is known, and what of it went back in the same way."""
    back = _back_by_payment(Refund.objects.filter(order=order)) if order.refunded_yen else {}
    if order.disputed_yen:
        for dispute in disputes_of(order):
            if dispute.payment_id and dispute.state in refund_steps.TAKES_MONEY:
                back[dispute.payment_id] = back.get(dispute.payment_id, 0) + dispute.amount_yen
    return _paid(order, back)


def disputes_of(order: Order) -> QuerySet[Dispute]:
    """What the customer's bank disputes about an order's payments, oldest first."""
    return Dispute.objects.filter(shop_id=order.shop_id, order=order).order_by("id")


def dispute_by_id(shop_id: int, dispute_id: int) -> Dispute | None:
    """One dispute with its order."""
    return Dispute.objects.select_related("order").filter(shop_id=shop_id, pk=dispute_id).first()


def newest_notice(shop_id: int) -> PaymentNotice | None:
    """The last notice that came from the shop's payment provider."""
    return PaymentNotice.objects.filter(shop_id=shop_id).defer("body").order_by("-id").first()


def account_of_notices(slug: str, provider: PaymentProvider) -> PaymentAccount | None:
    """The account of the shop with this name whose provider's notices can be proved; its secret is sealed."""
    found = PaymentAccount.objects.filter(shop__slug=slug, provider=provider).exclude(notice_secret_sealed="")
    return found.first()


def _paid(order: Order, back: Mapping[int, int]) -> list[Paid]:
    parcels = list(order.shipments.all())
    has_left = any(parcel.shipped_at or parcel.tracking_number for parcel in parcels)
    has_arrived = bool(parcels) and all(parcel.delivered_at for parcel in parcels)
    zone = ZoneInfo(order.shop.zone)
    return [
        Paid(
            payment_id=payment.pk,
            method=payment.method,
            amount_yen=payment.amount_yen,
            paid_on=(payment.paid_at or order.ordered_at).astimezone(zone).date(),
            back_yen=back.get(payment.pk, 0),
        )
        for payment in order.payments.all()
        if refund_routes.was_paid(
            payment.method, is_told=payment.paid_at is not None, has_left=has_left, has_arrived=has_arrived
        )
    ]


def _back_by_payment(refunds: QuerySet[Refund]) -> dict[int, int]:
    held = refunds.filter(way=RefundWay.ORIGINAL, state__in=refund_steps.HOLDS_MONEY)
    sums = held.order_by().values_list("payment_id").annotate(yen=Sum("amount_yen"))
    return {payment_id: yen for payment_id, yen in sums if payment_id}


_NEWEST_ACCOUNT = Prepared(
    lambda shop, customer: BankAccount.objects.filter(shop_id=shop, customer_id=customer, purged_at=None).order_by(
        "-id"
    )[:1],
    shop=int,
    customer=int,
)
