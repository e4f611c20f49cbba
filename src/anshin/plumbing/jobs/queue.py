"""How every room asks for work to be done later: one row, written in the caller's own transaction."""

import inspect
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django_tasks.base import Task
from django_tasks.utils import normalize_json

from anshin.plumbing.jobs import holding, registry, telling, wake
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.ports import broker
from anshin.plumbing.jobs.terms import State
from anshin.plumbing.prepared import insert, insert_unless_taken
from anshin.plumbing.watching import marks

TRIES = 5


class KeyContended(RuntimeError):
    """The same unique key was claimed again and again while we tried to enqueue it."""


def enqueue(
    task: "Task[..., Any] | str",
    *args: Any,
    now: datetime,
    unique_key: str | None = None,
    run_at: datetime | None = None,
    shop_id: int | None = None,
    **kwargs: Any,
) -> Job:
    """Put a task in its queue; it runs after the caller's transaction has committed, or never.

    `task` may be given by its dotted path, so that actions need not import the jobs that call them. Arguments
    are ids and other plain values. `shop_id` is noted on the row and handed to the task when its function takes
    one. With a `unique_key` there is at most one waiting job: asking again returns that one. A job of the same
    key that already runs is no longer waiting, so a new one is made and runs after it, never beside it.
    Raises: TypeError when the arguments do not fit the function or are not plain values.
    """
    found = registry.find(task) if isinstance(task, str) else task
    shop_id, kwargs = _with_shop(found, args, kwargs, shop_id)
    run_at = run_at or found.run_after or now
    is_by_clock = holding.is_by_clock()
    is_held = is_by_clock and getattr(found, "leaves_house", False) and holding.is_held(shop_id)
    is_told = broker.peek() is not None and run_at <= now and not is_held
    job = Job(
        queue=found.queue_name,
        task=found.module_path,
        args=normalize_json(args),
        kwargs=normalize_json(kwargs),
        priority=found.priority,
        shop_id=shop_id,
        unique_key=unique_key or "",
        run_at=run_at,
        enqueued_at=now,
        told_at=now if is_told else None,
        is_by_clock=is_by_clock,
        mark=marks.current(),
    )
    if is_held:
        return _hold_back(job, now=now)
    job = _insert_once(job) if unique_key else _insert(job)
    if is_told:
        telling.tell_after_commit(job)
    if job.run_at < now + wake.LONGEST_SLEEP:
        wake.ring_after_commit()
    return job


def _hold_back(job: Job, *, now: datetime) -> Job:
    """Put it down for a person to let go; one of a key, as with those that wait."""
    held = Job.objects.filter(state=State.STUCK, last_error_code=holding.HELD, unique_key=job.unique_key)
    there = held.first() if job.unique_key else None
    if there is not None:
        return there
    job.state, job.last_error_code, job.finished_at = State.STUCK, holding.HELD, now
    return _insert(job)


def withdraw(job: Job) -> bool:
    """Take a job out of its queue in the caller's transaction, if nobody has begun it; whether it was there."""
    return bool(Job.objects.filter(pk=job.pk, state=State.WAITING).delete()[0])


def withdraw_all(task: str, *, shop_id: int) -> list[list[Any]]:
    """Take every waiting job of a task out of a shop's queue, and do its work yourself: their arguments, in order."""
    waiting = list(Job.objects.filter(task=task, shop_id=shop_id, state=State.WAITING).order_by("pk"))
    return [job.args for job in waiting if withdraw(job)]


def _with_shop(
    task: "Task[..., Any]", args: tuple[Any, ...], kwargs: dict[str, Any], shop_id: int | None
) -> tuple[int | None, dict[str, Any]]:
    signature = _signature(task.func)
    given = (None, *args) if task.takes_context else args
    if shop_id is not None and "shop_id" in signature.parameters:
        kwargs = {**kwargs, "shop_id": shop_id}
    bound = signature.bind(*given, **kwargs)
    return bound.arguments.get("shop_id", shop_id), kwargs


@cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


def _insert(job: Job) -> Job:
    insert(job)
    return job


def _insert_once(job: Job) -> Job:
    """The waiting job of this key, which may be an older one.

    It is held until the caller commits, so that no worker runs it before it can see what the caller wrote.
    """
    for _try in range(TRIES):
        if insert_unless_taken(job):
            return job
        if found := _hold(job.unique_key):
            return found
    raise KeyContended(job.unique_key)


def _hold(unique_key: str) -> Job | None:
    lock = "FOR SHARE" if connection.vendor == "postgresql" else ""
    waiting = Job.objects.raw(
        f"SELECT * FROM jobs_job WHERE unique_key = %s AND state = '{State.WAITING}' {lock}",  # noqa: S608  constants
        [unique_key],
    )
    return next(iter(waiting), None)
