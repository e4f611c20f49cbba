"""What a shop's product page gets to show: public notices, from their time on and never before, to anybody."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from anshin.safety import actions
from anshin.widget import kept
from anshin.widget.asgi import NoticesApp
from anshin.widget.kept import Asked, language_of
from anshin.widget.script import SCRIPT
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


@pytest.fixture(autouse=True)
def _nothing_kept():
    kept.forget()
    yield
    kept.forget()


def ask(client, product="KZ-20-W", **query):
    return client.get(f"/notices/v1/products/{product}", {"shop": "komorebi", **query})


@pytest.fixture
def released(approved, publish_at):  # noqa: F811
    actions.release_due(now=publish_at)
    kept.forget()
    return approved


def test_before_its_time_the_answer_is_that_of_a_product_nobody_knows(client, approved, publish_at):  # noqa: F811
    actions.release_due(now=publish_at - timedelta(seconds=1))
    about, unknown = ask(client), ask(client, "NO-SUCH-THING")
    assert about.status_code == unknown.status_code == 200
    assert about.content == unknown.content
    marks = [answer.headers.pop("X-Request-ID") for answer in (about, unknown)]
    assert marks[0] != marks[1]
    assert about.headers == unknown.headers
    assert json.loads(about.content)["notices"] == []


def test_after_its_time_it_says_what_was_approved(client, released):
    (told,) = ask(client).json()["notices"]
    assert told["heading"] == JA.heading
    assert told["hazard"] == JA.hazard
    assert (told["number"], told["source"]) == ("S-0001", "https://kurashi-anzen.example/2026/11/24")
    assert told["day"].startswith("2026年11月23日")


@pytest.mark.parametrize("product", ["KZ-20-W", "kz-20-w", "ＫＺ－２０－Ｗ", " KZ-20-W "])
def test_however_the_page_writes_the_number(client, released, product):
    assert ask(client, product).json()["notices"]


def test_by_gtin_with_or_without_leading_zeros(client, released, humidifier):  # noqa: F811
    type(humidifier).objects.filter(pk=humidifier.pk).update(gtin="4901234567894")
    kept.forget()
    assert ask(client, "4901234567894").json()["notices"]
    assert ask(client, "04901234567894").json()["notices"]
    assert not ask(client, "4901234567895").json()["notices"]


def test_a_missing_translation_falls_back_and_says_in_which_language_it_stands(client, released):
    told = ask(client, lang="ko").json()
    assert told["language"] == "ko"
    assert told["words"]["source"] == "발표 기관 전문"
    assert told["notices"][0]["language"] == "ja"


def test_html_escapes_what_was_typed(client, ready, agent, manager, publish_at, now):  # noqa: F811
    nasty = type(JA)(
        product="<b>しずく</b>", heading="<script>alert(1)</script>", hazard="a\nb", what_to_do='" onload="x'
    )
    actions.word(by=agent, advisory_id=ready.pk, language="ja", words=nasty, now=now)
    actions.approve(by=manager, advisory_id=ready.pk, seen_version=1, now=now)
    actions.release_due(now=publish_at)
    kept.forget()
    page = ask(client, format="html")
    assert page.headers["Content-Type"].startswith("text/html")
    assert "<script>" not in page.content.decode()
    assert "<b>" not in page.content.decode()
    assert "a<br>b" in page.content.decode()


def test_another_shop_shows_nothing_of_it(client, released, other_shop):
    assert client.get("/notices/v1/products/KZ-20-W", {"shop": "shiosai"}).json()["notices"] == []
    assert client.get("/notices/v1/products/KZ-20-W", {"shop": "nobody"}).status_code == 404


def test_no_cookie_is_set_and_any_page_may_ask(client, released):
    answer = ask(client)
    assert not answer.cookies
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=15"
    assert "Vary" not in answer.headers


def test_withdrawn_it_is_gone(client, released, manager, publish_at):  # noqa: F811
    actions.withdraw(by=manager, advisory_id=released.pk, words="誤りだった", now=publish_at)
    kept.forget()
    assert ask(client).json()["notices"] == []


def test_what_is_kept_costs_no_query_and_reading_costs_three(client, released, django_assert_num_queries):
    with django_assert_num_queries(4):  # shop, notices, products, matches
        ask(client)
    with django_assert_num_queries(0):
        ask(client)
        ask(client, "ANOTHER")
        ask(client, lang="en")


def test_what_is_kept_is_read_anew_after_some_seconds(client, approved, publish_at, monkeypatch):  # noqa: F811
    assert ask(client).json()["notices"] == []
    actions.release_due(now=publish_at)
    began = kept.monotonic()
    monkeypatch.setattr(kept, "monotonic", lambda: began + kept.KEPT_SECONDS + 1)
    assert ask(client).json()["notices"]
    assert kept.KEPT_SECONDS + 15 < 30  # process and browser together


def test_only_reading_is_answered(client, released):
    assert client.post("/notices/v1/products/KZ-20-W?shop=komorebi").status_code in {403, 405}


def test_the_script_is_small_and_reads_no_cookie(client):
    answer = client.get("/notices/v1/notice.js")
    assert answer.content == SCRIPT
    assert len(SCRIPT) <= 5000
    for forbidden in (b"innerHTML", b"document.cookie", b"localStorage", b"eval"):
        assert forbidden not in SCRIPT


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("ja-JP", "ja"),
        ("en-GB", "en"),
        ("zh-TW", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("zh_Hant_HK", "zh-Hant"),
        ("xx", "ja"),
    ],
)
def test_languages(told, meant):
    assert language_of(told) == meant


@pytest.mark.django_db(transaction=True)
def test_the_short_way_answers_as_the_long_one(client, released):
    async def ask_short(path, query):
        sent = []

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "query_string": query}
        assert NoticesApp.serves(scope)
        with ThreadPoolExecutor(1) as pool:
            await NoticesApp(pool)(scope, None, send)
        return sent

    long = ask(client, lang="en")
    kept.answer(Asked("komorebi", "KZ-20-W", "en", "json"))
    start, body = asyncio.run(ask_short("/notices/v1/products/KZ-20-W", b"shop=komorebi&lang=en"))
    assert (start["status"], body["body"]) == (200, long.content)
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert headers["content-type"] == long.headers["Content-Type"]
    assert headers["cache-control"] == long.headers["Cache-Control"]
