"""The words of the jobs: the states that a job can be in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a job stands. Waiting and running are alive; the others stay until somebody acts."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    STUCK = "stuck", _("Stuck")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")
