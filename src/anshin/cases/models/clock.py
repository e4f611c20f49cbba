"""The clock of a case: how much of the shop's opening time we have taken, and until when the customer is owed what.

Columns of the case itself, so that no verb needs a further statement: docs/decisions/0016-clock-on-the-case-row.md.
"""

from django.db import models

from anshin.cases.terms import DueState


class Clock(models.Model):
    """Runs while `counting_since_at` is set and `paused_at` is not.

    A clock that stopped keeps both until a job, or whoever starts it again, has counted what it ran.
    """

    answer_target_minutes = models.PositiveIntegerField(null=True)  # of opening time
    resolution_target_minutes = models.PositiveIntegerField(null=True)
    counting_since_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    answer_used_seconds = models.PositiveIntegerField(default=0)  # before `counting_since_at`, for the answer owed now
    resolution_used_seconds = models.PositiveIntegerField(default=0)  # before `counting_since_at`
    answer_due_at = models.DateTimeField(null=True)  # None: no answer is owed
    resolution_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the earlier of both while the clock runs
    warn_at = models.DateTimeField(null=True)  # from when on `due_at` is near
    due_state = models.CharField(max_length=8, choices=DueState.choices, null=True)
    deadline_check_at = models.DateTimeField(null=True)  # when there is something to tell about `due_at`
    rank_at = models.DateTimeField(null=True)  # the order of open cases: rules.rank_moment
    first_answered_at = models.DateTimeField(null=True)
    first_answer_minutes = models.PositiveIntegerField(null=True)  # of opening time, once it has been counted
    first_target_minutes = models.PositiveIntegerField(null=True)  # as it was when the answer was given
    first_is_met = models.BooleanField(null=True)
    resolution_is_met = models.BooleanField(null=True)  # of a closed case

    class Meta:
        abstract = True

    @property
    def runs(self) -> bool:
        """Whether opening time counts against us now."""
        return self.counting_since_at is not None and self.paused_at is None
