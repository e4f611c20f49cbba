"""Runs all due jobs here and now, one after the other; for tests and for filling the demo shop."""

import itertools
from dataclasses import dataclass
from datetime import datetime

from anshin.plumbing.jobs import execute
from anshin.plumbing.jobs.claim import claim_next
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.terms import State

LIMIT = 100_000
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Ran:
    """One run: which task, and the state in which it left its job."""

    job_id: int
    task: str
    state: State


class StuckJob(AssertionError):
    """A job that was run inline got stuck; the message says which and why."""


def run_due_jobs(now: datetime, *, raise_stuck: bool = True) -> list[Ran]:
    """Run every job that is due at `now`, and those that they enqueue, until none is due; what ran, in order.

    A failed job waits for its next attempt as in a worker and is not due any more. Tests that expect a job to
    get stuck pass `raise_stuck=False`.
    Raises: StuckJob.
    """
    ran: list[Ran] = []
    while claim := claim_next(token=f"inline:{next(_numbers)}", now=now):
        execute.record(claim, execute.perform(claim, clock=lambda: now, roll=lambda: 0.5), now=now)
        job = Job.objects.get(pk=claim.job_id)
        ran.append(Ran(claim.job_id, claim.task, State(job.state)))
        if raise_stuck and job.state == State.STUCK:
            raise StuckJob(f"{job.task} #{job.pk}: {job.last_error_code}: {job.last_error_words}")
        if len(ran) >= LIMIT:
            raise RuntimeError(f"Jobs keep enqueuing jobs; stopped after {LIMIT}. The last was {claim.task}.")
    return ran
