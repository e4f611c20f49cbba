"""Every address of the installation, tried as nobody, as the wrong shop's staff and as the wrong role."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from anshin.shops.terms import Permission
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db

# Addresses that anybody may open. Everything else needs a person with the permission.
OPEN = (
    r"^account/",  # sign-in itself
    r"^health/",  # what load balancers ask; says nothing about the installation
    r"^metrics$",  # for whoever has the token, or this machine; see tests/project/test_metrics.py
    r"^pages/",  # language and brightness
    r"^f/",  # the public form
    r"^p/",  # pages of customers, each behind a word that only their mail has
    r"^notices/",  # public safety notices, for product pages anywhere
    r"^mail/report/",  # where sending services report; what is not signed is refused there
    r"^mail/in/",  # where providers post mail; what is not signed is refused there
    r"^api/",  # other programs; each address wants a key, see tests/api
    r"^payments/",  # where payment providers post notices; what is not signed is refused there
    r"^notices/",  # what is public on product pages; asked by shops’ own pages
    r"^dev/",  # exists in demo, development and tests only
)
DEFAULTS = {"shop": "komorebi", "slug": "komorebi", "number": "1", "pk": "1", "view": "all", "order_id": "1",
            "file_id": "1", "day": "2026-11-20", "kind": "reply", "shop_slug": "komorebi",
            "key": "nothing", "language": "ja"}  # fmt: skip


def patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry


def address(route):
    def value(match):
        name = match.group("name")
        return DEFAULTS.get(name, "1")

    filled = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", value, route)
    return "/" + filled.replace("^", "").replace("$", "").replace("\\", "")


ROUTES = sorted({route for route, _entry in patterns()})
GUARDED = [route for route in ROUTES if not any(re.match(rule, route) for rule in OPEN)]
IN_SHOP = [route for route in GUARDED if route.startswith("s/")]


@pytest.fixture
def case(shop, now):
    return arrive(shop, "a@mail.example", at=now).case


def tried(client, route):
    """The answers to GET and POST."""
    return [client.get(address(route)), client.post(address(route))]


@pytest.mark.parametrize("route", GUARDED)
def test_nobody_is_led_to_the_sign_in(client, case, route):
    for answer in tried(client, route):
        assert answer.status_code in {302, 405}, route
        if answer.status_code == 302:
            assert answer["Location"].startswith("/account/login/")


@pytest.mark.parametrize("route", IN_SHOP)
def test_another_shops_staff_find_nothing(client, stranger, case, route):
    client.force_login(stranger.person)
    for answer in tried(client, route):
        assert answer.status_code in {404, 405}, route
        assert "こもれび" not in answer.content.decode("utf-8", "replace")


@pytest.mark.parametrize("route", IN_SHOP)
def test_somebody_who_left_finds_nothing(client, agent, case, route):
    type(agent).objects.filter(pk=agent.pk).update(is_active=False)
    client.force_login(agent.person)
    for answer in tried(client, route):
        assert answer.status_code in {404, 405}, route


# What a warehouse clerk may open: reading cases and orders, writing notes and slips, receiving and inspecting goods.
# Everything else is refused with words.
WAREHOUSE_MAY = {
    Permission.READ_CASES,
    Permission.WRITE_NOTES,
    Permission.SEE_ORDERS,
    Permission.RECEIVE_GOODS,
    Permission.WRITE_SLIPS,
}
FOR_WAREHOUSE = re.compile(
    r"^s/<slug:shop>/(account|search|palette|inbox/<slug:view>$|c/<int:number>($|/note|/presence|/similar|/stock|/returns$|/clock|/escalation$|/trouble$)|handover|escalations|account/away|orders|returns/($|waiting$|<int:number>$|photos/)|customers($|/<int:pk>$)|files/|messages/<int:pk>/(raw|html)|messages/reports/|troubles($|/<int:number>($|/packing$|/evidence\.zip$|/evidence/|/parcels/<int:pk>/slip|/snapshots/))|packing/|safety($|/<slug:key>($|/picture$|/progress$|/report($|[/.])))|settings/policy/<int:pk>($|/texts$)|warehouse/|slips/)"
)


@pytest.mark.parametrize("route", [route for route in IN_SHOP if not FOR_WAREHOUSE.match(route)])
def test_the_warehouse_is_refused_what_its_role_does_not_hold(client, warehouse, case, route):
    client.force_login(warehouse.person)
    for answer in tried(client, route):
        assert answer.status_code in {403, 405}, f"{route}: {answer.status_code}"


@pytest.mark.parametrize("route", [route for route in IN_SHOP if FOR_WAREHOUSE.match(route)])
def test_the_warehouse_may_open_what_it_needs(client, warehouse, case, route):
    client.force_login(warehouse.person)
    for answer in tried(client, route):
        assert answer.status_code in {200, 204, 302, 404, 405, 422}, f"{route}: {answer.status_code}"
