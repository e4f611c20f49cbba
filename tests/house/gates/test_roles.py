"""Every address at the desk of a shop, tried by colleagues whose role is too small for it: refused, nothing written."""

import pytest

from anshin.safety.models import Advisory
from anshin.safety.terms import AdvisoryState
from anshin.shops.rules import MAY
from anshin.shops.terms import Permission, Role
from anshin.staff import desk
from tests.house.gates.bodies import body
from tests.house.gates.trying import Trial, pages
from tests.house.gates.walking import desk_routes
from tests.house.gates.watching import ask, heard, taken_back, told

pytestmark = pytest.mark.django_db
HINTS = {"live_liveevent"}  # for open pages; PostgreSQL keeps them in no table
# Forms that write although the role at the desk is too small, were the desk to let them through; and why they may.
OWN_THINGS = "deletes what is the person's own, and nothing else, by its condition"
BELOW_ROLES = "lies in plumbing, which knows no roles; the desk is its only door"
ASKS_ELSE = "takes back what a rule did in a case, for which the action asks what it asks for doing so by hand"
NOT_ASKED_INSIDE = {
    "s/<slug:shop>/c/<int:number>/macros/<int:pk>/drop": OWN_THINGS,
    "s/<slug:shop>/phrases/<int:pk>/remove": OWN_THINGS,
    "s/<slug:shop>/draft-files/<int:file_id>/drop": OWN_THINGS,
    "s/<slug:shop>/jobs/<int:pk>/drop": BELOW_ROLES,
    "s/<slug:shop>/rules/runs/<int:pk>/undo": ASKS_ELSE,
}
SMALLER = [role for role in Role.values if MAY[role] != frozenset(Permission)]


def test_every_address_of_a_shop_says_what_it_asks_for():
    assert [route.pattern for route in desk_routes() if route.permission not in Permission.values] == []


@pytest.mark.parametrize("role", SMALLER)
def test_a_role_is_refused_what_it_does_not_hold(house, role):
    browser = house.client(house.member(house.ours, role).person_id)
    assert list(_let_through(browser, house, MAY[role])) == []


def test_a_sealed_notice_is_not_there_for_colleagues_who_are_not_named(house):
    sealed = Advisory.objects.filter(pk=house.ours.number)
    sealed.update(state=AdvisoryState.DRAFT, number=None, released_at=None)
    browser = house.client(house.member(house.ours, Role.OWNER).person_id)
    named = house.client(house.ours.number)
    about = [route for route in desk_routes() if "/safety/<slug:key>" in route.pattern]
    assert named.get(about[0].address(house.ours.slug, house.ours.number)).status_code == 200
    for route in about:
        for method in ("GET", "POST"):
            with heard() as writes:
                there, none = (
                    told(ask(browser, method, address, body(route.pattern, number)), address, str(number))
                    for number in (house.ours.number, house.nobodys)
                    for address in [route.address(house.ours.slug, number)]
                )
            assert (there, writes.of_others) == (none, set()), f"{method} {route.pattern}"
            assert there[0] in {302, 404, 405}  # 302: where a page without scripts is led to, whatever is there
    assert len(about) > 20


def test_actions_ask_again_behind_the_gate(house, monkeypatch):
    owner = Trial(house, house.client(house.theirs.number))
    forms = pages(owner).forms
    browsers = {role: house.client(house.member(house.theirs, role).person_id) for role in SMALLER}
    unasked, proved = {}, 0
    monkeypatch.setattr(desk, "may", lambda by, permission: True)
    for route in desk_routes():
        lacking = [role for role in SMALLER if route.permission not in MAY[role]]
        form = forms.get(route.pattern, {}) | body(route.pattern, house.theirs.number)
        address = route.address(house.theirs.slug, house.theirs.number)
        if not lacking or not _written(owner.browser, address, form):
            continue
        proved += 1
        for role in lacking:
            if written := _written(browsers[role], address, form):
                unasked.setdefault(route.pattern, {})[role] = written
    assert {pattern: roles for pattern, roles in unasked.items() if pattern not in NOT_ASKED_INSIDE} == {}
    assert set(unasked) == set(NOT_ASKED_INSIDE), "take what asks now out of the list"
    assert proved > 70  # of the forms; what a planted row does not get through writes nothing for anybody


def _written(browser, address, form):
    """Tables that this form writes for somebody."""
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    with taken_back() as writes:
        ask(browser, "POST", address, form)
    browser.cookies.clear()
    for name, value in cookies.items():
        browser.cookies[name] = value
    return writes.of_others - HINTS


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
