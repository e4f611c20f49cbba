"""Which request began what this thread is doing, and in which job it stands: written beside each line of the log.

A mark says nothing about anybody; it joins the lines of a request with those of the jobs that follow from it.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LONGEST = 64
_PLAIN = re.compile(r"[A-Za-z0-9-]{8,64}")
_mark: ContextVar[str] = ContextVar("anshin_mark", default="")
_job: ContextVar[int | None] = ContextVar("anshin_job", default=None)


def current() -> str:
    """The mark of the request that began this work, "" where none did."""
    return _mark.get()


def current_job() -> int | None:
    """The number of the job that runs in this thread, None outside of jobs."""
    return _job.get()


def begin(given: str = "") -> str:
    """Mark what this thread does from now on as a new request, until the next `begin` or `end`; the mark.

    `given` is taken when it is 8 to 64 letters, digits and hyphens, else a new one is made.
    """
    mark = given if _PLAIN.fullmatch(given) else secrets.token_hex(8)
    _mark.set(mark)
    return mark


def end() -> None:
    """What this thread does from now on belongs to no request."""
    _mark.set("")


@contextmanager
def within_job(job_id: int, mark: str) -> Iterator[None]:
    """What happens inside belongs to this job and to the request that began it; one without is its own beginning."""
    former_mark, former_job = _mark.set(mark or f"job-{job_id}"), _job.set(job_id)
    try:
        yield
    finally:
        _job.reset(former_job)
        _mark.reset(former_mark)
