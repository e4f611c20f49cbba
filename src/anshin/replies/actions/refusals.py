"""Expected refusals of the replies room. Each says in words what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from anshin.replies.terms import Gap
from anshin.shops.actions import Refused

__all__ = [
    "MissingName",
    "MissingText",
    "Refused",
    "StaleMacro",
    "UnknownTopic",
    "WrongMacro",
    "WrongPlaceholders",
    "WrongPromise",
    "WrongWord",
]


class WrongMacro(Refused):
    """The macro is not one of this shop, or is archived."""

    def __init__(self) -> None:
        super().__init__(_("This macro does not exist any more. Go back to the list."))


class MissingName(Refused):
    """A macro or a phrase without a name cannot be found again."""

    def __init__(self) -> None:
        super().__init__(_("Give it a name by which you find it again."))


class MissingText(Refused):
    """There is nothing to send. `language` is the one that lacks a text."""

    def __init__(self, language: str) -> None:
        self.language = language
        wanted = _("Write the Japanese text: it is what colleagues read to know what they send.")
        super().__init__(wanted if language else _("There is no text yet. Write something first."))


class UnknownTopic(Refused):
    """A topic that there is not."""

    def __init__(self) -> None:
        super().__init__(_("Choose at least one topic from the list."))


class WrongPlaceholders(Refused):
    """A text holds braces that nobody could ever fill in."""

    def __init__(self, language: str, gaps: Sequence[Gap]) -> None:
        self.language, self.gaps = language, tuple(gaps)
        names = "、".join("{{" + gap.name + "}}" if gap.name else "{{" for gap in gaps)
        super().__init__(_("There is no placeholder %(names)s. Take one from the list beside.") % {"names": names})


class WrongWord(Refused):
    """The word is not one of this shop's, or nothing would change by it."""

    def __init__(self) -> None:
        super().__init__(_("Write another word than the one that customers do not understand."))


class WrongPromise(Refused):
    """The promise is not one of this shop, or is settled already."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or _("This promise is not open any more. Reload the case."))


class StaleMacro(Refused):
    """Somebody else saved the macro meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody saved this macro while you were writing. Reload it; your text stands below."))
