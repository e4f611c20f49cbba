"""Whose turn it is: values in, decision out."""

from datetime import UTC, datetime, timedelta

import pytest

from anshin.channels.email.pacing import turns
from anshin.channels.email.pacing.paces import CARRIERS, ORDINARY, YAHOO_JAPAN, receiver_of
from anshin.channels.email.pacing.turns import Lane, ask, asks_for_patience, left, refused

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
STRICT = receiver_of("a@docomo.ne.jp").pace
FRESH = Lane(NOW, NOW, NOW - timedelta(days=1))


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("misaki@docomo.ne.jp", "docomo"),
        ("Misaki@DOCOMO.NE.JP.", "docomo"),
        ("a@ezweb.ne.jp", "au"),
        ("a@biz.ezweb.ne.jp", "au"),
        ("a@ido.ne.jp", "au"),
        ("a@yahoo.ne.jp", "softbank"),
        ("a@au.com", "au"),
        ("a@softbank.ne.jp", "softbank"),
        ("a@i.softbank.jp", "softbank"),
        ("a@d.vodafone.ne.jp", "softbank"),
        ("a@ymobile.ne.jp", "softbank"),
        ("a@rakumail.jp", "rakuten"),
        ("a@yahoo.co.jp", "yahoo_japan"),
        ("a@mail.yahoo.co.jp", "yahoo_japan"),
        ("a@notdocomo.ne.jp", "notdocomo.ne.jp"),
        ("a@docomo.ne.jp.evil.example", "docomo.ne.jp.evil.example"),
        ("a@gmail.com", "gmail.com"),
    ],
)
def test_a_receiver_is_known_by_its_domain_and_what_lies_below(address: str, key: str) -> None:
    assert receiver_of(address).key == key


def test_carriers_get_one_mail_at_a_time_and_others_four() -> None:
    assert {each.key: each.pace.at_once for each in (*CARRIERS.values(), YAHOO_JAPAN)} == {
        "docomo": 1, "au": 1, "softbank": 1, "rakuten": 1, "yahoo_japan": 2,
    }  # fmt: skip
    assert receiver_of("a@gmail.com").pace == ORDINARY
    assert ORDINARY.at_once == 4


def test_the_first_goes_at_once_and_the_next_get_turns_in_the_order_in_which_they_asked() -> None:
    lane, given = FRESH, []
    for number in range(1, 5):
        told = ask(lane, STRICT, number, given_at=None, now=NOW)
        lane = told.lane
        given.append(told.turn_at)
    assert given == [None, after(5), after(8), after(11)]  # the first holds the lane, so the second waits five seconds


def test_a_turn_that_was_given_is_kept_however_often_one_asks() -> None:
    lane = ask(FRESH, STRICT, 1, given_at=None, now=NOW).lane
    told = ask(lane, STRICT, 2, given_at=None, now=NOW)
    again = ask(told.lane, STRICT, 2, given_at=told.turn_at, now=after(1))
    assert (again.turn_at, again.lane) == (told.turn_at, told.lane)


def test_whose_turn_has_come_goes_before_one_who_asks_anew() -> None:
    lane = left(ask(FRESH, STRICT, 1, given_at=None, now=NOW).lane, 1, now=after(1))
    second = ask(lane, STRICT, 2, given_at=None, now=after(1))
    assert second.turn_at == after(4)
    newcomer = ask(second.lane, STRICT, 3, given_at=None, now=after(4))
    assert newcomer.turn_at == after(7)
    assert ask(newcomer.lane, STRICT, 2, given_at=after(4), now=after(4)).turn_at is None


def test_a_conversation_that_lasts_makes_the_next_wait_although_its_turn_has_come() -> None:
    lane = ask(FRESH, STRICT, 1, given_at=None, now=NOW).lane
    told = ask(lane, STRICT, 2, given_at=after(3), now=after(3))
    assert told.turn_at == after(8)
    assert set(told.lane.holders) == {1}


def test_turns_that_all_went_by_are_not_taken_in_one_burst() -> None:
    late = after(600)
    first = ask(FRESH, STRICT, 1, given_at=after(3), now=late)
    lane = left(first.lane, 1, now=late)
    assert first.turn_at is None
    assert ask(lane, STRICT, 2, given_at=after(6), now=late).turn_at == late + timedelta(seconds=3)


def test_after_a_slow_conversation_the_next_waits_from_its_end_and_keeps_its_place() -> None:
    lane = ask(FRESH, STRICT, 1, given_at=None, now=NOW).lane
    second = ask(lane, STRICT, 2, given_at=None, now=NOW)
    third = ask(second.lane, STRICT, 3, given_at=None, now=NOW)
    lane = left(third.lane, 1, now=after(4.9))

    early = ask(lane, STRICT, 2, given_at=second.turn_at, now=after(5))
    assert (early.turn_at, early.lane) == (after(6.4), lane)
    lane = ask(early.lane, STRICT, 2, given_at=early.turn_at, now=after(6.4)).lane
    assert sorted(lane.holders) == [2]
    assert third.turn_at == after(8)


def test_one_that_was_killed_in_the_middle_goes_on_and_a_dead_one_frees_the_lane() -> None:
    lane = ask(FRESH, STRICT, 1, given_at=None, now=NOW).lane
    assert ask(lane, STRICT, 1, given_at=None, now=after(20)).turn_at is None
    assert ask(lane, STRICT, 2, given_at=None, now=NOW + turns.HOLD).turn_at is None


def test_four_go_to_an_ordinary_receiver_and_the_fifth_waits() -> None:
    lane = FRESH
    for number in range(1, 5):
        told = ask(lane, ORDINARY, number, given_at=None, now=NOW)
        assert told.turn_at is None
        lane = told.lane
    assert ask(lane, ORDINARY, 5, given_at=None, now=NOW).turn_at == after(5)


def test_later_pauses_everybody_each_time_twice_as_long_and_at_most_an_hour() -> None:
    lane, now, pauses = FRESH, NOW, []
    for _try in range(6):
        lane = refused(ask(lane, STRICT, 1, given_at=None, now=now).lane, STRICT, 1, now=now)
        pauses.append((lane.paused_until_at - now) / timedelta(minutes=1))
        now = lane.paused_until_at
    assert pauses == [5, 10, 20, 40, 60, 60]
    assert lane.holders == {}


def test_what_waits_for_the_end_of_a_pause_leaves_one_after_the_other() -> None:
    lane = refused(FRESH, ORDINARY, 1, now=NOW)
    given = []
    for number in (2, 3, 4):
        told = ask(lane, ORDINARY, number, given_at=None, now=after(10))
        lane = told.lane
        given.append(told.turn_at)
    assert given == [after(60), after(62), after(64)]


def test_a_turn_inside_a_pause_moves_behind_it() -> None:
    lane = ask(FRESH, STRICT, 1, given_at=None, now=NOW).lane
    given = ask(lane, STRICT, 2, given_at=None, now=NOW)
    paused = refused(given.lane, STRICT, 1, now=after(1))
    assert ask(paused, STRICT, 2, given_at=given.turn_at, now=after(2)).turn_at == after(301)


def test_conversations_that_end_alike_at_the_same_time_are_one_refusal() -> None:
    lane = refused(FRESH, ORDINARY, 1, now=NOW)
    assert refused(lane, ORDINARY, 2, now=after(1)).refusals == 1


def test_a_mail_that_was_taken_ends_the_back_off_but_no_running_pause() -> None:
    paused = refused(FRESH, STRICT, 1, now=NOW)
    assert left(paused, 2, now=after(1)).refusals == 1
    assert left(paused, 2, now=after(301)).refusals == 0


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("421 4.3.2 shutting down", True),
        ("450 4.2.0 Greylisted", True),
        ("451 try later", True),
        ("452 4.7.28 unusual rate", True),
        ("454-4.7.0 too many", True),
        ("452 4.2.2 mailbox full", False),
        ("452 4.3.1 out of storage", False),
        ("550 4.7.1 odd", False),
        ("", False),
        ("The connection broke off.", False),
    ],
)
def test_too_much_at_once_is_told_from_not_now(words: str, asked: bool) -> None:
    assert asks_for_patience(words) is asked
