"""Requests that a page elsewhere has the owner's browser make: by a link, or by a form without our token."""

import pytest
from django.test import Client

from anshin.shops.models import Person
from tests.house.gates.bodies import body
from tests.house.gates.walking import desk_routes, routes
from tests.house.gates.watching import ask, taken_back

pytestmark = pytest.mark.django_db
# What a look alone writes, and why that is no harm in somebody else's name.
LOOKS = {
    "s/<slug:shop>/c/<int:number>": {"cases_case"},  # it is not unread any more
    "s/<slug:shop>/safety/<slug:key>/tell/<slug:which>.csv": {"journal_journalentry"},  # who took it
}
HINTS = {"live_liveevent"}  # for open pages; PostgreSQL keeps them in no table
# Doors that take no cookie: whoever posts there proves itself by a signature or a key.
PROVED_OTHERWISE = ("mail/report/", "mail/in/", "payments/", "api/")


def test_a_look_changes_nothing(house):
    browser, written = house.client(house.ours.number), {}
    for route in desk_routes():
        with taken_back() as writes:
            ask(browser, "GET", route.address(house.ours.slug, house.ours.number))
        if changed := writes.of_others - HINTS:
            written[route.pattern] = changed
    assert written == LOOKS


def test_a_form_without_our_token_is_refused(house):
    browser, open_to = Client(raise_request_exception=False, enforce_csrf_checks=True), []
    browser.force_login(Person.objects.get(pk=house.ours.number))
    for route in routes():
        address, form = route.address(house.ours.slug, house.ours.number), body(route.pattern, house.ours.number)
        with taken_back() as writes:
            status = ask(browser, "POST", address, form).status_code
        is_proved = route.pattern.startswith(PROVED_OTHERWISE) and status in {400, 401, 404}
        if writes.of_others or (status not in {403, 405} and not is_proved):
            open_to.append((status, route.pattern, writes.of_others))
    assert open_to == []
