"""Words of a case’s clock: its deadline and the cases of which a target speaks."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DueState(TextChoices):
    """How a case stands to its next deadline, once a job has told."""

    SOON = "soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")


class Priority(TextChoices):
    """Of which cases a service target speaks."""

    URGENT = "urgent", _("Urgent")
    NORMAL = "normal", _("Ordinary")
