"""A case stays open while a room above has something to finish: alone, among many, and behind a macro."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from anshin.cases import actions
from anshin.cases.models import Case, Message
from anshin.cases.ports import closing_checks
from anshin.cases.terms import Resolution
from anshin.plumbing.journal.models import JournalEntry
from anshin.replies.actions import send
from anshin.replies.terms import Sending
from tests.cases.writing import MIKUMO, arrive
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

    from anshin.shops.models import Membership, Shop

pytestmark = pytest.mark.django_db

PICK_UP = "集荷の日がまだ決まっていません。"
REFUND = "返金がまだ済んでいません。"


class Objecting:
    """Objects to the cases it is told of."""

    def __init__(self, why: str, *case_ids: int) -> None:
        self.why, self.case_ids = why, case_ids

    def why_not(self, shop_id: int, case_id: int) -> str:
        return self.why if case_id in self.case_ids else ""


@pytest.fixture
def cases(shop: Shop) -> list[Case]:
    return [arrive(shop, f"{n}@mail.example", at=NOW, subject=f"件 {n}").case for n in range(3)]


@pytest.fixture
def _objections(cases: list[Case]) -> Iterator[None]:
    first, second, _third = (case.pk for case in cases)
    with closing_checks.filled_with((Objecting(PICK_UP, first, second), Objecting(REFUND, first))):
        yield


def statuses(cases: list[Case]) -> list[str]:
    return [Case.objects.get(pk=case.pk).status for case in cases]


@pytest.mark.usefixtures("_objections")
def test_all_reasons_are_told_and_nothing_is_written(cases: list[Case], agent: Membership) -> None:
    with pytest.raises(actions.CannotClose) as refusal:
        actions.close(by=agent, case_id=cases[0].pk, resolution=Resolution.ANSWERED, now=NOW)
    assert refusal.value.reasons == (PICK_UP, REFUND)
    assert str(refusal.value).startswith(f"{PICK_UP} {REFUND} ")
    assert (statuses(cases)[0], cases[0].resolution) == ("open", "")
    assert not JournalEntry.objects.filter(event="case.closed").exists()


@pytest.mark.usefixtures("_objections")
def test_a_case_without_objection_is_closed(cases: list[Case], agent: Membership) -> None:
    actions.close(by=agent, case_id=cases[2].pk, resolution=Resolution.ANSWERED, now=NOW)
    assert statuses(cases)[2] == "closed"


@pytest.mark.usefixtures("_objections")
def test_among_many_only_those_without_objection_are_closed(
    cases: list[Case], shop: Shop, agent: Membership, client: Client
) -> None:
    client.force_login(agent.person)
    asked = {"case": [str(case.number) for case in cases], "close": "answered"}
    with translation.override("ja"):
        answer = client.post(f"/s/{shop.slug}/inbox/open/bulk", asked, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert statuses(cases) == ["open", "open", "closed"]
    assert PICK_UP in answer["HX-Trigger"].encode().decode("unicode_escape")


@pytest.mark.usefixtures("_objections", "post")
def test_a_macro_that_closes_sends_nothing_either(cases: list[Case], agent: Membership) -> None:
    with pytest.raises(actions.CannotClose):
        send(
            by=agent,
            case_id=cases[0].pk,
            text="お待たせいたしました。",
            to=[MIKUMO],
            read_at_version=cases[0].version,
            sending=Sending(closes_with="answered"),
            now=NOW,
        )
    assert not Message.objects.filter(case=cases[0], direction="out").exists()
