"""Escalating on the desk: the form, the card, the answer, the list; nothing further on other cases' pages."""

import pytest

from anshin.routing.models import Escalation
from tests.cases.writing import arrive
from tests.staff.test_query_counts import queries_of

pytestmark = pytest.mark.django_db
CASE = "/s/komorebi/c/1"


@pytest.fixture
def case(shop, post, now):
    return arrive(shop, "a@x", at=now, subject="鍋のふた", text="ふたが割れていました。").case


def test_a_case_is_escalated_read_and_taken_on(signed_in, case, agent, manager, still):
    mine, theirs = signed_in(agent), signed_in(manager)
    before = queries_of(theirs, CASE)
    assert 'id="escalation"' not in theirs.get(CASE).content.decode()
    form = mine.get(f"{CASE}/escalate").content.decode()
    assert "「ふたが割れていました。」" in form
    assert mine.post(f"{CASE}/escalate", {"receiver": manager.pk, "reason": " "}).status_code == 422
    mine.post(f"{CASE}/escalate", {"receiver": manager.pk, "reason": "交換の品がありません"})

    page = theirs.get(CASE).content.decode()
    assert f'hx-get="{CASE}/escalation"' in page
    assert queries_of(theirs, CASE) == before
    card = theirs.get(f"{CASE}/escalation", headers={"HX-Request": "1"}).content.decode()
    assert card.lstrip().startswith("<section")
    assert "交換の品がありません" in card and "「ふたが割れていました。」" in card
    assert 'name="do"' not in mine.get(f"{CASE}/escalation").content.decode()
    assert "鍋のふた" in mine.get("/s/komorebi/escalations").content.decode()
    assert theirs.post(f"{CASE}/escalation/answer", {"do": "back", "words": ""}).status_code == 422
    theirs.post(f"{CASE}/escalation/answer", {"do": "accept"})

    assert Escalation.objects.get().state == "accepted"
    case.refresh_from_db()
    assert case.owner_id == manager.pk
    assert "鍋のふた" not in mine.get("/s/komorebi/escalations").content.decode()


def test_another_shop_finds_nothing(signed_in, case, agent, manager, stranger, still):
    signed_in(agent).post(f"{CASE}/escalate", {"receiver": manager.pk, "reason": "秘密"})
    client = signed_in(stranger)
    assert client.get(f"{CASE}/escalation").status_code == 404
    assert "秘密" not in client.get("/s/shiosai/escalations").content.decode()
