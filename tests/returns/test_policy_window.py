"""The last day of a period: on the shop's clock, day by day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.returns.rules.policy_content import PolicyContent
from anshin.returns.rules.policy_judging import judge
from anshin.returns.rules.policy_window import day_of, last_day, last_day_by_law
from anshin.returns.terms import Verdict
from tests.returns.policy_texts import asked

TOKYO = ZoneInfo("Asia/Tokyo")
ZONES = ("Asia/Tokyo", "UTC", "Pacific/Kiritimati", "America/New_York", "Europe/London", "Pacific/Pago_Pago")
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
STARTS = ("delivery", "order", "shipping")


def terms(days, start="delivery", **more):
    return PolicyContent(accepts=True, days=days, start=start, allows_opened=True, payer="customer", **more)


@pytest.mark.parametrize(
    ("days", "asked_on", "verdict"),
    [
        (8, date(2026, 4, 9), "allowed"),
        (8, date(2026, 4, 10), "refused"),
        (14, date(2026, 4, 15), "allowed"),
        (14, date(2026, 4, 16), "refused"),
        (30, date(2026, 5, 1), "allowed"),
        (30, date(2026, 5, 2), "refused"),
    ],
)
def test_the_last_day_is_accepted_and_the_next_is_refused(days, asked_on, verdict):
    decision = judge(terms(days), asked(asked_on=asked_on))
    assert (decision.verdict, decision.clause) == (verdict, "mind.period")
    assert decision.until == date(2026, 4, 1) + timedelta(days=days)


def test_by_law_the_day_of_delivery_is_the_first_of_eight():
    assert last_day_by_law(date(2026, 4, 1)) == date(2026, 4, 8)
    on_the_eighth = judge(None, asked(asked_on=date(2026, 4, 8)))
    on_the_ninth = judge(None, asked(asked_on=date(2026, 4, 9)))
    assert (on_the_eighth.verdict, on_the_ninth.verdict) == (Verdict.ALLOWED, Verdict.REFUSED)
    assert on_the_eighth.is_by_law
    assert on_the_eighth.payer == "customer"


@given(
    moment=MOMENTS,
    days=st.sampled_from([7, 8, 9, 13, 14, 15, 29, 30, 31]),
    zone=st.sampled_from(ZONES),
    start=st.sampled_from(STARTS),
)
def test_every_moment_of_the_last_day_is_in_time_and_the_first_after_it_is_not(moment, days, zone, start):
    clock = ZoneInfo(zone)
    began = day_of(moment, clock)
    last = began + timedelta(days=days)
    midnight = datetime(last.year, last.month, last.day, tzinfo=clock)
    next_midnight = datetime(*(last + timedelta(days=1)).timetuple()[:3], tzinfo=clock)
    verdicts = [
        judge(
            terms(days, start),
            asked(ordered_on=began, shipped_on=began, delivered_on=began, asked_on=day_of(at.astimezone(UTC), clock)),
        ).verdict
        for at in (midnight, next_midnight.astimezone(UTC) - timedelta(microseconds=1), next_midnight)
    ]
    assert verdicts == ["allowed", "allowed", "refused"]


@given(minutes=st.integers(0, 24 * 60 - 1), days=st.integers(1, 60))
def test_a_day_in_tokyo_begins_nine_hours_before_that_of_greenwich(minutes, days):
    delivered = datetime(2026, 3, 31, 15, 0, tzinfo=UTC) + timedelta(minutes=minutes)  # all through 1 April in Tokyo
    assert day_of(delivered, TOKYO) == date(2026, 4, 1)
    assert last_day(day_of(delivered, TOKYO), days) == date(2026, 4, 1) + timedelta(days=days)


def test_an_end_on_a_closed_day_moves_where_the_policy_says_so():
    def closed(day):
        return day.weekday() >= 5

    friday, monday, tuesday = date(2026, 4, 3), date(2026, 4, 20), date(2026, 4, 21)
    late = {"delivered_on": friday + timedelta(days=1)}  # Saturday, so fourteen days end on Saturday the 18th
    moving = terms(14, moves_on_holiday=True)
    assert judge(moving, asked(asked_on=monday, **late), is_closed=closed).verdict == "allowed"
    assert judge(moving, asked(asked_on=tuesday, **late), is_closed=closed).verdict == "refused"
    assert judge(terms(14), asked(asked_on=monday, **late), is_closed=closed).verdict == "refused"


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 60), st.sets(st.integers(0, 6), max_size=7))
def test_a_moved_end_is_never_earlier_and_never_on_a_closed_day(start_on, days, closed_weekdays):
    plain = last_day(start_on, days)
    moved = last_day(start_on, days, is_closed=lambda day: day.weekday() in closed_weekdays)
    assert moved >= plain
    if len(closed_weekdays) < 7:
        assert moved.weekday() not in closed_weekdays
        assert moved - plain < timedelta(days=7)
    else:
        assert moved - plain == timedelta(days=60)
