"""The desk's pages of publishers' lists: who sees them, what stands there, what is refused."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anshin.plumbing.files.store import read_bytes
from anshin.safety import queries
from anshin.safety.models import Advisory, Feed, FeedFetch, FeedItem
from anshin.safety.terms import AsideReason, ItemState
from tests.safety.test_feeds import CAR, SMOKE, URL, entry, facts, feed, fetched, kz, publishers, rss  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def text(answer):
    return answer.content.decode()


def at(shop, more):
    return f"/s/{shop.slug}/safety/{more}"


@pytest.fixture
def read(feed, now):  # noqa: F811
    return fetched(feed, now)


def test_the_list_shows_what_may_be_ours_with_why(signed_in, agent, shop, kz, read):  # noqa: F811
    page = text(signed_in(agent).get(at(shop, "items")))
    assert "卓上加湿器「しずく」で発煙" in page
    assert "型番が同じ" in page
    assert "販売実績なし" in page
    assert "ころころ" not in page
    assert "ころころ" in text(signed_in(agent).get(at(shop, "items?q=ころころ")))


def test_a_page_that_tells_the_day_and_the_source_makes_a_notice_by_one_click(signed_in, agent, shop, kz, read):  # noqa: F811
    client, item = signed_in(agent), read["n1"]
    page = text(client.get(at(shop, f"items/{item.pk}")))
    assert "https://kurashi.example/n/1" in page
    assert "全国くらし安全室" in page
    answer = client.post(at(shop, f"items/{item.pk}/draft"))
    made = Advisory.objects.get()
    assert answer["Location"] == at(shop, made.key)
    assert text(client.get(at(shop, made.key))).count("全国くらし安全室")
    assert "お知らせを開く" in text(client.get(at(shop, f"items/{item.pk}")))


def test_others_see_the_entry_as_if_nobody_had_begun(signed_in, agent, manager, shop, kz, read, client):  # noqa: F811
    item = read["n1"]
    other = signed_in(manager)
    before = [text(other.get(at(shop, more))) for more in ("items", f"items/{item.pk}", "items?state=drafted")]
    signed_in(agent).post(at(shop, f"items/{item.pk}/draft"))
    key = Advisory.objects.get().key
    other = signed_in(manager)
    after = [text(other.get(at(shop, more))) for more in ("items", f"items/{item.pk}", "items?state=drafted")]
    for one, two in zip(before, after, strict=True):
        assert key not in two
        assert ("お知らせを開く" in two, "作成中</" in two) == ("お知らせを開く" in one, "作成中</" in one)


def test_aside_with_a_reason_and_back(signed_in, agent, shop, kz, read):  # noqa: F811
    client, item = signed_in(agent), read["n1"]
    refused = client.post(at(shop, f"items/{item.pk}/aside"), {"reason": "other"})
    assert refused.status_code == 422
    item.refresh_from_db()
    assert item.state == ItemState.MATCHED
    client.post(at(shop, f"items/{item.pk}/aside"), {"reason": "other_product", "words": "別の会社の品"})
    item.refresh_from_db()
    assert (item.aside_reason, item.aside_words) == (AsideReason.OTHER_PRODUCT, "別の会社の品")
    assert "別の会社の品" in text(client.get(at(shop, "items?state=aside")))
    client.post(at(shop, f"items/{item.pk}/aside"), {"do": "up"})
    item.refresh_from_db()
    assert item.state == ItemState.MATCHED
    assert client.post(at(shop, f"items/{item.pk}/aside"), {"reason": "x"}).status_code == 404


def test_a_manager_adds_a_list_and_sees_how_it_fares(signed_in, manager, shop, publishers):  # noqa: F811
    client = signed_in(manager)
    told = {"name": "a", "url": URL, "kind": "rss", "language": "ja", "zone": "Asia/Tokyo", "every_minutes": "60"}
    wrong = client.post(at(shop, "feeds/new"), told | {"url": "file:///etc/passwd"})
    assert (wrong.status_code, Feed.objects.count()) == (422, 0)
    answer = client.post(at(shop, "feeds/new"), told)
    made = Feed.objects.get()
    assert answer["Location"] == at(shop, f"feeds/{made.pk}")
    publishers.answers[URL] = b"<!doctype html><html></html>"
    fetched(made, made.next_at)
    page = text(client.get(at(shop, "feeds")))
    assert "読めていません" in page
    assert "ウェブページが届きました" in page


def test_columns_are_named_and_the_last_list_is_read_so(signed_in, manager, shop, feed, read, now):  # noqa: F811
    client = signed_in(manager)
    page = text(client.get(at(shop, f"feeds/{feed.pk}")))
    assert "summary" in page
    columns = [name for name, _meaning in queries.headings_of(feed)]
    place = columns.index("summary")
    told = {"name": feed.name, "url": feed.url, "kind": "rss", "language": "ja", "zone": "Asia/Tokyo"}
    client.post(at(shop, f"feeds/{feed.pk}"), told | {"every_minutes": "60", f"column{place}": "remedy"})
    feed.refresh_from_db()
    assert feed.mapping == {"summary": "remedy"}
    found = fetched(feed, now)
    assert "やけど" in found["n1"].remedy
    assert found["n1"].hazard == ""


def test_what_came_is_saved_as_it_came(signed_in, manager, shop, feed, read):  # noqa: F811
    kept = FeedFetch.objects.get()
    answer = signed_in(manager).get(at(shop, f"feeds/raw/{kept.pk}"))
    assert answer.content == read_bytes(kept.blob)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("role", "more", "status"),
    [
        ("agent", "items", 200),
        ("agent", "feeds", 403),
        ("agent", "feeds/new", 403),
        ("warehouse", "items", 403),
        ("manager", "feeds", 200),
        ("owner", "items", 200),
    ],
)
def test_pages_are_for_whom_they_are(request, signed_in, shop, feed, role, more, status):  # noqa: F811
    assert signed_in(request.getfixturevalue(role)).get(at(shop, more)).status_code == status


def test_strangers_find_nothing(client, stranger, shop, feed, read):  # noqa: F811
    client.force_login(stranger.person)
    item, kept = read["n1"], FeedFetch.objects.get()
    for more in ("items", "feeds", f"items/{item.pk}", f"feeds/{feed.pk}", f"feeds/raw/{kept.pk}"):
        assert client.get(at(shop, more)).status_code == 404
        own = client.get(at(stranger.shop, more))
        assert own.status_code in {200, 403, 404}
        assert "しずく" not in text(own)
    assert client.post(at(stranger.shop, f"items/{item.pk}/draft")).status_code in {403, 404}
    assert not Advisory.objects.exists()


def test_bad_addresses_are_404(signed_in, agent, shop):
    client = signed_in(agent)
    for more in ("items?state=x", "items?page=x", "items/999999"):
        assert client.get(at(shop, more)).status_code == 404
    assert client.get(at(shop, "items?feed=" + "9" * 40)).status_code == 200


def test_the_list_costs_the_same_however_many(signed_in, agent, shop, feed, kz, publishers, now):  # noqa: F811
    client = signed_in(agent)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            client.get(at(shop, "items"))
        return len(seen)

    publishers.answers[URL] = rss(SMOKE, CAR)
    fetched(feed, now)
    cost()
    few = cost()
    publishers.answers[URL] = rss(*(entry(n, f"「しずく」{n} 加湿器") for n in range(1, 40)))
    fetched(feed, feed.next_at)
    assert FeedItem.objects.count() == 40 - 1
    assert cost() == few
