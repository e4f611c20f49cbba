"""Redis rings in every process; when it is away that is said once, and the owner's page has a sentence about it."""

import asyncio
import logging
import shutil
import threading

import pytest
from django.utils import translation

from anshin.connectors.bells import adapter
from anshin.connectors.bells.adapter import RedisBell
from anshin.plumbing.live import hub as hub_module
from anshin.plumbing.live.actions import publish
from anshin.plumbing.live.ports import carrier
from anshin.plumbing.live.recent import Recent
from anshin.project.cli.worker import live_trouble
from anshin.staff import system_checks
from tests.connectors.brokers.own_redis import OwnRedis


@pytest.fixture
def redis():
    if not shutil.which("redis-server"):
        pytest.skip("Debian's redis-server is not installed")
    server = OwnRedis()
    yield server
    server.kill()


def test_a_ring_is_heard_by_others_and_redis_may_go_and_come_back(redis, caplog, monkeypatch):
    monkeypatch.setattr(adapter, "AGAIN_SECONDS", 0.1)
    mine, other = RedisBell(redis.url), RedisBell(redis.url)

    async def story():
        rings = other.rings()
        assert await anext(rings) is True  # it can be reached
        mine.ring()
        assert await asyncio.wait_for(anext(rings), 20) is True
        await asyncio.to_thread(redis.kill)
        while await asyncio.wait_for(anext(rings), 20):
            pass
        mine.ring()  # is lost, and nobody waits for it
        await asyncio.to_thread(redis.start)
        while not await asyncio.wait_for(anext(rings), 20):
            pass
        mine.ring()
        assert await asyncio.wait_for(anext(rings), 20) is True
        await rings.aclose()

    with caplog.at_level(logging.WARNING):
        asyncio.run(story())
    assert sum("takes no rings" in record.message for record in caplog.records) in {1, 2}


def test_the_owners_page_says_whether_redis_answers(redis, shop, now):
    def row():
        with translation.override("en"):
            return next((each for each in system_checks.checks(shop, now=now) if each.title == "Open pages"), None)

    assert row() is None  # the database tells processes of each other
    with carrier.filled_with(RedisBell(redis.url)):
        assert row().state == "good"
        redis.kill()
        assert (row().state, "Pages work" in row().words) == ("warn", True)


class Still:
    """A bell that nobody hears, as when a process dies between its commit and its ring."""

    def __init__(self):
        self.rung = threading.Event()

    def ring(self):
        self.rung.set()

    async def rings(self):
        yield True
        await asyncio.Event().wait()

    def is_well(self):
        return True


@pytest.mark.django_db(transaction=True)
def test_what_nobody_rang_for_is_found_anyway(now, monkeypatch):
    monkeypatch.setattr(hub_module, "LOOK_ANYWAY_SECONDS", 0.05)
    hub, still = hub_module.Hub(), Still()

    async def story():
        follower = await hub.join(1, {"shop"})
        event = await asyncio.to_thread(tell)
        number, _frame = await asyncio.wait_for(follower.queue.get(), 20)
        assert number == event
        await hub.part(follower)

    def tell():
        from django.db import connection

        try:
            return publish(shop_id=1, channel="shop", kind="x", now=now).pk
        finally:
            connection.close()

    with carrier.filled_with(still):
        from asgiref.sync import async_to_sync

        async_to_sync(story)()
    assert still.rung.is_set()


@pytest.mark.django_db
def test_each_event_is_given_once_and_a_late_lower_number_too(now, monkeypatch):
    from anshin.plumbing.live.models import LiveEvent

    moments = iter([0.0, 1.0, 2.0, 20.0, 40.0, 60.0])
    first = publish(shop_id=1, channel="shop", kind="before", now=now).pk
    recent = Recent(moment=lambda: next(moments))
    assert recent.look() == []

    def event(number):
        return LiveEvent.objects.create(pk=number, shop_id=1, channel="shop", kind="x", payload={}, at=now)

    event(first + 5)
    assert [each.pk for each in recent.look()] == [first + 5]
    event(first + 3)  # its transaction had begun earlier and was committed later
    assert [each.pk for each in recent.look()] == [first + 3]
    assert recent.look() == []
    event(first + 6)
    assert [each.pk for each in recent.look()] == [first + 6]
    assert recent.look() == []


@pytest.mark.parametrize(("url", "words"), [("", ""), ("http://redis", "must begin"), ("redis://localhost", "")])
def test_a_wrong_setting_is_a_sentence(settings, monkeypatch, url, words):
    monkeypatch.setenv("LC_ALL", "C")
    settings.ANSHIN_LIVE_URL = url
    assert words in live_trouble()
    assert bool(live_trouble()) == bool(words)
