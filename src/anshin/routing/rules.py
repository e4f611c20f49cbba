"""Decisions of the routing room: which rules fit a case and what they do, who gets it, whether a machine may answer.

A rule is compiled once into a list of plain functions over `Facts`; a shop's rules are then asked one after the other.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from anshin.language.search_text import plain
from anshin.routing.terms import (
    FITTING,
    LISTED,
    LONGEST_VALUE,
    MOST_CONDITIONS,
    MOST_EFFECTS,
    NUMBER_OPS,
    ONCE_A_CASE,
    OPS,
    PLAIN_OPS,
    YES,
    Condition,
    Deed,
    Definition,
    Effect,
    EscalationSteps,
    Facts,
    Field,
    Op,
    PathStep,
    SkillKind,
    Trigger,
)

TOO_OLD = timedelta(days=14)
"""Mail that is imported after so long waits for nobody: rules leave it alone."""
TOO_OLD_TO_ANSWER = timedelta(hours=24)
"""After so long an automatic answer would only surprise."""
MOST_ANSWERS_A_DAY = 3
"""Automatic answers to one customer in 24 hours, whatever the number of cases."""
MOST_ANSWERS_AN_HOUR = 120
"""Automatic answers of one shop in an hour: what is above is a storm or a mistake. Source: RFC 3834, section 2."""
LONGEST_SNOOZE_HOURS = 24 * 30
URGENT_AT_NIGHT = frozenset({"injury", "fire", "gas"})
"""Kinds of urgency for which somebody is woken."""
MOST_STEPS_AN_HOUR = 10
"""Letters and escalations that one member of staff gets from escalation paths in an hour; what is above stands in the
list of what is due, where a backlog is worked off anyway."""
_STANDARD_STEPS = EscalationSteps(soon=PathStep.HOLDER, overdue=PathStep.MANAGER)
_STANDARD_STEPS_BY_CHANNEL: Mapping[str, EscalationSteps] = {
    "phone": EscalationSteps(soon=PathStep.MANAGER, overdue=PathStep.SHOP_OWNER)
}
_SPLIT = re.compile(r"[、,，\n]+")
_ONE_OF_A_KIND: Mapping[Effect, str] = {
    Effect.ASSIGN: "owner",
    Effect.ASSIGN_SKILLED: "owner",
    Effect.ASSIGN_LEAST: "owner",
    Effect.URGENT: "urgency",
    Effect.SNOOZE: "snooze",
    Effect.ANSWER: "answer",
    Effect.ESCALATE: "escalation",
}
_ROBOT = re.compile(
    r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|not?[-_.]?respond|mailer[-_.]?daemon|postmaster|bounces?|daemon|noreply"
    r"|auto[-_.]?(?:reply|mail|confirm)|notifications?|alerts?|newsletter|list[-_.]?(?:owner|request))"
    r"(?:[-_.+=].*)?",
    re.IGNORECASE,
)
Test = Callable[[Facts], bool]


class BadDefinition(ValueError):
    """A rule cannot be as it is written. `reason` is a word for the screen, `place` the row that is wrong (0: none)."""

    def __init__(self, reason: str, place: int = 0) -> None:
        self.reason, self.place = reason, place
        super().__init__(f"{reason} {place}")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule ready to be asked. `needs`: the fields that it looks at."""

    rule_id: int
    version_id: int
    name: str
    definition: Definition
    tests: tuple[Test, ...]
    needs: frozenset[Field]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fits, and what of its deeds is left to do: what an earlier rule has settled is settled."""

    rule: Compiled
    deeds: tuple[Deed, ...]


def as_stored(definition: Definition) -> dict[str, Any]:
    """The definition as JSON holds it."""
    return {
        "trigger": str(definition.trigger),
        "needs_all": definition.needs_all,
        "stops": definition.stops,
        "conditions": [[str(each.field), str(each.op), each.value] for each in definition.conditions],
        "deeds": [[str(each.effect), each.value] for each in definition.deeds],
    }


def read_definition(stored: Mapping[str, Any]) -> Definition:
    """The definition that JSON holds, looked over. Raises BadDefinition."""
    try:
        definition = Definition(
            trigger=Trigger(stored["trigger"]),
            needs_all=bool(stored.get("needs_all", True)),
            stops=bool(stored.get("stops", False)),
            conditions=tuple(
                Condition(Field(field), Op(op), str(value)) for field, op, value in stored.get("conditions", ())
            ),
            deeds=tuple(Deed(Effect(effect), str(value)) for effect, value in stored.get("deeds", ())),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BadDefinition("unknown") from error
    check(definition)
    return definition


def check(definition: Definition) -> None:
    """Raise BadDefinition for what could never do anything, or not what it says."""
    if not definition.deeds:
        raise BadDefinition("nothing_to_do")
    if len(definition.conditions) > MOST_CONDITIONS or len(definition.deeds) > MOST_EFFECTS:
        raise BadDefinition("too_many")
    for place, condition in enumerate(definition.conditions, 1):
        _check_condition(condition, place)
    settled: set[str] = set()
    for place, deed in enumerate(definition.deeds, 1):
        _check_deed(deed, place)
        kind = _ONE_OF_A_KIND.get(deed.effect, "")
        if kind and kind in settled:
            raise BadDefinition("twice", place)
        settled.add(kind)


def compiled(rule_id: int, version_id: int, name: str, definition: Definition) -> Compiled:
    """The rule, ready to be asked."""
    tests = tuple(_test(condition) for condition in definition.conditions)
    needs = frozenset(condition.field for condition in definition.conditions)
    return Compiled(rule_id, version_id, name, definition, tests, needs)


def needs_of(rules: Iterable[Compiled], triggers: Collection[Trigger]) -> frozenset[Field]:
    """What has to be known before these rules can be asked at these moments."""
    return frozenset().union(*(rule.needs for rule in rules if rule.definition.trigger in triggers))


def fits(rule: Compiled, facts: Facts) -> bool:
    """Whether the rule's conditions hold."""
    if not rule.tests:
        return True
    if rule.definition.needs_all:
        return all(test(facts) for test in rule.tests)
    return any(test(facts) for test in rule.tests)


def decide(rules: Iterable[Compiled], facts: Facts, trigger: Trigger) -> list[Hit]:
    """The rules that fit, in their order, up to the first that says stop."""
    hits: list[Hit] = []
    settled: set[str] = set()
    for rule in rules:
        if rule.definition.trigger != trigger or not fits(rule, facts):
            continue
        deeds = tuple(deed for deed in rule.definition.deeds if _ONE_OF_A_KIND.get(deed.effect) not in settled)
        settled |= {_ONE_OF_A_KIND[deed.effect] for deed in deeds if deed.effect in _ONE_OF_A_KIND}
        hits.append(Hit(rule, deeds))
        if rule.definition.stops:
            break
    return hits


def still_to_do(deeds: Iterable[Deed], *, done_before: bool) -> tuple[Deed, ...]:
    """The deeds without those that a rule does only once in a case, if it has acted there before."""
    return tuple(deed for deed in deeds if not (done_before and deed.effect in ONCE_A_CASE))


def split(value: str) -> tuple[str, ...]:
    """What is listed in a value, between commas of any kind."""
    return tuple(part.strip() for part in _SPLIT.split(value) if part.strip())


def is_yes(value: str) -> bool:
    """What a choice between yes and no says."""
    return value == YES


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody to whom a case may go. `skills`: (kind, value); `load`: cases that wait for them now."""

    membership_id: int
    load: int
    is_away: bool = False
    skills: frozenset[tuple[str, str]] = frozenset()


def next_colleague(
    colleagues: Sequence[Colleague], *, skill: str, language: str, topics: Collection[str]
) -> int | None:
    """Who is present, can do it and has the fewest cases; of equals whoever joined first (the order given).

    `skill`: "" for none, FITTING for the case's own language and topic, else "kind:value". None when nobody is left.
    """
    able = [each for each in colleagues if not each.is_away and _can(each, skill, language, topics)]
    return min(able, key=lambda each: each.load).membership_id if able else None


def standard_steps(channel: str) -> EscalationSteps:
    """The path of a channel for which the shop has said nothing: who rang up waits less patiently than who wrote."""
    return _STANDARD_STEPS_BY_CHANNEL.get(channel, _STANDARD_STEPS)


def step_of(steps: EscalationSteps, moment: Trigger) -> str:
    """Who is to know at this moment."""
    return steps.overdue if moment == Trigger.OVERDUE else steps.soon


def is_robot(mail: str) -> bool:
    """Whether an address is one that no person reads."""
    local = mail.partition("@")[0]
    return not local or _ROBOT.fullmatch(local) is not None


def _can(colleague: Colleague, skill: str, language: str, topics: Collection[str]) -> bool:
    if not skill:
        return True
    if skill != FITTING:
        kind, _colon, value = skill.partition(":")
        return (kind, value) in colleague.skills
    groups = {value for kind, value in colleague.skills if kind == SkillKind.TOPICS}
    speaks = language in {"", "ja"} or (SkillKind.LANGUAGE.value, language) in colleague.skills
    knows = not topics or any(topic.partition(".")[0] in groups for topic in topics)
    return speaks and knows


def _check_condition(condition: Condition, place: int) -> None:
    if condition.op not in OPS.get(condition.field, PLAIN_OPS):
        raise BadDefinition("unknown", place)
    value = condition.value.strip()
    if not value or (condition.field in LISTED and not split(value)):
        raise BadDefinition("no_value", place)
    if len(value) > LONGEST_VALUE:
        raise BadDefinition("too_long", place)
    if condition.op in NUMBER_OPS and not value.isdecimal():
        raise BadDefinition("no_number", place)
    if condition.field == Field.WEEKDAY and value not in {"0", "1", "2", "3", "4", "5", "6"}:
        raise BadDefinition("unknown", place)


def _check_deed(deed: Deed, place: int) -> None:
    value = deed.value.strip()
    if deed.effect not in {Effect.ASSIGN_LEAST, Effect.ANSWER} and not value:
        raise BadDefinition("no_deed_value", place)
    if len(value) > LONGEST_VALUE:
        raise BadDefinition("deed_too_long", place)
    if deed.effect == Effect.SNOOZE and not (value.isdecimal() and 1 <= int(value) <= LONGEST_SNOOZE_HOURS):
        raise BadDefinition("no_hours", place)
    if deed.effect in {Effect.TAG, Effect.CUSTOMER_TAG} and len(value) > 40:
        raise BadDefinition("deed_too_long", place)


def _test(condition: Condition) -> Test:
    holds = _TESTS[condition.field](condition)
    return (lambda facts: not holds(facts)) if condition.op == Op.IS_NOT else holds


def _words(condition: Condition) -> Test:
    needles = tuple(filter(None, (plain(word) for word in split(condition.value))))
    return lambda facts: any(needle in facts.text for needle in needles)


def _domain(condition: Condition) -> Test:
    domains = {part.lower().lstrip("@") for part in split(condition.value)}
    ends = tuple(f".{domain}" for domain in domains)
    return lambda facts: facts.domain in domains or facts.domain.endswith(ends)


def _topic(condition: Condition) -> Test:
    """A topic, a shop's own below it, or a whole group ("payment.")."""
    code = condition.value
    if code.endswith("."):
        return lambda facts: any(topic.startswith(code) for topic in facts.topics)
    return lambda facts: any(topic == code or topic.startswith(f"{code}.") for topic in facts.topics)


def _equal(name: str) -> Callable[[Condition], Test]:
    def test(condition: Condition) -> Test:
        value = condition.value
        return lambda facts: getattr(facts, name) == value

    return test


def _holds_value(name: str) -> Callable[[Condition], Test]:
    def test(condition: Condition) -> Test:
        value = condition.value
        return lambda facts: value in getattr(facts, name)

    return test


def _flag(name: str) -> Callable[[Condition], Test]:
    def test(condition: Condition) -> Test:
        wanted = condition.value == YES
        return lambda facts: getattr(facts, name) is wanted

    return test


def _number(name: str) -> Callable[[Condition], Test]:
    def test(condition: Condition) -> Test:
        limit = int(condition.value)
        if condition.op == Op.BELOW:
            return lambda facts: getattr(facts, name) < limit
        return lambda facts: getattr(facts, name) >= limit

    return test


def _order_total(condition: Condition) -> Test:
    """Of any linked order; a case without one fits neither way."""
    limit = int(condition.value)
    if condition.op == Op.BELOW:
        return lambda facts: any(total < limit for total in facts.order_totals_yen)
    return lambda facts: any(total >= limit for total in facts.order_totals_yen)


def _weekday(condition: Condition) -> Test:
    day = int(condition.value)
    return lambda facts: facts.weekday == day


_TESTS: Mapping[Field, Callable[[Condition], Test]] = {
    Field.WORDS: _words,
    Field.CHANNEL: _equal("channel"),
    Field.TOPIC: _topic,
    Field.LANGUAGE: _equal("language"),
    Field.URGENT: _flag("is_urgent"),
    Field.DOMAIN: _domain,
    Field.OPENING: _flag("is_open_hour"),
    Field.WEEKDAY: _weekday,
    Field.TAG: _holds_value("tags"),
    Field.CUSTOMER_TAG: _holds_value("customer_tags"),
    Field.OWNER: _equal("owner"),
    Field.STATUS: _equal("status"),
    Field.CASE_COUNT: _number("case_count"),
    Field.ORDER_COUNT: _number("order_count"),
    Field.ORDER_TOTAL: _order_total,
    Field.ORDER_STATE: _holds_value("order_states"),
    Field.ORDER_GIFT: _flag("has_gift"),
}
