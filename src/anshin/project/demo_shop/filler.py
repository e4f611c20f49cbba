"""Makes up the everyday orders around those written by hand, the same ones every time.

For the demo's story: the written orders are what the cases speak of; these give the shop its
background. A made-up order's number lies between those of its neighbours in time.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from anshin.project.demo_shop.dice import Dice
from anshin.project.demo_shop.shape import (
    Customer,
    Order,
    OrderLine,
    Payment,
    Product,
    Recipient,
    Shipment,
    Shop,
)

SEED = "komorebi 2026-11-22"
YEARS_BACK_DAYS = 730
MADE_UP_KEEPS_OFF = timedelta(days=7)
GIVEN_UP_AFTER = timedelta(days=21)
NEVER_MADE_UP = {"SH-KID-17", "MG-WD-NM", "SV-NOSHI", "TE-SUB-2"}
RAKUTEN_SHOP = "394871"

CHANNELS = {"own": 60, "rakuten": 17, "yahoo": 12, "amazon": 11}
METHODS = {
    "own": {
        "card": 50,
        "paypay": 12,
        "bank_transfer": 11,
        "convenience": 10,
        "deferred": 7,
        "cod": 5,
        "amazon_pay": 5,
    },
    "rakuten": {"card": 70, "convenience": 15, "carrier": 15},
    "yahoo": {"paypay": 60, "card": 30, "carrier": 10},
    "amazon": {"card": 85, "convenience": 15},
}
CARRIERS = {"yamato": 55, "sagawa": 25, "japan_post": 20}
TRACKING_STARTS = {"yamato": "4415", "sagawa": "5177", "japan_post": "3188"}
DUE_AFTER_DAYS = {"bank_transfer": 7, "convenience": 3, "deferred": 14}

Anchor = tuple[datetime, int]


def fill_up(
    *,
    shop: Shop,
    products: Sequence[Product],
    customers: Sequence[Customer],
    written: Sequence[Order],
    recipients: Sequence[Recipient],
    now: datetime,
    up_to: int,
) -> tuple[Order, ...]:
    """The written orders and as many made-up ones as are missing to `up_to`, in order of time."""
    maker = _Maker(
        shop=shop,
        goods=[one for one in products if one.sku not in NEVER_MADE_UP],
        buyers=[one for one in customers if one.since and one.country == "JP" and not one.complete],
        told_from=_first_told(written),
        recipients=recipients,
        numbers=_Numbers(written, now),
        now=now,
        dice=Dice(SEED),
    )
    made: list[Order] = []
    while len(written) + len(made) < up_to:
        order = maker.make()
        if order:
            made.append(order)
    return tuple(sorted([*written, *made], key=lambda order: (order.ordered_at, order.number)))


def twelve_digits(first_eleven: str) -> str:
    """A parcel number of Yamato, Sagawa or Japan Post: the last digit is the first eleven modulo 7."""
    return f"{first_eleven}{int(first_eleven) % 7}"


def _first_told(written: Sequence[Order]) -> dict[str, datetime]:
    latest_first = sorted(written, key=lambda order: order.ordered_at, reverse=True)
    return {order.customer: order.ordered_at for order in latest_first}


class _Numbers:
    """Gives order numbers in each channel's form that rise with time, between the written ones."""

    def __init__(self, written: Sequence[Order], now: datetime) -> None:
        self._taken = {order.number for order in written}
        start = now - timedelta(days=YEARS_BACK_DAYS)
        self._own = self._anchors(written, "own", lambda n: int(n[3:]), (start, 14180), (now, 20468))
        self._yahoo = self._anchors(
            written, "yahoo", lambda n: int(n.split("-")[1]), (start, 10007000), (now, 10013040)
        )
        self._rakuten = self._anchors(
            written, "rakuten", lambda n: int(n.split("-")[2]), (start, 415201111), (now, 415515111)
        )

    def new(self, channel: str, at: datetime, dice: Dice) -> str | None:
        """A number for that moment, or None when its neighbours leave no room."""
        number = {
            "own": lambda: f"KM-{_between(self._own, at)}",
            "yahoo": lambda: f"komorebi-{_between(self._yahoo, at)}",
            "rakuten": lambda: f"{RAKUTEN_SHOP}-{at:%Y%m%d}-{_between(self._rakuten, at):010d}",
            "amazon": lambda: f"{dice.one_of((249, 250, 503))}-{dice.below(10**7):07d}-{dice.below(10**7):07d}",
        }[channel]()
        if number in self._taken:
            return None
        self._taken.add(number)
        return number

    @staticmethod
    def _anchors(written: Sequence[Order], channel: str, value: Callable[[str], int], *ends: Anchor) -> list[Anchor]:
        told = [(order.ordered_at, value(order.number)) for order in written if order.channel == channel]
        return sorted([*told, *ends])


def _between(anchors: list[Anchor], at: datetime) -> int:
    right = bisect_right(anchors, (at, 0))
    (from_at, low), (to_at, high) = anchors[right - 1], anchors[right]
    return low + int((high - low) * ((at - from_at) / (to_at - from_at)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Throws the dice for one order after the other."""

    shop: Shop
    goods: Sequence[Product]
    buyers: Sequence[Customer]
    recipients: Sequence[Recipient]
    numbers: _Numbers
    told_from: dict[str, datetime]
    now: datetime
    dice: Dice

    def make(self) -> Order | None:
        """An order, or None when these throws make no sensible one."""
        dice, buyer, channel = self.dice, self.dice.one_of(self.buyers), self.dice.weighed(CHANNELS)
        ordered_at = self._moment()
        if not self._fits(buyer, ordered_at):
            return None
        number = self.numbers.new(channel, ordered_at, dice)
        if number is None:
            return None
        lines, method = self._lines(channel), dice.weighed(METHODS[channel])
        wished_on = ordered_at.date() + timedelta(days=4 + dice.below(6)) if dice.chance(12) else None
        paid_at = self._paid(method, ordered_at)
        cancelled_at = self._cancelled(method, ordered_at, paid_at)
        shipment = None if cancelled_at else self._shipment(method, ordered_at, paid_at, lines, wished_on)
        gift = dice.chance(14)
        order = Order(
            number=number,
            channel=channel,
            customer=buyer.key,
            ordered_at=ordered_at,
            lines=lines,
            shipping_fee_yen=self._fee(lines),
            payment=Payment(method, paid_at=paid_at),
            shipments=(shipment,) if shipment else (),
            recipient=dice.one_of(self.recipients) if gift else None,
            gift=gift,
            wished_on=wished_on,
            cancelled_at=cancelled_at,
            order_mail=self._relay() if channel == "amazon" else "",
            made_up=True,
        )
        return replace(order, payment=self._settled(order))

    def _fits(self, buyer: Customer, at: datetime) -> bool:
        """Only members buy, and never close to or after the first order that is told of them."""
        told = self.told_from.get(buyer.key, self.now + MADE_UP_KEEPS_OFF)
        return buyer.since is not None and buyer.since <= at.date() and at < told - MADE_UP_KEEPS_OFF

    def _moment(self) -> datetime:
        """More of them lately, and in December; rarely in the small hours."""
        days = YEARS_BACK_DAYS * self.dice.share() ** 2.4
        day = (self.now - timedelta(days=days)).date()
        if day.month != 12 and self.dice.chance(30):
            return self._moment()
        minute = 60 * 7 + self.dice.below(60 * 17)
        at = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=self.now.tzinfo)
        return at if at < self.now else self._moment()

    def _lines(self, channel: str) -> tuple[OrderLine, ...]:
        count = 1 + self.dice.chance(30) + self.dice.chance(9)
        chosen: dict[str, OrderLine] = {}
        for _ in range(count):
            product = self.dice.one_of(self.goods)
            if channel == "own" or not product.sku.startswith("TE-SUB"):
                quantity = 1 + self.dice.chance(18) + self.dice.chance(5)
                chosen[product.sku] = OrderLine(product.sku, quantity, product.price_yen)
        if chosen:
            return tuple(chosen.values())
        return self._lines(channel)

    def _fee(self, lines: tuple[OrderLine, ...]) -> int:
        goods_yen = sum(line.quantity * line.unit_price_yen for line in lines)
        subscribed = any(line.sku.startswith("TE-SUB") for line in lines)
        return 0 if subscribed or goods_yen >= self.shop.free_shipping_from_yen else self.shop.shipping_fee_yen

    def _cancelled(self, method: str, ordered_at: datetime, paid_at: datetime | None) -> datetime | None:
        """Soon after, when the buyer thought better of it; late, when the money never came."""
        if self.dice.chance(4):
            at = ordered_at + timedelta(minutes=20 + self.dice.below(600))
        elif method in DUE_AFTER_DAYS and method != "deferred" and paid_at is None:
            at = datetime.combine(ordered_at.date(), time(10, 30), tzinfo=self.now.tzinfo) + GIVEN_UP_AFTER
        else:
            return None
        return at if at < self.now else None

    def _paid(self, method: str, ordered_at: datetime) -> datetime | None:
        """Transfers and convenience payments come later, or now and then never."""
        if method in {"deferred", "cod"}:
            return None
        if method not in DUE_AFTER_DAYS:
            return ordered_at
        if self.dice.chance(15):
            return None
        at = ordered_at + timedelta(hours=2 + self.dice.below(46))
        return at if at < self.now else None

    def _shipment(
        self,
        method: str,
        ordered_at: datetime,
        paid_at: datetime | None,
        lines: tuple[OrderLine, ...],
        wished_on: date | None,
    ) -> Shipment | None:
        if paid_at is None and method not in {"deferred", "cod"}:
            return None
        lead = max(one.lead_days for one in self.goods if one.sku in {line.sku for line in lines})
        ready_on = (paid_at or ordered_at).date() + timedelta(days=1 + lead)
        if wished_on:
            ready_on = max(ready_on, wished_on - timedelta(days=2))
        shipped_at = self._at(self._working_day(ready_on), 15, 150)
        carrier, days = self.dice.weighed(CARRIERS), 1 + self.dice.below(3)
        tracking = twelve_digits(f"{TRACKING_STARTS[carrier]}{self.dice.below(10**7):07d}")
        delivered_at = self._at(shipped_at.date() + timedelta(days=days), 9, 660)
        if shipped_at >= self.now:
            return None
        return Shipment(carrier, tracking, shipped_at, delivered_at if delivered_at < self.now else None)

    def _settled(self, order: Order) -> Payment:
        """When it was due, when the money came, and what went back."""
        method, paid_at = order.payment.method, order.payment.paid_at
        shipped_at = order.shipments[0].shipped_at if order.shipments else None
        due_days = DUE_AFTER_DAYS.get(method)
        from_at = shipped_at if shipped_at and method == "deferred" else order.ordered_at
        due_on = from_at.date() + timedelta(days=due_days) if due_days else None
        if method == "cod" and order.shipments:
            paid_at = order.shipments[0].delivered_at
        if method == "deferred" and shipped_at:
            later = shipped_at + timedelta(days=3 + self.dice.below(9))
            paid_at = later if later < self.now else None
        if order.cancelled_at is None or paid_at is None:
            return Payment(method, due_on, paid_at)
        if paid_at >= order.cancelled_at:
            return Payment(method, due_on)
        return Payment(method, due_on, paid_at, order.cancelled_at, order.total_yen)

    def _working_day(self, day: date) -> date:
        while day.weekday() >= 5 or day in self.shop.holidays:
            day += timedelta(days=1)
        return day

    def _at(self, day: date, hour: int, minutes: int) -> datetime:
        start = datetime.combine(day, time(hour), tzinfo=self.now.tzinfo)
        return start + timedelta(minutes=self.dice.below(minutes))

    def _relay(self) -> str:
        letters = "abcdefghjkmnpqrstuvwxyz23456789"
        return "".join(self.dice.one_of(letters) for _ in range(12)) + "@buyer.marketplace.example"
