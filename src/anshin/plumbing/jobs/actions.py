"""What a person may do with jobs: run stuck ones again, and drop what shall never run.

Each answers how many jobs it changed; asked a second time it changes none. The screen that calls asks who may.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from anshin.plumbing.jobs import holding, wake
from anshin.plumbing.jobs.models import Job, RestoreHold
from anshin.plumbing.jobs.terms import State


def retry(shop_id: int | None, job_ids: Collection[int], *, now: datetime) -> int:
    """Let stuck jobs, and those that wait for a later attempt, run now with all their attempts again.

    A stuck job whose key waits anew is dropped instead: the waiting one does its work. `shop_id` None: any shop's.
    """
    jobs = Job.objects.filter(pk__in=job_ids, state__in=[State.STUCK, State.WAITING]).exclude(
        state=State.WAITING, run_at__lte=now
    )
    if shop_id is not None:
        jobs = jobs.filter(shop_id=shop_id)
    with transaction.atomic():
        changed = sum(_retry_one(pk, now=now) for pk in list(jobs.values_list("pk", flat=True)))
        wake.ring_after_commit()
    return changed


def retry_all_stuck(shop_id: int | None, *, now: datetime) -> int:
    """Let every stuck job run again."""
    stuck = Job.objects.filter(state=State.STUCK)
    if shop_id is not None:
        stuck = stuck.filter(shop_id=shop_id)
    return retry(shop_id, list(stuck.values_list("pk", flat=True)), now=now)


def drop(shop_id: int | None, job_ids: Collection[int], *, now: datetime) -> int:
    """Give up waiting and stuck jobs for good; a running one finishes first. `shop_id` None: any shop's."""
    jobs = Job.objects.filter(pk__in=job_ids, state__in=[State.STUCK, State.WAITING])
    if shop_id is not None:
        jobs = jobs.filter(shop_id=shop_id)
    return jobs.update(state=State.DROPPED, finished_at=now)


def hold_after_restore(
    queues: Collection[str], *, shop_ids: Collection[int], backup_at: datetime, now: datetime
) -> int:
    """Let due jobs of these queues, and what the clock begins in these shops from now on and leaves the house, wait for
    a person: since the backup was made they may have been done already. How many jobs were due.

    What a backup still held from an earlier restore goes on being held, by this one.
    """
    holding.look_again()
    RestoreHold.objects.filter(ended_at=None).update(ended_at=now)
    RestoreHold.objects.bulk_create(
        RestoreHold(shop_id=each, backup_at=backup_at, restored_at=now) for each in shop_ids
    )
    jobs = Job.objects.filter(queue__in=queues).filter(Q(state=State.WAITING, run_at__lte=now) | Q(state=State.RUNNING))
    return jobs.update(state=State.STUCK, lease_until=None, last_error_code="restored", finished_at=now)


def locked_hold(shop_id: int) -> RestoreHold | None:
    """The hold of a shop since a restore, for the caller's transaction alone; None where it has gone on."""
    return RestoreHold.objects.select_for_update(no_key=True).filter(shop_id=shop_id, ended_at=None).first()


def go_on(shop_id: int, *, by: str, now: datetime) -> int:
    """End the hold of a shop and let what was held run; how many jobs. `by`: the person's name. Twice is once."""
    return retry(None, _let_go(shop_id, by=by, now=now), now=now)


def go_on_without(shop_id: int, *, by: str, now: datetime) -> int:
    """End the hold of a shop and give up what was held: it was done already; how many jobs. Twice is once."""
    return drop(None, _let_go(shop_id, by=by, now=now), now=now)


def _let_go(shop_id: int, *, by: str, now: datetime) -> list[int]:
    """The jobs that waited for this; those of no shop with the last hold. None when it has ended already."""
    if not RestoreHold.objects.filter(shop_id=shop_id, ended_at=None).update(ended_at=now, ended_by=by[:200]):
        return []
    holding.look_again()
    whose = Q(shop_id=shop_id) if holding.open_holds() else Q(shop_id=shop_id) | Q(shop_id=None)
    held = Job.objects.filter(whose, state=State.STUCK, last_error_code__in=holding.REASONS)
    return list(held.order_by("pk").values_list("pk", flat=True))


def _retry_one(pk: int, *, now: datetime) -> int:
    job = Job.objects.filter(pk=pk, state__in=[State.STUCK, State.WAITING])
    try:
        with transaction.atomic():
            return job.update(state=State.WAITING, run_at=now, attempts=0, deaths=0, finished_at=None)
    except IntegrityError:
        return job.update(state=State.DROPPED, finished_at=now)
