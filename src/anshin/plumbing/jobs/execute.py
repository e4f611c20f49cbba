"""Runs one claimed job and says how it ended; for the workers and for inline runs."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter, thread_time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django_tasks.base import TaskContext

from anshin.plumbing.jobs import backend, holding, registry
from anshin.plumbing.jobs.claim import Claim, settle
from anshin.plumbing.jobs.errors import LeaseLost
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.rules import MAX_ATTEMPTS, Verdict, after_failure
from anshin.plumbing.jobs.terms import State
from anshin.plumbing.watching import counts, marks

log = logging.getLogger(__name__)
ran = logging.getLogger("anshin.access.jobs")
DONE = Verdict(State.DONE)


@dataclass(slots=True)
class _Run:
    claim: Claim
    clock: Callable[[], datetime]
    is_finishing: bool = False
    is_settled: bool = False


_current: ContextVar[_Run | None] = ContextVar("job_run", default=None)


@contextmanager
def finishing() -> Iterator[None]:
    """One transaction in which the block's rows and the job's mark "done" are written: both or neither.

    For the last step of a task that talked to the outside before. Outside of a job it is a plain transaction.
    Raises: LeaseLost when another worker has taken the job over; the block's rows are then rolled back.
    """
    run = _current.get()
    if run is None or run.is_finishing:
        with transaction.atomic():
            yield
        return
    run.is_finishing = True
    try:
        with transaction.atomic():
            yield
            settle(run.claim, DONE, now=run.clock())
        run.is_settled = True
    finally:
        run.is_finishing = False


def perform(claim: Claim, *, clock: Callable[[], datetime], roll: Callable[[], float]) -> Verdict | None:
    """Call the task and judge the outcome. None: it is settled already, there is nothing left to record."""
    with marks.within_job(claim.job_id, claim.mark):
        began, cpu_began = perf_counter(), thread_time()
        verdict = _attempt(_Run(claim, clock), roll=roll)
        _tell(claim, verdict, seconds=perf_counter() - began, cpu_seconds=thread_time() - cpu_began)
    return verdict


def _attempt(run: _Run, *, roll: Callable[[], float]) -> Verdict | None:
    claim = run.claim
    former = _current.set(run)
    task = None
    try:
        task = registry.find(claim.task)
        with translation.override(settings.LANGUAGE_CODE), holding.begun_by_clock(claim.is_by_clock):
            _call(task, claim)
    except LeaseLost as error:
        log.warning("Another worker has taken over: %s", error)
        return None
    except (Exception, SystemExit) as error:
        return _judge(error, run, max_attempts=task.max_attempts if task else MAX_ATTEMPTS, roll=roll)
    finally:
        _current.reset(former)
    return None if run.is_settled else DONE


def _tell(claim: Claim, verdict: Verdict | None, *, seconds: float, cpu_seconds: float) -> None:
    """Count the run, and write a line where lines of runs are wanted."""
    outcome = verdict.state.value if verdict else "settled"
    counts.count_run(task=claim.task, outcome=outcome, seconds=seconds, cpu_seconds=cpu_seconds)
    if ran.isEnabledFor(logging.INFO):
        facts = {"task": claim.task, "outcome": outcome, "milliseconds": round(seconds * 1000, 1)}
        ran.info("%s #%s %s", claim.task, claim.job_id, outcome, extra={"facts": facts})


def record(claim: Claim, verdict: Verdict | None, *, now: datetime) -> None:
    """Write the verdict down unless the run lost its lease meanwhile, which is only logged."""
    if verdict is None:
        return
    try:
        settle(claim, verdict, now=now)
    except LeaseLost as error:
        log.warning("Finished after losing its lease: %s", error)


def _call(task: "registry.JobTask[..., Any]", claim: Claim) -> None:
    context = [_context(claim)] if task.takes_context else []
    if not task.one_transaction:
        task.call(*context, *claim.args, **claim.kwargs)
        return
    with finishing():
        task.call(*context, *claim.args, **claim.kwargs)


def _context(claim: Claim) -> TaskContext:
    return TaskContext(task_result=backend.result_of(Job.objects.get(pk=claim.job_id)))


def _judge(error: BaseException, run: _Run, *, max_attempts: int, roll: Callable[[], float]) -> Verdict | None:
    claim = run.claim
    if run.is_settled:
        log.error("%s #%s failed after it was done.", claim.task, claim.job_id, exc_info=error)
        return None
    with translation.override(settings.LANGUAGE_CODE):
        verdict = after_failure(error, attempt=claim.attempt, max_attempts=max_attempts, now=run.clock(), roll=roll())
    is_stuck = verdict.state == State.STUCK
    log.log(
        logging.ERROR if is_stuck else logging.WARNING,
        "%s #%s attempt %s failed (%s)%s",
        claim.task,
        claim.job_id,
        claim.attempt,
        verdict.words,
        "; it is stuck" if is_stuck else f"; again at {verdict.run_at}",
        exc_info=error if is_stuck else None,
    )
    return verdict
