"""Words of the inbox: its lists and how they are sorted."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class View(TextChoices):
    """The inbox's lists, in the order of the rail."""

    MINE = "mine", _("Mine")
    UNASSIGNED = "unassigned", _("Unassigned")
    DUE_SOON = "due", _("Due soon or overdue")
    OPEN = "open", _("Waiting for us")
    WAITING = "waiting", _("Waiting for the customer")
    SNOOZED = "snoozed", _("Snoozed")
    CLOSED = "closed", _("Closed")
    ALL = "all", _("All cases")
    SPAM = "spam", _("Spam")


class Sorting(TextChoices):
    """How a list is sorted."""

    PRIORITY = "priority", _("Most pressing first")
    NEWEST = "newest", _("Newest first")
    LONGEST = "longest", _("Longest waiting first")
    DUE = "due", _("Due first")
