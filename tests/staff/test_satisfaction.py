"""The page with customers' answers and the settings' page: who sees what, and that it stays within its queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anshin.plumbing import clock
from anshin.satisfaction import actions
from anshin.satisfaction.models import Survey, SurveySetting
from tests.cases.writing import KASHIWAGI, arrive
from tests.satisfaction.conftest import asks, finished, moved  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
PAGE = "/s/komorebi/satisfaction"


@pytest.fixture
def answered(shop, asks, finished, moved, now):  # noqa: F811
    finished()
    moved(now + timedelta(days=2))
    survey = Survey.objects.get()
    return actions.answer(
        shop=shop, token=survey.token, score=2, comment="遅い 4111 1111 1111 1111", now=now + timedelta(days=2)
    )


def test_an_answer_stands_there_with_its_case_and_without_card_numbers(client, agent, answered):
    client.force_login(agent.person)
    shown = client.get(PAGE).content.decode()
    assert "遅い" in shown and KASHIWAGI.name in shown and "4111 1111 1111 1111" not in shown
    assert answered.token not in shown
    case = client.get(reverse("staff:case", args=["komorebi", answered.case.number])).content.decode()
    assert "お客様の評価: <b>不満</b>（言葉あり）" in case


def test_it_is_marked_as_read_once(client, agent, answered):
    client.force_login(agent.person)
    assert "まだ確認していない不満の声が1件あります" in client.get(PAGE).content.decode()
    where = reverse("staff:satisfaction_seen", args=["komorebi", answered.pk])
    assert client.post(where).status_code == 302
    assert "まだ確認していない" not in client.get(PAGE).content.decode()


def test_another_shops_answers_do_not_exist(client, stranger, answered):
    client.force_login(stranger.person)
    assert client.get(PAGE).status_code == 404
    assert "遅い" not in client.get("/s/shiosai/satisfaction").content.decode()
    client.post(reverse("staff:satisfaction_seen", args=["shiosai", answered.pk]))
    assert Survey.objects.get().seen_at is None


def test_a_manager_switches_it_on_and_an_agent_does_not(client, manager, agent, shop):
    where = "/s/komorebi/settings/survey"
    client.force_login(agent.person)
    assert client.post(where, {"is_on": "1", "hours": "72"}).status_code == 403
    client.force_login(manager.person)
    client.post(where, {"is_on": "1", "hours": "72"})
    assert SurveySetting.objects.filter(shop=shop, is_on=True, hours=72).exists()
    client.post(where, {"is_on": "1", "hours": "7200"})
    assert SurveySetting.objects.get(shop=shop).hours == 72


@pytest.mark.parametrize("asked", ["?show=nothing", "?days=7", "?days=x", "?page=broken"])
def test_made_up_addresses(client, agent, shop, asked):
    client.force_login(agent.person)
    assert client.get(PAGE + asked).status_code == 404


def test_queries_do_not_grow_and_every_answer_is_reached(client, agent, shop, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    client.force_login(agent.person)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for n in range(70):
        case = arrive(shop, f"m{n}@x", at=now, subject=f"件 {n}").case
        Survey.objects.create(
            shop=shop, case=case, token=f"t{n}", language="ja", asked_at=now, score=1 + n % 5, answered_at=now
        )
    with CaptureQueriesContext(connection) as many:
        shown = client.get(PAGE).content.decode()
    assert len(many) == len(few)
    seen = shown.count('class="said ') + shown.count('class="said"')
    while 'rel="next"' in shown:
        query = shown.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        shown = client.get(PAGE + query).content.decode()
        seen += shown.count('class="said ') + shown.count('class="said"')
    assert seen == 70
