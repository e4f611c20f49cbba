"""Every operation for other programs, asked with keys of another shop, keys that are over, and keys for less."""

import json

import pytest
from django.test import Client

from anshin.integrations import actions
from anshin.integrations.models import ApiKey
from anshin.integrations.terms import Scope
from anshin.shops.models import Membership
from tests.house.gates.shapes import NOW
from tests.house.gates.trying import Trial
from tests.house.gates.walking import routes
from tests.house.gates.watching import body_of, told

pytestmark = pytest.mark.django_db
OPERATIONS = [route for route in routes() if route.pattern.startswith("api/v1/") and "docs" not in route.pattern]
NAMED = [route for route in OPERATIONS if route.named]
QUERIES = ("cases?customer={}", "cases?state=open&assignee={}", "customers?order_number={}", "orders?number={}")
PLAIN = {"text": "so", "read_at_version": 1}
METHODS = ("GET", "POST", "PATCH")


def program(secret=""):
    """A client that asks with this key; writes carry their word."""
    more = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}
    return Client(raise_request_exception=False, HTTP_IDEMPOTENCY_KEY="word-1", **more)


def secret_of(planted, scopes=tuple(Scope)):
    """A key of the shop that works for its owner."""
    owner = Membership.objects.select_related("shop", "person").get(pk=planted.number)
    return actions.make_key(by=owner, name="倉庫", scopes=scopes, member=owner, expires_at=None, now=NOW)[1]


def ask(client, method, address, said=None):
    """The answer to one request in JSON."""
    return client.generic(method, address, json.dumps(said or PLAIN), content_type="application/json")


def test_the_shops_own_key_finds_what_is_tried(house):
    client = program(secret_of(house.ours))
    found = {route.pattern: ask(client, "GET", route.address("", house.ours.number)).status_code for route in NAMED}
    assert {pattern for pattern, status in found.items() if status not in {200, 405}} == set()


def test_a_key_of_another_shop_learns_nothing(house):
    trial = Trial(house, program(secret_of(house.theirs)))
    for route in NAMED:
        for method in METHODS:
            addresses = [(route.address("", number), str(number)) for number in trial.numbers]
            trial.both(method, *((address, PLAIN, word) for address, word in addresses))
    for query in QUERIES:
        trial.both("GET", *((f"/api/v1/{query.format(number)}", None, str(number)) for number in trial.numbers))
    for mark in ({"assignee": number} for number in trial.numbers):
        trial.ask("PATCH", f"/api/v1/cases/{house.theirs.number}", mark)
    assert trial.wrong == []


@pytest.mark.parametrize("changed", [{"revoked_at": NOW}, {"expires_at": NOW}, {"digest": "0" * 64}])
def test_a_key_that_is_over_is_no_key(house, changed):
    client = program(secret_of(house.ours))
    ApiKey.objects.exclude(pk__in=(house.ours.number, house.theirs.number)).update(**changed)
    for route in OPERATIONS:
        for method in METHODS:
            address = route.address("", house.ours.number)
            answer, none = told(ask(client, method, address)), told(ask(program("anshin_no_key"), method, address))
            assert answer == none
            assert answer[0] in {401, 404, 405} or route.pattern == "api/v1/openapi.json"


def test_a_key_of_somebody_who_left_is_no_key(house):
    client = program(secret_of(house.ours))
    Membership.objects.filter(pk=house.ours.number).update(is_active=False)
    assert {ask(client, "GET", route.address("", house.ours.number)).status_code for route in NAMED} <= {401, 405}


@pytest.mark.parametrize("scope", Scope.values)
def test_a_key_for_less_is_refused_alike_for_what_is_there_and_what_is_not(house, scope):
    client, refused = program(secret_of(house.ours, (Scope(scope),))), 0
    for route in NAMED:
        for method in METHODS:
            there, none = (
                ask(client, method, route.address("", number)) for number in (house.ours.number, house.nobodys)
            )
            if there.status_code in {403, 422}:  # 422: the body does not fit, which is looked at first
                refused += there.status_code == 403
                assert told(there, str(house.ours.number)) == told(none, str(house.nobodys))
                assert house.ours.mark not in body_of(there)
    assert refused >= 4
