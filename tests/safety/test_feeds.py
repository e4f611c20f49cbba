"""Publishers' lists: asked, kept, read, compared with what was sold; and what a person makes of an entry."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from anshin.commerce.models import Product
from anshin.plumbing.files.models import Blob
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.safety import actions, queries
from anshin.safety.actions import FeedFacts
from anshin.safety.fakes import PracticePublishers
from anshin.safety.models import Advisory, Feed, FeedDraft, FeedFetch, FeedItem, FeedMatch, ProductMatch
from anshin.safety.ports import NotHad, feed_servers
from anshin.safety.rules import asking
from anshin.safety.terms import (
    AsideReason,
    HazardClass,
    HazardType,
    ItemState,
    Origin,
    RemedyKind,
)
from anshin.shops.actions import NotAllowed

pytestmark = pytest.mark.django_db
URL = "https://kurashi.example/feed.rss"
JST = timezone(timedelta(hours=9))


def entry(number, title, text="", day="Thu, 19 Nov 2026 10:00:00 +0900", link=None):
    link = link or f"https://kurashi.example/n/{number}"
    return (
        f"<item><title>{title}</title><link>{link}</link><guid isPermaLink='false'>n{number}</guid>"
        f"<pubDate>{day}</pubDate><description>{text}</description></item>"
    )


def rss(*entries):
    return f"<rss version='2.0'><channel><title>x</title>{''.join(entries)}</channel></rss>".encode()


SMOKE = entry(1, "卓上加湿器「しずく」で発煙", "型番ＫＺ－２０から煙が出て、1人がやけどを負った。返金します。")
CAR = entry(2, "木の車「ころころ」の塗料に鉛", "", "Wed, 18 Nov 2026 10:00:00 +0900")
NEWS = entry(3, "年末の買い物に注意", "", "Tue, 17 Nov 2026 10:00:00 +0900")
BAD = "<item><guid isPermaLink='false'>n4</guid><description>何か</description><pubDate>いつか</pubDate></item>"


@pytest.fixture
def publishers():
    made = PracticePublishers({URL: rss(SMOKE, CAR, NEWS, BAD)})
    with feed_servers.filled_with(made):
        yield made


@pytest.fixture
def facts():
    return FeedFacts(name="くらしの安全", kind="rss", url=URL, agency="全国くらし安全室", zone="Asia/Tokyo")


@pytest.fixture
def feed(manager, facts, publishers, now):
    return actions.add_feed(by=manager, facts=facts, now=now)


@pytest.fixture
def kz(shop):
    return Product.objects.create(shop=shop, sku="HM-1", name="卓上加湿器 しずく", model_number="KZ-20", price_yen=5980)


def fetched(feed, at):
    actions.fetch_feed(feed.pk, clock=lambda: at)
    feed.refresh_from_db()
    return {item.source_id: item for item in FeedItem.objects.filter(feed=feed)}


class TestAsking:
    def test_the_bytes_are_kept_before_they_are_read(self, feed, publishers, now, monkeypatch):
        def die(*_args, **_more):
            raise RuntimeError

        with monkeypatch.context() as broken:
            broken.setattr(actions.fetching, "take_in", die)
            with pytest.raises(RuntimeError):
                actions.fetch_feed(feed.pk, clock=lambda: now)
        kept = FeedFetch.objects.get()
        assert (read_bytes(kept.blob), kept.read_at) == (publishers.answers[URL], None)
        assert not FeedItem.objects.exists()

        found = fetched(feed, now + timedelta(minutes=1))  # begun again: read, and not asked twice
        assert (len(found), FeedFetch.objects.get().entries, len(publishers.asked)) == (4, 4, 1)

    def test_the_same_again_costs_no_row(self, feed, publishers, now):
        fetched(feed, now)
        fetched(feed, now + timedelta(hours=2))
        assert publishers.asked[1][1] == feed.etag != ""
        assert (FeedFetch.objects.count(), Blob.objects.count()) == (1, 1)
        assert feed.read_at == now + timedelta(hours=2)
        assert feed.next_at == now + timedelta(hours=3)

    def test_nobody_is_asked_before_the_time_or_when_switched_off(self, feed, manager, publishers, now):
        fetched(feed, now)
        fetched(feed, now + timedelta(minutes=59))
        actions.switch_feed(by=manager, feed_id=feed.pk, is_on=False, now=now)
        fetched(feed, now + timedelta(days=9))
        assert len(publishers.asked) == 1

    def test_failures_wait_longer_and_are_said(self, feed, publishers, now):
        publishers.answers[URL] = NotHad("status", "503", retry_after=timedelta(hours=5))
        fetched(feed, now)
        assert (feed.trouble, feed.trouble_words, feed.failures) == ("status", "503", 1)
        assert feed.next_at == now + timedelta(hours=5)
        publishers.answers[URL] = NotHad("too_slow", "kurashi.example")
        fetched(feed, now + timedelta(hours=5))
        assert (feed.failures, feed.next_at) == (2, now + timedelta(hours=9))
        assert feed.trouble_since_at == now + timedelta(hours=5)
        publishers.answers[URL] = rss(SMOKE)
        fetched(feed, now + timedelta(hours=9))
        assert (feed.trouble, feed.failures, feed.trouble_since_at) == ("", 0, None)

    def test_a_page_instead_of_the_list_is_kept_and_said_and_the_entries_stay(self, feed, publishers, now):
        fetched(feed, now)
        publishers.answers[URL] = b"<!doctype html><html><body>sign in</body></html>"
        found = fetched(feed, now + timedelta(hours=1))
        assert feed.trouble == "not_a_feed"
        assert len(feed.trouble_words) > 20
        assert len(found) == 4
        assert not any(item.gone_at for item in found.values())
        assert FeedFetch.objects.order_by("-id").first().trouble == "not_a_feed"
        publishers.answers[URL] = rss(SMOKE, CAR, NEWS, BAD)
        fetched(feed, now + timedelta(hours=9))
        assert (feed.trouble, publishers.asked[-1][1] != "") == ("", True)

    def test_jobs_are_called_once_for_what_is_due(self, feed, now):
        Job.objects.all().delete()
        assert actions.call_due_feeds(now=now) == 1
        assert actions.call_due_feeds(now=now) == 1
        assert Job.objects.filter(task=actions.feeding.FETCH).count() == 1

    @pytest.mark.parametrize(("failures", "hours"), [(0, 1), (1, 2), (2, 4), (4, 16), (5, 24), (12, 24), (500, 24)])
    def test_the_wait_doubles_up_to_a_day(self, failures, hours):
        assert asking.wait(every_minutes=60, failures=failures) == timedelta(hours=hours)

    def test_a_weekly_list_is_not_asked_sooner_for_failing(self):
        assert asking.wait(every_minutes=10_080, failures=3) == timedelta(days=7)


class TestEntries:
    def test_what_was_sold_rises_with_reason_and_certainty(self, feed, agent, kz, bought, now):
        bought(product=kz)
        fetched(feed, now)
        page = queries.inbox(agent, tab="open")
        assert [item.source_id for item in page.items] == ["n1", "n4", "n3"]
        top = page.items[0]
        match = top.known_matches[0]
        assert (top.state, top.rank, match.reason, match.certainty, match.is_sold) == ("matched", 75, "model", 75, True)

    def test_what_is_kept_and_was_never_sold_ranks_half(self, feed, kz, now):
        assert fetched(feed, now)["n1"].rank == 37
        assert FeedMatch.objects.get().is_sold is False

    def test_what_nobody_sells_is_put_aside_with_a_reason_and_found(self, feed, agent, now):
        found = fetched(feed, now)
        assert (found["n2"].state, found["n2"].aside_reason) == (ItemState.PUT_ASIDE, AsideReason.UNSOLD)
        assert [item.source_id for item in queries.inbox(agent, tab="aside", asked="ころころ").items] == ["n2"]
        assert queries.inbox(agent, tab="all", asked="しずく ＫＺ－２０").items[0].source_id == "n1"
        assert queries.inbox(agent, tab="aside", asked="ない言葉").items == []

    def test_what_names_no_product_waits_for_a_person_and_what_says_nothing_is_explained(self, feed, now):
        found = fetched(feed, now)
        assert found["n3"].state == ItemState.NEW
        assert (found["n4"].state, bool(found["n4"].trouble)) == (ItemState.UNREADABLE, True)

    def test_the_same_entry_again_is_changed_not_doubled(self, feed, manager, kz, publishers, now):
        found = fetched(feed, now)
        actions.put_aside(by=manager, item_id=found["n1"].pk, reason=AsideReason.OTHER_PRODUCT, now=now)
        later = entry(1, "卓上加湿器「しずく」で発煙(対象を追加)", "型番KZ-20、KZ-21")
        publishers.answers[URL] = rss(later, CAR, NEWS, BAD)
        found = fetched(feed, now + timedelta(hours=1))
        assert FeedItem.objects.count() == 4
        assert found["n1"].title == "卓上加湿器「しずく」で発煙(対象を追加)"
        assert (found["n1"].changed_at, found["n1"].first_read_at) == (now + timedelta(hours=1), now)
        assert found["n1"].state == ItemState.MATCHED  # the publisher changed it, so a person looks again
        assert found["n2"].changed_at is None

    def test_an_entry_that_is_taken_out_is_shown_and_one_that_ran_out_is_not(self, feed, agent, publishers, now):
        fetched(feed, now)
        publishers.answers[URL] = rss(SMOKE, NEWS)
        later = now + timedelta(hours=1)
        found = fetched(feed, later)
        assert found["n2"].gone_at == later
        assert [item.source_id for item in queries.inbox(agent, tab="gone").items] == ["n2"]
        publishers.answers[URL] = rss(SMOKE)
        assert fetched(feed, now + timedelta(hours=2))["n3"].gone_at is None
        publishers.answers[URL] = rss(SMOKE, CAR)
        assert fetched(feed, now + timedelta(hours=3))["n2"].gone_at is None

    def test_what_the_publisher_calls_withdrawn_is_marked(self, feed, publishers, now):
        publishers.answers[URL] = rss(entry(1, "【取り下げ】卓上加湿器「しずく」"))
        assert fetched(feed, now)["n1"].gone_at == now

    def test_an_empty_list_takes_nothing_out(self, feed, publishers, now):
        fetched(feed, now)
        publishers.answers[URL] = rss()
        found = fetched(feed, now + timedelta(hours=1))
        assert not any(item.gone_at for item in found.values())

    def test_one_address_in_two_lists_is_one_entry(self, feed, manager, agent, facts, publishers, now):
        fetched(feed, now)
        other = f"{URL}?2"
        publishers.answers[other] = rss(entry(77, "発煙の件", link="https://kurashi.example/n/1"))
        second = actions.add_feed(
            by=manager, facts=FeedFacts(name="別", kind="rss", url=other, zone="Asia/Tokyo"), now=now
        )
        double = fetched(second, now)["n77"]
        assert double.same_as.source_id == "n1"
        assert "n77" not in {item.source_id for item in queries.inbox(agent, tab="all").items}
        assert queries.item_by_id(agent, double.same_as_id).other_lists == [double]

    def test_a_zone_that_is_told_later_gives_the_times(self, manager, publishers, shop, now):
        publishers.answers[URL] = rss(entry(1, "「しずく」", day="2026/11/19 10:00"))
        plain = FeedFacts(name="x", kind="rss", url=URL)
        feed = actions.add_feed(by=manager, facts=plain, now=now)
        item = fetched(feed, now)["n1"]
        assert (item.asks_zone, item.published_at, item.published) == (True, None, "2026/11/19 10:00")
        assert queries.items_asking_for_zone(shop) == {feed.pk: 1}
        told = FeedFacts(name="x", kind="rss", url=URL, zone="Asia/Tokyo")
        actions.change_feed(by=manager, feed_id=feed.pk, facts=told, now=now)
        item = fetched(feed, now)["n1"]
        assert item.published_at == datetime(2026, 11, 19, 10, tzinfo=JST)
        assert queries.items_asking_for_zone(shop) == {}

    def test_a_product_that_comes_into_the_shop_later_is_found(self, feed, shop, now):
        found = fetched(feed, now)
        assert found["n2"].state == ItemState.PUT_ASIDE
        Product.objects.create(shop=shop, sku="TOY-9", name="ころころ", price_yen=900)
        assert actions.match_again(shop=shop, now=now + timedelta(days=1)) == 1
        assert FeedItem.objects.get(source_id="n2").state == ItemState.MATCHED
        assert actions.match_again(shop=shop, now=now + timedelta(days=1)) == 0

    def test_another_shop_sees_nothing(self, feed, stranger, now):
        found = fetched(feed, now)
        assert queries.inbox(stranger, tab="all").items == []
        assert queries.item_by_id(stranger, found["n1"].pk) is None
        assert queries.item_counts(stranger).open == 0


class TestPersons:
    def test_one_click_makes_a_sealed_notice_with_what_is_known(self, feed, agent, kz, bought, now):
        bought(product=kz)
        item = fetched(feed, now)["n1"]
        made = actions.draft_from_item(by=agent, item_id=item.pk, now=now)
        assert (made.title, made.agency, made.source_url, made.origin) == (
            "卓上加湿器「しずく」で発煙",
            "全国くらし安全室",
            "https://kurashi.example/n/1",
            Origin.FEED,
        )
        assert made.source_read_on == now.astimezone(JST).date()
        assert made.publish_at == datetime(2026, 11, 19, 10, tzinfo=JST)
        assert (made.hazard_class, made.hazard_type, made.remedy) == (
            HazardClass.HARM,
            HazardType.FIRE,
            RemedyKind.REFUND,
        )
        assert ProductMatch.objects.filter(affected__advisory=made, product=kz).exists()
        assert actions.draft_from_item(by=agent, item_id=item.pk, now=now) == made
        assert FeedDraft.objects.count() == 1

    def test_who_is_not_named_does_not_learn_of_it(self, feed, agent, manager, kz, now):
        item = fetched(feed, now)["n1"]
        before = [(each.pk, each.state, each.rank) for each in queries.inbox(manager, tab="open").items]
        actions.draft_from_item(by=agent, item_id=item.pk, now=now)
        after = [(each.pk, each.state, each.rank) for each in queries.inbox(manager, tab="open").items]
        assert before == after
        assert queries.item_by_id(manager, item.pk).known_drafts == []
        assert queries.inbox(manager, tab="drafted").items == []
        assert [each.pk for each in queries.inbox(agent, tab="drafted").items] == [item.pk]
        assert item.pk not in [each.pk for each in queries.inbox(agent, tab="open").items]
        assert queries.item_counts(manager).matched == queries.item_counts(agent).matched + 1
        assert not JournalEntry.objects.filter(event__startswith="advisory").exists()
        assert actions.draft_from_item(by=manager, item_id=item.pk, now=now).author == manager

    def test_aside_needs_a_reason_and_comes_back(self, feed, agent, now):
        item = fetched(feed, now)["n3"]
        with pytest.raises(actions.ReasonNeeded):
            actions.put_aside(by=agent, item_id=item.pk, reason=AsideReason.OTHER, now=now)
        item.refresh_from_db()
        assert item.state == ItemState.NEW
        actions.put_aside(by=agent, item_id=item.pk, reason=AsideReason.NO_HAZARD, now=now)
        actions.put_aside(by=agent, item_id=item.pk, reason=AsideReason.NO_HAZARD, now=now)
        assert JournalEntry.objects.filter(event="feed.item_put_aside").count() == 1
        assert actions.take_up(by=agent, item_id=item.pk, now=now).state == ItemState.NEW

    def test_roles_and_strangers_are_refused_and_nothing_happens(self, feed, facts, agent, warehouse, stranger, now):
        item = fetched(feed, now)["n1"]
        rows = (Feed.objects.count(), JournalEntry.objects.count(), Advisory.objects.count())
        for call in (
            lambda: actions.add_feed(by=agent, facts=facts, now=now),
            lambda: actions.switch_feed(by=agent, feed_id=feed.pk, is_on=False, now=now),
            lambda: actions.ask_now(by=warehouse, feed_id=feed.pk, now=now),
            lambda: actions.put_aside(by=warehouse, item_id=item.pk, reason=AsideReason.KNOWN, now=now),
            lambda: actions.draft_from_item(by=warehouse, item_id=item.pk, now=now),
        ):
            with pytest.raises(NotAllowed):
                call()
        with pytest.raises(actions.UnknownItem):
            actions.draft_from_item(by=stranger, item_id=item.pk, now=now)
        with pytest.raises(NotAllowed):
            actions.switch_feed(by=stranger, feed_id=feed.pk, is_on=False, now=now)
        stranger.role = "manager"
        with pytest.raises(actions.UnknownFeed):
            actions.switch_feed(by=stranger, feed_id=feed.pk, is_on=False, now=now)
        assert rows == (Feed.objects.count(), JournalEntry.objects.count(), Advisory.objects.count())

    @pytest.mark.parametrize(
        ("wrong", "where"),
        [
            ({"name": " "}, "name"),
            ({"url": "file:///etc/passwd"}, "url"),
            ({"url": "https://a:b@c.example/"}, "url"),
            ({"url": "http://[::1"}, "url"),
            ({"kind": "x"}, "kind"),
            ({"zone": "Mars/Base"}, "zone"),
            ({"every_minutes": 14}, "every_minutes"),
            ({"mapping": {"a": "b"}}, "mapping"),
            ({"language": "xx"}, "language"),
        ],
    )
    def test_what_makes_no_sense_is_said_beside_its_field(self, manager, wrong, where, now):
        values = {"name": "x", "kind": "rss", "url": URL} | wrong
        with pytest.raises(actions.BadFeed) as refused:
            actions.add_feed(by=manager, facts=FeedFacts(**values), now=now)
        assert refused.value.where == where
        assert not Feed.objects.exists()

    def test_an_address_that_leads_inside_is_not_saved(self, feed, manager, facts, now, monkeypatch):
        monkeypatch.setattr("anshin.plumbing.web.reach.resolve", lambda _host, _port: ["10.1.2.3"])
        for act in (
            lambda: actions.add_feed(by=manager, facts=facts, now=now),
            lambda: actions.change_feed(by=manager, feed_id=feed.pk, facts=facts, now=now),
        ):
            with pytest.raises(actions.BadFeed) as refused:
                act()
            assert refused.value.where == "url"
        assert Feed.objects.count() == 1

    def test_an_address_is_read_once(self, feed, manager, facts, now):
        with pytest.raises(actions.BadFeed) as refused:
            actions.add_feed(by=manager, facts=facts, now=now)
        assert (refused.value.where, Feed.objects.count()) == ("url", 1)

    def test_the_inbox_costs_the_same_however_many(self, feed, agent, kz, publishers, now, django_assert_num_queries):
        publishers.answers[URL] = rss(*(entry(n, f"「しずく」{n} 加湿器") for n in range(1, 41)))
        fetched(feed, now)
        with django_assert_num_queries(3):
            assert len(queries.inbox(agent, tab="open").items) == 40
