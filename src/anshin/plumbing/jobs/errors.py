"""The failures that a job may raise to say how it wants to be treated.

Any exception class works: `permanent = True` sends the job to stuck at once, a timedelta in `retry_after` sets
the next attempt, a string in `code` is kept beside the words. These two classes are for jobs without one of
their own.
"""

from datetime import timedelta


class PermanentError(Exception):
    """Trying again cannot help; a person has to look."""

    permanent = True


class RetryLater(Exception):
    """The outside asked us to come back later; counts as an attempt like any other failure."""

    permanent = False

    def __init__(self, words: str, *, after: timedelta) -> None:
        super().__init__(words)
        self.retry_after = after


class UnknownTask(PermanentError):
    """A job row names a task that this version of the programme does not have."""

    code = "unknown_task"


class LeaseLost(Exception):
    """Somebody else has taken this job over or settled it; what this run did in its transaction is undone."""
