"""What is paid back, calculated: the picture's example, and money in = money out on every path."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from anshin.commerce.terms import Fault
from anshin.returns.rules.settling import SoldLine, SoldOrder, Terms, calculate, is_complete
from anshin.returns.terms import ItemKind, Payer

TOTE = SoldLine("帆布トートバッグ M", 6600, 10, sold=1, before=0, now=1)
KM_20417 = SoldOrder((TOTE,), shipping_yen=660, fee_yen=0, coupon_yen=500, points_used=300, total_yen=6460)
OURS = Terms(Fault.SHOP, Payer.SHOP, return_postage_yen=880)


def test_the_tote_that_was_not_like_its_picture():
    found = calculate(KM_20417, OURS)
    assert [(item.kind, item.amount_yen) for item in found.items] == [
        (ItemKind.GOODS, 6600),
        (ItemKind.DELIVERY, 660),
        (ItemKind.COUPON, -500),
        (ItemKind.POINTS, -300),
    ]
    assert (found.total_yen, found.points, found.coupon_yen) == (6460, 300, 500)
    assert found.by_rate == {10: (6460, 587)}


def test_a_change_of_mind_costs_both_ways():
    found = calculate(KM_20417, Terms(Fault.CUSTOMER, Payer.CUSTOMER, return_postage_yen=880))
    assert [item.kind for item in found.items][-1] == ItemKind.RETURN_POSTAGE
    assert found.total_yen == 6600 - 500 - 300 - 880


def test_postage_that_the_customer_laid_out_is_an_expense_beside_the_price():
    found = calculate(KM_20417, Terms(Fault.SHOP, Payer.SHOP, 880, postage_paid_by=Payer.CUSTOMER))
    assert (found.total_yen, found.expense_yen) == (6460, 880)
    assert all(item.kind != ItemKind.RETURN_POSTAGE for item in found.items)


def test_who_paid_what_they_bear_gets_nothing_more():
    found = calculate(KM_20417, Terms(Fault.CUSTOMER, Payer.CUSTOMER, 880, postage_paid_by=Payer.CUSTOMER))
    assert (found.total_yen, found.expense_yen) == (6600 - 500 - 300, 0)


def test_an_unknown_fault_takes_nothing_from_the_customer():
    found = calculate(KM_20417, Terms(Fault.UNKNOWN, Payer.SHOP, return_postage_yen=880))
    assert all(item.kind != ItemKind.RETURN_POSTAGE for item in found.items)


def test_more_deductions_than_goods_are_nobodys_debt():
    found = calculate(KM_20417, Terms(Fault.CUSTOMER, Payer.CUSTOMER, deduction_yen=9000, deduction_why="破損"))
    assert (found.total_yen, found.not_covered_yen) == (0, 3200)


def test_two_tax_rates_share_a_coupon():
    tea = SoldLine("ほうじ茶", 1000, 8, sold=2, before=0, now=2)
    order = SoldOrder((TOTE, tea), shipping_yen=0, fee_yen=0, coupon_yen=860, points_used=0, total_yen=7740)
    found = calculate(order, OURS)
    assert sum(yen for yen, _tax in found.by_rate.values()) == found.total_yen == 7740
    assert found.by_rate == {8: (1800, 133), 10: (5940, 540)}


def kinds(found):
    return [(item.kind, item.amount_yen) for item in found.items]


def test_a_coupon_that_lowered_no_price_has_no_line():
    told = SoldOrder((TOTE,), shipping_yen=660, fee_yen=0, coupon_yen=500, points_used=300, total_yen=7260)
    found = calculate(told, OURS)
    assert kinds(found) == [(ItemKind.GOODS, 6600), (ItemKind.DELIVERY, 660)]
    assert (found.total_yen, found.points, found.coupon_yen) == (7260, 300, 500)


def test_a_coupon_that_lowered_the_price_in_part_has_that_part():
    told = SoldOrder((TOTE,), shipping_yen=660, fee_yen=0, coupon_yen=500, points_used=300, total_yen=7060)
    found = calculate(told, OURS)
    assert kinds(found)[2:] == [(ItemKind.POINTS, -200)]
    assert found.total_yen == 7060


def test_what_the_order_cost_beyond_its_parts_is_a_charge_and_no_discount():
    wrapped = SoldOrder((TOTE,), shipping_yen=660, fee_yen=0, coupon_yen=0, points_used=0, total_yen=7590)
    assert kinds(calculate(wrapped, OURS))[2:] == [(ItemKind.CHARGE, 330)]


lines = st.lists(st.tuples(st.integers(0, 90_000), st.sampled_from([8, 10]), st.integers(1, 6)), min_size=1, max_size=5)


@st.composite
def orders(draw):
    """An order whose total is the sum of its parts, and a way to send it back in portions."""
    goods = draw(lines)
    worth = sum(price * sold for price, _rate, sold in goods)
    coupon = draw(st.integers(0, worth))
    points = draw(st.integers(0, worth - coupon))
    other = draw(st.integers(0, worth - coupon - points))
    shipping, fee = draw(st.sampled_from([0, 660, 1100])), draw(st.sampled_from([0, 330]))
    units = [index for index, (_price, _rate, sold) in enumerate(goods) for _each in range(sold)]
    order = draw(st.permutations(units))
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=3)) | {len(order)})
    total = worth + shipping + fee - coupon - points - other
    return goods, shipping, fee, coupon, points, total, order, cuts


@given(orders())
def test_money_in_is_money_out_in_whatever_portions_it_comes_back(told):
    goods, shipping, fee, coupon, points, total, order, cuts = told
    money = back_points = back_coupon = start = 0
    for end in cuts:
        portion = SoldOrder(
            tuple(
                SoldLine(f"{index}", price, rate, sold, order[:start].count(index), order[start:end].count(index))
                for index, (price, rate, sold) in enumerate(goods)
            ),
            shipping, fee, coupon, points, total,
        )  # fmt: skip
        found = calculate(portion, OURS)
        assert sum(yen for yen, _tax in found.by_rate.values()) == found.total_yen
        assert found.total_yen == sum(item.amount_yen for item in found.items)
        money, back_points, back_coupon = (
            money + found.total_yen,
            back_points + found.points,
            back_coupon + found.coupon_yen,
        )
        assert money <= total
        assert is_complete(portion) == (end == len(order))
        start = end
    assert (money, back_points, back_coupon) == (total, points, coupon)


terms = st.builds(
    Terms,
    fault=st.sampled_from(list(Fault)),
    payer=st.sampled_from(list(Payer)),
    return_postage_yen=st.integers(0, 5_000),
    postage_paid_by=st.sampled_from(list(Payer)),
    fee_yen=st.sampled_from([0, 500]),
    deduction_yen=st.integers(0, 3_000),
    with_delivery=st.sampled_from([None, True, False]),
)


@given(orders(), terms)
def test_the_price_never_exceeds_what_was_paid_whoever_laid_out_the_postage(told, said):
    goods, shipping, fee, coupon, points, total, _order, _cuts = told
    whole = SoldOrder(
        tuple(SoldLine(f"{index}", price, rate, sold, 0, sold) for index, (price, rate, sold) in enumerate(goods)),
        shipping, fee, coupon, points, total,
    )  # fmt: skip
    found = calculate(whole, said)

    is_laid_out = (said.payer, said.postage_paid_by) == (Payer.SHOP, Payer.CUSTOMER)
    assert 0 <= found.total_yen <= total
    assert found.expense_yen == (said.return_postage_yen if is_laid_out else 0)
    assert found.total_yen - found.not_covered_yen == sum(item.amount_yen for item in found.items)
    assert found.total_yen == calculate(whole, replace(said, postage_paid_by=Payer.SHOP)).total_yen or not is_laid_out
