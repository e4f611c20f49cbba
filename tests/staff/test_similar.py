"""The card with similar cases: a fragment for the script, a page of its own without one."""

import pytest
from django.urls import reverse

from tests.cases.test_similar import fresh, humidifiers, nothing_known  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def test_the_card_fetches_what_the_page_shows(client, agent, still, fresh, humidifiers):  # noqa: F811
    client.force_login(agent.person)
    where = reverse("staff:similar", args=["komorebi", fresh.number])
    assert where in client.get(reverse("staff:case", args=["komorebi", fresh.number])).content.decode()
    for headers in ({}, {"HX-Request": "true"}):
        shown = client.get(where, headers=headers).content.decode()
        assert "加湿器の水漏れ" in shown
        assert "代わりの品" in shown or "交換" in shown
        assert "給水タンクのパッキンを新しくお送りします。" in shown
        assert ("<html" in shown) is not bool(headers)


def test_without_any_it_says_so(client, agent, still, humidifiers):  # noqa: F811
    client.force_login(agent.person)
    shown = client.get(reverse("staff:similar", args=["komorebi", humidifiers.number])).content.decode()
    assert "似た内容の解決済みの案件はありません" in shown
