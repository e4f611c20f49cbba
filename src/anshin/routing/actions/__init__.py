"""The verbs of the routing room."""

from anshin.routing.actions.answering import answer_texts, set_answer_text
from anshin.routing.actions.asking import run_rules
from anshin.routing.actions.attending import be_away, be_back, set_on_call, set_skills
from anshin.routing.actions.calling import call_at_night
from anshin.routing.actions.escalating import accept_escalation, escalate, give_back_escalation
from anshin.routing.actions.handing_over import finish_handover, hand_over, read_handovers, reopen_handover
from anshin.routing.actions.paths import set_paths
from anshin.routing.actions.preparing import PREPARED, prepare_rule
from anshin.routing.actions.refusals import EscalationRefused, NotTried, PathRefused, RuleGone, RuleRefused
from anshin.routing.actions.stepping import follow_path
from anshin.routing.actions.summing_up import summary_of
from anshin.routing.actions.trying import try_rule
from anshin.routing.actions.undoing import undo_run
from anshin.routing.actions.writing import (
    bring_back_rule,
    move_rule,
    remove_rule,
    save_rule,
    switch_off,
    switch_on,
)

__all__ = [
    "PREPARED",
    "EscalationRefused",
    "NotTried",
    "PathRefused",
    "RuleGone",
    "RuleRefused",
    "accept_escalation",
    "answer_texts",
    "be_away",
    "be_back",
    "bring_back_rule",
    "call_at_night",
    "escalate",
    "finish_handover",
    "follow_path",
    "give_back_escalation",
    "hand_over",
    "move_rule",
    "prepare_rule",
    "read_handovers",
    "remove_rule",
    "reopen_handover",
    "run_rules",
    "save_rule",
    "set_answer_text",
    "set_on_call",
    "set_paths",
    "set_skills",
    "summary_of",
    "switch_off",
    "switch_on",
    "try_rule",
    "undo_run",
]
