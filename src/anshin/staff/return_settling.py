"""The card of a return's money: the arithmetic line by line, what a person may say differently, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anshin.commerce import queries as commerce
from anshin.commerce.terms import PaymentMethod, RefundState, RefundWay
from anshin.plumbing.pages import dates
from anshin.plumbing.pages.templatetags.pages import yen
from anshin.returns.actions import UnknownReturn
from anshin.returns.queries import invoices_of, proposed_deduction
from anshin.returns.terms import Approval, ExchangeState, ItemKind, MoneyState, ParcelState, Payer, SettlementKind
from anshin.returns.terms import InspectionState as Inspected
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff import return_words as words
from anshin.staff.addresses import address

if TYPE_CHECKING:
    from anshin.commerce.models import Refund
    from anshin.commerce.rules.refund_routes import Route
    from anshin.returns.models import Return, Settlement, SettlementItem
    from anshin.returns.queries import ReturnPage
    from anshin.shops.models import Membership
    from anshin.staff.return_page import Said

Card = dict[str, Any]
_LOOKED_AT = {Inspected.GOOD, Inspected.DIFFERS, Inspected.NOT_NEEDED}
_MAY_HAVE_INVOICES = {MoneyState.PAID, MoneyState.FAILED, MoneyState.SENDING, MoneyState.TO_CONFIRM}
_MAY_CALCULATE = {MoneyState.NOT_YET, MoneyState.TO_CONFIRM, MoneyState.FAILED, MoneyState.NOT_DUE}


def settling(by: Membership, page: ReturnPage, said: Said, *, now: datetime) -> Card:
    """What staff/_return_money.html shows."""
    returned, current = page.returned, page.current
    total = sum(row.total_yen for row in current)
    handles = may(by, Permission.HANDLE_RETURNS)
    can_calculate = (
        handles
        and returned.approval == Approval.APPROVED
        and returned.inspection in _LOOKED_AT
        and returned.money in _MAY_CALCULATE
        and returned.exchange not in {ExchangeState.TO_SEND, ExchangeState.OUT_OF_STOCK}
    )
    slug, number = by.shop.slug, returned.number
    return {
        "blocks": [_block(row, len(current)) for row in current],
        "total": yen(total),
        "total_yen": total,
        "rates": _rates(current),
        "empty": "" if current else _why_empty(returned),
        "points": [
            _points(row, slug, number, now, handles=handles)
            for row in [*page.closed, *current]
            if row.points or row.coupon_yen
        ],
        "earlier": yen(sum(row.total_yen for row in page.closed)) if page.closed else "",
        "awaited": _awaited(page),
        "postage": _postage(returned, current),
        "confirm": _confirm(by, page, said, now) if handles and returned.money == MoneyState.TO_CONFIRM else None,
        "refunds": [_refund(by, refund, number, now) for refund in _refunds(by, [*page.closed, *current])],
        "calculate_url": address("return_calculate", slug, number) if can_calculate else "",
        "invoices": [
            {"name": str(each), "url": address("return_invoice", slug, number, each.pk), "is_void": each.voided_at}
            for each in (invoices_of(returned) if handles and returned.money in _MAY_HAVE_INVOICES else ())
        ],
        "typed": _typed(current, said),
        "deduction": _deduction(page) if can_calculate else None,
        "is_proposed": bool(current),
        "side": _side(returned),
    }


def _awaited(page: ReturnPage) -> int:
    """How many pieces are still to come while part of the return is here."""
    if page.returned.parcel != ParcelState.PARTLY_HERE:
        return 0
    return sum(line.quantity - (line.quantity_here or 0) for line in page.lines)


def _why_empty(returned: Return) -> str:
    if returned.money == MoneyState.NOT_DUE:
        return _("No money is due.")
    if returned.approval != Approval.APPROVED:
        return _("Nothing is calculated while the return is not approved.")
    if returned.exchange in {ExchangeState.TO_SEND, ExchangeState.OUT_OF_STOCK, ExchangeState.SENT}:
        return _("The customer gets something else instead, so nothing is calculated.")
    if returned.inspection in _LOOKED_AT:
        return _(
            "Nothing is calculated for an exchange or a repair. If money is to go back after all, calculate it here."
        )
    return _("The refund is calculated by itself when the inspection is done.")


def _side(returned: Return) -> str:
    return str(MoneyState(returned.money).label)


def _block(row: Settlement, count: int) -> Card:
    """One order's calculation, or that of what the customer laid out; its heading and sum where there are several."""
    return {
        "title": _title(row) if count > 1 else "",
        "items": [_item(item, row) for item in row.items.all()],
        "total": yen(row.total_yen),
    }


def _title(row: Settlement) -> str:
    if row.kind == SettlementKind.EXPENSE:
        return _("Laid out by the customer")
    return _("Order %(number)s") % {"number": row.order.number}


def _item(item: SettlementItem, row: Settlement) -> Card:
    kind = ItemKind(item.kind)
    signed = yen(item.amount_yen)
    is_more = item.amount_yen > 0 and kind != ItemKind.GOODS
    return {
        "label": kind.label,
        "sub": _sub(kind, item, row),
        "amount": f"+{signed}" if is_more else signed,
    }


def _sub(kind: ItemKind, item: SettlementItem, row: Settlement) -> str:
    """Why the line is there."""
    if kind == ItemKind.GOODS:
        price = _("%(price)s × %(count)s") % {"price": yen(item.unit_price_yen), "count": item.quantity}
        return f"{item.label} {price}" if item.label else price
    if kind == ItemKind.POINTS:
        return _("%(points)s points go back as points") % {"points": f"{row.points:,}"}
    return {
        ItemKind.DELIVERY: _("goes back, because it was not the customer’s doing"),
        ItemKind.PAYMENT_FEE: _("goes back, because it was not the customer’s doing"),
        ItemKind.COUPON: _("this return’s share of the whole order"),
        ItemKind.CHARGE: _("this return’s share of the whole order"),
        ItemKind.DISCOUNT: _("this return’s share of the whole order"),
        ItemKind.RETURN_POSTAGE: _("the customer paid the carrier, though the shop bears it")
        if item.amount_yen > 0
        else _("the customer bears it, the shop paid it"),
        ItemKind.FEE: _("as the policy says"),
    }.get(kind, item.label)


def _rates(rows: Iterable[Settlement]) -> list[str]:
    """Tax within the refund, a sentence a rate."""
    sums: dict[str, int] = {}
    for row in rows:
        for rate, (_with_tax, tax) in row.by_rate.items():
            sums[rate] = sums.get(rate, 0) + tax
    return [
        _("of it %(rate)s%% consumption tax %(tax)s") % {"rate": rate, "tax": yen(tax)}
        for rate, tax in sorted(sums.items(), reverse=True)
    ]


def _points(row: Settlement, slug: str, number: int, now: datetime, *, handles: bool) -> Card:
    given = ""
    if row.points_given_at:
        given = _("given back %(when)s") % {"when": words.when_of(row.points_given_at, now)}
    is_due = row.confirmed_at is not None and row.points_given_at is None
    return {
        "points": f"{row.points:,}" if row.points else "",
        "coupon": yen(row.coupon_yen) if row.coupon_yen else "",
        "given": given,
        "url": address("return_points", slug, number, row.pk) if handles and is_due else "",
    }


def _postage(returned: Return, rows: Iterable[Settlement]) -> Card:
    amount = max((row.return_postage_yen for row in rows), default=0)
    payer = Payer(returned.payer)
    return {
        "amount": yen(amount) if amount else "",
        "words": _("The shop bears the postage of the return.")
        if payer == Payer.SHOP
        else _("The customer bears the postage of the return."),
    }


def _deduction(page: ReturnPage) -> Card | None:
    """What is proposed to be taken off, because accessories did not come back."""
    found = proposed_deduction(page)
    if found is None:
        return None
    names = "、".join(found.names)
    return {
        "yen": found.yen,
        "why": _("Missing: %(names)s") % {"names": names},
        "words": _("Did not come back: %(names)s. Proposed: take off %(amount)s.")
        % {"names": names, "amount": yen(found.yen)},
    }


def _typed(rows: Iterable[Settlement], said: Said) -> Card:
    """What the form of the calculation holds: what was typed, else what the calculation was made with."""
    if said.where == "calculate":
        return dict(said.typed)
    found: dict[str, Any] = {"paid_by": Payer.SHOP.value, "delivery": ""}
    for row in rows:
        if row.return_postage_yen:
            found["postage"] = row.return_postage_yen
        for item in row.items.all():
            if item.kind == ItemKind.DEDUCTION:
                found |= {"deduction": -item.amount_yen, "why": item.label}
            if item.kind == ItemKind.RETURN_POSTAGE and item.amount_yen > 0:
                found["paid_by"] = Payer.CUSTOMER.value
    return found


def _confirm(by: Membership, page: ReturnPage, said: Said, now: datetime) -> Card:
    """The big button, and for each calculation the ways in which its money can go, and what happens then."""
    today = timezone.localdate(now)
    typed: Mapping[str, str] = said.typed if said.where == "confirm" else {}
    setting = commerce.refund_setting(by.shop_id)
    due = [row for row in page.current if row.total_yen] or page.current[:1]
    payouts = [_payout(by, row, typed, today, is_alone=len(due) == 1) for row in due]
    customer_id = page.returned.customer_id
    limit = setting.second_person_above_yen
    return {
        "url": address("return_confirm", by.shop.slug, page.returned.number),
        "payouts": payouts,
        "accounts": [
            {"value": each.pk, "label": f"{each.bank_name} {each.branch_name} {each.masked}"}
            for each in (commerce.accounts_of(by.shop, customer_id)[:5] if customer_id else ())
        ],
        "usual": " / ".join(dict.fromkeys(each["usual"] for each in payouts)),
        "reason": typed.get("reason", ""),
        "second": _("Above %(limit)s a second person confirms.") % {"limit": yen(limit)}
        if any(sum(row.total_yen for row in due if row.order_id == pk) > limit for pk in {r.order_id for r in due})
        else ""
        if may(by, Permission.PAY_BACK)
        else _("Somebody who may pay back confirms it after you."),
    }


def _payout(by: Membership, row: Settlement, typed: Mapping[str, str], today: date, *, is_alone: bool) -> Card:
    """How one calculation's money goes back: the usual way first, why, and by when it arrives."""
    name = "way" if is_alone else f"way-{row.pk}"
    route = _route(by, row, today)
    chosen = typed.get(name, route.way)
    return {
        "name": name,
        "title": "" if is_alone else f"{_title(row)} {yen(row.total_yen)}",
        "ways": [
            {"value": each.value, "label": each.label, "on": each == chosen, "is_usual": each == route.way}
            for each in RefundWay
            if each == route.way or each != RefundWay.ORIGINAL
        ],
        "usual": f"{PaymentMethod(route.method).label} → {RefundWay(route.way).label}"
        if route.method
        else str(RefundWay(route.way).label),
        "why": route.why.label,
        "arrives": _arrives(route.way, route, today),
    }


def _route(by: Membership, row: Settlement, today: date) -> Route:
    if row.kind == SettlementKind.EXPENSE:
        return commerce.route_of_expenses()
    order = commerce.order_with_details(by.shop, row.order_id)
    if order is None:
        raise UnknownReturn
    return commerce.route_of(order, amount_yen=row.total_yen, today=today)


def _arrives(way: str, route: Route, today: date) -> str:
    return dates.day(
        commerce.expected_on(way=way, method=route.method, since=today), today=today, language=get_language() or "ja"
    )


def _refunds(by: Membership, rows: Iterable[Settlement]) -> list[Refund]:
    found = (commerce.refund_by_id(by.shop, row.refund) for row in rows if row.refund)
    return [refund for refund in found if refund is not None]


def _refund(by: Membership, refund: Refund, number: int, now: datetime) -> Card:
    """The money that was confirmed: where it stands, who confirmed it, and what this person may do about it."""
    state, slug = RefundState(refund.state), by.shop.slug
    expected = ""
    if refund.expected_on and state in {RefundState.READY, RefundState.SENDING}:
        day = dates.day(refund.expected_on, today=timezone.localdate(now), language=get_language() or "ja")
        expected = _("expected by %(day)s") % {"day": day}
    is_own = refund.asked_by_id == by.pk
    can_approve = state == RefundState.ASKED and may(by, Permission.APPROVE_REFUNDS) and not is_own
    can_retry = state in {RefundState.FAILED, RefundState.UNSURE} and may(by, Permission.PAY_BACK)
    return {
        "amount": yen(refund.amount_yen),
        "way": RefundWay(refund.way).label,
        "state": state.label,
        "kind": {RefundState.SETTLED: "good", RefundState.FAILED: "bad", RefundState.UNSURE: "warn"}.get(state, "info"),
        "expected": expected,
        "failure": refund.failure,
        "asked": f"{words.when_of(refund.asked_at, now)} {refund.asked_by.person if refund.asked_by else ''}".strip(),
        "approved": f"{words.when_of(refund.approved_at, now)} {refund.approved_by.person}"
        if refund.approved_by and refund.approved_at
        else "",
        "waits": _("You asked for it yourself, so somebody else has to confirm it.")
        if state == RefundState.ASKED and is_own
        else "",
        "approve_url": address("return_refund", slug, number, refund.pk) if can_approve else "",
        "retry_url": address("return_refund", slug, number, refund.pk) if can_retry else "",
        "reference": refund.reference,
        "url": address("refund", slug, refund.pk) if may(by, Permission.ANSWER) else "",
    }
