"""The list of backups that were begun; the backups themselves lie in a folder, with all that is needed beside them."""

from django.db import models
from django.db.models import Q

from anshin.plumbing.backups.terms import State


class Backup(models.Model):
    """One attempt. `rows`, `files` and `size_bytes` are of the whole set, also where files lay there before."""

    place = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    trouble = models.CharField(max_length=20, blank=True)  # a Trouble
    said = models.CharField(max_length=300, blank=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    lost_files = models.BigIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="backup_known_state"),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, ended_at=None) | (~Q(state=State.RUNNING) & Q(ended_at__isnull=False)),
                name="backup_ended_once",
            ),
        ]
        indexes = [models.Index(fields=["-begun_at", "-id"], name="backup_newest")]

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M} {self.state}"
