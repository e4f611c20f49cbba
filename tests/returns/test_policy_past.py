"""A policy is tried on what customers really asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from anshin.commerce.models import Order, Shipment
from anshin.commerce.terms import IncomingLine
from anshin.returns.queries.policy_past import past_requests, try_on_the_past
from anshin.returns.rules.policy_content import PolicyContent
from anshin.returns.terms import Reason
from tests.conftest import NOW

pytestmark = pytest.mark.django_db
THIRTY = PolicyContent(accepts=True, days=30, start="delivery", allows_opened=True, payer="customer")
FOURTEEN = replace(THIRTY, days=14)
SINCE = NOW - timedelta(days=365)


@pytest.fixture
def asked_after(sold, ask):
    """Make a return of an order that arrived so many days before the request."""

    def make(days, number, *, reason=Reason.CHANGED_MIND, yen=6_600, mail="y-kashiwagi@mail.example"):
        order = sold(number, mail=mail, lines=(IncomingLine("帆布トートバッグ M", 1, yen, "TB-M-KNR"),))
        Order.objects.filter(pk=order.pk).update(ordered_at=NOW - timedelta(days=days + 3))
        Shipment.objects.filter(order=order).update(delivered_at=NOW - timedelta(days=days))
        return ask(order, nonce=number, reason=reason)

    return make


def test_two_of_five_would_have_been_refused(shop, asked_after):
    for days, number in ((3, "KM-1"), (14, "KM-2"), (15, "KM-3"), (30, "KM-4")):
        asked_after(days, number, yen=1_000)
    asked_after(25, "KM-5", reason=Reason.DEFECT, yen=4_000)
    found = try_on_the_past(shop, before=THIRTY, after=FOURTEEN, since=SINCE).comparison
    assert (found.total, found.stricter, found.milder) == (5, 2, 0)
    assert (found.cost_yen, found.stricter_cost_yen, found.cost_percent) == (8_000, 2_000, 25.0)


def test_what_the_refused_bought_afterwards_is_told(shop, asked_after, sold):
    asked_after(20, "KM-1")
    asked_after(20, "KM-2", mail="asahina@mail.example")
    again = sold("KM-3", mail="asahina@mail.example")
    Order.objects.filter(pk=again.pk).update(ordered_at=NOW + timedelta(days=9), total_yen=8_800)
    found = try_on_the_past(shop, before=THIRTY, after=FOURTEEN, since=SINCE).comparison
    assert (found.stricter, found.came_again, found.bought_again_yen) == (2, 1, 8_800)


def test_only_this_shop_and_only_since(shop, other_shop, asked_after):
    asked_after(3, "KM-1")
    assert len(past_requests(shop, since=NOW - timedelta(days=1))) == 1
    assert past_requests(shop, since=NOW + timedelta(minutes=1)) == []
    assert past_requests(other_shop, since=SINCE) == []


def test_the_queries_do_not_grow_with_the_past(shop, asked_after, django_assert_num_queries):
    for place in range(3):
        asked_after(3 + place, f"KM-{place}")
    with django_assert_num_queries(4):
        past_requests(shop, since=SINCE)
