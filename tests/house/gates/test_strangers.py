"""Every address at the desk of a shop, tried by people who do not belong there: nothing learnt, nothing written.

Whatever they try, the answer about a thing that is there equals the answer about one that is not, and the answer about
a shop that does not exist.
"""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from anshin.shops.models import Membership, Person
from anshin.shops.terms import Role
from tests.house.gates.shapes import NOW
from tests.house.gates.walking import METHODS, desk_routes
from tests.house.gates.watching import ask, body_of, heard, told

pytestmark = pytest.mark.django_db
NO_SHOP = "planted-c"
RARE = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")


def addresses(route, house):
    """The same address four times: of a thing, with its shop's own words in the query, of none, and in no shop."""
    there = route.address(house.ours.slug, house.ours.number)
    number, slug, mark = house.ours.number, house.ours.slug, house.ours.mark
    return [
        there,
        f"{there}?case={number}&shop={slug}&owner={number}&q={mark}&page={number}&next=/s/{slug}/c/{number}",
        route.address(house.ours.slug, house.nobodys),
        route.address(NO_SHOP, house.nobodys),
    ]


def tried(browser, house, *, statuses, methods=("GET", "POST"), rare=RARE):
    """What is wrong with the answers: a line for each address and method that tells something, or does something.

    Methods in `rare` are asked about the thing and about none; the others about all four.
    """
    wrong = []
    with heard() as writes:
        for route in desk_routes():
            for method in methods:
                asked = addresses(route, house)
                faults = _faults(browser, house, method, asked[::3] if method in rare else asked, statuses)
                wrong += [f"{method} {route.pattern}: {each}" for each in faults]
                if written := writes.taken():
                    wrong.append(f"{method} {route.pattern}: writes {written}")
    return wrong


def _faults(browser, house, method, asked, statuses):
    answers = [ask(browser, method, address, {"case": str(house.ours.number)}) for address in asked]
    if answers[0].status_code not in statuses:
        yield f"answers {answers[0].status_code}"
    if any(house.ours.mark in body_of(answer) for answer in answers):
        yield "shows words of the shop"
    seen = [told(answer, address, quote(address)) for answer, address in zip(answers, asked, strict=True)]
    if any(each != seen[0] for each in seen[1:]):
        yield "tells whether something is there"


def test_nobody_learns_nothing(house):
    assert tried(Client(raise_request_exception=False), house, statuses={302, 405}, methods=METHODS) == []


def test_nobody_is_led_to_the_sign_in(house):
    browser = Client()
    answers = [browser.get(route.address(house.ours.slug, house.ours.number)) for route in desk_routes()]
    led = {answer.headers.get("Location", "") for answer in answers}
    assert {each.partition("?")[0] for each in led} == {"", "/account/login/"}


def test_the_owner_of_another_shop_learns_nothing(house):
    assert tried(house.client(house.theirs.number), house, statuses={404, 405}, methods=METHODS) == []


def test_somebody_who_left_learns_nothing(house):
    member = house.member(house.ours, Role.OWNER)
    browser = house.client(member.person_id)
    assert browser.get(f"/s/{house.ours.slug}/settings").status_code == 200
    Membership.objects.filter(pk=member.pk).update(is_active=False)
    assert tried(browser, house, statuses={404, 405}, rare=METHODS) == []


def expired(person, browser):
    Session.objects.filter(pk=browser.session.session_key).update(expire_date=NOW - timedelta(seconds=1))


def ended(person, browser):
    Person.objects.filter(pk=person).update(session_epoch=1)


def closed(person, browser):
    Person.objects.filter(pk=person).update(is_active=False)


@pytest.mark.parametrize("end", [expired, ended, closed])
def test_a_session_that_is_over_learns_nothing(house, end):
    browser = house.client(house.ours.number)
    assert browser.get(f"/s/{house.ours.slug}/settings").status_code == 200
    end(house.ours.number, browser)
    assert tried(browser, house, statuses={302, 405}, rare=METHODS) == []
