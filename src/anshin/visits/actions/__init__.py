"""The verbs of the visits room: ask for a code, come in, be handed over, go."""

from anshin.visits.actions.asking import ask_for_code, code_left, hand_over_code, make_code, take_code_back
from anshin.visits.actions.entering import enter_code, keep_open, leave
from anshin.visits.actions.handing import make_key, remove_key, take_over
from anshin.visits.actions.refusals import CodeLocked, CodeOver, NotHandedOver, NotLetIn, TooOften, WrongCode
from anshin.visits.actions.tidying import prune

__all__ = [
    "CodeLocked",
    "CodeOver",
    "NotHandedOver",
    "NotLetIn",
    "TooOften",
    "WrongCode",
    "ask_for_code",
    "code_left",
    "enter_code",
    "hand_over_code",
    "keep_open",
    "leave",
    "make_code",
    "make_key",
    "prune",
    "remove_key",
    "take_code_back",
    "take_over",
]
