"""The audit list, a case's facts and the CSV."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from anshin.plumbing.journal.actions import record
from anshin.plumbing.journal.actors import Actor
from anshin.plumbing.journal.queries import CSV_HEADER, case_facts, csv_rows, entries, order_facts
from tests.plumbing.journal.sample_facts import DoorOpened, LampLit

pytestmark = pytest.mark.django_db


@pytest.fixture
def five(now, tanaka):
    """Lamps 0 to 4 of shop 1, a minute apart, lit by turns by staff and a customer; one lamp of shop 2."""
    customer = Actor.customer(9, "=佐藤")
    made = [
        record(
            LampLit(lamp_id=n),
            shop_id=1,
            by=customer if n % 2 else tanaka,
            now=now + timedelta(minutes=n),
            case_id=n // 2,
            order_id=100 + n,
        )
        for n in range(5)
    ]
    record(LampLit(lamp_id=99), shop_id=2, by=tanaka, now=now, case_id=0, order_id=100)
    return made


def _lamps(page):
    return [row.payload["lamp_id"] for row in page.rows]


def test_pages_go_from_the_newest_to_the_oldest_without_gap_or_repetition(five):
    first = entries(1, limit=2)
    second = entries(1, limit=2, before_id=first.before_id)
    third = entries(1, limit=2, before_id=second.before_id)
    assert [_lamps(page) for page in (first, second, third)] == [[4, 3], [2, 1], [0]]
    assert third.before_id is None


def test_a_full_last_page_promises_no_further_page(five):
    assert entries(1, limit=5).before_id is None


def test_a_page_costs_one_query(five, django_assert_num_queries):
    with django_assert_num_queries(1):
        entries(1, limit=2)


def test_filters_by_actor_case_and_time(five, now, tanaka):
    assert _lamps(entries(1, actor=tanaka)) == [4, 2, 0]
    assert _lamps(entries(1, case_id=1)) == [3, 2]
    assert _lamps(entries(1, since=now + timedelta(minutes=1), until=now + timedelta(minutes=3))) == [2, 1]


def test_filters_by_event_given_as_class_or_name(five, now, tanaka):
    record(DoorOpened(door_id=1), shop_id=1, by=tanaka, now=now)
    assert len(entries(1, event=DoorOpened).rows) == 1
    assert len(entries(1, event="sample.lamp_lit").rows) == 5


def test_facts_of_a_case_and_an_order_are_oldest_first_and_of_the_shop_only(five):
    assert [row.payload["lamp_id"] for row in case_facts(1, 0)] == [0, 1]
    assert [row.payload["lamp_id"] for row in order_facts(1, 100)] == [0]


def test_csv_has_a_header_shows_local_time_and_defuses_formulas(five):
    rows = list(csv_rows(1, zone=ZoneInfo("Asia/Tokyo"), case_id=0))
    assert rows[0] == CSV_HEADER
    assert [row[1:] for row in rows[1:]] == [
        (
            "2026-11-20T10:00:00+09:00",
            "staff",
            "7",
            "田中 花子",
            "sample.lamp_lit",
            "0",
            "100",
            "colour=white lamp_id=0",
        ),
        (
            "2026-11-20T10:01:00+09:00",
            "customer",
            "9",
            "'=佐藤",
            "sample.lamp_lit",
            "0",
            "101",
            "colour=white lamp_id=1",
        ),
    ]
