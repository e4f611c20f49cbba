"""Why the returns room refuses: one class a reason, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from anshin.shops.actions import Refused


class UnknownReturn(Refused):
    """There is no such return in this shop, or it is not this customer's."""

    def __init__(self) -> None:
        super().__init__(_("There is no such return here. Load the page again."))


class IllegalStep(Refused):
    """What was asked does not follow from where the return stands; nothing was written."""

    def __init__(self, what: object = "") -> None:
        super().__init__(what or _("The return has moved on meanwhile. Load the page again and look at it."))


class RegistrationRefused(IllegalStep):
    """The registration number is none, or its check digit does not fit."""


class PlaceRefused(Refused):
    """The place cannot be kept, or there is none; the sentence says why."""


class NothingToReturn(Refused):
    """A request without an item."""

    def __init__(self) -> None:
        super().__init__(_("Choose at least one item."))


class TooMany(Refused):
    """More than was bought, or than is not on its way back already."""

    def __init__(self, name: str, left: int) -> None:
        self.left = left
        super().__init__(
            _("Only %(left)s of “%(name)s” can come back: the rest was not bought or is being returned already.")
            % {"left": left, "name": name}
        )


class PhotosNeeded(Refused):
    """The reason asks for pictures."""

    def __init__(self) -> None:
        super().__init__(_("Add at least one photo. Without it nobody can see what is wrong."))


class ReasonNeeded(Refused):
    """A decision that needs a sentence came without."""

    def __init__(self) -> None:
        super().__init__(_("Write in a sentence why. The customer reads it."))


class NotInspected(Refused):
    """Money cannot move before all three checks of every item have a result (requirement 112)."""

    def __init__(self) -> None:
        super().__init__(_("Appearance, accessories and operation of every item need a result first."))


class CountsDiffer(Refused):
    """What the person saw is not what would be paid."""

    def __init__(self) -> None:
        super().__init__(_("The amount has changed meanwhile. Look at the calculation again, then confirm."))


class NegativeAmount(Refused):
    """An amount below nothing."""

    def __init__(self) -> None:
        super().__init__(_("Amounts are whole yen and not below 0."))


class ReplacementLeft(Refused):
    """Money or an end is asked for while the other thing is under way."""

    def __init__(self) -> None:
        super().__init__(
            _("What the customer gets instead has left already. Load the page again and look at the exchange.")
        )


class ReplacementOwed(Refused):
    """The exchange would end though the customer has nothing yet."""

    def __init__(self) -> None:
        super().__init__(
            _("What the customer gets instead has not left. Send it, choose another variant, or pay back instead.")
        )


class VariantNeeded(Refused):
    """Another variant without a word about which."""

    def __init__(self) -> None:
        super().__init__(_("Write which variant is sent instead, such as its size or colour."))


class NothingChosen(Refused):
    """A step for several returns came without one."""

    def __init__(self) -> None:
        super().__init__(_("Choose at least one return."))


class TooManyAtOnce(Refused):
    """More returns than one run takes."""

    def __init__(self, most: int) -> None:
        super().__init__(_("At most %(most)s returns at once. Choose fewer, then the rest.") % {"most": most})


class NotAsked(Refused):
    """It does not wait for approval any more."""

    def __init__(self, state: object) -> None:
        super().__init__(_("It does not wait for approval any more: %(state)s.") % {"state": state})


class NoLabelNow(Refused):
    """A label is of no use: it is not approved, or the item is not with the customer any more."""

    def __init__(self, state: object) -> None:
        super().__init__(
            _("A label is of use only once a return is approved and until its parcel is here (parcel: %(state)s).")
            % {"state": state}
        )


class UnknownTask(Refused):
    """There is no such task in this shop."""

    def __init__(self) -> None:
        super().__init__(_("There is no such task here. Load the page again."))


class ChangeNeeded(Refused):
    """A task was finished without a word."""

    def __init__(self) -> None:
        super().__init__(_("Write in a sentence what you changed on the page, or why nothing is to be changed."))
