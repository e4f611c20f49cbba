"""Who may run a job, and for how long: claims, leases and their renewal, for the workers."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from anshin.plumbing.jobs.errors import LeaseLost
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.rules import Verdict, after_death
from anshin.plumbing.jobs.terms import State

LEASE = timedelta(seconds=20)
LIMITS_LOCK = 0x616E7368696E  # one number for pg_advisory_xact_lock: "anshin"
COLUMNS = "id, queue, task, args, kwargs, attempts, shop_id, unique_key, claimed_by, is_by_clock, mark"


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours to run until its lease ends. `token` is unique to this one run."""

    job_id: int
    queue: str
    task: str
    args: list[Any]
    kwargs: dict[str, Any]
    attempt: int
    shop_id: int | None
    unique_key: str
    token: str
    is_by_clock: bool = False
    mark: str = ""


def claim_next(
    *,
    token: str,
    now: datetime,
    queues: Collection[str] = (),
    at_once: Mapping[str, int] | None = None,
    lease: timedelta = LEASE,
) -> Claim | None:
    """Take the next due job, highest priority first, or None. One UPDATE, so no two workers get the same.

    Limits: `at_once` says how many jobs of a queue may run at a time over all workers; no `queues` means all.
    """
    limits = {name: limit for name, limit in (at_once or {}).items() if not queues or name in queues}
    return _take(_claim_statement(queues=queues, limits=limits, token=token, now=now, lease=lease), limits)


def claim_this(
    job_id: int, *, token: str, now: datetime, at_once: Mapping[str, int] | None = None, lease: timedelta = LEASE
) -> Claim | None:
    """Take the job of this number, under the same conditions; None when it is not due, not free or not waiting."""
    limits = dict(at_once or {})
    return _take(_claim_statement(only=job_id, limits=limits, token=token, now=now, lease=lease), limits)


def _take(statement: tuple[str, list[Any]], limits: Mapping[str, int]) -> Claim | None:
    sql, parameters = statement
    if limits and connection.vendor == "postgresql":
        with transaction.atomic():
            _rows("SELECT pg_advisory_xact_lock(%s)", [LIMITS_LOCK])
            rows = _rows(sql, parameters)
    else:
        rows = _rows(sql, parameters)
    return _claim(rows[0]) if rows else None


def next_run_at(*, queues: Collection[str] = ()) -> datetime | None:
    """When the next waiting job is due, which may be in the past."""
    waiting = Job.objects.filter(state=State.WAITING)
    if queues:
        waiting = waiting.filter(queue__in=queues)
    return waiting.order_by("run_at").values_list("run_at", flat=True).first()


def renew(tokens: Collection[str], *, now: datetime, lease: timedelta = LEASE) -> int:
    """Lengthen the leases of these runs; how many are still ours."""
    ours = Job.objects.filter(state=State.RUNNING, claimed_by__in=tokens)
    return ours.update(lease_until=now + lease)


def settle(claim: Claim, verdict: Verdict, *, now: datetime) -> None:
    """Record how the run ended. Raises LeaseLost when the run is no longer ours, and records nothing."""
    if verdict.state == State.DONE:
        if not _mark_done(claim, now=now):
            raise LeaseLost(f"{claim.task} #{claim.job_id}")
        return
    ours = Job.objects.filter(pk=claim.job_id, state=State.RUNNING, claimed_by=claim.token)
    if not _move(ours, verdict, now=now):
        raise LeaseLost(f"{claim.task} #{claim.job_id}")


def release(tokens: Collection[str], *, now: datetime) -> int:
    """Give jobs back at once, without blame: a worker that has to stop now. Returns how many were ours."""
    held = Job.objects.filter(state=State.RUNNING, claimed_by__in=tokens)
    again = Verdict(State.WAITING, run_at=now, code="worker_stopped", words="The worker was stopped.")
    keys = list(held.values_list("pk", flat=True))
    return sum(_move(held.filter(pk=pk), again, now=now, attempts=F("attempts") - 1) for pk in keys)


def take_back_expired(*, now: datetime) -> int:
    """Make jobs of dead workers claimable again; stuck when they have outlived too many. Returns how many."""
    expired = Job.objects.filter(state=State.RUNNING, lease_until__lt=now)
    taken = 0
    for pk, token, deaths in list(expired.values_list("pk", "claimed_by", "deaths")):
        same_run = expired.filter(pk=pk, claimed_by=token)
        taken += _move(same_run, after_death(deaths + 1, now=now), now=now, deaths=deaths + 1)
    return taken


def _move(jobs: Any, verdict: Verdict, *, now: datetime, **more: Any) -> int:
    """Take jobs out of `running`; a retry whose twin is waiting already gives way to the twin."""
    changes = {"state": verdict.state, "lease_until": None, **more}
    if verdict.run_at:
        changes["run_at"] = verdict.run_at
    else:
        changes["finished_at"] = now
    if verdict.code:
        changes |= {"last_error_code": verdict.code, "last_error_words": verdict.words}
    if verdict.state != State.WAITING:
        return int(jobs.update(**changes))
    try:
        with transaction.atomic():
            return int(jobs.update(**changes))
    except IntegrityError:
        return int(jobs.update(**changes | {"state": State.DROPPED, "finished_at": now}))


def _mark_done(claim: Claim, *, now: datetime) -> int:
    """The one write of every good run, in plain SQL: the ORM took half of a small job's time to build it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_job SET state = 'done', lease_until = NULL, finished_at = %s"
            " WHERE id = %s AND state = 'running' AND claimed_by = %s",
            [connection.ops.adapt_datetimefield_value(now), claim.job_id, claim.token],
        )
        return int(cursor.rowcount)


def _claim_statement(
    *,
    queues: Collection[str] = (),
    only: int | None = None,
    limits: Mapping[str, int],
    token: str,
    now: datetime,
    lease: timedelta,
) -> tuple[str, list[Any]]:
    moment = connection.ops.adapt_datetimefield_value
    where = ["j.state = 'waiting'", "j.run_at <= %s"]
    parameters: list[Any] = [token, moment(now), moment(now + lease), moment(now)]
    if only is not None:
        where.append("j.id = %s")
        parameters.append(only)
    if queues:
        where.append(f"j.queue IN ({', '.join(['%s'] * len(queues))})")
        parameters += sorted(queues)
    where.append(
        "(j.unique_key = '' OR NOT EXISTS (SELECT 1 FROM jobs_job r"
        " WHERE r.state = 'running' AND r.unique_key <> '' AND r.unique_key = j.unique_key))"
    )
    for name, limit in sorted(limits.items()):
        where.append(
            "(j.queue <> %s OR (SELECT count(*) FROM jobs_job r WHERE r.state = 'running' AND r.queue = %s) < %s)"
        )
        parameters += [name, name, limit]
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    sql = (
        "UPDATE jobs_job SET state = 'running', attempts = attempts + 1, claimed_by = %s, started_at = %s,"  # noqa: S608
        " lease_until = %s WHERE id = (SELECT j.id FROM jobs_job j WHERE "
        + " AND ".join(where)
        + f" ORDER BY j.priority DESC, j.run_at, j.id LIMIT 1 {skip}) RETURNING {COLUMNS}"
    )
    return sql, parameters


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _claim(row: tuple[Any, ...]) -> Claim:
    job_id, queue, task, args, kwargs, attempt, shop_id, unique_key, token, is_by_clock, mark = row
    return Claim(
        job_id,
        queue,
        task,
        json.loads(args),
        json.loads(kwargs),
        attempt,
        shop_id,
        unique_key,
        token,
        bool(is_by_clock),
        mark,
    )
