"""Before anything is tried from outside: whoever belongs to the shop finds everything that is tried."""

import pytest

from tests.house.gates.bodies import UNREACHED, body
from tests.house.gates.planting import tables
from tests.house.gates.walking import desk_routes
from tests.house.gates.watching import ask, taken_back

pytestmark = pytest.mark.django_db


def reached(browser, route, house):
    """The status of the owner's answer; 500 for what a planted row does not hold together is an answer as well."""
    address = route.address(house.ours.slug, house.ours.number)
    with taken_back():
        answer = ask(browser, "GET", address)
    if answer.status_code == 405:
        with taken_back():
            answer = ask(browser, "POST", address, body(route.pattern, house.ours.number))
    return answer.status_code


def test_the_owner_finds_what_outsiders_are_tried_with(house):
    browser = house.client(house.ours.number)
    found = {route.pattern: reached(browser, route, house) for route in desk_routes() if route.named}
    lost = sorted(f"{status} {pattern}" for pattern, status in found.items() if status in {404, 405})
    assert [line for line in lost if line.split(" ", 1)[1] not in UNREACHED] == [], (
        "plant what these need in shapes.py, or say in bodies.py or walking.py which words they want"
    )
    assert set(UNREACHED) <= {line.split(" ", 1)[1] for line in lost}, "take what is found now out of UNREACHED"


def test_every_table_holds_a_row_of_both_shops(house):
    empty = [
        model._meta.label
        for model in tables()
        for planted in (house.ours, house.theirs)
        if not model._base_manager.filter(pk=planted.number).exists()
    ]
    assert empty == []
