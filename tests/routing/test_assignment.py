"""Cases go to whoever can do it, is there and has the fewest; of equals to whoever joined first."""

from datetime import timedelta

import pytest

from anshin.cases.models import Case
from anshin.routing import actions, queries
from anshin.routing.rules import Colleague, is_robot, next_colleague
from anshin.routing.terms import FITTING, Effect, SkillKind, Trigger
from anshin.shops.actions import NotAllowed
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
ENGLISH = frozenset({("language", "en")})
PAYMENT = frozenset({("topics", "payment")})


@pytest.mark.parametrize(
    ("colleagues", "skill", "language", "topics", "chosen"),
    [
        ([Colleague(1, 3), Colleague(2, 1)], "", "ja", [], 2),
        ([Colleague(1, 1), Colleague(2, 1)], "", "ja", [], 1),
        ([Colleague(1, 0, is_away=True), Colleague(2, 9)], "", "ja", [], 2),
        ([Colleague(1, 0, is_away=True)], "", "ja", [], None),
        ([Colleague(1, 0), Colleague(2, 9, skills=ENGLISH)], FITTING, "en", [], 2),
        ([Colleague(1, 0), Colleague(2, 9, skills=PAYMENT)], FITTING, "ja", ["payment.receipt"], 2),
        ([Colleague(1, 0, skills=PAYMENT)], FITTING, "ko", ["payment.receipt"], None),
        ([Colleague(1, 0), Colleague(2, 9, skills=ENGLISH)], "language:en", "ja", [], 2),
        ([Colleague(1, 0)], "word:経理", "ja", [], None),
        ([], "", "ja", [], None),
    ],
)
def test_who_gets_it(colleagues, skill, language, topics, chosen):
    assert next_colleague(colleagues, skill=skill, language=language, topics=topics) == chosen


@pytest.mark.parametrize(
    ("mail", "is_one"),
    [
        ("no-reply@x.example", True),
        ("DoNotReply@x.example", True),
        ("noreply-orders@x.example", True),
        ("bounce+a=b@x.example", True),
        ("norepo@x.example", False),
        ("kashiwagi@x.example", False),
        ("alerta@x.example", False),
        ("", True),
    ],
)
def test_addresses_that_nobody_reads(mail, is_one):
    assert is_robot(mail) is is_one


def test_cases_are_dealt_out_in_turn(shop, agent, manager, live, work, now):
    live("順番", (Effect.ASSIGN_LEAST, ""), trigger=Trigger.OPENED)
    made = [arrive(shop, f"m{n}@x", at=now, subject=f"件 {n}").case.pk for n in range(4)]
    work()
    owners = [Case.objects.get(pk=pk).owner_id for pk in made]

    assert sorted(owners) == sorted([agent.pk, agent.pk, manager.pk, manager.pk])
    assert owners[0] != owners[1]


def test_who_is_away_gets_nothing_until_the_time_is_over(shop, agent, manager, live, work, still, now):
    live("順番", (Effect.ASSIGN_LEAST, ""), trigger=Trigger.OPENED)
    actions.be_away(by=agent, until=now + timedelta(hours=1), now=now)
    arrive(shop, "a@x", at=now, subject="一")
    arrive(shop, "b@x", at=now, subject="二")
    work()

    assert set(Case.objects.values_list("owner_id", flat=True)) == {manager.pk}
    assert [place.is_away for place in queries.places_of(shop, now=now) if place.member == agent] == [True]
    later = now + timedelta(hours=2)
    assert [place.is_away for place in queries.places_of(shop, now=later) if place.member == agent] == [False]
    actions.be_back(by=agent, now=now)
    assert not queries.is_away(agent, now=now)


def test_a_case_that_somebody_has_stays_theirs(shop, agent, manager, live, work, now):
    live("竹内", (Effect.ASSIGN, str(agent.pk)), trigger=Trigger.OPENED)
    live("順番", (Effect.ASSIGN_LEAST, ""), trigger=Trigger.MESSAGE)
    case = arrive(shop, "a@x", at=now).case
    work()

    assert Case.objects.get(pk=case.pk).owner_id == agent.pk


def test_skills_are_set_by_managers_for_their_own_shop(shop, agent, manager, stranger, now):
    actions.set_skills(by=manager, member=agent, skills=[(SkillKind.WORD, " 経理 "), (SkillKind.WORD, "")], now=now)
    actions.set_skills(by=manager, member=agent, skills=[(SkillKind.WORD, "経理"), (SkillKind.LANGUAGE, "en")], now=now)
    assert queries.skills_of(shop) == [("language", "en"), ("word", "経理")]
    for by, member in ((agent, agent), (stranger, agent), (manager, stranger)):
        with pytest.raises(NotAllowed):
            actions.set_skills(by=by, member=member, skills=[], now=now)
    assert len(queries.skills_of(shop)) == 2
