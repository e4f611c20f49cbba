"""A case is put before somebody with what is known; they take it on or give it back; nothing is made up."""

from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case
from anshin.routing import actions, queries
from anshin.routing.actions import EscalationRefused
from anshin.routing.models import Escalation, RuleRun
from anshin.routing.terms import Effect, EscalationState, Trigger
from anshin.shops.actions import NotAllowed
from anshin.shops.fakes import RecordingPostbox
from anshin.shops.ports import postbox
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def box():
    with postbox.filled_with(RecordingPostbox()) as fake:
        yield fake


@pytest.fixture
def case(shop, agent, post, now):
    """A question, an answer with a promise, and a further question."""
    made = arrive(shop, "a@x", at=now - timedelta(days=1), subject="鍋のふた", text="ふたが割れていました。").case
    text = "申し訳ございません。明日までに交換品をお送りいたします。お待ちください。"
    cases.reply(by=agent, case_id=made.pk, text=text, to=[KASHIWAGI], read_at_version=1, now=now - timedelta(hours=20))
    arrive(
        shop, "b@x", at=now, refers_to=("a@x",), text="まだ届きません。カード4111 1111 1111 1111に返金してください。"
    )
    return made


def test_the_receiver_reads_a_summary_quoted_from_the_case(case, agent, manager, work, box, now):
    found = actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="返金してよいですか", now=now)
    work()
    summary = found.summary

    assert summary["customer"] == "柏木 由紀子"
    assert summary["asked"].startswith("まだ届きません。カード")
    assert "4111 1111 1111 1111" not in summary["asked"]
    assert summary["answered"].startswith("申し訳ございません。")
    assert list(summary["promises"]) == ["明日までに交換品をお送りいたします。"]
    assert summary["message_count"] == 3
    assert [letter.to for letter in box.left] == ["saeki@komorebi.example"]
    assert found.answer_by_at > now


def test_taking_on_gives_the_case_and_giving_back_needs_words(case, agent, manager, work, box, now):
    first = actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="返金", now=now)
    with pytest.raises(EscalationRefused):
        actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="もう一度", now=now)
    with pytest.raises(EscalationRefused):
        actions.give_back_escalation(by=manager, escalation_id=first.pk, words=" ", now=now)
    actions.give_back_escalation(by=manager, escalation_id=first.pk, words="返金して構いません", now=now)
    assert Case.objects.get(pk=case.pk).owner_id == agent.pk
    with pytest.raises(EscalationRefused):
        actions.accept_escalation(by=manager, escalation_id=first.pk, now=now)
    second = actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="怒っています", now=now)
    actions.accept_escalation(by=manager, escalation_id=second.pk, now=now)
    work()

    assert Case.objects.get(pk=case.pk).owner_id == manager.pk
    states = list(Escalation.objects.order_by("id").values_list("state", flat=True))
    assert states == [EscalationState.GIVEN_BACK, EscalationState.ACCEPTED]
    assert [letter.to for letter in box.left].count("takeuchi@komorebi.example") == 1


def test_only_the_receiver_answers_and_only_the_shop_may_ask(case, agent, manager, owner, warehouse, stranger, now):
    found = actions.escalate(by=agent, case_id=case.pk, receiver_id=manager.pk, reason="x", now=now)
    for by in (owner, stranger):
        with pytest.raises(EscalationRefused):
            actions.accept_escalation(by=by, escalation_id=found.pk, now=now)
    with pytest.raises(NotAllowed):
        actions.escalate(by=warehouse, case_id=case.pk, receiver_id=manager.pk, reason="x", now=now)
    with pytest.raises(EscalationRefused):
        actions.escalate(by=stranger, case_id=case.pk, receiver_id=manager.pk, reason="x", now=now)
    for receiver in (warehouse.pk, stranger.pk, agent.pk, 0):
        with pytest.raises(EscalationRefused):
            actions.escalate(by=agent, case_id=case.pk, receiver_id=receiver, reason="x", now=now)

    assert Escalation.objects.get().state == EscalationState.OPEN
    assert queries.escalation_of_case(stranger, case.pk) is None


def test_a_rule_puts_a_case_before_a_manager_once(shop, agent, manager, live, work, box, now):
    live("上へ", (Effect.ESCALATE, "manager"), trigger=Trigger.MESSAGE)
    case = arrive(shop, "a@x", at=now).case
    work()
    arrive(shop, "b@x", at=now + timedelta(minutes=1), refers_to=("a@x",))
    work()

    found = Escalation.objects.get()
    assert (found.case_id, found.receiver_id, found.asked_by_id, found.rule_name) == (case.pk, manager.pk, None, "上へ")
    assert RuleRun.objects.get().did == [["escalate", "佐伯 みお"]]
    assert len(box.left) == 1
