"""The tables of the jobs. What must never be false about them is a named constraint."""

from django.db import models
from django.db.models import F, Q

from anshin.plumbing.jobs.terms import State


class Job(models.Model):
    """One piece of work for later: the task's path, its plain arguments, and where it stands."""

    queue = models.CharField(max_length=32)
    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    priority = models.SmallIntegerField(default=0)
    shop_id = models.BigIntegerField(null=True)
    unique_key = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    run_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when word of it was last given to a broker, if there is one
    attempts = models.PositiveIntegerField(default=0)
    deaths = models.PositiveIntegerField(default=0)
    claimed_by = models.CharField(max_length=120, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    last_error_code = models.CharField(max_length=64, default="", blank=True)
    last_error_words = models.TextField(default="", blank=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    mark = models.CharField(max_length=64, default="", db_default="", blank=True)  # which request began it, for the log
    is_by_clock = models.BooleanField(default=False)  # the timetable began it, not somebody at a page

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(state=State.WAITING) & ~Q(unique_key=""),
                name="jobs_one_waiting_job_per_key",
            ),
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=Q(state=State.RUNNING) & ~Q(unique_key=""),
                name="jobs_one_running_job_per_key",
            ),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, lease_until__isnull=False)
                | (~Q(state=State.RUNNING) & Q(lease_until__isnull=True)),
                name="jobs_running_means_leased",
            ),
        ]
        indexes = [
            models.Index(
                F("priority").desc(),
                "run_at",
                "id",
                condition=Q(state=State.WAITING),
                name="jobs_next_to_claim",
            ),
            models.Index(fields=["run_at"], condition=Q(state=State.WAITING), name="jobs_next_due"),
            models.Index(fields=["lease_until"], condition=Q(state=State.RUNNING), name="jobs_leases"),
            models.Index(fields=["state", "id"], name="jobs_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk} ({self.state})"


class RestoreHold(models.Model):
    """One shop since a backup was put back: what the clock begins there and leaves the house waits until `ended_at`."""

    shop_id = models.BigIntegerField()
    backup_at = models.DateTimeField()
    restored_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, default="", blank=True)  # who let it go on, by name

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop_id"], condition=Q(ended_at__isnull=True), name="jobs_one_open_hold_per_shop"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} restored {self.restored_at:%Y-%m-%d %H:%M}"


class TimetableMark(models.Model):
    """Up to which slot an entry of the timetable has been enqueued."""

    name = models.CharField(max_length=100, primary_key=True)
    slot_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.slot_at:%Y-%m-%d %H:%M:%S}"
