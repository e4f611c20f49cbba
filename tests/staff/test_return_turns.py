"""What waits for whom: one line a return, the longest overdue first, counted for each party."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.returns import actions
from anshin.returns.models import Return, Settlement
from anshin.returns.queries import Party, waiting_counts, waiting_returns
from anshin.returns.terms import Payer, Verdict
from tests.conftest import NOW
from tests.returns.conftest import arrive, ask, inspected, says, sold  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
PAGE = "/s/komorebi/returns/waiting"


@pytest.fixture
def one_each(ask, sold, says, arrive, inspected, agent, manager, still):  # noqa: F811
    """R-1 waits for customer service, 2 the customer, 3 the carrier, 4 the warehouse, 5 a second person,
    6 the bank."""
    says(Verdict.NEEDS_PERSON, Payer.SHOP)
    ask(sold("KM-1"), nonce="1")
    says(Verdict.ALLOWED, Payer.SHOP)
    found = [ask(sold(f"KM-{n}"), nonce=str(n), at=NOW + timedelta(minutes=n)) for n in range(2, 7)]
    announced = found[1]
    actions.announce_parcel(
        shop=agent.shop,
        customer=announced.customer,
        number=announced.number,
        carrier="yamato",
        tracking_number="444413758703",
        now=NOW,
    )
    for returned in found[2:]:
        arrive(returned, nonce=f"p-{returned.pk}")
    for returned, by in zip(found[3:], (agent, manager), strict=True):
        inspected(returned)
        total = Settlement.objects.get(returned=returned, is_current=True).total_yen
        actions.confirm(by=by, return_id=returned.pk, seen_total_yen=total, way="original", now=NOW)
    return found


def words_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_every_party_has_what_waits_for_it(shop, one_each):
    counts = waiting_counts(shop, now=NOW)
    assert {party: counts[party].all for party in Party} == dict.fromkeys(Party, 1)
    found = {party: [each.number for each in waiting_returns(shop, party=party).items] for party in Party}
    assert found == {
        Party.STAFF: [1],
        Party.CUSTOMER: [2],
        Party.CARRIER: [3],
        Party.WAREHOUSE: [4],
        Party.MANAGER: [5],
        Party.PROVIDER: [6],
    }


def test_the_longest_overdue_comes_first_and_is_counted(shop, one_each):
    late = NOW + timedelta(days=60)
    page = waiting_returns(shop)
    assert [each.due_at for each in page.items] == sorted(each.due_at for each in page.items)
    assert all(waiting_counts(shop, now=late)[party].overdue == 1 for party in Party)
    assert not any(waiting_counts(shop, now=NOW)[party].overdue for party in Party)


def test_money_on_its_way_is_due_when_it_should_have_arrived(one_each):
    sending = Return.objects.get(number=6)
    assert sending.due_at is not None and sending.due_at > NOW


def test_how_long_it_waits_counts_from_when_the_turn_changed(agent, one_each):
    returned = Return.objects.get(number=2)
    assert returned.waits_since == NOW + timedelta(minutes=2)
    actions.decide_fault(by=agent, return_id=returned.pk, fault="shop", why="x", now=NOW + timedelta(days=1))
    returned.refresh_from_db()
    assert returned.waits_since == NOW + timedelta(minutes=2)


def test_the_page_names_who_and_what(client, agent, one_each):
    client.force_login(agent.person)
    shown = words_of(client.get(PAGE))
    for words in ("誰待ち", "担当者 1", "運送会社 1", "銀行・決済会社 1", "承認するか決める", "届いた品を検品する"):
        assert words in shown, words
    mine = words_of(client.get(f"{PAGE}?who=warehouse"))
    assert "R-0004" in mine and "R-0001" not in mine
    assert client.get(f"{PAGE}?who=nobody").status_code == 404
    assert client.get(f"{PAGE}?page=nonsense").status_code == 404


def test_another_shop_sees_none_of_it(client, stranger, one_each):
    client.force_login(stranger.person)
    assert "R-000" not in words_of(client.get("/s/shiosai/returns/waiting"))
    assert client.get(PAGE).status_code == 404


def test_pages_by_key_show_each_once(shop, one_each):
    seen, cursor = [], ""
    while True:
        page = waiting_returns(shop, cursor=cursor, size=2)
        seen += [each.number for each in page.items]
        cursor = page.next
        if not cursor:
            break
    assert sorted(seen) == [1, 2, 3, 4, 5, 6]


def test_as_many_queries_for_many_as_for_few(client, agent, ask, sold, says, still):  # noqa: F811
    client.force_login(agent.person)
    ask(sold("KM-1"), nonce="1")
    few = _queries(client)
    for n in range(2, 9):
        ask(sold(f"KM-{n}"), nonce=str(n))
    assert _queries(client) == few <= 11


def _queries(client):
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(PAGE).status_code == 200
    return len(seen)
