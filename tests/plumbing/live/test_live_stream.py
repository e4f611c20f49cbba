"""Open pages get what they follow, after the commit, and catch up when they come back."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

import psycopg
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import OperationalError as DatabaseOperationalError
from django.db import connections, transaction

from anshin.plumbing.live import hub as hub_module
from anshin.plumbing.live import queries
from anshin.plumbing.live.actions import publish
from anshin.plumbing.live.asgi import HEARTBEATS_BEFORE_ASKING, Viewer
from anshin.plumbing.live.models import LiveEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tell(now, hub):
    """Publishes as a request would and lets the test's own hub know, as the process's hub would."""

    def _tell(channel, kind="case.changed", *, shop_id=1, **payload):
        event = publish(shop_id=shop_id, channel=channel, kind=kind, payload=payload, now=now)
        hub.look()
        return event.pk

    return _tell


@pytest.fixture
def run():
    """Runs a test's coroutine with the database of the test."""
    return lambda story: async_to_sync(story)()


def test_a_page_hears_of_its_shop_its_person_and_the_case_it_asked_for(open_page, tell, run):
    async def story():
        async with open_page("channel=case:12") as page:
            told = [
                await sync_to_async(tell)("case:12", a=1),
                await sync_to_async(tell)("person:7", "inbox.changed"),
                await sync_to_async(tell)("shop", "counts.changed", words="返品"),
            ]
            await page.until(lambda p: len(p.frames) == 4)
        assert page.status == 200
        assert page.headers[b"content-type"] == b"text/event-stream; charset=utf-8"
        assert page.headers[b"x-accel-buffering"] == b"no"
        assert page.frames == [
            (0, "here", "{}"),
            (told[0], "case.changed", '{"a":1}'),
            (told[1], "inbox.changed", "{}"),
            (told[2], "counts.changed", '{"words":"返品"}'),
        ]

    run(story)


def test_a_page_hears_nothing_of_other_shops_persons_or_cases(open_page, tell, run):
    async def story():
        async with open_page("channel=case:12&channel=person:8&channel=secret:1") as page:
            await sync_to_async(tell)("shop", shop_id=2)
            await sync_to_async(tell)("case:12", shop_id=2)
            await sync_to_async(tell)("case:13")
            await sync_to_async(tell)("person:8")
            await sync_to_async(tell)("secret:1")
            last = await sync_to_async(tell)("shop")
            await page.until(lambda p: len(p.frames) > 1)
        assert [frame[0] for frame in page.frames[1:]] == [last]

    run(story)


def test_the_last_page_may_go_while_the_table_is_read(hub, tell, run, monkeypatch):
    """asgiref goes on waiting for a thread that is at work and forgets that it was cancelled."""
    asked = asyncio.Event()
    asking = hub_module.ask

    async def asking_without_end(query, *values):
        found = await asking(query, *values)
        if query is not queries.newest_id and not asked.is_set():
            asked.set()
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
        return found

    async def story():
        monkeypatch.setattr(hub_module, "ask", asking_without_end)
        follower = await hub.join(1, ["shop"])
        await sync_to_async(tell)("shop")
        await asyncio.wait_for(asked.wait(), 10)
        parting = asyncio.create_task(hub.part(follower))
        gone, _waiting = await asyncio.wait({parting}, timeout=3)
        assert gone == {parting}

    run(story)


def test_nothing_is_heard_of_what_was_rolled_back(open_page, tell, run):
    def fail():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            tell("shop", "never")
            1 / 0  # noqa: B018

    async def story():
        async with open_page() as page:
            await sync_to_async(fail)()
            await sync_to_async(tell)("shop", "after")
            await page.until(lambda p: len(p.frames) > 1)
        assert [frame[1] for frame in page.frames] == ["here", "after"]

    run(story)


def test_a_page_that_comes_back_gets_what_it_missed_before_what_is_new(open_page, tell, run, is_postgresql):
    ids = [tell("shop", n=n) for n in range(3)]
    tell("case:5")

    async def story():
        async with open_page(last=ids[0]) as page:
            await sync_to_async(tell)("shop", n=9)
            await page.until(lambda p: '"n":9' in p.text)
        assert [data for _, _, data in page.frames] == ['{"n":1}', '{"n":2}', '{"n":9}']

    run(story)


def test_a_new_page_may_name_the_last_event_in_its_address(open_page, tell, run):
    ids = [tell("shop", n=n) for n in range(2)]

    async def story():
        async with open_page(f"last={ids[0]}") as page:
            assert [data for _, _, data in page.frames] == ['{"n":1}']

    run(story)


def test_on_postgresql_a_lower_number_that_was_committed_late_is_not_missed(open_page, tell, run, now, is_postgresql):
    if not is_postgresql:
        pytest.skip("SQLite commits events in the order of their numbers")
    late = LiveEvent(id=100, shop_id=1, channel="shop", kind="late", at=now)
    LiveEvent.objects.create(id=101, shop_id=1, channel="shop", kind="seen", at=now)
    late.save(force_insert=True)

    async def story():
        async with open_page(last=101) as page:
            assert [frame[:2] for frame in page.frames] == [(100, "late")]

    run(story)


def test_a_page_that_was_away_for_too_long_is_told_to_load_anew(open_page, tell, run):
    newest = tell("shop")

    async def story():
        async with open_page(last=newest + 1000) as page:
            assert page.frames == [(newest, "reload", "{}")]

    run(story)


@pytest.mark.parametrize("last", ["abc", "-1", "1" * 30, "１"])
def test_a_last_event_that_is_no_number_counts_as_none(open_page, run, last):
    async def story():
        async with open_page(f"last={last}") as page:
            assert [frame[1] for frame in page.frames] == ["here"]

    run(story)


def test_nobody_without_permission_gets_a_stream(open_page, run, hub):
    async def nobody(scope):
        return None

    async def story():
        async with open_page(allowed=nobody) as page:
            pass
        assert (page.status, page.text) == (403, "")

    run(story)
    assert hub._followers == {}


def test_only_get_is_answered(open_page, run):
    async def story():
        async with open_page(method="POST") as page:
            pass
        assert page.status == 405

    run(story)


def test_an_idle_page_gets_heartbeats(open_page, run):
    async def story():
        async with open_page(heartbeat_seconds=0.01) as page:
            await page.until(lambda p: p.text.count(": still here\n\n") >= 2)

    run(story)


def test_a_page_ends_when_its_viewer_may_not_follow_any_more(open_page, run):
    answers = [Viewer(1, 7)]

    async def once(scope):
        return answers.pop() if answers else None

    async def story():
        async with open_page(allowed=once, heartbeat_seconds=0.001) as page:
            async with asyncio.timeout(10):
                await page.task
        assert page.text.count("still here") == HEARTBEATS_BEFORE_ASKING - 1

    run(story)


def test_nothing_remains_when_the_last_page_has_closed(open_page, run, hub):
    async def story():
        async with open_page():
            reading = hub._reading
            assert not reading.done()
        assert reading.done()
        assert hub._followers == {}

    run(story)


def test_a_page_that_does_not_read_is_let_go_and_the_others_go_on(open_page, tell, run, hub, monkeypatch):
    monkeypatch.setattr(hub_module, "QUEUE_LENGTH", 3)

    async def story():
        async with open_page() as slow, open_page() as quick:
            slow.reading.clear()
            for n in range(6):
                await sync_to_async(tell)("shop", n=n)
                await quick.until(lambda p, n=n: f'"n":{n}' in p.text)
            async with asyncio.timeout(10):
                await slow.task
            assert not quick.task.done()
        assert len(slow.frames) == 1

    run(story)


def test_pages_are_let_go_when_reading_fails(open_page, tell, run, hub, monkeypatch, caplog):
    async def story():
        async with open_page() as page:
            monkeypatch.setattr(hub, "deliver", lambda events: 1 / 0)
            await sync_to_async(tell)("shop")
            async with asyncio.timeout(10):
                await page.task
        monkeypatch.undo()
        async with open_page() as again:
            await sync_to_async(tell)("shop", "after")
            await again.until(lambda p: "after" in p.text)

    run(story)
    assert "reading failed" in caplog.text


def test_what_another_process_publishes_arrives(open_page, run, now):
    """Another connection writes, and nobody wakes this hub: NOTIFY or the look each second brings it."""

    def elsewhere():
        own = connections["default"]
        connections["default"] = own.copy()
        try:
            publish(shop_id=1, channel="shop", kind="from.elsewhere", now=now)
        finally:
            connections["default"].close()
            connections["default"] = own

    async def story():
        async with open_page() as page:
            await sync_to_async(elsewhere)()
            await page.until(lambda p: "from.elsewhere" in p.text)

    run(story)


def test_the_hub_of_this_process_is_woken_by_a_commit(now, monkeypatch, is_postgresql):
    if is_postgresql:
        pytest.skip("On PostgreSQL the NOTIFY wakes it")
    calls = []
    monkeypatch.setattr(hub_module.process_hub, "look", lambda: calls.append(1))
    with transaction.atomic():
        publish(shop_id=1, channel="shop", kind="x", now=now)
        assert calls == []
    assert calls == [1]


def test_a_page_that_cannot_catch_up_is_let_go_and_logged(open_page, tell, run, monkeypatch, caplog):
    newest = tell("shop")
    monkeypatch.setattr(queries, "missed", lambda *args: 1 / 0)

    async def story():
        async with open_page(last=newest) as page, asyncio.timeout(10):
            await page.task

    run(story)
    assert "let go" in caplog.text


def test_a_connection_that_postgresql_has_closed_is_replaced(open_page, tell, run, is_postgresql):
    if not is_postgresql:
        pytest.skip("SQLite has no connections to lose")

    def cut():
        with connections["default"].cursor() as sql:
            sql.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
            )

    async def story():
        async with open_page() as page:
            await sync_to_async(cut)()
            async with asyncio.timeout(10):
                await page.task
        async with open_page() as again:
            await sync_to_async(tell)("shop", "after")
            await again.until(lambda p: "after" in p.text)

    run(story)


def test_a_page_is_turned_away_in_words_that_it_knows_while_the_database_is_away(open_page, run, caplog):
    away = DatabaseOperationalError("connection refused")
    away.__cause__ = psycopg.OperationalError("connection refused")

    async def nobody_knows(scope):
        raise away

    async def story():
        async with open_page(allowed=nobody_knows) as page:
            assert page.status == 503
            assert page.headers[b"retry-after"] == b"3"

    run(story)
    assert not caplog.records


def test_pages_are_let_go_with_a_line_in_the_log_when_the_database_goes(open_page, hub, run, caplog, monkeypatch):
    monkeypatch.setattr(hub_module, "connection", SimpleNamespace(vendor="postgresql"))

    async def cut(ready):
        ready.set()
        await asyncio.sleep(0.05)
        raise DatabaseOperationalError("server closed the connection")

    monkeypatch.setattr(hub, "_listen", cut)

    async def story():
        async with open_page() as page:
            await page.until(lambda p: p.task.done())

    run(story)
    (told,) = [each for each in caplog.records if each.name == hub_module.__name__]
    assert "server closed the connection" in told.getMessage()
    assert told.exc_info is None
