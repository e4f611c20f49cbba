"""Words of the slips room: what needs a slip, and what became of a number that a carrier's program gave."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SlipKind(TextChoices):
    """Which parcels need a slip."""

    RESHIPMENT = "reshipment", _("Sent again")
    PICK_UP = "pick_up", _("Fetched by the carrier")
    RETURN = "return", _("Sent back at our cost")


class NumberOutcome(TextChoices):
    """What became of one row of a file with tracking numbers."""

    LANDED = "landed", _("Written down at its parcel")
    CHANGED = "changed", _("Written down in place of the former number")
    SAME = "same", _("Known already")
    EMPTY = "empty", _("No number yet: the slip is not printed")
    SPOILT = "spoilt", _("A spreadsheet has spoilt the number: save the carrier’s file again without opening it")
    WRONG_DIGIT = "wrong_digit", _("The check digit does not fit: compare the number with the slip")
    OTHER_CARRIER = "other_carrier", _("Not the shape of this carrier’s numbers")
    TWICE = "twice", _("The file has this parcel twice, with different numbers")
    TAKEN = "taken", _("Another parcel has this number already")
    HAS_LEFT = "has_left", _("The parcel has left already under another number, which stays")
    ORDER = "order", _("An order’s own parcel: its number comes with the order file")
    FOREIGN = "foreign", _("None of this shop’s parcels has this number")

    @property
    def is_good(self) -> bool:
        """Whether the parcel has its number now."""
        return self in {NumberOutcome.LANDED, NumberOutcome.CHANGED, NumberOutcome.SAME}

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody has to do something about it."""
        return not self.is_good and self not in {NumberOutcome.ORDER, NumberOutcome.FOREIGN, NumberOutcome.EMPTY}


@dataclass(frozen=True, slots=True)
class ParcelKey:
    """Which parcel: the kind, and the id of the re-shipment, pick-up or return in its own room."""

    kind: SlipKind
    id: int

    def __str__(self) -> str:
        return f"{self.kind.value}-{self.id}"


LARGEST_FILE_BYTES = 5 * 1024 * 1024
MOST_ROWS = 5_000
MOST_PARCELS = 200
"""Parcels of one file that we write."""
