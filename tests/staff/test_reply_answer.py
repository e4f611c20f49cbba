"""What a reply's answer shows is what the case's page shows afterwards, though the page is not asked again."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anshin.cases import actions
from anshin.cases.models import Case
from anshin.cases.terms import Resolution
from anshin.commerce.actions import take_in_order
from anshin.commerce.terms import Buyer, IncomingOrder, SalesChannel
from anshin.plumbing import clock
from anshin.plumbing.journal.actors import Actor
from tests.cases.writing import KASHIWAGI, arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from anshin.shops.models import Membership, Shop

    Prepare = Callable[[Case, Membership, Membership], None]

pytestmark = pytest.mark.django_db
# With BEGIN and COMMIT; three are for own faults (two) and open promises, where no screen said that there are none.
MOST_QUERIES = 26
HTMX = {"HX-Request": "true"}


def send(client: Client, case: Case, **values: str) -> str:
    form = {"text": "交換品を発送しました。", "to": KASHIWAGI.mail, "seen": str(case.version)} | values
    answer = client.post(reverse("staff:reply", args=["komorebi", case.number]), form, headers=HTMX)
    assert answer.status_code == 200
    return without_tokens(answer.content.decode())


def shown(client: Client, case: Case) -> str:
    page = client.get(reverse("staff:case", args=["komorebi", case.number]), headers=HTMX)
    return without_tokens(page.content.decode())


def without_tokens(page: str) -> str:
    return re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", page)


def as_it_came(case: Case, agent: Membership, new_agent: Membership) -> None:
    """Nobody has touched it."""


def with_all_that_a_case_can_have(case: Case, agent: Membership, new_agent: Membership) -> None:
    arrive(agent.shop, "earlier@x", at=NOW - timedelta(days=90), subject="前の件")
    buyer = Buyer(name=KASHIWAGI.name, mail=KASHIWAGI.mail)
    order = IncomingOrder(channel=SalesChannel.OWN, number="KM-20417", ordered_at=NOW, buyer=buyer)
    take_in_order(shop=agent.shop, order=order, by=Actor.system("orders"), now=NOW)
    actions.link_order(by=agent, case_id=case.pk, order_number="KM-20417", now=NOW)
    actions.assign(by=agent, case_id=case.pk, owner=new_agent, now=NOW)
    actions.set_tags(by=agent, case_id=case.pk, names=["返品", "至急"], now=NOW)
    actions.add_note(by=agent, case_id=case.pk, text="倉庫に確認済み", now=NOW)
    draft: dict[str, Any] = {"version": 0, "read_at_version": 1, "now": NOW}
    actions.save_draft(by=agent, case_id=case.pk, is_note=False, text="書きかけ", **draft)
    actions.save_draft(by=agent, case_id=case.pk, is_note=True, text="メモの書きかけ", **draft)


def snoozed(case: Case, agent: Membership, new_agent: Membership) -> None:
    actions.snooze(by=agent, case_id=case.pk, until=NOW + timedelta(days=1), now=NOW)


def closed(case: Case, agent: Membership, new_agent: Membership) -> None:
    actions.close(by=agent, case_id=case.pk, resolution=Resolution.ANSWERED, now=NOW)


def with_a_file_in_the_draft(case: Case, agent: Membership, new_agent: Membership) -> None:
    actions.add_draft_file(by=agent, case_id=case.pk, name="返品票.pdf", content=BytesIO(b"%PDF-1.4 "), now=NOW)


@pytest.fixture
def case(shop: Shop, post: object, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=5))
    return arrive(shop, "first@x", at=NOW, order_number="").case


@pytest.mark.parametrize(
    "prepare", [as_it_came, with_all_that_a_case_can_have, snoozed, closed, with_a_file_in_the_draft]
)
@pytest.mark.parametrize("after", ["", "wait", "close"])
def test_the_answer_is_the_case_as_a_fresh_page_shows_it(
    client: Client, case: Case, agent: Membership, new_agent: Membership, prepare: Prepare, after: str
) -> None:
    prepare(case, agent, new_agent)
    client.force_login(agent.person)
    answer = send(client, case, after=after)

    assert "交換品を発送しました。" in answer
    assert answer == shown(client, case)


def test_a_reply_costs_few_queries_however_much_was_said(
    client: Client, shop: Shop, case: Case, agent: Membership
) -> None:
    client.force_login(agent.person)
    send(client, case)
    counted = []
    for arrived in (1, 8):
        for number in range(arrived):
            arrive(shop, f"m{arrived}.{number}@x", at=NOW + timedelta(minutes=number + 1), order_number="")
        case.refresh_from_db()
        with CaptureQueriesContext(connection) as seen:
            send(client, case)
        counted.append(len(seen))

    assert counted[0] == counted[1] <= MOST_QUERIES
