"""The arithmetic of a refund: values in, lines out.

Discounts are shared out over the goods by the value that has come back so far, so that the shares of several partial
returns add up to the whole, whatever their order. All amounts are whole yen, tax included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anshin.commerce.terms import Fault
from anshin.returns.terms import ItemKind, Payer

_STANDARD_RATE = 10


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A position of the order: how many were sold, came back before this return, and come back with it."""

    label: str
    unit_price_yen: int
    tax_rate: int
    sold: int
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """The whole order. `total_yen` is what was paid in money."""

    lines: tuple[SoldLine, ...]
    shipping_yen: int
    fee_yen: int
    coupon_yen: int
    points_used: int
    total_yen: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What else counts. `return_postage_yen` is what the carrier asks for the way back and `postage_paid_by` who has
    paid that to the carrier; `payer` is who bears it. `with_delivery` None: by the fault."""

    fault: Fault
    payer: Payer
    return_postage_yen: int = 0
    postage_paid_by: Payer = Payer.SHOP
    fee_yen: int = 0
    deduction_yen: int = 0
    deduction_why: str = ""
    with_delivery: bool | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the arithmetic; what is taken off is negative. `tax_rate` None: shared over the rates."""

    kind: ItemKind
    amount_yen: int
    label: str = ""
    unit_price_yen: int = 0
    quantity: int = 1
    tax_rate: int | None = None


@dataclass(frozen=True, slots=True)
class Calculation:
    """What goes back: `total_yen` of the price as money, `points` as points, `coupon_yen` is the coupon's share.

    `expense_yen` is what the customer laid out for the shop: no part of the price, and paid beside it, so that
    `total_yen` never exceeds what the order cost.
    `by_rate`: tax rate to (yen with tax, tax within). `not_covered_yen`: what the deductions exceed the goods by, and
    which nobody is asked to pay.
    """

    items: tuple[Item, ...]
    total_yen: int
    points: int
    coupon_yen: int
    by_rate: dict[int, tuple[int, int]]
    not_covered_yen: int = 0
    expense_yen: int = 0


def calculate(order: SoldOrder, terms: Terms) -> Calculation:
    """The refund for what comes back now."""
    goods = [
        Item(ItemKind.GOODS, line.unit_price_yen * line.now, line.label, line.unit_price_yen, line.now, line.tax_rate)
        for line in order.lines
        if line.now
    ]
    coupon = _share(order, order.coupon_yen)
    points = _share(order, order.points_used)
    items = [*goods, *_delivery(order, terms), *_taken_off(order, coupon, points), *_postage(terms)]
    items += _off(ItemKind.FEE, terms.fee_yen) + _off(ItemKind.DEDUCTION, terms.deduction_yen, terms.deduction_why)
    total = sum(item.amount_yen for item in items)
    return Calculation(
        items=tuple(items),
        total_yen=max(total, 0),
        points=points,
        coupon_yen=coupon,
        by_rate=by_rate(items, max(total, 0)),
        not_covered_yen=max(-total, 0),
        expense_yen=laid_out(terms),
    )


def laid_out(terms: Terms) -> int:
    """Postage that the customer paid to the carrier although the shop bears it."""
    is_theirs = terms.payer == Payer.SHOP and terms.postage_paid_by == Payer.CUSTOMER
    return terms.return_postage_yen if is_theirs else 0


def expense_item(amount_yen: int) -> Item:
    """The one line of what the customer laid out."""
    return Item(ItemKind.RETURN_POSTAGE, amount_yen, tax_rate=_STANDARD_RATE)


def is_complete(order: SoldOrder) -> bool:
    """Whether with this return everything of the order has come back."""
    return all(line.before + line.now >= line.sold for line in order.lines)


def _other_discount(order: SoldOrder) -> int:
    """What the total is lower by than its parts say (negative: higher), beyond coupon and points."""
    goods = sum(line.unit_price_yen * line.sold for line in order.lines)
    return goods + order.shipping_yen + order.fee_yen - order.coupon_yen - order.points_used - order.total_yen


def _taken_off(order: SoldOrder, coupon: int, points: int) -> list[Item]:
    """This return's part of what the order's price was lowered by. A coupon or points that were told without having
    lowered it have no line; what the order cost beyond its parts is a charge, not a discount."""
    off = _share(order, order.coupon_yen + order.points_used + _other_discount(order))
    other = off - coupon - points  # rounded with the whole: shares of one price never exceed it
    told_only = max(-other, 0)
    coupon_off = max(coupon - told_only, 0)
    points_off = max(points - max(told_only - coupon, 0), 0)
    charged = max(told_only - coupon - points, 0)
    lowered = _off(ItemKind.COUPON, coupon_off) + _off(ItemKind.DISCOUNT, max(other, 0))
    return [*lowered, *_off(ItemKind.POINTS, points_off), *_off(ItemKind.CHARGE, -charged)]


def _share(order: SoldOrder, whole: int) -> int:
    """This return's part of an amount that was taken off the whole order."""
    sold = sum(line.unit_price_yen * line.sold for line in order.lines)
    before = sum(line.unit_price_yen * line.before for line in order.lines)
    now = sum(line.unit_price_yen * line.now for line in order.lines)
    if not sold:
        return whole if is_complete(order) else 0
    return whole * (before + now) // sold - whole * before // sold


def _delivery(order: SoldOrder, terms: Terms) -> list[Item]:
    """Postage and fee of the order go back when it was not the customer's doing and nothing of it is kept."""
    ours = terms.fault in {Fault.SHOP, Fault.CARRIER, Fault.MARKETPLACE} and is_complete(order)
    if not (ours if terms.with_delivery is None else terms.with_delivery):
        return []
    parts = [(ItemKind.DELIVERY, order.shipping_yen), (ItemKind.PAYMENT_FEE, order.fee_yen)]
    return [Item(kind, amount, tax_rate=_STANDARD_RATE) for kind, amount in parts if amount]


def _postage(terms: Terms) -> list[Item]:
    """The way back, taken off where the shop paid it for a customer who bears it."""
    if not terms.return_postage_yen or (terms.payer, terms.postage_paid_by) != (Payer.CUSTOMER, Payer.SHOP):
        return []
    return [Item(ItemKind.RETURN_POSTAGE, -terms.return_postage_yen, tax_rate=_STANDARD_RATE)]


def _off(kind: ItemKind, amount: int, label: str = "") -> list[Item]:
    return [Item(kind, -amount, label)] if amount else []


def by_rate(items: Sequence[Item], total: int) -> dict[int, tuple[int, int]]:
    """The total by tax rate: what has no rate of its own is shared by the value of what has."""
    fixed: dict[int, int] = {}
    for item in items:
        if item.tax_rate is not None:
            fixed[item.tax_rate] = fixed.get(item.tax_rate, 0) + item.amount_yen
    whole = sum(fixed.values())
    shared: dict[int, tuple[int, int]] = {}
    so_far = given = 0
    for rate in sorted(fixed):
        so_far += fixed[rate]
        amount = (total * so_far // whole if whole > 0 else total * (rate == max(fixed))) - given
        given += amount
        shared[rate] = (amount, amount * rate // (100 + rate))
    return shared
