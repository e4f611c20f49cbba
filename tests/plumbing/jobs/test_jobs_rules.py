"""The pauses between attempts, and what becomes of a failed job."""

from datetime import timedelta

import pytest

from anshin.plumbing.jobs import rules
from anshin.plumbing.jobs.errors import PermanentError, RetryLater
from anshin.plumbing.jobs.terms import State


@pytest.mark.parametrize(
    ("attempt", "roll", "seconds"),
    [
        (1, 0.5, 10),
        (2, 0.5, 20),
        (3, 0.5, 40),
        (9, 0.5, 2560),
        (10, 0.5, 3600),
        (1000, 0.5, 3600),
        (1, 0.0, 7.5),
        (1, 1.0, 12.5),
        (10, 1.0, 4500),
    ],
)
def test_pause_doubles_up_to_an_hour_and_is_spread_by_a_quarter(attempt, roll, seconds):
    assert rules.retry_delay(attempt, roll=roll) == timedelta(seconds=seconds)


def judge(error, now, *, attempt=1, max_attempts=3):
    return rules.after_failure(error, attempt=attempt, max_attempts=max_attempts, now=now, roll=0.5)


def test_ordinary_failure_waits_for_the_next_attempt(now):
    verdict = judge(ValueError("no"), now, attempt=2)
    assert verdict == rules.Verdict(State.WAITING, now + timedelta(seconds=20), "ValueError", "no")


def test_failure_is_stuck_when_the_attempts_are_used_up(now):
    assert judge(ValueError("no"), now, attempt=3) == rules.Verdict(State.STUCK, None, "ValueError", "no")


def test_permanent_failure_is_stuck_at_the_first_attempt(now):
    assert judge(PermanentError("no"), now) == rules.Verdict(State.STUCK, None, "PermanentError", "no")


def test_failure_may_name_the_moment_of_the_next_attempt(now):
    verdict = judge(RetryLater("busy", after=timedelta(minutes=7)), now)
    assert (verdict.state, verdict.run_at) == (State.WAITING, now + timedelta(minutes=7))


def test_words_are_shortened_and_never_empty(now):
    assert len(judge(ValueError("あ" * 5000), now).words) == rules.WORDS_LIMIT
    assert judge(ValueError(), now).words == "ValueError"
    assert judge(ValueError("a\x00b"), now).words == "ab"


def test_job_that_outlived_three_workers_is_stuck(now):
    assert [rules.after_death(deaths, now=now).state for deaths in (1, 2, 3)] == [
        State.WAITING,
        State.WAITING,
        State.STUCK,
    ]
