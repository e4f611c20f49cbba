"""Reading of the routing room: rules and what they did, what is known of a case, who is there and can do what."""

from anshin.routing.queries.answers import own_answers
from anshin.routing.queries.escalations import escalation_of_case, newest_escalation_for, waiting_escalations
from anshin.routing.queries.handovers import handovers_of, unread_handovers
from anshin.routing.queries.lists import (
    definition_of,
    has_live_rules,
    live_rules,
    newest_version,
    rule_of,
    rules_of,
    runs_of_rule,
    versions_of,
)
from anshin.routing.queries.paths import path_runs_of, paths_of, step_for, step_receiver
from anshin.routing.queries.staffing import Place, has_on_call, is_away, places_of, skills_of, who_gets

__all__ = [
    "Place",
    "definition_of",
    "escalation_of_case",
    "handovers_of",
    "has_live_rules",
    "has_on_call",
    "is_away",
    "live_rules",
    "newest_escalation_for",
    "newest_version",
    "own_answers",
    "path_runs_of",
    "paths_of",
    "places_of",
    "rule_of",
    "rules_of",
    "runs_of_rule",
    "skills_of",
    "step_for",
    "step_receiver",
    "unread_handovers",
    "versions_of",
    "waiting_escalations",
    "who_gets",
]
