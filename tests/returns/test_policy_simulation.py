"""What another policy would have decided about the past, counted by hand."""

from dataclasses import replace
from datetime import date, timedelta

from anshin.returns.rules.policy_content import PolicyContent
from anshin.returns.rules.policy_simulation import Comparison, Past, compare
from tests.returns.policy_texts import asked

THIRTY = PolicyContent(accepts=True, days=30, start="delivery", allows_opened=True, payer="customer")
FOURTEEN = replace(THIRTY, days=14)
ARRIVED = date(2026, 4, 1)


def past(days, *, yen=1000, again=0, **more):
    return Past(asked(asked_on=ARRIVED + timedelta(days=days), **more), yen, again)


def test_thirty_days_to_fourteen_would_have_refused_twelve_of_two_hundred_and_forty():
    rows = [past(day) for day in range(1, 15) for _each in range(16)][:220]
    rows += [past(15 + place, yen=5000, again=3000 if place < 4 else 0) for place in range(12)]
    rows += [past(31) for _each in range(8)]
    found = compare(THIRTY, FOURTEEN, rows)
    assert (found.total, found.stricter, found.milder) == (240, 12, 0)
    assert (found.refused_before, found.refused_after) == (8, 20)
    assert (found.cost_yen, found.stricter_cost_yen) == (220_000 + 60_000, 60_000)
    assert (found.stricter_percent, found.cost_percent) == (5.0, 21.4)
    assert (found.came_again, found.bought_again_yen) == (4, 12_000)
    back = compare(FOURTEEN, THIRTY, rows)
    assert (back.stricter, back.milder, back.milder_cost_yen) == (0, 12, 60_000)


def test_postage_that_changes_hands_is_counted():
    free = replace(THIRTY, payer="shop")
    found = compare(THIRTY, free, [past(3), past(40), past(3, reason="defect")])
    assert (found.postage_to_shop, found.postage_to_customer) == (1, 0)


def test_defects_are_refused_under_no_policy():
    found = compare(THIRTY, replace(THIRTY, accepts=False), [past(3, reason="defect"), past(3)])
    assert found.stricter == 1


def test_nothing_asked_nothing_changed():
    assert compare(None, FOURTEEN, []) == Comparison()
