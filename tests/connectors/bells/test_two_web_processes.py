"""Two real web processes: what is changed through one, a page that follows the other hears of; nothing is missed."""

import shutil

import pytest
from django.db import connection
from django.test import Client

from anshin.cases.actions import start_case
from anshin.cases.terms import Party
from anshin.plumbing.live.models import LiveEvent
from tests.connectors.bells.web_process import Listener, Web
from tests.connectors.brokers.own_redis import OwnRedis
from tests.project.test_backups import desk  # noqa: F401

pytestmark = pytest.mark.kill


@pytest.fixture
def redis():
    if not shutil.which("redis-server"):
        pytest.skip("Debian's redis-server is not installed")
    server = OwnRedis()
    yield server
    server.kill()


@pytest.fixture
def case(shop, agent, now):
    return start_case(by=agent, to=Party("佐藤 花", "hana@example.jp"), subject="ご注文について", now=now)


@pytest.fixture
def webs(desk, shop, agent, settings):  # noqa: F811
    """Two processes that serve the same database, made by webs(**settings)."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite serves one web process")
    settings.SECRET_KEY = desk["ANSHIN_SECRET_KEY"]
    browser = Client()
    browser.force_login(agent.person)
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    running = []

    def begin(**more):
        environment = desk | {"ANSHIN_EMBEDDED_WORKER": "0"} | more
        for _one in range(2):
            running.append(Web(environment, slug=shop.slug, cookie=cookie))
        return running

    yield begin
    for each in running:
        each.kill()


def told_of(case):
    """The numbers of all events that a page of this case must have heard of, in order."""
    return list(
        LiveEvent.objects.filter(channel__in=["shop", f"case:{case.pk}"]).order_by("pk").values_list("pk", flat=True)
    )


def heard_all(page, case, *, since):
    return lambda: set(told_of(case)) - set(since) <= set(page.numbers())


def test_notify_carries_changes_and_a_killed_process_makes_nobody_miss_one(webs, case):
    here, there = webs()
    before = told_of(case)
    page = Listener(here, f"case:{case.pk}")
    there.note(case.number, "倉庫に確認中")
    page.until(lambda: len(page.numbers()) >= 1)
    here.kill()
    for number in range(3):
        there.note(case.number, f"続き {number}")
    here.start()
    page.until(heard_all(page, case, since=before))
    page.close()
    assert page.numbers() == told_of(case)[len(before) :]


def test_redis_carries_changes_and_while_it_is_away_pages_work_and_hear_later(webs, redis, case, owner):
    here, there = webs(ANSHIN_LIVE_URL=redis.url)
    before = told_of(case)
    page = Listener(here, f"case:{case.pk}")
    there.note(case.number, "一つ目")
    page.until(heard_all(page, case, since=before))
    redis.kill()
    for number in range(3):
        there.note(case.number, f"Redisなし {number}")
    page.until(heard_all(page, case, since=before))
    assert there.get(f"/s/{there.slug}/inbox/all")[0] == 200
    redis.start()
    here.kill()
    there.note(case.number, "もう一方が止まっている間")
    here.start()
    there.note(case.number, "戻った後")
    page.until(heard_all(page, case, since=before))
    page.close()
    assert sorted(page.numbers()) == told_of(case)[len(before) :]
    assert "reload" not in {kind for _number, kind in page.events}
