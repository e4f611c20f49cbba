"""Why the shops room refuses: one class a reason, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from anshin.shops import queries
from anshin.shops.models import Membership
from anshin.shops.terms import Permission


class Refused(Exception):
    """An expected refusal; `str(error)` is a sentence for the person who asked."""


class NotAllowed(Refused):
    """The role of this person does not include what they asked for."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__(
            _("Your role does not allow this (%(what)s). Ask the owner of the shop.") % {"what": permission.label}
        )


class SlugTaken(Refused):
    """Another shop already uses this short name."""


class LastOwner(Refused):
    """A shop must keep at least one owner."""


class AlreadyHere(Refused):
    """The invited person works in this shop already."""


class OwnFactor(Refused):
    """Nobody takes their own second factor away on the owner's page."""


class FactorElsewhere(Refused):
    """The second factor of this person guards shops of others."""


class BadOrderFormat(Refused):
    """A format of order numbers cannot be used."""


class BadHours(Refused):
    """A day closes before it opens."""


class HolidayKnown(Refused):
    """The day is in the shop's list already."""


def require(by: Membership, permission: Permission) -> None:
    """Raise NotAllowed unless this member of staff holds the permission."""
    if not queries.may(by, permission):
        raise NotAllowed(permission)
