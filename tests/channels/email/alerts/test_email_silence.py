"""When a mailbox is silent for unusually long: tables of mailboxes, each with what it is used to."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from anshin.channels.email.alerts.silence import SHORTEST_SILENCE, learn, silence
from anshin.shops.rules import open_spans

TOKYO = ZoneInfo("Asia/Tokyo")
WEEK = {weekday: (time(10), time(18)) for weekday in range(5)}
TODAY = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # Friday, 10:00 in Tokyo
BEGAN = TODAY - timedelta(days=56)
HOLIDAYS = {date(2026, 11, 3)}


def spans(begin, end, hours=WEEK, holidays=HOLIDAYS):
    return open_spans(begin, end, hours=hours, is_holiday=holidays.__contains__, zone=TOKYO)


def mails(an_hour, *, days=56, seed=1, around_the_clock=False, hours=WEEK):
    """Moments of independent mails in opening time (or always), until TODAY."""
    roll, moments = random.Random(seed), []
    begin = TODAY - timedelta(days=days)
    stretches = [(begin, TODAY)] if around_the_clock else spans(begin, TODAY, hours)
    for first, last in stretches:
        moment = first
        while (moment := moment + timedelta(hours=roll.expovariate(an_hour))) < last:
            moments.append(moment)
    return moments


def learned(an_hour, **how):
    return learn(mails(an_hour, **how), spans(BEGAN, TODAY), TOKYO)


def since(hours):
    """The opening time of so many hours from Friday 10:00."""
    return spans(TODAY, TODAY + timedelta(hours=hours))


def test_a_busy_mailbox_is_silent_after_two_hours_and_not_before():
    rhythm = learned(20)
    assert silence(rhythm, since(1.99), TOKYO) is None
    found = silence(rhythm, since(2), TOKYO)
    assert (found.open_minutes, found.expected_count) == (120, 41)
    assert found.usual_pause_minutes < 40


def test_a_quiet_mailbox_is_silent_only_after_days():
    rhythm = learned(0.5)  # four a day
    assert silence(rhythm, since(8), TOKYO) is None
    found = silence(rhythm, spans(TODAY, TODAY + timedelta(days=4)), TOKYO)  # Friday and Monday
    assert (found.open_minutes, found.expected_count) == (960, 9)


@pytest.mark.parametrize("an_hour", [0.5, 2, 10, 60])
@pytest.mark.parametrize("seed", range(5))
def test_an_ordinary_week_never_makes_an_alarm(an_hour, seed):
    """Nobody is woken by chance: learned from eight weeks, looked at every ten minutes of a ninth."""
    rhythm = learned(an_hour, seed=seed)
    roll, last = random.Random(seed + 100), TODAY
    week = spans(TODAY, TODAY + timedelta(days=7))
    coming = [first + (end - first) * roll.random() for first, end in week for _mail in range(round(an_hour * 8))]
    moment = TODAY
    for arrival in [*sorted(coming), week[-1][1]]:
        while moment < arrival:
            assert silence(rhythm, spans(last, moment), TOKYO) is None
            moment += timedelta(minutes=10)
        last = arrival


def test_nights_and_weekends_do_not_count():
    rhythm = learned(20)
    friday_evening, monday = TODAY.replace(hour=8, minute=55), datetime(2026, 11, 23, 2, 59, tzinfo=UTC)
    assert silence(rhythm, spans(friday_evening, monday - timedelta(hours=0)), TOKYO) is not None  # 5 min and 1:59
    assert silence(rhythm, spans(friday_evening, monday - timedelta(minutes=10)), TOKYO) is None


def test_a_holiday_does_not_count():
    rhythm = learned(20)
    monday = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Labour Thanksgiving Day
    assert silence(rhythm, spans(monday, monday + timedelta(hours=8), holidays={date(2026, 11, 23)}), TOKYO) is None


def test_an_hour_in_which_little_comes_is_allowed_to_be_silent():
    """Nothing ever comes before noon: the morning does not count, however long."""
    moments = [moment for moment in mails(20) if moment.astimezone(TOKYO).hour >= 13]
    rhythm = learn(moments, spans(BEGAN, TODAY), TOKYO)
    assert silence(rhythm, since(3), TOKYO) is None


@pytest.mark.parametrize("days", [1, 5, 13])
def test_a_new_mailbox_is_never_silent(days):
    assert learned(20, days=days) is None


def test_a_mailbox_that_began_lately_is_known_from_then_on():
    assert learned(20, days=28).rates[0][12] == pytest.approx(20, abs=5)


def test_a_mailbox_with_few_mails_is_never_silent():
    assert learn(mails(0.1), spans(BEGAN, TODAY), TOKYO) is None
    assert learn([], spans(BEGAN, TODAY), TOKYO) is None


def test_one_outage_in_the_past_does_not_make_deaf():
    begin, end = datetime(2026, 11, 10, tzinfo=UTC), datetime(2026, 11, 13, tzinfo=UTC)
    kept = [moment for moment in mails(20) if not begin < moment < end]
    rhythm = learn(kept, spans(BEGAN, TODAY), TOKYO)
    assert rhythm.usual_pause_minutes < 40
    assert silence(rhythm, since(2), TOKYO) is not None


def test_pauses_that_are_usual_are_allowed():
    """A batch each morning, nothing for the rest of the day: 7 open hours of pause are usual."""
    moments = [first + timedelta(minutes=minute) for first, _end in spans(BEGAN, TODAY) for minute in range(0, 60, 2)]
    rhythm = learn(moments, spans(BEGAN, TODAY), TOKYO)
    assert 400 < rhythm.usual_pause_minutes < 440
    monday = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert silence(rhythm, spans(monday, monday + timedelta(hours=8)), TOKYO) is None


def test_the_floor_holds_for_the_busiest_mailbox():
    rhythm = learned(600, days=40)
    assert silence(rhythm, since(SHORTEST_SILENCE / timedelta(hours=1) - 0.1), TOKYO) is None


def test_a_shop_that_is_never_open_is_open_on_all_days_but_holidays():
    always = spans(TODAY, TODAY + timedelta(days=3), hours={}, holidays={date(2026, 11, 21)})
    assert sum((end - begin for begin, end in always), timedelta()) == timedelta(hours=14 + 24 + 10)


def test_spans_are_cut_at_both_ends_and_closed_days_are_missing():
    found = spans(TODAY.replace(hour=3), datetime(2026, 11, 23, 2, tzinfo=UTC))
    assert found == [
        (TODAY.replace(hour=3), TODAY.replace(hour=9)),
        (datetime(2026, 11, 23, 1, tzinfo=UTC), datetime(2026, 11, 23, 2, tzinfo=UTC)),
    ]
    assert spans(TODAY, TODAY) == []
