"""Words of the insights room: who asked, about what, and what happened meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Requester(TextChoices):
    """Which business asked."""

    MEMBER = "member", _("Member")
    NON_MEMBER = "non_member", _("Not a member")


class Branch(TextChoices):
    """The upper level of the tree of categories."""

    CUSTOMERS = "customers", _("Dealing with customers")
    OTHER = "other", _("Everything else")


class OccasionKind(TextChoices):
    """What happened that may explain a figure."""

    LAW = "law", _("Law in force")
    CAMPAIGN = "campaign", _("Campaign")
    DISASTER = "disaster", _("Disaster")
    OTHER = "other", _("Something else")


@dataclass(frozen=True, slots=True)
class Tally:
    """So many consultations of one fiscal year, category and kind of requester."""

    year: int  # the year in which the fiscal year begins
    branch: str
    category: str
    requester: str
    count: int


@dataclass(frozen=True, slots=True)
class Told:
    """One row of a ledger file as it could be read. `reference`: its number in the ledger, "" where it has none."""

    row: int
    reference: str
    received_on: date
    requester: Requester
    branch: Branch
    category: str
    count: int


@dataclass(frozen=True, slots=True)
class Untold:
    """One row that could not be read, with the reason in words and the row's cells as they stood."""

    row: int
    reason: str
    cells: str


LARGEST_FILE_BYTES = 5 * 1024 * 1024
MOST_ROWS = 50_000
MOST_IN_A_ROW = 1_000_000
"""Consultations that one row may stand for."""
