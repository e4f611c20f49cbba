"""Facts of the routing room for the journal and the timeline.

None of them, and nothing that a rule does, is a moment at which rules look at a case: rules cannot set each other off.
"""

from dataclasses import dataclass
from typing import ClassVar

from anshin.plumbing.journal.events import Event


@dataclass(frozen=True, slots=True)
class RuleSaved(Event):
    """A rule was written or changed: a new version of it, which is not switched on."""

    name: ClassVar[str] = "routing.rule_saved"
    rule_id: int
    rule: str
    version: int


@dataclass(frozen=True, slots=True)
class RuleTried(Event):
    """A version was tried on past cases without doing anything."""

    name: ClassVar[str] = "routing.rule_tried"
    rule_id: int
    rule: str
    version: int
    case_count: int
    hit_count: int


@dataclass(frozen=True, slots=True)
class RuleSwitched(Event):
    """A rule was switched on in this version, or off (`version` 0)."""

    name: ClassVar[str] = "routing.rule_switched"
    rule_id: int
    rule: str
    version: int


@dataclass(frozen=True, slots=True)
class RulesOrdered(Event):
    """A rule changed its place among the others."""

    name: ClassVar[str] = "routing.rules_ordered"
    rule_id: int
    rule: str
    position: int


@dataclass(frozen=True, slots=True)
class RuleRemoved(Event):
    """A rule was put away; what it did stays known."""

    name: ClassVar[str] = "routing.rule_removed"
    rule_id: int
    rule: str


@dataclass(frozen=True, slots=True)
class RuleRan(Event):
    """A rule did something in a case; `did` are codes of Effect with commas."""

    name: ClassVar[str] = "routing.rule_ran"
    rule_id: int
    rule: str
    run_id: int
    did: str


@dataclass(frozen=True, slots=True)
class RunUndone(Event):
    """Somebody took back what a rule did in a case."""

    name: ClassVar[str] = "routing.run_undone"
    rule_id: int
    rule: str
    run_id: int


@dataclass(frozen=True, slots=True)
class WentAway(Event):
    """Somebody is away; `until` is a moment, "" until they come back."""

    name: ClassVar[str] = "routing.went_away"
    member_id: int
    until: str


@dataclass(frozen=True, slots=True)
class CameBack(Event):
    name: ClassVar[str] = "routing.came_back"
    member_id: int


@dataclass(frozen=True, slots=True)
class SkillsSet(Event):
    name: ClassVar[str] = "routing.skills_set"
    member_id: int
    who: str
    skills: str


@dataclass(frozen=True, slots=True)
class AnswerTextSet(Event):
    """What automatic answers say in a language was changed."""

    name: ClassVar[str] = "routing.answer_text_set"
    language: str


@dataclass(frozen=True, slots=True)
class NightCalled(Event):
    """Those on call were told of a case while the shop was closed; `kind` as language.topics.urgency has it."""

    name: ClassVar[str] = "routing.night_called"
    kind: str
    who: str


@dataclass(frozen=True, slots=True)
class Escalated(Event):
    """A case was put before somebody; `reason` in short, card numbers masked."""

    name: ClassVar[str] = "routing.escalated"
    escalation_id: int
    receiver_id: int
    receiver: str
    reason: str


@dataclass(frozen=True, slots=True)
class EscalationAnswered(Event):
    """Somebody took a case on, or gave it back with words."""

    name: ClassVar[str] = "routing.escalation_answered"
    escalation_id: int
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class HandedOver(Event):
    """A note from one shift to the next; `receiver` "" for everybody."""

    name: ClassVar[str] = "routing.handed_over"
    handover_id: int
    receiver: str


@dataclass(frozen=True, slots=True)
class HandoverDone(Event):
    name: ClassVar[str] = "routing.handover_done"
    handover_id: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class OnCallSet(Event):
    name: ClassVar[str] = "routing.on_call_set"
    member_id: int
    who: str
    is_on_call: bool


@dataclass(frozen=True, slots=True)
class PathSet(Event):
    """Who is to know of a channel's cases whose deadline is near or past; PathStep, or a person by name."""

    name: ClassVar[str] = "routing.path_set"
    channel: str
    soon: str
    overdue: str


@dataclass(frozen=True, slots=True)
class PathTold(Event):
    """A channel's escalation path told somebody of a deadline; `moment` as terms.Trigger."""

    name: ClassVar[str] = "routing.path_told"
    moment: str
    receiver_id: int
    receiver: str
