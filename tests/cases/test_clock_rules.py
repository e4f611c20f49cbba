"""Targets, deadlines and the order of the inbox as values: no database."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anshin.cases import rules
from anshin.cases.rules import Target
from anshin.shops.queries import Calendar, _national_holidays

TOKYO = ZoneInfo("Asia/Tokyo")
WEEK = {day: (time(10), time(18)) for day in range(5)}


def calendar(*, week=WEEK, own=(), zone=TOKYO):
    return Calendar(week, lambda day: day in own or day in _national_holidays(day.year), zone)


def tokyo(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (tokyo(2026, 11, 20, 17, 40), 120, tokyo(2026, 11, 24, 11, 40)),  # over a weekend and Labour Thanksgiving Day
        (tokyo(2026, 11, 13, 17, 40), 120, tokyo(2026, 11, 16, 11, 40)),  # over a weekend
        (tokyo(2026, 11, 18, 10, 0), 480, tokyo(2026, 11, 18, 18, 0)),  # exactly one day
        (tokyo(2026, 11, 18, 3, 0), 60, tokyo(2026, 11, 18, 11, 0)),  # at night
        (tokyo(2026, 5, 1, 17, 0), 120, tokyo(2026, 5, 7, 11, 0)),  # Golden Week: 3, 4, 5 May, and 6 May in lieu
        (tokyo(2026, 12, 28, 17, 0), 120, tokyo(2027, 1, 5, 11, 0)),  # the year's end with the shop's own days
    ],
)
def test_opening_time_skips_nights_weekends_and_holidays(start, minutes, due):
    own = {date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 4)}
    assert calendar(own=own).after(start, timedelta(minutes=minutes)) == due


def test_the_shops_own_zone_counts_and_not_tokyos():
    start = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # 18:00 in Tokyo, 9:00 in London
    assert calendar().after(start, timedelta(hours=1)) == tokyo(2026, 11, 19, 11)
    london = calendar(zone=ZoneInfo("Europe/London"))
    assert london.after(start, timedelta(hours=1)) == datetime(2026, 11, 18, 11, tzinfo=UTC)


def test_a_shop_that_is_never_open_counts_plain_time():
    start, never = tokyo(2026, 11, 20, 17), calendar(week={})
    assert never.after(start, timedelta(hours=20)) == start + timedelta(hours=20)
    assert never.between(start, start + timedelta(hours=20)) == timedelta(hours=20)


MOMENTS = st.integers(0, 60 * 24 * 300).map(
    lambda minutes: datetime(2026, 4, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
SPANS = st.integers(1, 60 * 24 * 5).map(lambda minutes: timedelta(minutes=minutes))


@settings(max_examples=60, deadline=None)
@given(MOMENTS, MOMENTS, MOMENTS)
def test_opening_time_adds_up(one, two, three):
    first, second, third = sorted((one, two, three))
    counted = calendar()
    assert counted.between(first, second) + counted.between(second, third) == counted.between(first, third)


@settings(max_examples=60, deadline=None)
@given(MOMENTS, SPANS)
def test_what_was_counted_forward_is_found_again(start, span):
    counted = calendar()
    assert counted.between(start, counted.after(start, span)) == span


@settings(max_examples=60, deadline=None)
@given(MOMENTS, st.integers(15, 2_400), st.floats(0.05, 0.95), st.integers(1, 60 * 24 * 9))
def test_a_pause_loses_no_minute(start, target, share, pause):
    """However long we waited for the customer: the opening time before and after the pause is the target."""
    counted = calendar()
    paused = counted.after(start, timedelta(minutes=target) * share)
    used = counted.between(start, paused)
    resumed = paused + timedelta(minutes=pause)
    found = rules.deadline(since=resumed, answer=(target, used), resolution=None, after=counted.after)
    assert used + counted.between(resumed, found.due_at) == timedelta(minutes=target)
    assert found.warn_at <= found.due_at


def test_the_earlier_of_answer_and_resolution_is_what_is_due():
    counted, since = calendar(), tokyo(2026, 11, 18, 10)
    none, most = timedelta(0), timedelta(minutes=2_300)
    fresh = rules.deadline(since=since, answer=(480, none), resolution=(2_400, none), after=counted.after)
    assert (fresh.due_at, fresh.warn_at) == (tokyo(2026, 11, 18, 18), tokyo(2026, 11, 18, 16))
    old = rules.deadline(since=since, answer=(480, none), resolution=(2_400, most), after=counted.after)
    assert (old.due_at, old.answer_due_at) == (tokyo(2026, 11, 18, 11, 40), tokyo(2026, 11, 18, 18))
    assert rules.deadline(since=since, answer=None, resolution=None, after=counted.after) is None


def test_more_used_than_wanted_is_due_at_the_next_open_minute():
    found = rules.deadline(
        since=tokyo(2026, 11, 20, 19), answer=(60, timedelta(hours=3)), resolution=None, after=calendar().after
    )
    assert found.due_at == tokyo(2026, 11, 24, 10)


@pytest.mark.parametrize(("target", "minutes"), [(30, 15), (60, 15), (120, 30), (480, 120), (2_400, 240)])
def test_a_quarter_of_the_target_is_near_within_bounds(target, minutes):
    assert rules.warning_minutes(target) == minutes


PHONE = Target(channel="phone", answer_minutes=120)
DEFECT = Target(topic="item.defect", answer_minutes=240, resolution_minutes=960)
ZIPPER = Target(topic="item.defect/zipper", answer_minutes=90)
DEFECT_BY_PHONE = Target(channel="phone", topic="item.defect", answer_minutes=45)
URGENT_DEFECT = Target(topic="item.defect", priority="urgent", answer_minutes=30)
SLOW_URGENT = Target(priority="urgent", answer_minutes=300)
ALL = [PHONE, DEFECT, ZIPPER, DEFECT_BY_PHONE]


@pytest.mark.parametrize(
    ("targets", "channel", "topic", "urgent", "answer", "resolution"),
    [
        ([], "email", "", False, 480, 2_400),
        ([], "email", "", True, 60, 2_400),
        (ALL, "phone", "other", False, 120, 2_400),
        (ALL, "email", "item.defect", False, 240, 960),
        (ALL, "email", "item.defect/zipper", False, 90, 960),  # the resolution from the topic above it
        (ALL, "phone", "item.defect", False, 45, 960),
        (ALL, "phone", "item.defect/zipper", False, 90, 960),  # the topic says more than the channel
        (ALL, "email", "item.defect", True, 60, 960),
        ([*ALL, URGENT_DEFECT], "email", "item.defect", True, 30, 960),
        ([*ALL, URGENT_DEFECT], "email", "item.defect", False, 240, 960),
        ([SLOW_URGENT], "email", "", True, 300, 2_400),  # the shop's word on urgent cases replaces ours
        ([SLOW_URGENT, DEFECT], "email", "item.defect", True, 240, 960),  # never longer than if it were not urgent
        ([Target(resolution_minutes=1_200)], "email", "", False, 480, 1_200),
    ],
)
def test_the_most_specific_target_wins(targets, channel, topic, urgent, answer, resolution):
    aim = rules.aim_for(targets, channel=channel, topic=topic, is_urgent=urgent, answer_minutes=480)
    assert (aim.answer_minutes, aim.resolution_minutes) == (answer, resolution)


def test_urgent_is_never_slower_than_the_shops_general_target():
    aim = rules.aim_for([], channel="email", topic="", is_urgent=True, answer_minutes=30)
    assert aim.answer_minutes == 30


NOW = tokyo(2026, 11, 20, 14)


def rank(due_at, *, urgent=False, on=None, second=False):
    return rules.rank_moment(due_at, is_urgent=urgent, urgent_on=on, is_second_contact=second)


def test_a_gift_due_tomorrow_outranks_older_ordinary_cases():
    """Requirement: gift orders with a date near come before ordinary cases, however late these are."""
    late = [NOW - timedelta(days=days) for days in (40, 9, 1)]
    ranks = {
        "injury": rank(NOW + timedelta(hours=3), urgent=True),
        "gift tomorrow": rank(NOW + timedelta(hours=1), urgent=True, on=date(2026, 11, 21)),
        "gift in a week": rank(NOW + timedelta(minutes=5), urgent=True, on=date(2026, 11, 27)),
        "late": rank(late[0]),
        "late, too": rank(late[1]),
        "second contact": rank(NOW + timedelta(days=1), second=True),
        "late by a day": rank(late[2]),
        "in time": rank(NOW + timedelta(days=1)),
    }
    assert sorted(ranks, key=ranks.get) == list(ranks)


def test_the_same_matter_is_an_order_or_else_a_topic_that_says_something():
    def same(orders, topics, earlier_orders, earlier_topics):
        return rules.is_same_matter(
            orders=orders, topics=topics, earlier_orders=earlier_orders, earlier_topics=earlier_topics
        )

    assert same({1}, ["item.defect"], {1, 2}, ["return.how"])
    assert same(set(), ["item.defect/zipper"], {1}, ["item.defect"])
    assert not same({1}, ["item.defect"], {2}, ["item.defect"])  # another order
    assert not same(set(), ["other"], set(), ["other"])
    assert not same(set(), [], set(), [])


@pytest.mark.parametrize(
    ("topics", "tags", "resolution", "wanted"),
    [
        (["item.defect"], [], "replaced", True),
        (["item.defect/zipper"], [], "", True),
        (["product.info", "delivery.damaged"], [], "answered", True),
        (["product.info"], ["クレーム"], "answered", True),
        (["product.info"], [], "answered", False),
        (["item.injury"], [], "not_a_case", False),
        (["item.wrong"], [], "duplicate", False),
    ],
)
def test_what_went_wrong_is_asked_after(topics, tags, resolution, wanted):
    assert rules.wants_follow_up(topics=topics, tag_names=tags, resolution=resolution) is wanted
