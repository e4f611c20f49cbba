"""How many queries the desk's two main pages make, and that they do not make more when there is more to show."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.cases import actions
from anshin.cases.terms import IncomingFile
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
from anshin.plumbing.files.store import keep
from anshin.plumbing.journal.actors import Actor
from tests.cases.writing import KASHIWAGI, arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from django.test import Client

    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_case(shop: Shop, agent: Membership, post: object) -> int:
    """Number of a case with an order, an earlier case of the customer, tags, an owner and a longer thread."""
    arrive(shop, "earlier@x", at=NOW - timedelta(days=90), subject="前の件")
    buyer = Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail)
    order = IncomingOrder(channel=SalesChannel.OWN, number="KM-20417", ordered_at=NOW, buyer=buyer)
    take_in_order(shop=shop, order=order, by=Actor.system("orders"), now=NOW)
    for n in range(8):
        case = arrive(shop, f"m{n}@x", at=NOW + timedelta(minutes=n), text="KM-20417の件です。").case
    actions.assign(by=agent, case_id=case.pk, owner=agent, now=NOW)
    actions.set_tags(by=agent, case_id=case.pk, names=["返品", "至急"], now=NOW)
    actions.mark_read(by=agent, case_id=case.pk)
    return case.number


def queries_of(client: Client, address: str, **headers: str) -> int:
    client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, headers=headers).status_code == 200
    return len(seen)


@pytest.mark.parametrize("view", ["all", "open", "mine", "unassigned", "waiting", "closed"])
def test_a_page_of_the_inbox_makes_at_most_eight_queries(
    client: Client, shop: Shop, agent: Membership, view: str
) -> None:
    client.force_login(agent.person)
    few = queries_of(client, f"/s/{shop.slug}/inbox/{view}")
    for n in range(60):
        arrive(shop, f"m{n}@x", at=NOW + timedelta(minutes=n), subject=f"件 {n}", order_number="")

    assert queries_of(client, f"/s/{shop.slug}/inbox/{view}") == few
    assert few <= 8


def test_a_case_page_makes_at_most_twelve_queries(
    client: Client, shop: Shop, agent: Membership, full_case: int
) -> None:
    client.force_login(agent.person)

    assert queries_of(client, f"/s/{shop.slug}/c/{full_case}") <= 12
    assert queries_of(client, f"/s/{shop.slug}/c/{full_case}", hx_request="true") <= 11


def test_notes_files_and_a_draft_cost_one_query_each(
    client: Client, shop: Shop, agent: Membership, full_case: int
) -> None:
    client.force_login(agent.person)
    before = queries_of(client, f"/s/{shop.slug}/c/{full_case}")
    blob = keep(shop.pk, b"x", now=NOW)
    files = tuple(IncomingFile(blob.pk, f"{n}.txt") for n in range(5))
    case = arrive(shop, "files@x", at=NOW + timedelta(hours=1), files=files).case
    actions.mark_read(by=agent, case_id=case.pk)
    for n in range(5):
        actions.add_note(by=agent, case_id=case.pk, text=f"メモ {n}", now=NOW)
    draft: dict[str, Any] = {"text": "下書き", "version": 0, "read_at_version": 1, "now": NOW}
    actions.save_draft(by=agent, case_id=case.pk, is_note=False, **draft)

    assert case.number == full_case
    assert (
        queries_of(client, f"/s/{shop.slug}/c/{full_case}") <= before + 5
    )  # a draft's files are one more, its macros another
