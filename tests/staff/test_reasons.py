"""Reasons by product at the desk: ranked, linked to the product's page, and the tasks that come of them."""

from datetime import timedelta

import pytest

from anshin.returns import actions
from anshin.returns.models import ImprovementTask
from tests.conftest import NOW
from tests.returns.conftest import says, sold  # noqa: F401  fixtures
from tests.returns.test_reasons import back  # noqa: F401  fixture

pytestmark = pytest.mark.django_db
HOME = "/s/komorebi/returns"


@pytest.fixture
def agents(client, agent, monkeypatch):
    monkeypatch.setattr("anshin.plumbing.clock.now", lambda: NOW + timedelta(minutes=1))
    client.force_login(agent.person)
    return client


def test_nothing_yet(agents):
    assert "この期間の返品はありません" in agents.get(f"{HOME}/reasons").content.decode()
    assert "見直すページはありません" in agents.get(f"{HOME}/pages").content.decode()


def test_the_report_and_its_task(agents, back, owner):  # noqa: F811
    actions.change_setting(by=owner, product_page="https://shop.example/items/{sku}", now=NOW)
    back(5)
    page = agents.get(f"{HOME}/reasons?days=30").content.decode()
    assert "https://shop.example/items/TB-M" in page
    assert "色 5" in page
    assert "100.0%" in page
    task = ImprovementTask.objects.get()
    assert f"{HOME}/pages/{task.pk}" in page
    assert "帆布トート" in agents.get(f"{HOME}/pages").content.decode()
    shown = agents.get(f"{HOME}/pages/{task.pk}").content.decode()
    assert "声5" in shown
    refused = agents.post(f"{HOME}/pages/{task.pk}", {"do": "done", "what": ""})
    assert refused.status_code == 422
    assert agents.post(f"{HOME}/pages/{task.pk}", {"do": "done", "what": "色の写真を撮り直した"}).status_code == 302
    assert "色の写真を撮り直した" in agents.get(f"{HOME}/pages/{task.pk}").content.decode()
    assert "帆布トート" in agents.get(f"{HOME}/pages?state=done").content.decode()


@pytest.mark.parametrize("path", ["reasons?days=31", "reasons?page=xx", "pages?state=x", "pages?page=xx", "pages/999"])
def test_what_is_not_there(agents, path):
    assert agents.get(f"{HOME}/{path}").status_code == 404
