"""Who is at a case, and that pages hear of it only when it changes."""

from datetime import timedelta

import pytest

from anshin.plumbing.live.models import LiveEvent
from anshin.plumbing.live.presence import Here, here, leave, touch

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_case(now):
    def _touch(person_id, name, *, seconds=0, is_writing=False, shop_id=1):
        return touch(
            shop_id=shop_id,
            subject="case:5",
            person_id=person_id,
            name=name,
            is_writing=is_writing,
            now=now + timedelta(seconds=seconds),
        )

    return _touch


def _published():
    return [event.payload["people"] for event in LiveEvent.objects.filter(channel="case:5").order_by("id")]


def test_a_person_is_seen_for_forty_seconds(at_case, now):
    assert at_case(7, "田中") == (Here(7, "田中", is_writing=False),)
    assert here(1, "case:5", now + timedelta(seconds=39)) == (Here(7, "田中", is_writing=False),)
    assert here(1, "case:5", now + timedelta(seconds=40)) == ()


def test_two_people_see_each_other_and_who_writes(at_case):
    at_case(7, "Tanaka")
    assert at_case(8, "Sato", is_writing=True) == (
        Here(8, "Sato", is_writing=True),
        Here(7, "Tanaka", is_writing=False),
    )


def test_staying_is_not_published(at_case):
    at_case(7, "Tanaka")
    at_case(7, "Tanaka", seconds=15)
    at_case(7, "Tanaka", seconds=30)
    assert _published() == [[{"id": 7, "name": "Tanaka", "is_writing": False}]]


def test_beginning_and_ceasing_to_write_is_published(at_case):
    at_case(7, "Tanaka")
    at_case(7, "Tanaka", seconds=5, is_writing=True)
    at_case(7, "Tanaka", seconds=10, is_writing=True)
    at_case(7, "Tanaka", seconds=15)
    assert [people[0]["is_writing"] for people in _published()] == [False, True, False]


def test_coming_back_is_published(at_case):
    at_case(7, "Tanaka")
    at_case(7, "Tanaka", seconds=40)
    assert len(_published()) == 2


def test_leaving_is_published_once(at_case, now):
    at_case(7, "Tanaka")
    leave(shop_id=1, subject="case:5", person_id=7, now=now)
    leave(shop_id=1, subject="case:5", person_id=7, now=now)
    assert _published()[1:] == [[]]
    assert here(1, "case:5", now) == ()


def test_another_shop_sees_nobody(at_case, now):
    at_case(7, "Tanaka")
    assert here(2, "case:5", now) == ()
    assert at_case(7, "Tanaka", shop_id=2) == (Here(7, "Tanaka", is_writing=False),)
