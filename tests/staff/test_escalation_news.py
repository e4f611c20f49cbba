"""What an open desk is told in a word when a case was put before somebody, and what is given to nobody else."""

import json

import pytest

from anshin.routing import actions
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
NEWS = "/s/komorebi/escalations/news"


@pytest.fixture
def asked(shop, agent, manager, now):
    case = arrive(shop, "a@news", at=now).case
    return actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="返金してよいですか", now=now)


def word(answer):
    return json.loads(answer["HX-Trigger"])["toast"]["text"] if "HX-Trigger" in answer else ""


def test_the_receiver_hears_who_asks_and_the_asker_what_came_back(signed_in, agent, manager, asked, later, still):
    assert word(signed_in(manager).get(NEWS)) == f"竹内 涼さんから案件 #{asked.case.number} の相談です"
    assert word(signed_in(agent).get(NEWS)) == ""
    actions.give_back_escalation(by=manager, escalation_id=asked.pk, words="返金してください", now=later)
    assert word(signed_in(agent).get(NEWS)) == f"佐伯 みおさんが案件 #{asked.case.number} を戻しました"
    assert word(signed_in(manager).get(NEWS)) == ""


def test_it_says_that_the_case_was_taken_on(signed_in, agent, manager, asked, later, still):
    actions.accept_escalation(by=manager, escalation_id=asked.pk, now=later)
    assert word(signed_in(agent).get(NEWS)) == f"佐伯 みおさんが案件 #{asked.case.number} を引き受けました"


def test_others_hear_nothing(signed_in, owner, stranger, asked, still):
    answer = signed_in(owner).get(NEWS)
    assert (answer.status_code, word(answer), answer.content) == (204, "", b"")
    assert signed_in(stranger).get(NEWS).status_code == 404
    assert word(signed_in(stranger).get("/s/shiosai/escalations/news")) == ""
