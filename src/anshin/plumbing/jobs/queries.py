"""What the owner's page shows of the jobs: counts by state and lists, of one shop or of the whole installation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anshin.plumbing.jobs.holding import HELD, open_holds
from anshin.plumbing.jobs.holding import REASONS as HOLDING_REASONS
from anshin.plumbing.jobs.models import Job, RestoreHold, TimetableMark
from anshin.plumbing.jobs.terms import State

PAGE_ROWS = 50

REASONS: dict[str, Any] = {
    "worker_died": _("The worker stopped in the middle of this job, for example because the machine was restarted."),
    "worker_stopped": _("The worker was stopped before this job had finished. It runs again by itself."),
    "restored": _(
        "This waited when the backup was made that was put back, and may have been done since. "
        "Look at the case or the mailbox’s sent mails; run it again only when it was not."
    ),
    HELD: _(
        "The clock began this after a backup was put back. It may have been done between the backup and then, so it "
        "waits until you say go on."
    ),
    "unknown_task": _("This version of Anshin does not know this kind of job. It may be dropped."),
}


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some rows of a list and the key with which the next page begins; None on the last page."""

    jobs: list[Job]
    after: int | None


def counts(shop_id: int | None) -> dict[State, int]:
    """How many jobs are in each state, zeros included. `shop_id` None: of the whole installation."""
    rows = _of(shop_id).order_by().values_list("state").annotate(Count("id"))
    found = dict(rows)
    return {state: found.get(state.value, 0) for state in State}


def listed(shop_id: int | None, state: State, *, after: int | None = None, rows: int = PAGE_ROWS) -> JobPage:
    """The jobs in a state, newest first. `after`: the key that the page before gave."""
    jobs = _of(shop_id).filter(state=state).order_by("-id")
    if after is not None:
        jobs = jobs.filter(id__lt=after)
    found = list(jobs[: rows + 1])
    return JobPage(found[:rows], found[rows - 1].pk if len(found) > rows else None)


def open_hold(shop_id: int) -> RestoreHold | None:
    """The hold of a shop since a restore, None where it has gone on; no query where no shop is held."""
    if shop_id not in open_holds():
        return None
    return RestoreHold.objects.filter(shop_id=shop_id, ended_at=None).first()


def held(shop_id: int) -> list[tuple[str, int]]:
    """Task and how many of its jobs are held since a restore, most first; jobs of no shop count for every shop."""
    jobs = Job.objects.filter(Q(shop_id=shop_id) | Q(shop_id=None), state=State.STUCK)
    found = jobs.filter(last_error_code__in=HOLDING_REASONS).order_by().values_list("task").annotate(many=Count("id"))
    return list(found.order_by("-many", "task"))


def held_args(shop_id: int, task: str) -> list[list[Any]]:
    """The arguments of the jobs of one task that are held in this shop since a restore."""
    jobs = Job.objects.filter(shop_id=shop_id, state=State.STUCK, task=task, last_error_code__in=HOLDING_REASONS)
    return list(jobs.order_by("pk").values_list("args", flat=True))


def oldest_due(*, now: datetime) -> datetime | None:
    """Since when the oldest job that is due waits for a worker, of the whole installation; None: none is due."""
    due = Job.objects.filter(state=State.WAITING, run_at__lte=now)
    return due.order_by("run_at").values_list("run_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """How many jobs of one task are due, run and are stuck, and since when the oldest due one waits."""

    task: str
    due: int
    running: int
    stuck: int
    oldest_due_at: datetime | None


def by_task(*, now: datetime) -> list[TaskFigures]:
    """The figures of every task with such jobs, of the whole installation. What is planned for later tells nothing."""
    is_due = Q(state=State.WAITING, run_at__lte=now)
    rows = Job.objects.filter(is_due | Q(state__in=[State.RUNNING, State.STUCK])).order_by("task").values_list("task")
    found = rows.annotate(
        due=Count("id", filter=is_due),
        running=Count("id", filter=Q(state=State.RUNNING)),
        stuck=Count("id", filter=Q(state=State.STUCK)),
        oldest=Min("run_at", filter=is_due),
    )
    return [TaskFigures(*row) for row in found]


def last_tick() -> datetime | None:
    """When the timetable was last worked off; None before the first time."""
    return TimetableMark.objects.order_by("-slot_at").values_list("slot_at", flat=True).first()


def reason(job: Job) -> str:
    """Why the last run failed, in the reader's language where the reason is one of ours; empty if none failed."""
    known = REASONS.get(job.last_error_code)
    return str(known) if known else job.last_error_words


def _of(shop_id: int | None) -> QuerySet[Job]:
    return Job.objects.all() if shop_id is None else Job.objects.filter(shop_id=shop_id)
