"""The settings' page of topics."""

import pytest
from django.urls import reverse

from anshin.cases.models import ShopTopic
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
PAGE = "/s/komorebi/settings/topics"


def test_all_28_with_their_example_and_the_way_to_ones_own(client, manager, still):
    client.force_login(manager.person)
    shown = client.get(PAGE).content.decode()
    assert shown.count("topic-new") == 28
    assert "不良品・故障" in shown


def test_added_renamed_put_out_of_use_and_back(client, manager, still):
    client.force_login(manager.person)
    client.post(PAGE, {"below": "item.defect", "name": "ファスナー"})
    topic = ShopTopic.objects.get()
    client.post(reverse("staff:settings_rename_topic", args=["komorebi", topic.pk]), {"name": "チャック"})
    client.post(reverse("staff:settings_retire_topic", args=["komorebi", topic.pk]))
    assert "<s>チャック</s>" in client.get(PAGE).content.decode()
    client.post(reverse("staff:settings_bring_back_topic", args=["komorebi", topic.pk]))
    assert 'value="チャック"' in client.get(PAGE).content.decode()
    told = list(JournalEntry.objects.filter(event__startswith="case.topic_").values_list("event", flat=True))
    assert sorted(told) == [
        "case.topic_added",
        "case.topic_brought_back",
        "case.topic_renamed",
        "case.topic_retired",
    ]


def test_a_refusal_stands_where_it_was_typed_and_keeps_what_was_typed(client, manager, still):
    client.force_login(manager.person)
    client.post(PAGE, {"below": "item.defect", "name": "ファスナー"})
    answer = client.post(PAGE, {"below": "item.wrong", "name": "ファスナー"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "「ファスナー」という話題はもうあります" in shown
    assert shown.count('value="ファスナー"') == 2


def test_the_menu_of_a_case_offers_what_is_in_use(client, manager, agent, shop, still, now):
    client.force_login(manager.person)
    client.post(PAGE, {"below": "item.defect", "name": "ファスナー"})
    case = arrive(shop, "a@x", at=now).case
    client.force_login(agent.person)
    where = reverse("staff:case", args=["komorebi", case.number])
    assert "ファスナー" in client.get(where).content.decode()
    ShopTopic.objects.update(retired_at=now)
    assert "ファスナー" not in client.get(where).content.decode()


def test_a_manager_sees_the_tabs_that_she_may_open(client, manager, owner, still):
    client.force_login(manager.person)
    shown = client.get(PAGE).content.decode()
    assert PAGE in shown
    assert "/s/komorebi/settings/hours" not in shown
    client.force_login(owner.person)
    assert "/s/komorebi/settings/hours" in client.get(PAGE).content.decode()
