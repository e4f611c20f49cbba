"""A shop's own topics: who may make them, what they are called, and what becomes of cases when one goes out of use."""

import pytest

from anshin.cases import actions, rules
from anshin.cases.actions.own_topics import in_use
from anshin.cases.models import Case, ShopTopic
from anshin.cases.queries import own_topics, topic_codes
from anshin.shops.actions import NotAllowed
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db


@pytest.fixture
def zipper(manager, now):
    return actions.add_topic(by=manager, below="item.defect", name="ファスナー", now=now)


def test_a_manager_adds_one_and_an_agent_does_not(shop, manager, agent, now, zipper):
    assert zipper.code == "item.defect/1"
    assert zipper.code in topic_codes(shop)
    with pytest.raises(NotAllowed):
        actions.add_topic(by=agent, below="item.defect", name="縫い目", now=now)


def test_codes_are_never_given_twice(manager, now, zipper):
    actions.retire_topic(by=manager, topic_id=zipper.pk, now=now)
    other = actions.add_topic(by=manager, below="item.wrong", name="色違い", now=now)
    assert other.code == "item.wrong/2"


@pytest.mark.parametrize("name", ["", "  \n "])
def test_a_name_is_needed(manager, now, name):
    with pytest.raises(actions.NoTopicName):
        actions.add_topic(by=manager, below="item.defect", name=name, now=now)


def test_a_name_is_there_once_in_a_shop_and_again_in_another(shop, other_shop, manager, stranger, now, zipper):
    with pytest.raises(actions.TopicNameTaken):
        actions.add_topic(by=manager, below="item.wrong", name=" ファスナー ", now=now)
    ShopTopic.objects.create(shop=other_shop, code="item.defect/1", name="ファスナー")


def test_only_below_one_of_ours(manager, now, zipper):
    for below in ("", "nothing.here", zipper.code):
        with pytest.raises(actions.NoSuchTopic):
            actions.add_topic(by=manager, below=below, name="何か", now=now)


def test_there_is_an_end_to_them(manager, now, monkeypatch, zipper):
    monkeypatch.setattr(rules, "MOST_OWN_TOPICS", 1)
    with pytest.raises(actions.TooManyTopics):
        actions.add_topic(by=manager, below="item.defect", name="縫い目", now=now)


def test_another_shops_topics_do_not_exist(other_shop, manager, now):
    theirs = ShopTopic.objects.create(shop=other_shop, code="item.defect/1", name="潮")
    for verb in (actions.retire_topic, actions.bring_back_topic):
        with pytest.raises(actions.NoSuchTopic):
            verb(by=manager, topic_id=theirs.pk, now=now)
    with pytest.raises(actions.NoSuchTopic):
        actions.rename_topic(by=manager, topic_id=theirs.pk, name="波", now=now)


def test_a_case_keeps_what_goes_out_of_use_and_no_other_gets_it(shop, manager, now, zipper):
    case = arrive(shop, "a@x", at=now).case
    other = arrive(shop, "b@x", at=now, subject="別の件").case
    actions.set_topics(by=manager, case_id=case.pk, codes=[zipper.code], now=now)
    actions.retire_topic(by=manager, topic_id=zipper.pk, now=now)

    actions.set_topics(by=manager, case_id=case.pk, codes=[zipper.code, "item.wrong"], now=now)
    assert Case.objects.get(pk=case.pk).topic == zipper.code
    assert [each.name for each in own_topics(shop)] == ["ファスナー"]
    with pytest.raises(actions.UnknownTopic):
        actions.set_topics(by=manager, case_id=other.pk, codes=[zipper.code], now=now)
    assert in_use(zipper.code, frozenset(topic_codes(shop))) == "item.defect"

    actions.bring_back_topic(by=manager, topic_id=zipper.pk, now=now)
    actions.set_topics(by=manager, case_id=other.pk, codes=[zipper.code], now=now)


def test_a_model_of_last_night_does_not_bring_it_back(shop, manager, now, zipper, monkeypatch):
    from dataclasses import replace

    from anshin.cases.actions import topics
    from anshin.language.topics.classify import classify
    from anshin.plumbing.jobs.inline import run_due_jobs

    def as_learnt(*args, **kwargs):
        return replace(classify(*args, **kwargs), proposed=[(zipper.code, 0.9), ("item.defect", 0.4)])

    monkeypatch.setattr(topics, "classify", as_learnt)
    actions.retire_topic(by=manager, topic_id=zipper.pk, now=now)
    case = arrive(shop, "a@x", at=now, text="ファスナーが壊れました").case
    run_due_jobs(now)
    assert Case.objects.get(pk=case.pk).topics == [["item.defect", 0.9]]
