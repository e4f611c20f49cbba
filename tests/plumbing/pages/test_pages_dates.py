"""What moments look like at the desk."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from anshin.plumbing.pages import dates

NOW = datetime(2026, 11, 22, 5, 5, tzinfo=UTC)  # Sunday, 14:05 in Tokyo


@pytest.fixture(autouse=True)
def _tokyo():
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        yield


@pytest.mark.parametrize(
    ("moment", "ja", "en"),
    [
        (datetime(2026, 11, 22, 8, 30, tzinfo=UTC), "今日 17:30", "Today 17:30"),
        (datetime(2026, 11, 21, 12, 38, tzinfo=UTC), "昨日 21:38", "Yesterday 21:38"),
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), "明日 0:00", "Tomorrow 0:00"),
        (datetime(2026, 11, 15, 5, 5, tzinfo=UTC), "11月15日(日) 14:05", "Sun 15 Nov 14:05"),
        (datetime(2025, 12, 31, 15, 1, tzinfo=UTC), "1月1日(木) 0:01", "Thu 1 Jan 0:01"),
        (datetime(2025, 12, 31, 14, 59, tzinfo=UTC), "2025年12月31日(水) 23:59", "Wed 31 Dec 2025 23:59"),
    ],
)
def test_a_moment_is_named_by_its_day_in_the_shops_zone(moment, ja, en):
    assert dates.when(moment, now=NOW, language="ja") == ja
    assert dates.when(moment, now=NOW, language="en") == en


@pytest.mark.parametrize(
    ("gone", "ja", "en"),
    [
        (timedelta(seconds=59), "たった今", "just now"),
        (timedelta(minutes=-5), "たった今", "just now"),
        (timedelta(minutes=1), "1分前", "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59分前", "59 min ago"),
        (timedelta(hours=1), "1時間前", "1 hr ago"),
        (timedelta(hours=23, minutes=59), "23時間前", "23 hr ago"),
        (timedelta(hours=24), "昨日", "Yesterday"),
        (timedelta(days=3), "11月19日(木)", "Thu 19 Nov"),
    ],
)
def test_an_age_is_relative_for_a_day_and_then_a_date(gone, ja, en):
    assert dates.ago(NOW - gone, now=NOW, language="ja") == ja
    assert dates.ago(NOW - gone, now=NOW, language="en") == en


@pytest.mark.parametrize(
    ("ahead", "ja", "en"),
    [
        (timedelta(minutes=55), "あと55分", "55 min left"),
        (timedelta(minutes=119, seconds=59), "あと119分", "119 min left"),
        (timedelta(hours=2), "今日 16:05", "Today 16:05"),
        (timedelta(minutes=-30), "30分超過", "30 min over"),
        (timedelta(hours=-47), "47時間超過", "47 hr over"),
        (timedelta(days=-2), "2日超過", "2 days over"),
    ],
)
def test_a_due_time_counts_down_when_it_is_near_and_up_when_it_is_past(ahead, ja, en):
    assert dates.left(NOW + ahead, now=NOW, language="ja") == ja
    assert dates.left(NOW + ahead, now=NOW, language="en") == en


def test_a_day_of_another_year_carries_its_year():
    assert dates.day(date(2025, 11, 22), today=date(2026, 11, 22), language="ja") == "2025年11月22日(土)"
    assert dates.day(date(2027, 1, 1), today=date(2026, 12, 31), language="ja") == "明日"


def test_the_exact_moment_is_whole():
    assert dates.exactly(NOW, language="ja") == "2026年11月22日(日) 14:05"
    assert dates.exactly(NOW, language="en") == "Sun 22 Nov 2026 14:05"
