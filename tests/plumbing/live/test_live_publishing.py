"""What may be published, and how long it is kept."""

from datetime import timedelta

import pytest

from anshin.plumbing.live.actions import PayloadTooLarge, prune, publish
from anshin.plumbing.live.models import LiveEvent, Presence

pytestmark = pytest.mark.django_db


def test_a_payload_that_carries_content_is_refused(now):
    with pytest.raises(PayloadTooLarge):
        publish(shop_id=1, channel="shop", kind="x", payload={"text": "x" * 4000}, now=now)
    assert not LiveEvent.objects.exists()


@pytest.mark.parametrize("word", ["", "a b", "a\nid: 9", "x" * 65, "返品"])
def test_a_channel_or_kind_that_is_no_plain_word_is_refused(now, word):
    with pytest.raises(ValueError, match="Not a channel"):
        publish(shop_id=1, channel=word, kind="x", now=now)
    with pytest.raises(ValueError, match="Not a channel"):
        publish(shop_id=1, channel="shop", kind=word, now=now)
    assert not LiveEvent.objects.exists()


def test_events_older_than_an_hour_are_forgotten(now):
    for minutes in (61, 60, 0):
        publish(shop_id=1, channel="shop", kind="x", payload={"m": minutes}, now=now - timedelta(minutes=minutes))
    Presence.objects.create(shop_id=1, subject="case:1", person_id=7, name="a", seen_at=now - timedelta(minutes=61))
    assert prune(now=now) == 1
    assert [event.payload["m"] for event in LiveEvent.objects.order_by("id")] == [60, 0]
    assert not Presence.objects.exists()


def test_the_newest_event_is_kept_so_that_idle_pages_can_come_back(now):
    publish(shop_id=1, channel="shop", kind="x", now=now - timedelta(days=3))
    assert prune(now=now) == 0
    assert LiveEvent.objects.count() == 1
