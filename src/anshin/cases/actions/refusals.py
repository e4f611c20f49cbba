"""Expected refusals of the cases room. Each says in words what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from anshin.shops.actions import Refused

if TYPE_CHECKING:
    from anshin.cases.ports import Objection

__all__ = [
    "AlreadyLeft",
    "AnsweredBefore",
    "BadMoment",
    "CannotClose",
    "CannotErase",
    "CannotStrike",
    "EmptyText",
    "InSpam",
    "NoMailbox",
    "NoRecipient",
    "OwnReply",
    "Refused",
    "ReplyObjected",
    "StaleDraft",
    "StaleThread",
    "UnfilledPlaceholder",
    "UnknownSender",
    "WrongCase",
]


class WrongCase(Refused):
    """The case is not one of this shop, or is not in a state for this."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("This case does not exist any more. Go back to the list."))


class InSpam(Refused):
    """The case lies in the spam folder, where nothing is answered, closed or put away."""

    def __init__(self) -> None:
        super().__init__(_("This case is in the spam folder. Say that it is no spam first."))


class EmptyText(Refused):
    """Nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("There is no text yet. Write something first."))


class NoRecipient(Refused):
    """There is no usable address to which the reply could go."""

    def __init__(self) -> None:
        super().__init__(_("There is no mail address to send this to. Enter the recipient’s address."))


class NoMailbox(Refused):
    """The shop has no mailbox from which it could send."""

    def __init__(self) -> None:
        super().__init__(
            _("This shop has no mailbox to send from yet. The owner can add one under Settings, Mailboxes.")
        )


class UnknownSender(Refused):
    """The address to send from is not one of this shop's (any more)."""

    def __init__(self, mail: str) -> None:
        words = _("This shop cannot send from %(mail)s any more. Choose another sender address.")
        super().__init__(words % {"mail": mail})


class UnfilledPlaceholder(Refused):
    """Something in the text was meant to be filled in; `places` as they stand there."""

    def __init__(self, places: tuple[str, ...]) -> None:
        self.places = places
        words = _("%(places)s in the text is not filled in. Write what belongs there, or take it out.")
        super().__init__(words % {"places": "、".join(places)})


class ReplyObjected(Refused):
    """Something in the reply should not leave; somebody who approves may send it all the same, with a reason."""

    def __init__(self, objections: tuple[Objection, ...], *, may_override: bool) -> None:
        self.objections, self.may_override = objections, may_override
        self.how = _("Change the text, or say below why it is right all the same.")
        if not may_override:
            self.how = _("Change the text, or ask somebody who approves replies to send it.")
        self.words = " ".join(each.words for each in objections)
        super().__init__(f"{self.words} {self.how}")


class StaleThread(Refused):
    """Something was added to the case after the writer had read it; sending again with `version` confirms."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(_("The case changed while you were writing. Read what is new, then send again."))


class StaleDraft(Refused):
    """The draft was saved in another window in the meantime; `text` is what stands there now."""

    def __init__(self, version: int, text: str) -> None:
        self.version, self.text = version, text
        super().__init__(_("This draft was changed in another window. Reload it before you go on."))


class AlreadyLeft(Refused):
    """The undo window is over."""

    def __init__(self) -> None:
        super().__init__(_("The reply has already left and cannot be taken back. Write again to correct it."))


class AnsweredBefore(Refused):
    """Something was sent in this case before; an automatic answer comes first or not at all."""

    def __init__(self) -> None:
        super().__init__(_("The customer has heard from the shop in this case already."))


class BadMoment(Refused):
    """A reply cannot leave in the past, or in more than a year."""

    def __init__(self) -> None:
        super().__init__(_("Choose a time that is still to come, within a year."))


class OwnReply(Refused):
    """Nobody approves what they wrote themselves."""

    def __init__(self) -> None:
        super().__init__(_("You wrote this reply yourself. Ask a colleague to look at it."))


class CannotClose(Refused):
    """Something about the case is not finished; `reasons` are whole sentences."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(" ".join((*reasons, str(_("The case stays open until then.")))))


class CannotStrike(Refused):
    """What was chosen cannot be struck out."""


class CannotErase(Refused):
    """The customer cannot be erased now."""
