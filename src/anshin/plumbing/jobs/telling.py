"""Tells workers on other machines which jobs there are, by their numbers, where a broker stands between.

The rows stay the truth. Word of a job leaves after its commit; what was lost on the way, became due later or was
taken back from a dead worker is told by `tell_due`, which any worker may call as often as it likes.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from anshin.plumbing.jobs.claim import Claim
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.jobs.ports import broker
from anshin.plumbing.jobs.terms import State

TELL_AGAIN = timedelta(seconds=30)
PORTION = 1000
LEADER_LOCK = 0x616E7368696E + 1  # beside the lock of the limits in claim.py


def tell_after_commit(job: Job) -> None:
    """Pass the number of a job that is due on when the caller's transaction is committed."""
    post = broker.peek()
    if post is None:
        return
    number, queue, priority = job.pk, job.queue, job.priority
    transaction.on_commit(lambda: post.tell(number, queue=queue, priority=priority), robust=True)


def tell_due(*, now: datetime) -> int:
    """Tell every due job that nobody was told of since it became due, or too long ago; how many were told.

    Of all workers one does it at a time, the leader of that moment. At most 1,000 are told at once.
    """
    with transaction.atomic():
        if not _leads():
            return 0
        told = _mark_told(now=now)
    _tell(told)
    return len(told)


def tell_held_back(claim: Claim, *, limited: Collection[str]) -> None:
    """After a run that kept others waiting (same key, or a queue with a limit), tell the next of them."""
    waiting = Job.objects.filter(state=State.WAITING, queue=claim.queue).order_by("-priority", "run_at", "id")
    columns = "id", "queue", "priority"
    held: list[tuple[int, str, int]] = []
    if claim.unique_key:
        same_key = Job.objects.filter(state=State.WAITING, unique_key=claim.unique_key)
        held += same_key.values_list(*columns)[:1]
    if claim.queue in limited:
        held += waiting.values_list(*columns)[:1]
    _tell(held)


def _leads() -> bool:
    if connection.vendor != "postgresql":
        return True  # one process works on SQLite
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LEADER_LOCK])
        return bool(cursor.fetchone()[0])


def _mark_told(*, now: datetime) -> list[tuple[int, str, int]]:
    moment = connection.ops.adapt_datetimefield_value
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    sql = (
        "UPDATE jobs_job SET told_at = %s WHERE id IN (SELECT id FROM jobs_job WHERE state = 'waiting'"  # noqa: S608
        " AND run_at <= %s AND (told_at IS NULL OR told_at < run_at OR told_at < %s)"
        f" ORDER BY priority DESC, run_at, id LIMIT {PORTION} {skip}) RETURNING id, queue, priority"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment(now), moment(now), moment(now - TELL_AGAIN)])
        return list(cursor.fetchall())


def _tell(jobs: Collection[tuple[int, str, int]]) -> None:
    post = broker.peek()
    if post is None:
        return
    for number, queue, priority in sorted(jobs, key=lambda job: -job[2]):
        post.tell(number, queue=queue, priority=priority)
