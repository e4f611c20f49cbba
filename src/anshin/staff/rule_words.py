"""A rule as a sentence that a clerk would say."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from anshin.plumbing.pages.templatetags.pages import yen
from anshin.routing.terms import NUMBER_OPS, YES, Condition, Deed, Definition, Effect, Field, Op
from anshin.staff.rule_choices import RuleChoices

_STATES = frozenset({Field.URGENT, Field.OPENING, Field.ORDER_GIFT})
_SPLIT = str.maketrans({",": "、", "，": "、", "\n": "、"})


def rule_sentence(definition: Definition, choices: RuleChoices) -> str:
    """The whole rule: when, if, then."""
    parts = [str(definition.trigger.label)]
    if definition.conditions:
        parts.append(_conditions(definition, choices))
    parts.append(deeds_words(definition.deeds, choices))
    said = _("%(when)s, %(then)s") if len(parts) == 2 else _("%(when)s, if %(condition)s, %(then)s")
    words = said % {"when": parts[0], "condition": parts[1], "then": parts[-1]}
    return _("%(rule)s, then stop.") % {"rule": words} if definition.stops else _("%(rule)s.") % {"rule": words}


def deeds_words(deeds: Sequence[Deed], choices: RuleChoices) -> str:
    """What a rule does, one thing after the other."""
    return _(", ").join(_deed(deed, choices) for deed in deeds)


def _conditions(definition: Definition, choices: RuleChoices) -> str:
    last = len(definition.conditions) - 1
    if definition.needs_all:
        said = [_condition(each, choices, is_last=at == last) for at, each in enumerate(definition.conditions)]
        return pgettext("between conditions", " and ").join(said)
    said = [_condition(each, choices, is_last=True) for each in definition.conditions]
    return pgettext("between conditions", " or ").join(said)


def _condition(condition: Condition, choices: RuleChoices, *, is_last: bool) -> str:
    values = {"name": str(condition.field.label), "value": _value(condition, choices)}
    return _pattern(condition, is_last=is_last) % values


def _pattern(condition: Condition, *, is_last: bool) -> str:
    """In Japanese the last condition ends otherwise than those before it."""
    is_not = condition.op == Op.IS_NOT
    if condition.op in NUMBER_OPS:
        if condition.op == Op.AT_LEAST:
            more, last = (
                pgettext("more follow", "%(name)s is at least %(value)s"),
                pgettext("last", "%(name)s is at least %(value)s"),
            )
        else:
            more, last = (
                pgettext("more follow", "%(name)s is below %(value)s"),
                pgettext("last", "%(name)s is below %(value)s"),
            )
    elif condition.field == Field.WORDS:
        more, last = _words_pattern(is_not=is_not)
    elif condition.field in _STATES:
        more, last = _state_pattern(is_not=is_not)
    elif is_not:
        more, last = (
            pgettext("more follow", "%(name)s is not %(value)s"),
            pgettext("last", "%(name)s is not %(value)s"),
        )
    else:
        more, last = (
            pgettext("more follow", "%(name)s is %(value)s"),
            pgettext("last", "%(name)s is %(value)s"),
        )
    return last if is_last else more


def _state_pattern(*, is_not: bool) -> tuple[str, str]:
    """A value that says by itself what it is about: urgent, outside opening hours, a gift."""
    if is_not:
        return pgettext("more follow", "it is not %(value)s"), pgettext("last", "it is not %(value)s")
    return pgettext("more follow", "it is %(value)s"), pgettext("last", "it is %(value)s")


def _words_pattern(*, is_not: bool) -> tuple[str, str]:
    if is_not:
        return (
            pgettext("more follow", "%(name)s does not contain %(value)s"),
            pgettext("last", "%(name)s does not contain %(value)s"),
        )
    return (
        pgettext("more follow", "%(name)s contains %(value)s"),
        pgettext("last", "%(name)s contains %(value)s"),
    )


def _value(condition: Condition, choices: RuleChoices) -> str:
    if condition.field in {Field.WORDS, Field.DOMAIN, Field.TAG, Field.CUSTOMER_TAG}:
        parts = [part.strip() for part in condition.value.translate(_SPLIT).split("、") if part.strip()]
        return pgettext("between words", " or ").join(_("“%(word)s”") % {"word": part} for part in parts)
    if condition.field == Field.ORDER_TOTAL and condition.value.isdecimal():
        return yen(int(condition.value))
    known = choices.of_field(condition.field)
    return choices.label(known, condition.value) if known else condition.value


def _deed(deed: Deed, choices: RuleChoices) -> str:
    if deed.effect == Effect.ASSIGN:
        return _("give the case to %(name)s") % {"name": choices.label(choices.people(), deed.value)}
    if deed.effect == Effect.ASSIGN_SKILLED:
        skill = choices.label(choices.skills(), deed.value)
        return _("give the case to whoever has the fewest cases and the skill “%(skill)s”") % {"skill": skill}
    if deed.effect == Effect.ESCALATE:
        return _("escalate the case to %(name)s") % {"name": choices.label(choices.receivers(), deed.value)}
    if deed.effect == Effect.URGENT:
        return _("mark the case as urgent") if deed.value == YES else _("take the urgent mark away")
    said = {
        Effect.ASSIGN_LEAST: _("give the case to whoever has the fewest cases"),
        Effect.TAG: _("add the tag “%(value)s”"),
        Effect.CUSTOMER_TAG: _("add the tag “%(value)s” to the customer"),
        Effect.SNOOZE: _("put the case away for %(value)s hours"),
        Effect.NOTE: _("write the note “%(value)s”"),
        Effect.ANSWER: _("tell the customer that the message has arrived"),
    }.get(deed.effect)
    return said % {"value": deed.value} if said else str(deed.effect.label)
