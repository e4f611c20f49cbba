"""Every address at the desk of a shop, tried by colleagues whose role is too small for it: refused, nothing written."""

import pytest

from anshin.shops.rules import MAY
from anshin.shops.terms import Permission, Role
from tests.house.gates.bodies import body
from tests.house.gates.walking import desk_routes
from tests.house.gates.watching import ask, heard, told

pytestmark = pytest.mark.django_db
SMALLER = [role for role in Role.values if MAY[role] != frozenset(Permission)]


def test_every_address_of_a_shop_says_what_it_asks_for():
    assert [route.pattern for route in desk_routes() if route.permission not in Permission.values] == []


@pytest.mark.parametrize("role", SMALLER)
def test_a_role_is_refused_what_it_does_not_hold(house, role):
    browser = house.client(house.member(house.ours, role).person_id)
    assert list(_let_through(browser, house, MAY[role])) == []


def _let_through(browser, house, held):
    """What is wrong with the answers to somebody who holds these permissions."""
    with heard() as writes:
        for route in (each for each in desk_routes() if each.permission not in held):
            for method in ("GET", "POST"):
                there, none = (
                    told(ask(browser, method, address, body(route.pattern, number)), address)
                    for number in (house.ours.number, house.nobodys)
                    for address in [route.address(house.ours.slug, number)]
                )
                if there[0] not in {403, 405}:
                    yield f"{method} {route.pattern}: answers {there[0]}"
                if there != none:
                    yield f"{method} {route.pattern}: tells whether something is there"
                if written := writes.taken():
                    yield f"{method} {route.pattern}: writes {written}"
