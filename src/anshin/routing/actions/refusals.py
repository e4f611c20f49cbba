"""Why the routing room refuses, each with what to do next."""

from django.utils.translation import gettext as _

from anshin.routing.rules import BadDefinition
from anshin.routing.terms import LONGEST_VALUE, MOST_CONDITIONS, MOST_EFFECTS, MOST_RULES
from anshin.shops.actions import Refused


class RuleGone(Refused):
    """The rule is none of this shop's, or was put away."""

    def __init__(self) -> None:
        super().__init__(_("This rule does not exist any more. Go back to the list."))


class NotTried(Refused):
    """A version that nobody has tried cannot be switched on."""

    def __init__(self) -> None:
        super().__init__(_("Try the rule on past cases first. Then it can be switched on."))


class RuleRefused(Refused):
    """The rule cannot be as it is written. `part`: "condition", "deed", "name" or ""; `place`: which row, from 1."""

    def __init__(self, sentence: str, *, part: str = "", place: int = 0) -> None:
        self.part, self.place = part, place
        super().__init__(sentence)


class EscalationRefused(Refused):
    """A case cannot be put before somebody, or not be answered for. `part`: which field of the form is wrong."""

    def __init__(self, sentence: str, *, part: str = "") -> None:
        self.part = part
        super().__init__(sentence)


class PathRefused(Refused):
    """An escalation path names somebody who does not answer customers here, or a channel that does not exist."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        super().__init__(_("Choose somebody who answers customers in this shop."))


def refusal_of(error: BadDefinition) -> RuleRefused:
    """What is wrong with a definition, in words, and at which row."""
    part, sentence = {
        "nothing_to_do": ("", _("Say what the rule is to do.")),
        "too_many": (
            "",
            _("A rule has at most %(conditions)s conditions and does at most %(deeds)s things. Make two rules of it.")
            % {"conditions": MOST_CONDITIONS, "deeds": MOST_EFFECTS},
        ),
        "no_value": ("condition", _("Fill in what to compare with.")),
        "too_long": ("condition", _("Write at most %(most)s characters.") % {"most": LONGEST_VALUE}),
        "no_number": ("condition", _("Write a whole number, such as 3.")),
        "no_deed_value": ("deed", _("Fill in with what.")),
        "deed_too_long": ("deed", _("This is too long. Write it shorter.")),
        "no_hours": ("deed", _("Write hours as a whole number, from 1 to 720.")),
        "twice": ("deed", _("The rule does this already. Take one of the two away.")),
    }.get(error.reason, ("", _("This choice does not exist. Choose again.")))
    return RuleRefused(sentence, part=part, place=error.place)


def too_many_rules() -> RuleRefused:
    """A shop has as many rules as one can have."""
    return RuleRefused(_("There are %(most)s rules already. Remove one first.") % {"most": MOST_RULES})
