"""The form of a rule: rows of conditions and of things to do, whose values depend on what was chosen before.

Works without a script: every button sends the form, and what comes back is the form with the row added, taken away or
drawn anew. With a script only the form is exchanged, whenever one of the first choices changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from anshin.routing.terms import (
    LISTED,
    MOST_CONDITIONS,
    MOST_EFFECTS,
    NUMBER_OPS,
    OPS,
    PLAIN_OPS,
    Condition,
    Deed,
    Definition,
    Effect,
    Field,
    Op,
    Trigger,
)
from anshin.staff.rule_choices import NUMBERS, RuleChoices
from anshin.staff.rule_labels import op_label, value_hint

NO_VALUE = frozenset({Effect.ASSIGN_LEAST, Effect.ANSWER})
OFFERED = (
    Effect.ASSIGN,
    Effect.ASSIGN_SKILLED,
    Effect.ASSIGN_LEAST,
    Effect.TAG,
    Effect.CUSTOMER_TAG,
    Effect.URGENT,
    Effect.SNOOZE,
    Effect.NOTE,
    Effect.ANSWER,
    Effect.ESCALATE,
)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as it stands in the form, right or wrong."""

    name: str = ""
    trigger: Trigger = Trigger.TOPIC
    needs_all: bool = True
    stops: bool = False
    conditions: list[tuple[Field, Op, str]] = field(default_factory=list)
    deeds: list[tuple[Effect, str]] = field(default_factory=list)

    def definition(self) -> Definition:
        """What the form says, not looked over."""
        return Definition(
            trigger=self.trigger,
            needs_all=self.needs_all,
            stops=self.stops,
            conditions=tuple(Condition(*each) for each in self.conditions),
            deeds=tuple(Deed(*each) for each in self.deeds),
        )


def draft_of(name: str, definition: Definition) -> RuleDraft:
    """The form of a rule that exists."""
    return RuleDraft(
        name=name,
        trigger=definition.trigger,
        needs_all=definition.needs_all,
        stops=definition.stops,
        conditions=[(each.field, each.op, each.value) for each in definition.conditions],
        deeds=[(each.effect, each.value) for each in definition.deeds],
    )


def empty_draft() -> RuleDraft:
    """A form with one row of each, ready to be filled in."""
    return RuleDraft(conditions=[(Field.WORDS, Op.IS, "")], deeds=[(Effect.ASSIGN, "")])


def posted_draft(post: Mapping[str, str]) -> RuleDraft:
    """What was sent, with the row added or taken away that the pressed button names."""
    draft = RuleDraft(
        name=post.get("name", "").strip(),
        trigger=Trigger(post["trigger"]) if post.get("trigger") in Trigger.values else Trigger.TOPIC,
        needs_all=post.get("needs_all", "1") == "1",
        stops=post.get("stops") == "1",
        conditions=[_condition(post, place) for place in _places(post, "c", "field", MOST_CONDITIONS)],
        deeds=[_deed(post, place) for place in _places(post, "d", "effect", MOST_EFFECTS)],
    )
    if post.get("add") == "condition" and len(draft.conditions) < MOST_CONDITIONS:
        draft.conditions.append((Field.WORDS, Op.IS, ""))
    if post.get("add") == "deed" and len(draft.deeds) < MOST_EFFECTS:
        draft.deeds.append((Effect.TAG, ""))
    return draft


def is_redrawing(post: Mapping[str, str]) -> bool:
    """Whether the form is only to be drawn anew."""
    return any(name in post for name in ("add", "drop", "redraw"))


def form_rows(
    draft: RuleDraft, choices: RuleChoices, *, part: str = "", place: int = 0, error: str = ""
) -> dict[str, Any]:
    """What staff/_rule_form.html shows; `error` stands at row `place` of `part`."""
    return {
        "draft": draft,
        "triggers": [(each.value, each.label, each == draft.trigger) for each in Trigger],
        "condition_rows": [
            _condition_row(index, each, choices, error if (part, place) == ("condition", index) else "")
            for index, each in enumerate(draft.conditions, 1)
        ],
        "deed_rows": [
            _deed_row(index, each, choices, error if (part, place) == ("deed", index) else "")
            for index, each in enumerate(draft.deeds, 1)
        ],
        "name_error": error if part == "name" else "",
        "form_error": error if not part else "",
        "may_add_condition": len(draft.conditions) < MOST_CONDITIONS,
        "may_add_deed": len(draft.deeds) < MOST_EFFECTS,
    }


def _places(post: Mapping[str, str], row: str, name: str, most: int) -> list[int]:
    dropped = post.get("drop", "")
    return [place for place in range(1, most + 1) if f"{row}{place}-{name}" in post and dropped != f"{row}{place}"]


def _condition(post: Mapping[str, str], place: int) -> tuple[Field, Op, str]:
    given = post[f"c{place}-field"]
    chosen = Field(given) if given in Field.values else Field.WORDS
    op = post.get(f"c{place}-op", "")
    fitting = OPS.get(chosen, PLAIN_OPS)
    return chosen, Op(op) if op in fitting else fitting[0], post.get(f"c{place}-value", "").strip()


def _deed(post: Mapping[str, str], place: int) -> tuple[Effect, str]:
    given = post[f"d{place}-effect"]
    effect = Effect(given) if given in Effect.values else Effect.TAG
    return effect, "" if effect in NO_VALUE else post.get(f"d{place}-value", "").strip()


def _condition_row(index: int, row: tuple[Field, Op, str], choices: RuleChoices, error: str) -> dict[str, Any]:
    chosen, op, value = row
    return {
        "id": f"c{index}",
        "fields": [(each.value, each.label, each == chosen) for each in Field],
        "ops": [(each.value, op_label(chosen, each), each == op) for each in OPS.get(chosen, PLAIN_OPS)],
        "error": error,
        **_value(choices.of_field(chosen), value, kind="number" if chosen in NUMBERS else "text"),
        "hint": value_hint(chosen) if chosen in LISTED or op in NUMBER_OPS else "",
    }


def _deed_row(index: int, row: tuple[Effect, str], choices: RuleChoices, error: str) -> dict[str, Any]:
    effect, value = row
    offered = OFFERED if effect in OFFERED else (*OFFERED, effect)
    kind = {Effect.SNOOZE: "number", Effect.NOTE: "textarea"}.get(effect, "" if effect in NO_VALUE else "text")
    return {
        "id": f"d{index}",
        "effects": [(each.value, each.label, each == effect) for each in offered],
        "error": error,
        "hint": value_hint(effect),
        **_value(choices.of_effect(effect), value, kind=kind),
    }


def _value(known: list[tuple[str, str]], value: str, *, kind: str) -> dict[str, Any]:
    if not known:
        return {"kind": kind, "value": value}
    return {"kind": "select", "values": [(code, label, code == value) for code, label in known]}
