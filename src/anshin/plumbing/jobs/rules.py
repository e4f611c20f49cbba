"""Decides what becomes of a job that failed or whose worker died: when it runs again, or that it is stuck."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from anshin.plumbing.jobs.terms import State

FIRST_DELAY = timedelta(seconds=10)
LONGEST_DELAY = timedelta(hours=1)
JITTER = 0.25
MAX_ATTEMPTS = 15
MAX_DEATHS = 3
WORDS_LIMIT = 2000
CODE_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a job goes into after a run, with the reason when it is not done."""

    state: State
    run_at: datetime | None = None
    code: str = ""
    words: str = ""


def retry_delay(attempt: int, *, roll: float) -> timedelta:
    """The pause after failed attempt number `attempt` (from 1): 10 s, doubled each time, at most one hour.

    Units: `roll` is a random number from 0 to 1 that spreads the pause by a quarter either way.
    """
    doubled = FIRST_DELAY * int(2 ** min(attempt - 1, 30))
    return min(doubled, LONGEST_DELAY) * (1 + JITTER * (2 * roll - 1))


def after_failure(error: BaseException, *, attempt: int, max_attempts: int, now: datetime, roll: float) -> Verdict:
    """Stuck when the failure is permanent or the attempts are used up, else waiting for the next attempt."""
    code, words = _reason(error)
    if getattr(error, "permanent", None) is True or attempt >= max_attempts:
        return Verdict(State.STUCK, code=code, words=words)
    after = getattr(error, "retry_after", None)
    delay = after if isinstance(after, timedelta) else retry_delay(attempt, roll=roll)
    return Verdict(State.WAITING, run_at=now + delay, code=code, words=words)


def after_death(deaths: int, *, now: datetime) -> Verdict:
    """What becomes of a job whose worker stopped giving signs of life for the `deaths`-th time."""
    words = f"The worker died while this job was running ({deaths} of {MAX_DEATHS})."
    if deaths >= MAX_DEATHS:
        return Verdict(State.STUCK, code="worker_died", words=words)
    return Verdict(State.WAITING, run_at=now, code="worker_died", words=words)


def _reason(error: BaseException) -> tuple[str, str]:
    given = getattr(error, "code", None)
    code = given if isinstance(given, str) and given else type(error).__name__
    words = str(error).strip() or type(error).__name__
    return code[:CODE_LIMIT], words.replace("\x00", "")[:WORDS_LIMIT]
