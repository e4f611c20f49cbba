"""How far an order has come, and when two incoming orders say the same."""

from collections.abc import Callable
from datetime import timedelta, timezone

import pytest

from anshin.commerce import rules
from anshin.commerce.terms import Carrier, IncomingLine, IncomingOrder, OrderState, Recipient


@pytest.mark.parametrize(
    ("is_cancelled", "payments", "parcels", "state"),
    [
        (True, [], [(True, True)], OrderState.CANCELLED),
        (False, [("card", False)], [], OrderState.PREPARING),
        (False, [("bank_transfer", False)], [], OrderState.UNPAID),
        (False, [("bank_transfer", True)], [], OrderState.PREPARING),
        (False, [("deferred", False)], [], OrderState.PREPARING),
        (False, [("convenience", False)], [(True, False)], OrderState.SHIPPED),
        (False, [], [(True, True), (True, False)], OrderState.SHIPPED),
        (False, [], [(True, True)], OrderState.DELIVERED),
        (False, [], [(False, False)], OrderState.PREPARING),
    ],
)
def test_the_state_follows_from_payments_and_parcels(
    is_cancelled: bool, payments: list[tuple[str, bool]], parcels: list[tuple[bool, bool]], state: OrderState
) -> None:
    assert rules.order_state(is_cancelled=is_cancelled, payments=payments, parcels=parcels) == state


def test_a_total_that_is_not_told_is_the_sum(incoming: Callable[..., IncomingOrder]) -> None:
    assert rules.total_yen(incoming()) == 2 * 12_000 + 800 + 770 + 330 - 500
    assert rules.total_yen(incoming(total_yen=1)) == 1
    assert rules.total_yen(incoming(lines=())) is None
    assert rules.total_yen(incoming(lines=(IncomingLine("x", 1, None),))) is None


def test_the_same_moment_in_another_zone_says_the_same(incoming: Callable[..., IncomingOrder]) -> None:
    order = incoming()
    there = order.ordered_at.astimezone(timezone(timedelta(hours=9)))
    assert rules.digest(order) == rules.digest(incoming(ordered_at=there))
    assert rules.digest(order) != rules.digest(incoming(remark="x"))


def test_an_address_has_one_key_however_it_is_spelled() -> None:
    one = Recipient("髙橋 美咲", "100-0001", "東京都千代田区千代田1-1", "03-1234-5678")
    other = Recipient("高橋美咲", "1000001", "東京都千代田区千代田１－１", "")
    assert rules.address_key(one) == rules.address_key(other)
    assert rules.address_key(one) != rules.address_key(Recipient("佐藤", "100-0001", one.lines))


def test_a_parcel_is_found_at_its_carrier() -> None:
    address = rules.tracking_address(Carrier.YAMATO, "１２３４-5678-9012")
    assert address == "https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id=123456789012"
    assert rules.tracking_address(Carrier.OTHER, "123") == ""
    assert rules.tracking_address(Carrier.SAGAWA, "") == ""
