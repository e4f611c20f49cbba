"""Expected refusals of the slips room. Each says in words what to do next."""

from django.utils.translation import gettext as _

from anshin.shops.actions import Refused
from anshin.slips.terms import MOST_PARCELS


class AccountRefused(Refused):
    """The contract cannot be written down like this."""


class ParcelGone(Refused):
    """The parcel has its number or its file meanwhile, was cancelled, or is not this shop's."""

    def __init__(self) -> None:
        super().__init__(
            _("One of these parcels needs no slip any more, or a colleague has just written it. Choose anew.")
        )


class NothingChosen(Refused):
    """A file without a parcel."""

    def __init__(self) -> None:
        super().__init__(_("Choose at least one parcel."))


class TooManyParcels(Refused):
    """More parcels than one file holds."""

    def __init__(self) -> None:
        super().__init__(_("At most %(most)s parcels go into one file. Choose fewer.") % {"most": MOST_PARCELS})


class RowsBlocked(Refused):
    """Rows that the carrier's program would refuse, or whose parcel would not arrive."""

    def __init__(self, numbers: tuple[str, ...]) -> None:
        super().__init__(
            _("%(numbers)s cannot be written like this. Mend what is said there, or leave it out.")
            % {"numbers": "、".join(numbers)}
        )


class WrongDay(Refused):
    """The parcels leave today or soon."""

    def __init__(self) -> None:
        super().__init__(_("Choose a day from today on, within a month."))


class FileGone(Refused):
    """The file was removed."""

    def __init__(self) -> None:
        super().__init__(
            _("This file was removed, because it is older than 30 days or somebody in it was erased. Write it anew.")
        )
