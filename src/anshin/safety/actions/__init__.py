"""Verbs of the safety room: draft, word, name, approve, release, move, withdraw, close."""

from anshin.safety.actions.announcing import announce
from anshin.safety.actions.answering import answer
from anshin.safety.actions.approving import approve, confirm_wide, send_back
from anshin.safety.actions.bouncing import take_bounce
from anshin.safety.actions.claiming import claim_call, release_call
from anshin.safety.actions.drafting import change_facts, draft
from anshin.safety.actions.feeding import BadFeed, FeedFacts, UnknownFeed, add_feed, ask_now, change_feed, switch_feed
from anshin.safety.actions.fetching import call_due_feeds, fetch_feed, read_fetch
from anshin.safety.actions.giving_up import give_up_held
from anshin.safety.actions.lettering import bundle_pdf
from anshin.safety.actions.matching import choose, decide
from anshin.safety.actions.moving import close, move_time, reopen, withdraw
from anshin.safety.actions.naming import look, name_insider, remove_insider
from anshin.safety.actions.picturing import keep_picture
from anshin.safety.actions.refusals import (
    BadPicture,
    BadProduct,
    BadSource,
    BeingCalled,
    IllegalStep,
    LastInsider,
    MovedOn,
    NeverEarly,
    NextTryOutOfReach,
    NoSuchPerson,
    NothingToPrint,
    NothingToRehearse,
    NotOfThisShop,
    NotReady,
    OwnWork,
    PastTime,
    ReachesTooMuch,
    ReasonNeeded,
    RehearsalNotSent,
    RehearsalReachesTheDesk,
    SourceMissing,
    TimeWithoutZone,
    ToldMeanwhile,
    TooManyScrapped,
    UnknownAdvisory,
    WordsMissing,
)
from anshin.safety.actions.rehearsing import Rehearsed, Sample, rehearse, send_to_myself
from anshin.safety.actions.releasing import TOLERATED, release_by_hand, release_due
from anshin.safety.actions.reminding import remind_due, set_reminders
from anshin.safety.actions.reporting import count_shown, estimate_scrapped
from anshin.safety.actions.sending import send_mails
from anshin.safety.actions.sorting import UnknownItem, draft_from_item, match_again, put_aside, take_up
from anshin.safety.actions.telling import BUNDLE, approach, post_letters, print_letters, take_list
from anshin.safety.actions.warning import KINDS, say_not_serious, say_reported, set_limits, warn_of_case, warn_of_return
from anshin.safety.actions.wording import add_preparation, tick, word

__all__ = [
    "BUNDLE",
    "KINDS",
    "TOLERATED",
    "BadFeed",
    "BadPicture",
    "BadProduct",
    "BadSource",
    "BeingCalled",
    "FeedFacts",
    "IllegalStep",
    "LastInsider",
    "MovedOn",
    "NeverEarly",
    "NextTryOutOfReach",
    "NoSuchPerson",
    "NotOfThisShop",
    "NotReady",
    "NothingToPrint",
    "NothingToRehearse",
    "OwnWork",
    "PastTime",
    "ReachesTooMuch",
    "ReasonNeeded",
    "RehearsalNotSent",
    "RehearsalReachesTheDesk",
    "Rehearsed",
    "Sample",
    "SourceMissing",
    "TimeWithoutZone",
    "ToldMeanwhile",
    "TooManyScrapped",
    "UnknownAdvisory",
    "UnknownFeed",
    "UnknownItem",
    "WordsMissing",
    "add_feed",
    "add_preparation",
    "announce",
    "answer",
    "approach",
    "approve",
    "ask_now",
    "bundle_pdf",
    "call_due_feeds",
    "change_facts",
    "change_feed",
    "choose",
    "claim_call",
    "close",
    "confirm_wide",
    "count_shown",
    "decide",
    "draft",
    "draft_from_item",
    "estimate_scrapped",
    "fetch_feed",
    "give_up_held",
    "keep_picture",
    "look",
    "match_again",
    "move_time",
    "name_insider",
    "post_letters",
    "print_letters",
    "put_aside",
    "read_fetch",
    "rehearse",
    "release_by_hand",
    "release_call",
    "release_due",
    "remind_due",
    "remove_insider",
    "reopen",
    "say_not_serious",
    "say_reported",
    "send_back",
    "send_mails",
    "send_to_myself",
    "set_limits",
    "set_reminders",
    "switch_feed",
    "take_bounce",
    "take_list",
    "take_up",
    "tick",
    "warn_of_case",
    "warn_of_return",
    "withdraw",
    "word",
]
