"""Verbs of the safety room: draft, word, name, approve, release, move, withdraw, close."""

from anshin.safety.actions.announcing import announce
from anshin.safety.actions.answering import answer
from anshin.safety.actions.approving import approve, confirm_wide, send_back
from anshin.safety.actions.drafting import change_facts, draft
from anshin.safety.actions.matching import choose, decide
from anshin.safety.actions.moving import close, move_time, release_by_hand, reopen, withdraw
from anshin.safety.actions.naming import look, name_insider, remove_insider
from anshin.safety.actions.refusals import (
    BadProduct,
    BadSource,
    IllegalStep,
    LastInsider,
    MovedOn,
    NeverEarly,
    NotOfThisShop,
    NotReady,
    OwnWork,
    PastTime,
    ReachesTooMuch,
    ReasonNeeded,
    SourceMissing,
    TimeWithoutZone,
    TooManyScrapped,
    UnknownAdvisory,
    WordsMissing,
)
from anshin.safety.actions.releasing import TOLERATED, release_due
from anshin.safety.actions.reminding import remind_due, set_reminders
from anshin.safety.actions.reporting import count_shown, estimate_scrapped
from anshin.safety.actions.sending import send_mails
from anshin.safety.actions.wording import add_preparation, tick, word

__all__ = [
    "TOLERATED",
    "BadProduct",
    "BadSource",
    "IllegalStep",
    "LastInsider",
    "MovedOn",
    "NeverEarly",
    "NotOfThisShop",
    "NotReady",
    "OwnWork",
    "PastTime",
    "ReachesTooMuch",
    "ReasonNeeded",
    "SourceMissing",
    "TimeWithoutZone",
    "TooManyScrapped",
    "UnknownAdvisory",
    "WordsMissing",
    "add_preparation",
    "announce",
    "answer",
    "approve",
    "change_facts",
    "choose",
    "close",
    "confirm_wide",
    "count_shown",
    "decide",
    "draft",
    "estimate_scrapped",
    "look",
    "move_time",
    "name_insider",
    "release_by_hand",
    "release_due",
    "remind_due",
    "remove_insider",
    "reopen",
    "send_back",
    "send_mails",
    "set_reminders",
    "tick",
    "withdraw",
    "word",
]
