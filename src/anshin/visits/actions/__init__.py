"""The verbs of the visits room: ask for a code, come in, be handed over, go; ask for a return step by step."""

from anshin.visits.actions.asking import ask_for_code, code_left, hand_over_code, make_code, take_code_back
from anshin.visits.actions.drafting import (
    ToldReason,
    ToldWish,
    Unfit,
    UnknownDraft,
    begin_draft,
    choose_items,
    join_reasons,
    keep_wish,
    own_accessories,
    part_reasons,
    reason_faults,
    tell_own_reason,
    tell_reason,
    tell_wish,
)
from anshin.visits.actions.entering import enter_code, keep_open, leave
from anshin.visits.actions.handing import make_key, remove_key, take_over, tell_terms
from anshin.visits.actions.photos import Looked, Upload, add_draft_photos, keep_photos, remove_draft_photo
from anshin.visits.actions.questions import ask_about_return
from anshin.visits.actions.refusals import CodeLocked, CodeOver, NotHandedOver, NotLetIn, TooOften, WrongCode
from anshin.visits.actions.reminding import (
    WrongDays,
    hand_over_reminder,
    make_reminder,
    remind_customers,
    set_reminder,
    take_reminder_back,
)
from anshin.visits.actions.requesting import send_draft, what_policy_says
from anshin.visits.actions.tidying import forget_drafts_of, prune

__all__ = [
    "CodeLocked",
    "CodeOver",
    "Looked",
    "NotHandedOver",
    "NotLetIn",
    "ToldReason",
    "ToldWish",
    "TooOften",
    "Unfit",
    "UnknownDraft",
    "Upload",
    "WrongCode",
    "WrongDays",
    "add_draft_photos",
    "ask_about_return",
    "ask_for_code",
    "begin_draft",
    "choose_items",
    "code_left",
    "enter_code",
    "forget_drafts_of",
    "hand_over_code",
    "hand_over_reminder",
    "join_reasons",
    "keep_open",
    "keep_photos",
    "keep_wish",
    "leave",
    "make_code",
    "make_key",
    "make_reminder",
    "own_accessories",
    "part_reasons",
    "prune",
    "reason_faults",
    "remind_customers",
    "remove_draft_photo",
    "remove_key",
    "send_draft",
    "set_reminder",
    "take_code_back",
    "take_over",
    "take_reminder_back",
    "tell_own_reason",
    "tell_reason",
    "tell_terms",
    "tell_wish",
    "what_policy_says",
]
