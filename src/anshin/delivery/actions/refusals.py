"""Expected refusals of the delivery room. Each says in words what to do next."""

from django.utils.translation import gettext as _

from anshin.shops.actions import Refused

__all__ = [
    "BadCost",
    "BadDay",
    "CannotSettle",
    "InsertsMissing",
    "MissingWords",
    "NoConsent",
    "NoFaultYet",
    "NotAskedToPay",
    "NotNow",
    "Refused",
    "UnknownTrouble",
    "WrongMessage",
    "WrongOrder",
]


class UnknownTrouble(Refused):
    """There is no such trouble in this shop."""

    def __init__(self) -> None:
        super().__init__(_("This trouble does not exist any more. Go back to the list."))


class WrongOrder(Refused):
    """The order, or its line, or the case is not one of this shop's."""

    def __init__(self) -> None:
        super().__init__(_("This order or this line of it does not exist any more. Choose another one."))


class WrongMessage(Refused):
    """The message is not one of the customer's in this case."""

    def __init__(self) -> None:
        super().__init__(_("Choose the message of the customer in which they agree."))


class MissingWords(Refused):
    """A reason is needed, and there is none."""

    def __init__(self) -> None:
        super().__init__(_("Write the reason in one sentence."))


class NoFaultYet(Refused):
    """Nobody has decided whose doing it was."""

    def __init__(self) -> None:
        super().__init__(_("Decide first whose doing it was: that says who pays."))


class NoConsent(Refused):
    """The customer is to pay and has not agreed."""

    def __init__(self) -> None:
        super().__init__(_("The customer would pay for this. Write down first that they agreed, and in which message."))


class NotAskedToPay(Refused):
    """The customer pays nothing, so there is nothing to agree to."""

    def __init__(self) -> None:
        super().__init__(_("The customer pays nothing here, so no consent is needed."))


class InsertsMissing(Refused):
    """Something that belongs into the parcel was not ticked."""

    def __init__(self, names: tuple[str, ...]) -> None:
        words = _("Not in the parcel yet: %(names)s. Put it in and tick it, or take it off the list.")
        super().__init__(words % {"names": "、".join(names)})


class BadDay(Refused):
    """A pick-up is today or later, within two months."""

    def __init__(self) -> None:
        super().__init__(_("Choose a day from today on, within two months."))


class BadCost(Refused):
    """The amount is no cost."""

    def __init__(self) -> None:
        super().__init__(_("Enter the cost in yen, up to ¥1,000,000."))


class NotNow(Refused):
    """This step does not follow the one at which it stands: somebody else was faster."""

    def __init__(self) -> None:
        super().__init__(_("This was changed in the meantime. Load the page again."))


class CannotSettle(Refused):
    """Something is still to be done; `reasons` are whole sentences."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))
