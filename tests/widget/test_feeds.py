"""Whoever follows a shop's notices reads each one from its time on, and none that was withdrawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from anshin.safety import actions
from anshin.safety.models import PageShow
from anshin.widget import kept
from tests.safety.conftest import (  # noqa: F401  fixtures
    EN,
    JA,
    approved,
    facts,
    humidifier,
    publish_at,
    ready,
    sealed,
)

JSON, RSS, PAGE = "/notices/v1/komorebi/feed.json", "/notices/v1/komorebi/feed.xml", "/p/komorebi/notices"
ALL = (JSON, RSS, PAGE)


@pytest.fixture(autouse=True)
def _nothing_kept():
    kept.forget()
    yield
    kept.forget()


@pytest.fixture
def released(approved, publish_at):  # noqa: F811
    actions.release_due(now=publish_at)
    kept.forget()
    approved.refresh_from_db()
    return approved


def text(answer):
    return answer.content.decode()


def timeless(answer):
    """The body without the moment at which it was drawn."""
    return re.sub(rb'data-now="\d+"', b"", answer.content)


def headers(answer):
    """Without the request's own mark, another each time."""
    return {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}


@pytest.mark.parametrize("address", ALL)
def test_before_its_time_it_is_as_if_there_were_none(client, shop, approved, publish_at, address):  # noqa: F811
    actions.release_due(now=publish_at - timedelta(seconds=1))
    sealed_one = client.get(address)
    approved.delete()
    kept.forget()
    none = client.get(address)
    assert (sealed_one.status_code, timeless(sealed_one), headers(sealed_one)) == (
        200,
        timeless(none),
        headers(none),
    )


@pytest.mark.parametrize("address", ALL)
def test_from_its_time_on_it_is_there_and_a_withdrawn_one_leaves(client, manager, released, publish_at, address):  # noqa: F811
    assert JA.hazard in text(client.get(address))
    actions.withdraw(by=manager, advisory_id=released.pk, words="公表元が取り下げた", now=publish_at)
    kept.forget()
    assert JA.hazard not in text(client.get(address))


@pytest.mark.parametrize("address", ALL)
def test_nobody_keeps_it_for_longer_than_thirty_seconds(client, released, address):
    told = dict(each.strip().split("=") for each in client.get(address)["Cache-Control"].split(",") if "=" in each)
    assert int(told["max-age"]) + kept.KEPT_SECONDS <= 30
    assert "Set-Cookie" not in client.get(address).headers


def test_a_released_one_appears_when_what_is_kept_grows_old(client, approved, publish_at, monkeypatch):  # noqa: F811
    at = [1000.0]
    monkeypatch.setattr("anshin.widget.kept.monotonic", lambda: at[0])
    assert client.get(JSON).json()["items"] == []
    actions.release_due(now=publish_at)
    at[0] += kept.KEPT_SECONDS + 0.1
    assert len(client.get(JSON).json()["items"]) == 1


def test_json_says_it_in_the_form_of_json_feed(client, released, publish_at):  # noqa: F811
    told = client.get(JSON).json()
    (item,) = told["items"]
    assert (told["version"], told["language"]) == ("https://jsonfeed.org/version/1.1", "ja")
    assert item["title"] == f"{JA.product}: {JA.heading}"
    assert item["summary"] == JA.hazard != item["content_text"]
    assert JA.what_to_do in item["content_text"]
    assert item["date_published"] == publish_at.isoformat()
    assert item["authors"] == [{"name": "全国くらし安全室"}]
    assert item["url"].endswith("/p/komorebi/notices?language=ja#S-0001")
    assert client.get(JSON)["Content-Type"] == "application/feed+json; charset=utf-8"


def test_rss_can_be_read_and_says_the_same(client, released):
    channel = ET.fromstring(client.get(RSS).content).find("channel")
    (item,) = channel.findall("item")
    assert (item.findtext("title"), item.findtext("description")) == (f"{JA.product}: {JA.heading}", JA.hazard)
    assert item.findtext("category") == "fire"


def test_a_language_that_was_not_written_shows_the_lead_language(client, agent, released):
    (item,) = client.get(JSON, {"lang": "ko"}).json()["items"]
    assert (item["language"], item["summary"]) == ("ja", JA.hazard)


@pytest.mark.parametrize("address", [JSON, RSS])
def test_the_same_is_not_sent_twice(client, released, address):
    first = client.get(address)
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.get(address, HTTP_IF_NONE_MATCH='"another"').status_code == 200


def test_an_unknown_shop_has_none(client, db):
    for address in ALL:
        assert client.get(address.replace("komorebi", "nobody")).status_code == 404


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_the_page_is_there_in_five_languages_and_leads_to_the_feeds(client, released, language):
    page = text(client.get(PAGE, {"language": language}))
    for address in (JSON, RSS):
        assert f'href="{address}?lang={language}"' in page
    assert 'id="S-0001"' in page


def test_the_list_costs_the_same_however_long(client, released, django_assert_num_queries):
    client.get(JSON)
    with django_assert_num_queries(0):
        client.get(JSON)
        client.get(RSS)
    with django_assert_num_queries(4):  # the shop, its notices, their products and what those match
        client.get(PAGE)


def test_how_often_it_was_shown_is_counted_without_whom(client, shop, released, monkeypatch):
    at = [1000.0]
    monkeypatch.setattr("anshin.widget.kept.monotonic", lambda: at[0])
    for _each in range(4):
        client.get("/notices/v1/products/KZ-20-W?shop=komorebi")
    client.get("/notices/v1/products/NO-SUCH?shop=komorebi")
    assert not PageShow.objects.exists()
    at[0] += kept.KEPT_SECONDS + 0.1
    client.get("/notices/v1/products/NO-SUCH?shop=komorebi")
    assert PageShow.objects.get().times == 4
